//go:build cgo

package av

//#include <stdlib.h>
import "C"

import (
	"sync"
	"unsafe"
)

var svtOnce sync.Once //nolint:gochecknoglobals // the environment is the whole process's

// quietSVT keeps SVT-AV1 from writing its banner to the host's standard error.
// It has no log callback; its environment variable, which the host may have
// set already, is the only way to silence it.
func quietSVT() {
	svtOnce.Do(func() {
		name, level := C.CString("SVT_LOG"), C.CString("0") // fatal errors only
		C.setenv(name, level, 0)
		C.free(unsafe.Pointer(name))
		C.free(unsafe.Pointer(level))
	})
}

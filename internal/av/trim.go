//go:build cgo

package av

//#include <stdlib.h>
//#ifdef __GLIBC__
//#include <malloc.h>
//static void rd_trim(void) { malloc_trim(0); }
//#else
//static void rd_trim(void) {}
//#endif
import "C"

// Trim gives memory that encoders have freed back to the system. glibc keeps
// it, for each thread's arena by itself, so that a process which runs job after
// job would level off at several times what a job needs.
func Trim() { C.rd_trim() }

//go:build cgo

package av

//#include <libavcodec/avcodec.h>
//#include <libavformat/avformat.h>
import "C"

import (
	"unsafe"

	"github.com/asticode/go-astiav"
)

// go-astiav keeps its C pointers to itself, and lacks some fields that this
// package reads. Its wrappers of packets, streams and codec parameters are
// structs of exactly one pointer (the lines below do not compile otherwise),
// so a wrapper and its pointer have the same layout.
var (
	_ [unsafe.Sizeof(uintptr(0)) - unsafe.Sizeof(astiav.Stream{})]struct{}
	_ [unsafe.Sizeof(uintptr(0)) - unsafe.Sizeof(astiav.Packet{})]struct{}
	_ [unsafe.Sizeof(uintptr(0)) - unsafe.Sizeof(astiav.CodecParameters{})]struct{}
)

func cPacket(p *astiav.Packet) *C.AVPacket {
	return *(**C.AVPacket)(unsafe.Pointer(p))
}

func cParameters(p *astiav.CodecParameters) *C.AVCodecParameters {
	return *(**C.AVCodecParameters)(unsafe.Pointer(p))
}

// goStream wraps an AVStream, which stays owned by its format context.
func goStream(s *C.AVStream) *astiav.Stream {
	return (*astiav.Stream)(unsafe.Pointer(&struct{ c *C.AVStream }{s}))
}

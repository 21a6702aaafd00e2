//go:build cgo

package av

//#include <stdlib.h>
//#include <libavcodec/avcodec.h>
//#include <libavutil/pixdesc.h>
//#include <libavutil/samplefmt.h>
import "C"

import (
	"unsafe"

	"github.com/asticode/go-astiav"

	"github.com/rendition-sdk/rendition"
)

// setSampleFormat sets cc's sample format by FFmpeg's name.
func setSampleFormat(cc *astiav.CodecContext, name string) {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	(*C.AVCodecContext)(cc.UnsafePointer()).sample_fmt = C.av_get_sample_fmt(s)
}

// setColor writes color's names into cc; unknown names stay unspecified.
func setColor(cc *astiav.CodecContext, color rendition.Color) {
	c := (*C.AVCodecContext)(cc.UnsafePointer())
	primaries, transfer, matrix, rng, chroma := colorNumbers(color)
	c.color_primaries = C.enum_AVColorPrimaries(primaries)
	c.color_trc = C.enum_AVColorTransferCharacteristic(transfer)
	c.colorspace = C.enum_AVColorSpace(matrix)
	c.color_range = C.enum_AVColorRange(rng)
	c.chroma_sample_location = C.enum_AVChromaLocation(chroma)
}

// colorNumbers are libav's numbers for the names in color.
func colorNumbers(color rendition.Color) (primaries, transfer, matrix, rng, chroma int) {
	number := func(name string, unknown int, find func(*C.char) C.int) int {
		if name == "" {
			return unknown
		}
		s := C.CString(name)
		defer C.free(unsafe.Pointer(s))
		if v := int(find(s)); v >= 0 {
			return v
		}
		return unknown
	}
	const unspecified = 2 // ISO/IEC 23091-2; range and chroma location count from 0
	primaries = number(color.Primaries, unspecified, func(s *C.char) C.int { return C.av_color_primaries_from_name(s) })
	transfer = number(color.Transfer, unspecified, func(s *C.char) C.int { return C.av_color_transfer_from_name(s) })
	matrix = number(color.Matrix, unspecified, func(s *C.char) C.int { return C.av_color_space_from_name(s) })
	rng = number(color.Range, 0, func(s *C.char) C.int { return C.av_color_range_from_name(s) })
	chroma = number(color.ChromaLocation, 0, func(s *C.char) C.int { return C.av_chroma_location_from_name(s) })
	return primaries, transfer, matrix, rng, chroma
}

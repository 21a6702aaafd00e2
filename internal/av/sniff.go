//go:build cgo

package av

//#include <libavutil/mastering_display_metadata.h>
//#include "shim.h"
import "C"

import (
	"unsafe"

	"github.com/rendition-sdk/rendition"

	"github.com/asticode/go-astiav"
)

// maxSniffPixels is the largest picture a Sniffer decodes.
const maxSniffPixels = 16384 * 16384

// Sniffer decodes the first pictures of a video stream to find what stands in
// no header: SEI messages and the like. It is used by one goroutine.
type Sniffer struct {
	owner  C.uintptr_t
	cc     *C.AVCodecContext
	frame  *Frame
	frames int
	found  Sniffed
}

// Sniffed is what pictures carried.
type Sniffed struct {
	// MasteringDisplay and ContentLight are HDR10's static metadata; nil if absent.
	MasteringDisplay *rendition.MasteringDisplay
	ContentLight     *rendition.ContentLight
	// DynamicHDR is set when SMPTE ST 2094-40 (HDR10+) was seen.
	DynamicHDR bool
	// ClosedCaptions is set when CEA-608/708 data was seen.
	ClosedCaptions bool
	// FieldOrder is "tt" or "bb" when interlaced pictures were seen, "progressive"
	// when others were, empty when there were none.
	FieldOrder string
}

// NewSniffer opens a decoder for a video stream of in. It must be closed, before in.
func NewSniffer(in *Input, stream int) (*Sniffer, error) {
	par := in.cStream(stream).codecpar
	codec := C.avcodec_find_decoder(par.codec_id)
	if codec == nil {
		return nil, wrap("sniff", astiav.ErrDecoderNotFound)
	}
	s := &Sniffer{owner: in.owner(), cc: C.avcodec_alloc_context3(codec), frame: NewFrame()}
	if s.cc == nil {
		s.Close()
		return nil, wrap("sniff", errNoMemory)
	}
	if err := check(C.avcodec_parameters_to_context(s.cc, par)); err != nil {
		s.Close()
		return nil, wrap("sniff", err)
	}
	s.cc.thread_count = 1
	s.cc.max_pixels = maxSniffPixels
	s.cc.skip_loop_filter = C.AVDISCARD_ALL // the pixels do not matter
	*(*uintptr)(unsafe.Pointer(&s.cc.opaque)) = uintptr(s.owner)
	if err := check(C.avcodec_open2(s.cc, codec, nil)); err != nil {
		s.Close()
		return nil, in.log.wrap("sniff", err)
	}
	return s, nil
}

// Close releases the decoder. It may be called twice.
func (s *Sniffer) Close() {
	s.frame.Free()
	if s.cc != nil {
		C.avcodec_free_context(&s.cc)
	}
}

// Feed decodes a packet; nil ends the stream. Damaged pictures are passed over.
func (s *Sniffer) Feed(p *Packet) {
	var c *C.AVPacket
	if p != nil {
		c = cPacket(p.p)
	}
	if C.rd_send_packet(s.cc, c, s.owner) < 0 {
		return
	}
	for C.rd_receive_frame(s.cc, s.frame.c(), s.owner) >= 0 {
		s.frames++
		s.look(s.frame.c())
	}
}

// Frames is the number of pictures that were decoded.
func (s *Sniffer) Frames() int { return s.frames }

// Found is what was seen so far.
func (s *Sniffer) Found() Sniffed {
	f := s.found
	if s.cc != nil && s.cc.properties&C.FF_CODEC_PROPERTY_CLOSED_CAPTIONS != 0 {
		f.ClosedCaptions = true
	}
	return f
}

func (s *Sniffer) look(f *C.AVFrame) {
	switch {
	case f.flags&C.AV_FRAME_FLAG_INTERLACED == 0:
		if s.found.FieldOrder == "" {
			s.found.FieldOrder = "progressive"
		}
	case f.flags&C.AV_FRAME_FLAG_TOP_FIELD_FIRST != 0:
		s.found.FieldOrder = "tt"
	default:
		s.found.FieldOrder = "bb"
	}
	if sd := C.av_frame_get_side_data(f, C.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA); sd != nil && s.found.MasteringDisplay == nil {
		s.found.MasteringDisplay = masteringDisplay((*C.AVMasteringDisplayMetadata)(unsafe.Pointer(sd.data)))
	}
	if sd := C.av_frame_get_side_data(f, C.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL); sd != nil && s.found.ContentLight == nil {
		s.found.ContentLight = contentLight((*C.AVContentLightMetadata)(unsafe.Pointer(sd.data)))
	}
	if C.av_frame_get_side_data(f, C.AV_FRAME_DATA_DYNAMIC_HDR_PLUS) != nil {
		s.found.DynamicHDR = true
	}
	if C.av_frame_get_side_data(f, C.AV_FRAME_DATA_A53_CC) != nil {
		s.found.ClosedCaptions = true
	}
}

//go:build cgo

package av

//#cgo pkg-config: libavutil libavcodec libavformat libavfilter
//#include <libavutil/frame.h>
//#include <libavutil/pixdesc.h>
import "C"

import (
	"unsafe"

	"github.com/asticode/go-astiav"
)

// NoTimestamp is AV_NOPTS_VALUE: a time that is not known.
const NoTimestamp = int64(-0x8000000000000000)

// Frame is one decoded picture or block of sound. Its pixels live in C memory
// and are reference counted: Ref shares them, Free gives this reference back.
type Frame struct {
	f *astiav.Frame
}

// NewFrame returns an empty frame, to be filled by a decoder or filter.
func NewFrame() *Frame { return &Frame{f: astiav.AllocFrame()} }

// Free releases the frame. It may be called twice.
func (f *Frame) Free() {
	if f != nil && f.f != nil {
		f.f.Free()
		f.f = nil
	}
}

// Ref returns a second frame that shares the same pixels; both must be freed.
// Neither may be written to afterwards, but each has its own timestamp.
func (f *Frame) Ref() (*Frame, error) {
	r := NewFrame()
	if err := r.f.Ref(f.f); err != nil {
		r.Free()
		return nil, wrap("frame: ref", err)
	}
	return r, nil
}

func (f *Frame) c() *C.AVFrame { return (*C.AVFrame)(f.f.UnsafePointer()) }

// PTS is the presentation time in ticks of whatever made the frame.
func (f *Frame) PTS() int64 { return f.f.Pts() }

// SetPTS replaces the presentation time.
func (f *Frame) SetPTS(pts int64) { f.f.SetPts(pts) }

// Duration is the frame's length in ticks, 0 when unknown.
func (f *Frame) Duration() int64 { return int64(f.c().duration) }

// SetDuration replaces the frame's length.
func (f *Frame) SetDuration(d int64) { f.c().duration = C.int64_t(d) }

// Key reports whether the frame was decoded from a key frame.
func (f *Frame) Key() bool { return f.f.KeyFrame() }

// ForceKey asks (or stops asking) the encoder to code this frame as a key frame.
func (f *Frame) ForceKey(force bool) {
	if force {
		f.f.SetPictureType(astiav.PictureTypeI)
		return
	}
	f.f.SetPictureType(astiav.PictureTypeNone)
}

// Improve asks an encoder with adaptive quantization for a quantizer that is
// lower by steps, which may be fractions, all over this picture.
func (f *Frame) Improve(steps float64) error {
	c := f.c()
	d := C.av_frame_new_side_data(c, C.AV_FRAME_DATA_REGIONS_OF_INTEREST, C.sizeof_AVRegionOfInterest)
	if d == nil {
		return wrap("frame: improve", errNoMemory)
	}
	roi := (*C.AVRegionOfInterest)(unsafe.Pointer(d.data))
	roi.self_size = C.sizeof_AVRegionOfInterest
	roi.top, roi.bottom, roi.left, roi.right = 0, c.height, 0, c.width
	// Offsets are parts of the range of quantizers, which grows with the depth.
	bits := int(C.av_pix_fmt_desc_get(C.enum_AVPixelFormat(c.format)).comp[0].depth)
	span := 51 + 6*(bits-8)
	roi.qoffset = C.AVRational{num: C.int(-1000 * steps), den: C.int(1000 * span)}
	return nil
}

// Width and Height are the picture's size in pixels.
func (f *Frame) Width() int { return f.f.Width() }

// Height is the picture's height in pixels.
func (f *Frame) Height() int { return f.f.Height() }

// Samples is the number of audio samples per channel.
func (f *Frame) Samples() int { return f.f.NbSamples() }

// SampleRate is the audio rate in Hz.
func (f *Frame) SampleRate() int { return f.f.SampleRate() }

// PixelFormat is FFmpeg's name of the pixel format.
func (f *Frame) PixelFormat() string { return f.f.PixelFormat().Name() }

// ImageBytes copies the picture's planes, rows packed without padding.
func (f *Frame) ImageBytes() ([]byte, error) {
	n, err := f.f.ImageBufferSize(1)
	if err != nil {
		return nil, wrap("frame: size", err)
	}
	b := make([]byte, n)
	if _, err := f.f.ImageCopyToBuffer(b, 1); err != nil {
		return nil, wrap("frame: copy", err)
	}
	return b, nil
}

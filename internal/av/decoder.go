//go:build cgo

package av

//#include <libavcodec/avcodec.h>
//#include <libavutil/frame.h>
import "C"

import (
	"errors"

	"github.com/asticode/go-astiav"

	"github.com/rendition-sdk/rendition"
)

// DecoderOptions tune a Decoder; the zero value decodes everything with one thread.
type DecoderOptions struct {
	// Threads is the number of decoding threads; default 1. It does not change the frames.
	Threads int
	// KeyFramesOnly makes the decoder skip every frame but key frames.
	KeyFramesOnly bool
	// Draft leaves out what only makes pictures look better (the deblocking
	// filter), for a decode that nobody looks at.
	Draft bool
}

// Decoder turns the packets of one stream into frames. It is used by one goroutine.
type Decoder struct {
	cc    *astiav.CodecContext
	tb    rendition.Rational
	audio bool
	// next is where the next frame without a timestamp lies.
	next   int64
	errors int
	frames int
	last   error
}

// NewDecoder opens a decoder for a stream of in.
func (in *Input) NewDecoder(stream int, opts DecoderOptions) (*Decoder, error) {
	s := in.stream(stream)
	params := s.CodecParameters()
	codec := astiav.FindDecoder(params.CodecID())
	if codec == nil {
		return nil, &rendition.Error{
			Kind: rendition.Unsupported, Op: "decode", Err: errors.New("no decoder for codec " + params.CodecID().Name()),
			Hint: "convert the source first, or build FFmpeg with a decoder for it", Fault: rendition.FaultInput,
		}
	}
	cc := astiav.AllocCodecContext(codec)
	if cc == nil {
		return nil, wrap("decode: allocate", errNoMemory)
	}
	d := &Decoder{cc: cc, audio: params.MediaType() == astiav.MediaTypeAudio, next: NoTimestamp}
	tb := s.TimeBase()
	d.tb = rendition.Rational{Num: int64(tb.Num()), Den: int64(tb.Den())}
	if err := params.ToCodecContext(cc); err != nil {
		d.Close()
		return nil, wrap("decode: parameters", err)
	}
	d.configure(tb, opts)
	in.log.watchCodec(cc)
	if err := cc.Open(codec, nil); err != nil {
		d.Close()
		return nil, in.log.wrap("decode: open "+codec.Name(), err)
	}
	return d, nil
}

func (d *Decoder) configure(tb astiav.Rational, opts DecoderOptions) {
	c := (*C.AVCodecContext)(d.cc.UnsafePointer())
	c.pkt_timebase = C.AVRational{num: C.int(tb.Num()), den: C.int(tb.Den())}
	d.cc.SetThreadCount(max(opts.Threads, 1))
	if opts.KeyFramesOnly {
		c.skip_frame = C.AVDISCARD_NONKEY
	}
	if opts.Draft {
		c.skip_loop_filter = C.AVDISCARD_ALL
	}
}

// SkipNonReference makes the decoder leave out pictures that no other picture
// refers to, until it is called with false: for a run-up that nobody sees.
func (d *Decoder) SkipNonReference(skip bool) {
	c := (*C.AVCodecContext)(d.cc.UnsafePointer())
	c.skip_frame = C.AVDISCARD_DEFAULT
	if skip {
		c.skip_frame = C.AVDISCARD_NONREF
	}
}

// TimeBase is the time base of the frames' timestamps.
func (d *Decoder) TimeBase() rendition.Rational { return d.tb }

// Errors is the number of packets that could not be decoded, Frames the number
// of frames that could.
func (d *Decoder) Errors() int { return d.errors }

// Frames is the number of frames decoded.
func (d *Decoder) Frames() int { return d.frames }

// LastError is the reason of the last packet that could not be decoded; nil if none.
func (d *Decoder) LastError() error { return d.last }

// Decode sends p (nil to flush at the end) and calls emit for each frame that
// comes out; the frame belongs to emit. A packet that cannot be decoded is
// counted and skipped: real files have some.
func (d *Decoder) Decode(p *Packet, emit func(*Frame) error) error {
	var raw *astiav.Packet
	if p != nil {
		raw = p.p
	}
	for {
		err := d.cc.SendPacket(raw)
		again := errors.Is(err, astiav.ErrEagain)
		switch {
		case err == nil || again || errors.Is(err, astiav.ErrEof):
		case errors.Is(err, errNoMemory):
			return wrap("decode", err)
		default:
			d.errors++
			d.last = err
		}
		if err := d.drain(emit); err != nil || !again {
			return err
		}
	}
}

// Reset drops all state after a seek.
func (d *Decoder) Reset() {
	C.avcodec_flush_buffers((*C.AVCodecContext)(d.cc.UnsafePointer()))
	d.next = NoTimestamp
}

// Close frees the decoder. It may be called twice.
func (d *Decoder) Close() {
	if d != nil && d.cc != nil {
		d.cc.Free()
		d.cc = nil
	}
}

func (d *Decoder) drain(emit func(*Frame) error) error {
	for {
		f := NewFrame()
		if err := d.cc.ReceiveFrame(f.f); err != nil {
			f.Free()
			switch {
			case errors.Is(err, astiav.ErrEagain), errors.Is(err, astiav.ErrEof):
				return nil
			case errors.Is(err, errNoMemory):
				return wrap("decode", err)
			}
			d.errors++
			d.last = err
			continue
		}
		d.stamp(f)
		d.frames++
		if err := emit(f); err != nil {
			return err
		}
	}
}

// stamp gives f the best timestamp there is and a duration.
func (d *Decoder) stamp(f *Frame) {
	c := f.c()
	pts := int64(c.best_effort_timestamp)
	if pts == NoTimestamp {
		pts = d.next
	}
	if pts == NoTimestamp {
		pts = 0
	}
	if d.audio && c.sample_rate > 0 {
		dur := int64(c.nb_samples) * d.tb.Den / (int64(c.sample_rate) * d.tb.Num)
		f.SetDuration(dur)
	}
	f.SetPTS(pts)
	d.next = pts + f.Duration()
}

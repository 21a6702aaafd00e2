//go:build cgo

package av

//#include <stdlib.h>
//#include <libavfilter/buffersink.h>
//#include <libavfilter/buffersrc.h>
//#include "graph.h"
import "C"

import (
	"unsafe"

	"github.com/asticode/go-astiav"

	"github.com/rendition-sdk/rendition"
)

// GraphOptions are what a Graph needs to know besides its filters.
type GraphOptions struct {
	// TimeBase is the time base of the frames that go in. Required.
	TimeBase rendition.Rational
	// FrameRate of the frames that go in; zero unknown.
	FrameRate rendition.Rational
	// Threads of the filters; default 1.
	Threads int
}

// Graph is a chain of libavfilter filters with one input and one output. It
// configures itself from the first frame, and again when frames of another
// shape arrive. It is used by one goroutine.
type Graph struct {
	desc  string
	opts  GraphOptions
	g     C.rd_graph
	open  bool
	shape frameShape
	out   rendition.Rational
}

// frameShape is what a graph is configured for.
type frameShape struct {
	width, height, format, rate, channels int
	space, rng                            int
	sar                                   rendition.Rational
	layout                                string
}

// NewGraph returns a graph for the filters in desc, in FFmpeg's syntax.
func NewGraph(desc string, opts GraphOptions) *Graph {
	opts.Threads = max(opts.Threads, 1)
	return &Graph{desc: desc, opts: opts}
}

// Filter sends f (nil to flush at the end) and calls emit for each frame that
// comes out. The emitted frame belongs to emit; f stays the caller's.
func (g *Graph) Filter(f *Frame, emit func(*Frame) error) error {
	if f == nil {
		return g.flush(emit)
	}
	shape := shapeOf(f)
	if g.open && shape != g.shape {
		if err := g.flush(emit); err != nil {
			return err
		}
		C.rd_graph_free(&g.g)
		g.open = false
	}
	if !g.open {
		if err := g.configure(f); err != nil {
			return err
		}
		g.shape = shape
	}
	if ret := C.av_buffersrc_add_frame_flags(g.g.source, f.c(), C.AV_BUFFERSRC_FLAG_KEEP_REF); ret < 0 {
		return wrap("filter "+g.desc, astiav.Error(ret))
	}
	return g.drain(emit)
}

// TimeBase is the time base of emitted frames, valid after the first one.
func (g *Graph) TimeBase() rendition.Rational { return g.out }

// Close frees the graph. It may be called twice.
func (g *Graph) Close() {
	C.rd_graph_free(&g.g)
	g.open = false
}

func (g *Graph) configure(f *Frame) error {
	desc := C.CString(g.desc)
	defer C.free(unsafe.Pointer(desc))
	ret := C.rd_graph_new(&g.g, desc, f.c(), cRational(g.opts.TimeBase), cRational(g.opts.FrameRate), C.int(g.opts.Threads))
	if ret < 0 {
		C.rd_graph_free(&g.g)
		return wrap("filter "+g.desc, astiav.Error(ret))
	}
	tb := C.av_buffersink_get_time_base(g.g.sink)
	g.out = rendition.Rational{Num: int64(tb.num), Den: int64(tb.den)}
	g.open = true
	return nil
}

func (g *Graph) flush(emit func(*Frame) error) error {
	if !g.open {
		return nil
	}
	if ret := C.av_buffersrc_add_frame_flags(g.g.source, nil, 0); ret < 0 {
		return wrap("filter "+g.desc, astiav.Error(ret))
	}
	return g.drain(emit)
}

func (g *Graph) drain(emit func(*Frame) error) error {
	for {
		out := NewFrame()
		ret := C.av_buffersink_get_frame(g.g.sink, out.c())
		if ret == C.AVERROR_EOF || ret == -C.EAGAIN {
			out.Free()
			return nil
		}
		if ret < 0 {
			out.Free()
			return wrap("filter "+g.desc, astiav.Error(ret))
		}
		if err := emit(out); err != nil {
			return err
		}
	}
}

func shapeOf(f *Frame) frameShape {
	c := f.c()
	if c.sample_rate > 0 && c.nb_samples > 0 { // the picture's fields mean nothing here
		return frameShape{
			format: int(c.format), rate: int(c.sample_rate), channels: int(c.ch_layout.nb_channels),
			layout: layoutText(&c.ch_layout),
		}
	}
	return frameShape{
		width: int(c.width), height: int(c.height), format: int(c.format), rate: int(c.sample_rate),
		channels: int(c.ch_layout.nb_channels), space: int(c.colorspace), rng: int(c.color_range),
		sar: rendition.Rational{Num: int64(c.sample_aspect_ratio.num), Den: int64(c.sample_aspect_ratio.den)},
	}
}

func cRational(r rendition.Rational) C.AVRational {
	if r.Den == 0 {
		return C.AVRational{num: 0, den: 1}
	}
	return C.AVRational{num: C.int(r.Num), den: C.int(r.Den)}
}

func layoutText(l *C.AVChannelLayout) string {
	var b [128]C.char
	C.av_channel_layout_describe(l, &b[0], C.size_t(len(b)))
	return C.GoString(&b[0])
}

//go:build cgo

package av

//#include <stdlib.h>
//#include "shim.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"unsafe"

	"github.com/rendition-sdk/rendition"

	"github.com/asticode/go-astiav"
)

// OutputOptions are the options of OpenOutput. A nil pointer means the defaults.
type OutputOptions struct {
	// Logger receives libav's log lines; nil drops them.
	Logger *slog.Logger
	// Tags are written as the file's metadata.
	Tags map[string]string
	// Muxer are private options of the muxer, in FFmpeg's terms, such as
	// "movflags": "+faststart".
	Muxer map[string]string
}

// OutputStream is one stream of an Output: made by StreamOf or CopyOf, then
// completed by the caller.
type OutputStream struct {
	// TimeBase of the packets given to WritePacket, in seconds per tick.
	TimeBase rendition.Rational
	// FrameRate in frames per second, 0 when unknown; some muxers write it.
	FrameRate rendition.Rational
	// Language is an ISO 639-2 tag, Title a name for people; both may be empty.
	Language, Title string
	// Default marks the stream a player begins with.
	Default bool

	params *astiav.CodecParameters // owned by the Output from OpenOutput on
}

// outputStreamOf makes a stream from codec parameters, which it takes over.
func outputStreamOf(params *astiav.CodecParameters, timeBase rendition.Rational) OutputStream {
	return OutputStream{TimeBase: timeBase, params: params}
}

// outputStreamOfEncoder makes a stream from an open encoder.
func outputStreamOfEncoder(cc *astiav.CodecContext) (OutputStream, error) {
	params := astiav.AllocCodecParameters()
	if params == nil {
		return OutputStream{}, wrap("output stream", errNoMemory)
	}
	if err := params.FromCodecContext(cc); err != nil {
		params.Free()
		return OutputStream{}, wrap("output stream", err)
	}
	s := outputStreamOf(params, rendition.NewRational(int64(cc.TimeBase().Num()), int64(cc.TimeBase().Den())))
	if rate := cc.Framerate(); rate.Num() > 0 {
		s.FrameRate = rendition.NewRational(int64(rate.Num()), int64(rate.Den()))
	}
	return s, nil
}

// CopyOf makes an output stream that carries stream i of in as it is coded.
func CopyOf(in *Input, i int) (OutputStream, error) {
	params := astiav.AllocCodecParameters()
	if params == nil {
		return OutputStream{}, wrap("output stream", errNoMemory)
	}
	src := in.stream(i)
	if err := src.CodecParameters().Copy(params); err != nil {
		params.Free()
		return OutputStream{}, wrap("output stream", err)
	}
	params.SetCodecTag(0) // tags differ from container to container
	s := outputStreamOf(params, in.TimeBase(i))
	s.FrameRate = rational(in.cStream(i).avg_frame_rate)
	return s, nil
}

// Output is an open muxer. It is used by one goroutine at a time, and must be
// closed or aborted.
type Output struct {
	io     *avio
	guard  *guard
	log    *logOwner
	fc     *C.AVFormatContext
	bases  []C.AVRational // of the packets that are given
	packet *Packet
	done   bool
}

// OpenOutput begins a file of an FFmpeg format such as "webm", "matroska",
// "ipod" or "gif" and writes its header to w. Where w can seek, the muxer goes
// back to complete what it could not know; formats that must do so fail with
// Unsupported on a w that can not. The bytes depend on the packets alone: no
// date, no version. ctx covers the whole life of the Output.
//
// It takes over streams, also when it fails.
func OpenOutput(ctx context.Context, w io.Writer, format string, streams []OutputStream, opts *OutputOptions) (*Output, error) {
	if opts == nil {
		opts = &OutputOptions{}
	}
	defer func() {
		for _, s := range streams {
			s.params.Free()
		}
	}()
	o := &Output{log: newLogOwner(opts.Logger), guard: newGuard(ctx), packet: NewPacket()}
	if err := o.open(ctx, w, format, streams, opts); err != nil {
		o.Abort()
		return nil, err
	}
	return o, nil
}

func (o *Output) open(ctx context.Context, w io.Writer, format string, streams []OutputStream, opts *OutputOptions) error {
	name := C.CString(format)
	defer C.free(unsafe.Pointer(name))
	if err := check(C.avformat_alloc_output_context2(&o.fc, nil, name, nil)); err != nil {
		return &rendition.Error{
			Kind: rendition.Unsupported, Op: "av: open output", Key: format,
			Err: errors.New("no such container format in this build of FFmpeg"),
		}
	}
	var err error
	if o.io, err = newWriterIO(ctx, w); err != nil {
		return wrap("open output", err)
	}
	C.rd_output_guard(o.fc, o.io.pb, o.guard.c)
	setDictionary(&o.fc.metadata, opts.Tags)
	for i, s := range streams {
		if err := o.add(s); err != nil {
			return fmt.Errorf("stream %d: %w", i, err)
		}
	}
	var options *C.AVDictionary
	setDictionary(&options, opts.Muxer)
	defer C.av_dict_free(&options)
	if err := check(C.rd_write_header(o.fc, &options, o.owner())); err != nil {
		return o.error("write header", err)
	}
	if left := C.av_dict_iterate(options, nil); left != nil {
		return &rendition.Error{
			Kind: rendition.InvalidJob, Op: "av: open output", Key: C.GoString(left.key),
			Err: fmt.Errorf("container %s has no such option", format),
		}
	}
	return nil
}

// add makes one stream of the muxer.
func (o *Output) add(s OutputStream) error {
	st := C.avformat_new_stream(o.fc, nil)
	if st == nil {
		return wrap("output stream", errNoMemory)
	}
	if err := check(C.avcodec_parameters_copy(st.codecpar, cParameters(s.params))); err != nil {
		return wrap("output stream", err)
	}
	base := C.AVRational{num: C.int(s.TimeBase.Num), den: C.int(s.TimeBase.Den)}
	st.time_base = base
	o.bases = append(o.bases, base)
	st.sample_aspect_ratio = st.codecpar.sample_aspect_ratio
	if !s.FrameRate.IsZero() {
		st.avg_frame_rate = C.AVRational{num: C.int(s.FrameRate.Num), den: C.int(s.FrameRate.Den)}
	}
	if s.Default {
		st.disposition |= C.AV_DISPOSITION_DEFAULT
	}
	setDictionary(&st.metadata, map[string]string{"language": s.Language, "title": s.Title})
	return nil
}

// WritePacket hands packet p, timed in the TimeBase of the stream, to the
// muxer, which orders the packets of all streams by their DTS. p stays the
// caller's and is as it was.
func (o *Output) WritePacket(stream int, p *Packet) error {
	if stream < 0 || stream >= len(o.bases) {
		return &rendition.Error{Kind: rendition.Internal, Op: "av: write packet", Err: fmt.Errorf("no stream %d", stream)}
	}
	o.packet.Unref()
	if err := o.packet.p.Ref(p.p); err != nil {
		return wrap("write packet", err)
	}
	c := cPacket(o.packet.p)
	c.stream_index = C.int(stream)
	c.pos = -1
	out := unsafe.Slice(o.fc.streams, int(o.fc.nb_streams))[stream]
	C.av_packet_rescale_ts(c, o.bases[stream], out.time_base)
	if err := check(C.rd_write_frame(o.fc, c, o.owner())); err != nil {
		return o.error("write packet", err)
	}
	return nil
}

// Close writes what is left, and the trailer, and releases everything. It does
// not close the writer. It may be called twice.
func (o *Output) Close() error {
	if o.done {
		return nil
	}
	err := check(C.rd_write_trailer(o.fc, o.owner()))
	if err != nil || o.io.err != nil {
		err = o.error("write trailer", err)
	}
	o.Abort()
	return err
}

// Abort releases everything without completing the file. It may be called
// after Close, and then does nothing.
func (o *Output) Abort() {
	if o.done {
		return
	}
	o.done = true
	o.packet.Free()
	C.avformat_free_context(o.fc)
	if o.io != nil {
		o.io.free()
	}
	o.guard.free()
	o.log.close()
}

// BytesWritten is the number of bytes written so far, from any goroutine.
func (o *Output) BytesWritten() int64 { return o.io.bytes.Load() }

// error prefers the writer's own error, which libav only knows as a number.
func (o *Output) error(op string, err error) error {
	cause := o.io.cause(err)
	if errors.Is(cause, errInvalid) { // the muxer says no, for a reason in its log
		lines := o.log.lines()
		return &rendition.Error{
			Kind: rendition.Unsupported, Op: "av: " + op,
			Err: fmt.Errorf("the container does not take these streams: %w", wrapLines(op, cause, lines)),
		}
	}
	return o.log.wrap(op, cause)
}

func (o *Output) owner() C.uintptr_t { return C.uintptr_t(o.log.id) }

// setDictionary adds what is not empty, in the order of the keys.
func setDictionary(d **C.AVDictionary, values map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if values[key] == "" {
			continue
		}
		k, v := C.CString(key), C.CString(values[key])
		C.av_dict_set(d, k, v, 0)
		C.free(unsafe.Pointer(k))
		C.free(unsafe.Pointer(v))
	}
}

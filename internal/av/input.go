//go:build cgo

package av

//#include <stdlib.h>
//#include "shim.h"
import "C"

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"
	"unsafe"

	"github.com/rendition-sdk/rendition"

	"github.com/asticode/go-astiav"
)

// Limits on what is read to find out what a source is.
const (
	// DefaultProbeBytes bounds the bytes that are read to recognize the format
	// and again to find the streams' parameters.
	DefaultProbeBytes = 5 << 20
	// DefaultAnalyzeDuration bounds the media time of the same.
	DefaultAnalyzeDuration = 5 * time.Second
	// MaxStreams is the number of streams in one source.
	MaxStreams = 256
)

// InputOptions are the options of OpenInput. A nil pointer means the defaults.
type InputOptions struct {
	// Logger receives libav's log lines: its errors as warnings, its warnings
	// as information, the rest as debug. nil drops them.
	Logger *slog.Logger
	// ProbeBytes replaces DefaultProbeBytes.
	ProbeBytes int64
	// AnalyzeDuration replaces DefaultAnalyzeDuration.
	AnalyzeDuration time.Duration
}

func (o *InputOptions) withDefaults() InputOptions {
	c := InputOptions{}
	if o != nil {
		c = *o
	}
	c.ProbeBytes = cmp.Or(max(c.ProbeBytes, 0), DefaultProbeBytes)
	c.AnalyzeDuration = cmp.Or(max(c.AnalyzeDuration, 0), DefaultAnalyzeDuration)
	return c
}

// Input is an open demuxer. It is used by one goroutine at a time, but for
// BytesRead, and must be closed.
type Input struct {
	ctx    context.Context
	name   string
	reader rendition.SourceReader
	io     *avio
	guard  *guard
	log    *logOwner
	fc     *C.AVFormatContext
	// streams are those found at the opening. A transport stream may gain more
	// while it is read, and libav then moves its own list.
	streams []*C.AVStream
}

// OpenInput opens src, recognizes its format from its bytes and finds its
// streams. ctx covers the whole life of the Input: when it ends, a blocked
// call returns a Canceled error, and so do all later ones.
//
// The errors are InvalidInput for what is empty, damaged or no media,
// Unsupported for formats that only point to other files (playlists), and
// whatever Kind the source's own errors have.
func OpenInput(ctx context.Context, src rendition.Source, opts *InputOptions) (*Input, error) {
	o := opts.withDefaults()
	r, err := src.Open(ctx)
	if err != nil {
		return nil, wrap("open", ioError("open", err))
	}
	in := &Input{ctx: ctx, name: src.Name(), reader: r, log: newLogOwner(o.Logger), guard: newGuard(ctx)}
	if err := in.open(o); err != nil {
		_ = in.Close()
		return nil, err
	}
	return in, nil
}

func (in *Input) open(o InputOptions) error {
	if in.reader.Size() == 0 {
		return in.invalid("the file is empty", "")
	}
	var err error
	if in.io, err = newReaderIO(in.ctx, in.reader); err != nil {
		return wrap("open", err)
	}
	format, err := in.recognize(o)
	if err != nil {
		return err
	}
	if in.fc = C.rd_input_new(in.io.pb, in.guard.c, in.owner()); in.fc == nil {
		return wrap("open", errNoMemory)
	}
	options := o.dictionary()
	defer C.av_dict_free(&options)
	if err := check(C.rd_open_input(&in.fc, format, &options, in.owner())); err != nil {
		return in.openError(err)
	}
	if n := int(in.fc.nb_streams); n > MaxStreams {
		return in.invalid(fmt.Sprintf("the file declares %d streams, more than the %d that are allowed", n, MaxStreams), "")
	}
	if err := check(C.rd_find_stream_info(in.fc, in.owner())); err != nil {
		return in.openError(err)
	}
	if err := in.io.cause(nil); err != nil { // a read error in the middle of the analysis
		return wrap("open", err)
	}
	if in.fc.nb_streams == 0 {
		return in.invalid("the file has no streams", "it may be cut off, or be no media file")
	}
	in.streams = slices.Clone(unsafe.Slice(in.fc.streams, int(in.fc.nb_streams)))
	return nil
}

// dictionary builds the demuxer's options; the caller frees it.
func (o InputOptions) dictionary() *C.AVDictionary {
	var d *C.AVDictionary
	set := func(key, value string) {
		k, v := C.CString(key), C.CString(value)
		C.av_dict_set(&d, k, v, 0)
		C.free(unsafe.Pointer(k))
		C.free(unsafe.Pointer(v))
	}
	set("protocol_whitelist", "none") // no demuxer may open anything by itself
	set("probesize", fmt.Sprint(max(o.ProbeBytes, 32)))
	set("analyzeduration", fmt.Sprint(o.AnalyzeDuration.Microseconds()))
	set("max_streams", fmt.Sprint(MaxStreams))
	return d
}

// Close releases everything. It may be called twice.
func (in *Input) Close() error {
	if in.reader == nil {
		return nil
	}
	if in.fc != nil {
		C.rd_close_input(&in.fc, in.owner())
	}
	if in.io != nil {
		in.io.free()
	}
	in.guard.free()
	in.log.close()
	err := in.reader.Close()
	in.reader = nil
	if err != nil {
		return wrap("close", ioError("close", err))
	}
	return nil
}

// ReadPacket reads the next packet of any stream that is not discarded into p,
// whose former content is dropped. At the end it returns io.EOF.
func (in *Input) ReadPacket(p *Packet) error {
	p.Unref()
	err := check(C.rd_read_frame(in.fc, cPacket(p.p), in.owner()))
	if err == nil {
		return nil
	}
	if cause := in.io.cause(nil); cause != nil { // libav reports a failed read as the end
		return wrap("read packet", cause)
	}
	return in.log.wrap("read packet", err)
}

// Seek goes to a packet of stream near ts, which is in the stream's time base:
// with backward, to the last key frame at or before it, else to the first one
// at or after. Packets of the other streams follow from about the same time.
// Decoders must be flushed.
func (in *Input) Seek(stream int, ts int64, backward bool) error {
	lowest, highest := ts, int64(1)<<62
	if backward {
		lowest, highest = -int64(1)<<62, ts
	}
	err := check(C.rd_seek(in.fc, C.int(stream), C.int64_t(lowest), C.int64_t(ts), C.int64_t(highest), 0, in.owner()))
	if err == nil {
		return nil
	}
	return in.log.wrap("seek", in.io.cause(err))
}

// SeekTime goes to the last key frame at or before t, a time on the source's
// own clock (see StartTime).
func (in *Input) SeekTime(t time.Duration) error { return in.Seek(-1, t.Microseconds(), true) }

// SeekKey goes to a key frame of stream at or before t, also in containers
// without an index, where SeekTime lands between key frames.
func (in *Input) SeekKey(stream int, t time.Duration) error {
	if in.fc.iformat.flags&C.AVFMT_TS_DISCONT == 0 {
		return in.SeekTime(t)
	}
	pkt := NewPacket()
	defer pkt.Free()
	for back := time.Second; ; back *= 4 {
		at := max(t-back, in.StartTime())
		if err := in.SeekTime(at); err != nil {
			return err
		}
		if at == in.StartTime() {
			return nil
		}
		for {
			if err := in.ReadPacket(pkt); err != nil {
				if errors.Is(err, io.EOF) {
					break
				}
				return err
			}
			if pkt.Stream() == stream && pkt.Key() && pkt.PTS() != NoTimestamp {
				if in.TimeBase(stream).Duration(pkt.PTS()) <= t {
					return in.SeekTime(at)
				}
				break
			}
		}
	}
}

// SeekByte goes to an offset in the file, from where the demuxer finds its
// bearings; not every container can.
func (in *Input) SeekByte(offset int64) error {
	if in.fc.iformat.flags&C.AVFMT_NO_BYTE_SEEK != 0 {
		return &rendition.Error{Kind: rendition.Unsupported, Op: "av: seek", Err: errors.New("the container has no byte positions")}
	}
	at := C.int64_t(offset)
	if err := check(C.rd_seek(in.fc, -1, at, at, at, C.AVSEEK_FLAG_BYTE, in.owner())); err != nil {
		return in.log.wrap("seek", in.io.cause(err))
	}
	return nil
}

// Streams is the number of streams. It can grow while packets are read.
func (in *Input) Streams() int { return len(in.streams) }

// Discard makes ReadPacket leave out a stream, and the demuxer skip its bytes
// where it can.
func (in *Input) Discard(stream int) { in.cStream(stream).discard = C.AVDISCARD_ALL }

// Keep is the opposite of Discard.
func (in *Input) Keep(stream int) { in.cStream(stream).discard = C.AVDISCARD_DEFAULT }

// BytesRead is the number of bytes read from the source so far. It may be
// called at any time, from any goroutine.
func (in *Input) BytesRead() int64 { return in.io.bytes.Load() }

// Size is the source's length in bytes, -1 when unknown.
func (in *Input) Size() int64 { return in.io.size }

// StartTime is the timestamp of the source's first sample, 0 when unknown.
func (in *Input) StartTime() time.Duration {
	if in.fc.start_time == C.AV_NOPTS_VALUE {
		return 0
	}
	return time.Duration(in.fc.start_time) * time.Microsecond
}

// TimeBase is seconds per tick of a stream's timestamps.
func (in *Input) TimeBase(stream int) rendition.Rational {
	return rational(in.cStream(stream).time_base)
}

// stream returns a stream for the decoders of this package.
func (in *Input) stream(i int) *astiav.Stream { return goStream(in.cStream(i)) }

// cStream returns stream i, which must exist.
func (in *Input) cStream(i int) *C.AVStream {
	return in.streams[i]
}

func (in *Input) owner() C.uintptr_t { return C.uintptr_t(in.log.id) }

func rational(r C.AVRational) rendition.Rational {
	return rendition.NewRational(int64(r.num), int64(r.den))
}

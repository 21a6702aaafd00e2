//go:build cgo

package encode

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// Queue lengths. Frames are large, so their queues are short.
const (
	packetQueue = 64
	frameQueue  = 4
)

// run is the state of one Run.
type run struct {
	spec    *Spec
	log     *slog.Logger
	in      *av.Input
	group   *errgroup.Group
	ctx     context.Context
	start   time.Duration // where the source's timeline begins, in its own time
	streams map[int]*streamNode
	frames  []*queue[*av.Frame] // every frame queue, to be drained at the end
	depth   int                 // of frame queues

	mu    sync.Mutex
	stats *Stats
}

// streamNode is one source stream on its way: packets in, consumers behind.
type streamNode struct {
	index   int
	packets *queue[*av.Packet]
	// frames are the consumers of decoded frames, copies those of packets.
	frames []*queue[*av.Frame]
	copies []*queue[*av.Packet]
	end    time.Duration // nothing later is wanted; 0 for all
	open   bool
	ended  bool // closed at the end of its clips
}

// Run does all of spec and returns when every goroutine it started has ended.
func Run(ctx context.Context, spec *Spec) (*Stats, error) {
	defer av.Trim()
	if len(spec.Video) == 0 && len(spec.Audio) == 0 {
		return runImages(ctx, spec)
	}
	if err := checkGrids(ctx, spec); err != nil {
		return nil, err
	}
	in, err := av.OpenInput(ctx, spec.Source, &av.InputOptions{Logger: spec.Logger})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return newRun(ctx, spec, in).do(ctx)
}

func newRun(ctx context.Context, spec *Spec, in *av.Input) *run {
	r := &run{
		spec: spec, in: in, log: cmp.Or(spec.Logger, slog.New(slog.DiscardHandler)),
		start: in.StartTime(), depth: frameQueue, streams: map[int]*streamNode{}, stats: &Stats{Streams: map[int]*StreamStats{}},
	}
	r.group, r.ctx = errgroup.WithContext(ctx)
	return r
}

func (r *run) do(ctx context.Context) (*Stats, error) {
	err := r.wire()
	if err == nil {
		for _, s := range r.streams {
			r.startStream(s)
		}
		r.spawn(r.demux)
	} else {
		r.spawn(func() error { return err })
	}
	err = r.group.Wait()
	for _, q := range r.frames {
		q.drain()
	}
	for _, s := range r.streams {
		s.packets.drain()
		for _, q := range s.copies {
			q.drain()
		}
	}
	for i, s := range r.streams {
		r.streamStats(i).Ended = s.ended
	}
	r.stats.BytesRead = r.in.BytesRead()
	if ctx.Err() != nil {
		return r.stats, context.Cause(ctx)
	}
	return r.stats, err
}

// spawn runs f in a goroutine that Run waits for. A panic, of a host's Source
// or Bucket for one, ends the run and not the process.
func (r *run) spawn(f func() error) {
	r.group.Go(func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = &rendition.Error{Kind: rendition.Internal, Op: "encode", Err: fmt.Errorf("panic: %v", p)}
			}
		}()
		return f()
	})
}

// wire connects every task to its stream.
func (r *run) wire() error {
	for _, b := range branches(r.spec.Video) {
		if err := r.wireBranch(b); err != nil {
			return err
		}
	}
	r.wireCopies()
	for _, a := range r.spec.Audio {
		r.wireAudio(a)
	}
	for _, s := range r.spec.Stills {
		q := r.frameQueue(s.Stream, Clip{})
		r.spawn(func() error { return r.stills(s, q) })
	}
	for _, a := range r.spec.Animations {
		q := r.frameQueue(a.Stream, a.Clip)
		r.spawn(func() error { return r.animation(a, q) })
	}
	return nil
}

// stream returns the node of a source stream, widened to clip.
func (r *run) stream(index int, clip Clip) *streamNode {
	s := r.streams[index]
	end := time.Duration(0)
	if clip.Duration > 0 {
		end = clip.Start + clip.Duration
	}
	if s == nil {
		s = &streamNode{index: index, packets: newQueue[*av.Packet](packetQueue), end: end, open: true}
		r.streams[index] = s
		return s
	}
	if end == 0 || s.end == 0 {
		s.end = 0
	} else {
		s.end = max(s.end, end)
	}
	return s
}

// frameQueue returns a new queue of the decoded frames of a stream.
func (r *run) frameQueue(stream int, clip Clip) *queue[*av.Frame] {
	q := r.newFrames()
	s := r.stream(stream, clip)
	s.frames = append(s.frames, q)
	return q
}

func (r *run) newFrames() *queue[*av.Frame] {
	q := newQueue[*av.Frame](r.depth)
	r.frames = append(r.frames, q)
	return q
}

// time converts ticks of a stream to the source's timeline.
func (r *run) time(tb rendition.Rational, ticks int64) time.Duration {
	return tb.Duration(ticks) - r.start
}

// demux reads the source and ends its streams.
func (r *run) demux() error {
	err := r.read()
	for _, s := range r.streams {
		if s.open {
			err = feeding(err, []*queue[*av.Packet]{s.packets})
			s.open = false
		}
	}
	return err
}

// read reads the source once, to its end or as far as anything is wanted.
func (r *run) read() error {
	for i := range r.in.Streams() {
		if r.streams[i] == nil {
			r.in.Discard(i)
		}
	}
	if err := r.seekToStart(); err != nil {
		return err
	}
	fix := newDiscontinuity(r.spec.Media.Container)
	pkt := av.NewPacket()
	defer pkt.Free()
	for {
		if err := r.ctx.Err(); err != nil {
			return context.Cause(r.ctx)
		}
		if err := r.spec.gate(r.ctx); err != nil {
			return err
		}
		err := r.in.ReadPacket(pkt)
		if errors.Is(err, io.EOF) {
			r.stats.ReadToEnd = true
			return nil
		}
		if err != nil {
			return err
		}
		more, err := r.dispatch(pkt, fix)
		pkt.Unref()
		if err != nil || !more {
			return err
		}
	}
}

// dispatch sends pkt to its stream and reports whether any stream wants more.
func (r *run) dispatch(pkt *av.Packet, fix *discontinuity) (more bool, err error) {
	s := r.streams[pkt.Stream()]
	if s == nil || !s.open {
		return true, nil
	}
	tb := r.in.TimeBase(s.index)
	fix.adjust(pkt, tb)
	ref, err := pkt.Ref()
	if err != nil {
		return false, err
	}
	if err := s.packets.send(r.ctx, ref); err != nil {
		return false, err
	}
	if s.end == 0 || pkt.DTS() == av.NoTimestamp {
		return true, nil
	}
	// Decoding order runs ahead of display order, never behind it, so a
	// decoding time past the end has everything that is wanted before it.
	if r.time(tb, pkt.DTS()) > s.end+time.Second {
		s.packets.close()
		s.open, s.ended = false, true
	}
	for _, s := range r.streams {
		if s.open {
			return true, nil
		}
	}
	return false, nil
}

// seekToStart skips what lies before every clip.
func (r *run) seekToStart() error {
	start := time.Duration(-1)
	note := func(c Clip) {
		if start < 0 || c.Start < start {
			start = c.Start
		}
	}
	for _, v := range r.spec.Video {
		note(v.Clip)
	}
	for _, a := range r.spec.Audio {
		note(a.Clip)
	}
	for _, a := range r.spec.Animations {
		note(a.Clip)
	}
	if len(r.spec.Stills) > 0 || start < 2*time.Second || !r.spec.Media.Seekable {
		return nil
	}
	// A second early, so that sound that needs a run-up has it.
	seek := r.in.SeekTime
	if len(r.spec.Video) > 0 {
		seek = func(t time.Duration) error { return r.in.SeekKey(r.spec.Video[0].Stream, t) }
	}
	if err := seek(r.start + start - time.Second); err != nil {
		r.log.Warn("cannot seek in the source, reading it from its beginning", "error", err)
	}
	return nil
}

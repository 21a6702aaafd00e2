//go:build cgo

package encode

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// Chunker cuts the video of one Spec into chunks at times that depend on source
// and job alone, and encodes them, each from the key frame before it. It may be
// used by several goroutines and must be closed when none uses it any more.
type Chunker struct {
	ctx      context.Context
	spec     *Spec
	log      *slog.Logger
	stream   int
	branches []*branch
	grids    map[*branch]*frameGrid
	// starts are the beginnings of the chunks in seconds on the source's
	// timeline, keys the times of the key frames there; seeks are the same key
	// frames as Seek takes them.
	starts []float64
	keys   []float64
	seeks  []int64

	mu    sync.Mutex
	idle  []*av.Input
	tails map[int]*tail // by the chunk they lead to
	begun map[int]bool
}

// NotCutError is the error of NewChunker for a source or job whose video must be
// encoded in one pass; it says why.
type NotCutError struct{ Reason string }

func (e *NotCutError) Error() string { return "the video is encoded in one piece: " + e.Reason }

// NewChunker finds out where the videos of spec can be cut. ctx covers the
// Chunker's whole life. The error is a *NotCutError where they cannot.
func NewChunker(ctx context.Context, spec *Spec, opts *CutOptions) (*Chunker, error) {
	c := newChunker(ctx, spec)
	o := opts.withDefaults()
	if reason := uncut(spec, o); reason != "" {
		return nil, &NotCutError{reason}
	}
	c.stream, c.branches = spec.Video[0].Stream, branches(spec.Video)
	in, err := c.input()
	if err != nil {
		return nil, err
	}
	defer c.release(in)
	err = c.cut(in, o)
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// unsought is the error of a source that cannot go to a place. One that could not be
// read keeps its own: tried again it may be cut, and must be, or its bytes were others.
func unsought(err error) error {
	switch rendition.KindOf(err) {
	case rendition.InvalidInput, rendition.Unsupported, rendition.Internal:
		return &NotCutError{"it cannot be sought in: " + err.Error()}
	default:
		return err
	}
}

func newChunker(ctx context.Context, spec *Spec) *Chunker {
	return &Chunker{
		ctx: ctx, spec: spec, log: cmp.Or(spec.Logger, slog.New(slog.DiscardHandler)),
		grids: map[*branch]*frameGrid{}, tails: map[int]*tail{}, begun: map[int]bool{},
	}
}

// uncut says why the videos of a job cannot be cut, as far as that is known
// without reading; empty where they may be.
func uncut(spec *Spec, o CutOptions) string {
	switch total := spec.Media.Duration; {
	case len(spec.Video) == 0:
		return "there is none"
	case total > 0 && total < o.shortest():
		return "it is short"
	}
	for _, v := range spec.Video {
		switch {
		case v.Copy:
			return "some of it is copied"
		case v.Stream != spec.Video[0].Stream:
			return "it comes from several streams"
		case v.CRF < 0:
			return "an average bitrate is kept over the whole"
		}
	}
	if !HasIndex(spec.Media) {
		return "its container has no index of key frames"
	}
	return ""
}

// input returns an open source of which all but the video is discarded.
func (c *Chunker) input() (*av.Input, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.idle); n > 0 {
		in := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return in, nil
	}
	in, err := av.OpenInput(c.ctx, c.spec.Source, &av.InputOptions{Logger: c.spec.Logger})
	if err != nil {
		return nil, err
	}
	for i := range in.Streams() {
		if i != c.stream {
			in.Discard(i)
		}
	}
	return in, nil
}

// release keeps an input for the next chunk: opening it again would read its
// index again.
func (c *Chunker) release(in *av.Input) {
	c.mu.Lock()
	c.idle = append(c.idle, in)
	c.mu.Unlock()
}

// Close closes what is open.
func (c *Chunker) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, in := range c.idle {
		_ = in.Close() // it was only read
	}
	for _, t := range c.tails {
		t.close()
	}
	c.idle, c.tails = nil, map[int]*tail{}
	av.Trim()
}

// Chunks is their number, at least 2.
func (c *Chunker) Chunks() int { return len(c.starts) }

// Start is where chunk k begins on the source's timeline.
func (c *Chunker) Start(k int) time.Duration { return seconds(c.starts[k]) }

// Slots are the frames of v in chunk k; ok is false where it has none there.
func (c *Chunker) Slots(k int, v *Video) (s Slots, ok bool) {
	for _, b := range c.branches {
		if b.has(v) {
			return c.slots(k, b)
		}
	}
	return s, false
}

func (b *branch) has(v *Video) bool {
	return slices.ContainsFunc(b.sizes, func(s *size) bool { return slices.Contains(s.videos, v) })
}

func (c *Chunker) slots(k int, b *branch) (Slots, bool) {
	from, to := math.Inf(-1), math.Inf(1)
	if k > 0 {
		from = c.starts[k]
	}
	if k+1 < len(c.starts) {
		to = c.starts[k+1]
	}
	return c.grids[b].slots(from, to)
}

// cut fills in starts.
func (c *Chunker) cut(in *av.Input, o CutOptions) error {
	for _, b := range c.branches {
		g, err := c.lay(in, b)
		if err != nil {
			return err
		}
		c.grids[b] = g
	}
	if err := c.findKeys(in); err != nil {
		return err
	}
	from, to := c.span()
	if to-from < o.shortest().Seconds() {
		return &NotCutError{"it is short"}
	}
	points := c.points(from, to, o)
	if o.ShortFirst && len(points) > 2 {
		c.starts, points = points[:1:1], points[1:]
	}
	c.starts = append(c.starts, cutPoints(points, c.usable(), to, o)...)
	if len(c.starts) < 2 {
		return &NotCutError{"it is short"}
	}
	return nil
}

// lay finds where the frames of a branch lie, by decoding up to its first one.
func (c *Chunker) lay(in *av.Input, b *branch) (*frameGrid, error) {
	r := newRun(c.ctx, c.spec, in)
	defer func() { _ = r.group.Wait() }() // releases the group's context
	front := r.newConstant(b, nil)
	defer front.close()
	if err := in.SeekKey(c.stream, r.start+max(0, b.clip.Start-time.Second)); err != nil {
		return nil, unsought(err)
	}
	dec, err := in.NewDecoder(c.stream, av.DecoderOptions{})
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	take := func(f *av.Frame) error {
		if front.grid.first {
			f.Free()
			return nil
		}
		return front.take(f)
	}
	pkt := av.NewPacket()
	defer pkt.Free()
	for !front.grid.first {
		if c.ctx.Err() != nil {
			return nil, context.Cause(c.ctx)
		}
		err := in.ReadPacket(pkt)
		if errors.Is(err, io.EOF) {
			return nil, &NotCutError{"no picture could be decoded at its start"}
		}
		if err == nil {
			err = dec.Decode(pkt, take)
		}
		if err != nil {
			return nil, err
		}
	}
	return &frameGrid{
		fps: front.grid.fps, origin: front.grid.origin, base: front.grid.base, start: b.clip.Start,
		end: front.grid.end, keys: int64(b.keys),
	}, nil
}

// findKeys lists the key frames of the video.
func (c *Chunker) findKeys(in *av.Input) error {
	// Matroska reads its index when it is first needed.
	if err := in.SeekTime(in.StartTime()); err != nil {
		return unsought(err)
	}
	c.seeks = in.KeyFrames(c.stream)
	if len(c.seeks) < 2 {
		return &NotCutError{"its container has no index of key frames, or only one key frame"}
	}
	offset, err := c.reorder(in)
	if err != nil {
		return err
	}
	tb, start := in.TimeBase(c.stream), in.StartTime()
	for _, t := range c.seeks {
		c.keys = append(c.keys, (tb.Duration(t+offset) - start).Seconds())
	}
	if total := c.spec.Media.Duration.Seconds(); total > 0 && c.keys[len(c.keys)-1] < total*0.8-30 {
		return &NotCutError{fmt.Sprintf("its index of key frames ends at %.0f s of %.0f", c.keys[len(c.keys)-1], total)}
	}
	return nil
}

// reorder is how far the index's times lie before the times at which pictures
// are shown: MP4's index counts in decoding order.
func (c *Chunker) reorder(in *av.Input) (int64, error) {
	if err := in.Seek(c.stream, c.seeks[0], true); err != nil {
		return 0, unsought(err)
	}
	pkt := av.NewPacket()
	defer pkt.Free()
	for {
		err := in.ReadPacket(pkt)
		if errors.Is(err, io.EOF) {
			return 0, &NotCutError{"it has no packets"}
		}
		if err != nil {
			return 0, err
		}
		if pkt.Stream() == c.stream {
			break
		}
	}
	if pkt.PTS() == av.NoTimestamp || !pkt.Key() {
		return 0, &NotCutError{"its first picture has no time"}
	}
	return pkt.PTS() - c.seeks[0], nil
}

// span is the part of the source's timeline that any branch wants, in seconds;
// to is infinite where the source's length is not known.
func (c *Chunker) span() (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for _, b := range c.branches {
		g := c.grids[b]
		from = min(from, g.time(0))
		end := math.Inf(1)
		if total := c.spec.Media.Duration; total > 0 {
			end = total.Seconds()
		}
		if g.end > 0 {
			end = min(end, g.time(g.end))
		}
		to = max(to, end)
	}
	if math.IsInf(to, 1) {
		to = c.keys[len(c.keys)-1]
	}
	return from, to
}

// points are the times at which chunks may begin: whole segments of the branch
// that has the most pixels, on from its first frame and back from there.
func (c *Chunker) points(from, to float64, o CutOptions) []float64 {
	b := slices.MaxFunc(c.branches, func(x, y *branch) int { return cmp.Compare(x.pixels(), y.pixels()) })
	g := c.grids[b]
	step := g.keys
	if interval := float64(g.keys) / g.fps; o.Segment > interval {
		step *= int64(math.Round(o.Segment / interval))
	}
	list := []float64{from}
	first := int64(math.Ceil((from-g.time(0))*g.fps/float64(step)-0.001)) * step
	for slot := first; ; slot += step {
		// Half a frame early, so that rounding cannot put the slot itself before it.
		t := g.time(slot) - 0.25/g.fps
		if t >= to {
			return list
		}
		if t > from+0.5*float64(step)/g.fps {
			list = append(list, t)
		}
	}
}

func (b *branch) pixels() (n int) {
	for _, s := range b.sizes {
		n += s.width * s.height * len(s.videos)
	}
	return n
}

// usable are the times from which on a run-up may begin: filters that look at
// the pictures before need some.
func (c *Chunker) usable() []float64 {
	var margin float64
	for _, b := range c.branches {
		if b.deinterlace {
			margin = max(margin, fieldMargin/b.rate.Float64())
		}
	}
	list := slices.Clone(c.keys)
	for i := range list {
		list[i] += margin
	}
	return list
}

// fieldMargin is how many pictures the deinterlacer must have seen before its
// output is what it is in the middle of a source.
const fieldMargin = 4

// Larger are the sizes that v is scaled down through, largest first: its pictures
// depend on them.
func (c *Chunker) Larger(v *Video) (list [][2]int) {
	for _, b := range c.branches {
		if !b.has(v) {
			continue
		}
		for _, s := range b.sizes {
			if slices.Contains(s.videos, v) {
				return list
			}
			list = append(list, [2]int{s.width, s.height})
		}
	}
	return list
}

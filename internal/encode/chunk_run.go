//go:build cgo

package encode

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"sync/atomic"

	"github.com/rendition-sdk/rendition/internal/av"
	"github.com/rendition-sdk/rendition/packager"
)

// chunkQueue is the length of a chunk's frame queues. Several chunks are
// encoded at a time, so that short ones do.
const chunkQueue = 3

// chunkRun is the encode of one chunk.
type chunkRun struct {
	*run
	chunker *Chunker
	index   int
	in      *av.Input
	fronts  []*chunkFront
	pieces  map[*Video]*Piece
	stats   ChunkStats
	from    float64 // seconds: what lies before is run-up
	onRead  func()
	stages  atomic.Int32
	// tail is what the chunk before left; nil for none. handedOn says that the
	// input belongs to the chunk behind this one.
	tail     *tail
	handedOn bool
}

// chunkFront is the front of one branch and its part of the chunk.
type chunkFront struct {
	*constant
	slots Slots
	grid  *frameGrid
}

// errEarlier says that decoding began too late: not all that the chunk shows
// at its start was seen.
var errEarlier = errors.New("the run-up was too short")

// Run encodes pieces, all of chunk k. read is called when the source has been read
// and decoded as far as the chunk goes and one encoder is still at work; it may be
// nil, and may be called more than once.
func (c *Chunker) Run(ctx context.Context, k int, pieces []*Piece, read func()) (*ChunkStats, error) {
	r := &chunkRun{chunker: c, index: k, from: c.starts[k], onRead: read, tail: c.begin(k)}
	var err error
	if r.tail != nil {
		r.in = r.tail.in
	} else if r.in, err = c.input(); err != nil {
		return nil, err
	}
	err = r.fromKey(ctx, pieces)
	switch {
	case r.handedOn:
	case err != nil:
		_ = r.in.Close() // whatever is wrong with it ends here
	default:
		c.release(r.in)
	}
	if err != nil {
		return nil, canceled(ctx, err)
	}
	return &r.stats, nil
}

// fromKey begins at the key frame before the chunk, and at an earlier one where
// that turns out to be too late.
func (r *chunkRun) fromKey(ctx context.Context, pieces []*Piece) error {
	key, _ := slices.BinarySearch(r.chunker.usable(), r.from+0.001)
	key = max(0, key-1)
	for {
		r.reset(ctx, pieces)
		err := r.do(key, key > 0)
		if !errors.Is(err, errEarlier) {
			return err
		}
		key--
	}
}

// reset prepares for a first or another attempt.
func (r *chunkRun) reset(ctx context.Context, pieces []*Piece) {
	r.run = newRun(ctx, r.chunker.spec, r.in)
	r.depth = chunkQueue
	r.fronts, r.stats, r.pieces = nil, ChunkStats{}, map[*Video]*Piece{}
	for _, p := range pieces {
		p.Samples = nil
		r.pieces[p.Video] = p
	}
	r.stages.Store(int32(len(pieces)) + 1)
}

// do encodes the chunk from key frame number key on.
func (r *chunkRun) do(key int, mayBeLate bool) error {
	defer func() {
		for _, f := range r.fronts {
			f.close()
		}
	}()
	err := r.wire()
	if err == nil {
		r.spawn(func() error {
			defer r.stageEnded()
			err := r.decode(key, mayBeLate)
			for _, f := range r.fronts {
				err = feeding(err, []*queue[*av.Frame]{f.out})
			}
			return err
		})
	} else {
		r.spawn(func() error { return err })
	}
	err = r.group.Wait()
	for _, q := range r.frames {
		q.drain()
	}
	return err
}

// stageEnded counts the decoder and the encoders that are done. When one is left,
// the next chunk may begin: earlier, two sets of encoders would hold memory for
// longer than the cores need both.
func (r *chunkRun) stageEnded() {
	if r.stages.Add(-1) == 1 && r.onRead != nil {
		r.onRead()
	}
}

// wire starts the sizes and encoders of each branch that has a piece here.
func (r *chunkRun) wire() error {
	for _, b := range r.chunker.branches {
		slots, ok := r.chunker.slots(r.index, b)
		sizes := r.needed(b)
		if !ok || len(sizes) == 0 {
			continue
		}
		front := &chunkFront{constant: r.newConstant(b, r.newFrames()), slots: slots, grid: r.chunker.grids[b]}
		g := front.constant.grid
		g.first, g.origin, g.base = true, front.grid.origin, front.grid.base
		g.slot, g.end = slots.From, slots.To
		r.fronts = append(r.fronts, front)
		r.wireSizes(b, sizes, slots.To, front.out)
	}
	return nil
}

// needed are the sizes of a branch down to the smallest that has a piece here. The
// larger ones are scaled even when nobody wants them: a size is made from the next
// larger one, and must come out the same however the work is divided.
func (r *chunkRun) needed(b *branch) []*size {
	n := 0
	for i, s := range b.sizes {
		if slices.ContainsFunc(s.videos, func(v *Video) bool { return r.pieces[v] != nil }) {
			n = i + 1
		}
	}
	return b.sizes[:n]
}

// wireSizes starts the chain of sizes behind in.
func (r *chunkRun) wireSizes(b *branch, sizes []*size, to int64, in *queue[*av.Frame]) {
	for i, s := range sizes {
		from, desc := in, r.firstFilters(b, s)
		if i > 0 {
			desc = nextFilters(b, s)
		}
		var outs []*queue[*av.Frame]
		for _, v := range s.videos {
			if p := r.pieces[v]; p != nil {
				q := r.newFrames()
				outs = append(outs, q)
				r.spawn(func() error { return r.encodePiece(p, to, q) })
			}
		}
		if i < len(sizes)-1 {
			in = r.newFrames()
			outs = append(outs, in)
		}
		r.spawn(func() error { return r.scale(b, desc, from, outs) })
	}
}

// encodePiece runs the encoder of one piece.
func (r *chunkRun) encodePiece(p *Piece, to int64, in *queue[*av.Frame]) error {
	defer r.stageEnded()
	w := &pieceWriter{p: p}
	e := &videoEncode{
		video: p.Video, bufferInit: p.BufferInit, writers: []SampleWriter{w}, counter: &Counter{}, live: &p.Video.Counter, to: to,
	}
	return r.encodeVideo(e, in)
}

// pieceWriter keeps what an encoder makes.
type pieceWriter struct{ p *Piece }

// Start implements SampleWriter.
func (w *pieceWriter) Start(_ context.Context, t packager.Track) error {
	w.p.Track = t
	return nil
}

// WriteSample implements SampleWriter.
func (w *pieceWriter) WriteSample(_ context.Context, s packager.Sample) error {
	w.p.Samples = append(w.p.Samples, s)
	return nil
}

// decode reads and decodes from key frame number key to the end of the chunk.
func (r *chunkRun) decode(key int, mayBeLate bool) error {
	d := &chunkDecode{chunkRun: r, mayBeLate: mayBeLate, tailed: r.chunker.wantsTail(r.index + 1)}
	defer func() {
		d.forget()
		d.dec.Close()
	}()
	if len(r.fronts) == 0 {
		return d.takeOver()
	}
	if err := d.begin(key); err != nil {
		return err
	}
	if err := d.all(); err != nil || !d.full() || !d.tailed {
		return err
	}
	r.chunker.leave(r.index+1, &tail{in: r.in, dec: d.dec, frames: d.last})
	r.handedOn, d.dec, d.last = true, nil, nil
	return nil
}

// begin goes to key frame number key, or on from where the chunk before ended.
func (d *chunkDecode) begin(key int) (err error) {
	if d.tail != nil {
		return d.takeOver()
	}
	d.skipTo = d.chunkRun.skipTo()
	if err := d.in.Seek(d.chunker.stream, d.chunker.seeks[key], true); err != nil {
		return err
	}
	d.dec, err = d.in.NewDecoder(d.chunker.stream, av.DecoderOptions{})
	return err
}

// takeOver goes on with what the chunk before left; nothing where it left nothing.
func (d *chunkDecode) takeOver() error {
	if d.tail == nil {
		return nil
	}
	d.dec, d.mayBeLate = d.tail.dec, false
	frames := d.tail.frames
	d.tail = nil
	for i, f := range frames {
		if err := d.frame(f); err != nil {
			for _, f := range frames[i+1:] {
				f.Free()
			}
			return err
		}
	}
	return nil
}

// all reads and decodes until the chunk is full or the source ends.
func (d *chunkDecode) all() error {
	r := d.chunkRun
	pkt := av.NewPacket()
	defer pkt.Free()
	for !d.full() {
		if r.ctx.Err() != nil {
			return context.Cause(r.ctx)
		}
		if err := r.spec.gate(r.ctx); err != nil {
			return err
		}
		err := r.in.ReadPacket(pkt)
		if errors.Is(err, io.EOF) {
			return d.finish()
		}
		if err != nil {
			return err
		}
		if err := d.packet(pkt); err != nil {
			return err
		}
	}
	return nil
}

// skipTo is the time in seconds before which pictures that nothing refers to need
// not be decoded; 0 where all of them may count.
func (r *chunkRun) skipTo() float64 {
	v := r.spec.Media.Streams[r.chunker.stream].Video
	if r.index == 0 || v.VariableFrameRate || !v.HasBFrames {
		return 0
	}
	lowest := r.from
	for _, f := range r.fronts {
		// The picture that stands at the first slot, the fields before it, and some
		// for what containers make of times.
		lowest = min(lowest, f.grid.time(f.slots.From)-(fieldMargin+2)/min(f.grid.fps, v.FrameRate.Float64()))
	}
	return lowest
}

// chunkDecode is the decoder of a chunk at work.
type chunkDecode struct {
	*chunkRun
	dec       *av.Decoder
	mayBeLate bool
	seen      bool
	skipTo    float64
	// tailed says that a tail is to be left, for which last are the last frames;
	// wasFull that the chunk was full before the last of them.
	tailed  bool
	last    []*av.Frame
	wasFull bool
}

// full reports that no branch wants more.
func (d *chunkDecode) full() bool {
	for _, f := range d.fronts {
		if !f.constant.grid.full() {
			return false
		}
	}
	return true
}

func (d *chunkDecode) packet(pkt *av.Packet) error {
	if pkt.Stream() != d.chunker.stream {
		return nil
	}
	at := d.from
	if pts := cmp.Or(pkt.PTS(), pkt.DTS()); pts != av.NoTimestamp {
		at = d.time(d.in.TimeBase(d.chunker.stream), pts).Seconds()
	}
	d.dec.SkipNonReference(at < d.skipTo)
	before := d.dec.Errors()
	err := d.dec.Decode(pkt, d.frame)
	if at >= d.from {
		d.stats.Errors += d.dec.Errors() - before
		d.stats.LastError = d.dec.LastError()
	}
	return err
}

// frame owns f.
func (d *chunkDecode) frame(f *av.Frame) error {
	tb := d.dec.TimeBase()
	at := d.time(tb, f.PTS())
	if !d.seen {
		d.seen = true
		if d.mayBeLate && d.late(at.Seconds()) {
			f.Free()
			return errEarlier
		}
	}
	if at.Seconds() >= d.from {
		d.stats.Frames++
		d.stats.End = max(d.stats.End, at+tb.Duration(f.Duration()))
	}
	if d.tailed {
		if err := d.remember(f); err != nil {
			f.Free()
			return err
		}
		defer func() { d.wasFull = d.full() }()
	}
	for i, front := range d.fronts {
		g := f
		if i < len(d.fronts)-1 {
			var err error
			if g, err = f.Ref(); err != nil {
				f.Free()
				return err
			}
		}
		if err := front.take(g); err != nil {
			if g != f {
				f.Free()
			}
			return err
		}
	}
	return nil
}

// late reports whether a first picture at a time misses what a branch must have seen.
func (d *chunkDecode) late(at float64) bool {
	for _, f := range d.fronts {
		first := f.grid.time(f.slots.From)
		if f.branch.deinterlace {
			first -= (fieldMargin - 1) / f.grid.fps
		}
		if at > first+0.5/f.grid.fps {
			return true
		}
	}
	return false
}

// finish ends a chunk whose source has ended.
func (d *chunkDecode) finish() error {
	d.stats.ReadToEnd = true
	before := d.dec.Errors()
	if err := d.dec.Decode(nil, d.frame); err != nil {
		return err
	}
	d.stats.Errors += d.dec.Errors() - before
	if !d.seen && d.mayBeLate {
		return errEarlier
	}
	for _, f := range d.fronts {
		if err := f.flush(); err != nil {
			return err
		}
	}
	return nil
}

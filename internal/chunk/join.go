package chunk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// join writes a track's pieces, in order, as if they came from one encoder.
func (t *track) join() error {
	w := &joined{track: t}
	for k := range t.slots {
		s := &t.slots[k]
		select {
		case <-s.done:
		case <-t.run.ctx.Done():
			return context.Cause(t.run.ctx)
		}
		if !s.has {
			continue
		}
		p, err := t.take(k)
		if err != nil {
			return err
		}
		if err := w.write(p, s.Slots); err != nil {
			return err
		}
		s.piece = nil
		if s.bytes > 0 {
			t.run.held(-s.bytes)
		}
	}
	t.over.Store(true)
	t.run.progressed()
	return nil
}

// take returns piece k: from memory, from the scratch store, or, where it is gone
// from there or does not fit behind the one before, encoded again.
func (t *track) take(k int) (*encode.Piece, error) {
	s := &t.slots[k]
	init := t.ledger.init(k)
	p := s.piece
	if p == nil {
		var err error
		if p, err = t.again(k, init, false); err != nil {
			return nil, err
		}
	} else if s.stored {
		t.keys = append(t.keys, t.pieceKey(s.Slots, init))
	}
	if !t.ledger.fits(p.Samples) {
		var err error
		if p, err = t.again(k, t.ledger.percent(), true); err != nil {
			return nil, err
		}
	}
	t.ledger.take(p.Samples)
	return p, nil
}

// again gets a piece from the scratch store, or encodes it.
func (t *track) again(k, bufferInit int, repair bool) (*encode.Piece, error) {
	r, key := t.run, t.pieceKey(t.slots[k].Slots, bufferInit)
	p := &encode.Piece{Video: t.video, BufferInit: bufferInit}
	if r.o.Scratch != nil {
		t.keys = append(t.keys, key)
		st, err := t.stored(key, p)
		if err == nil {
			r.count(&r.kept, t.slots[k].kept)
			r.note(k, st)
			return p, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			r.o.Logger.Warn("a kept chunk cannot be read and is encoded again", "chunk", k, "error", err)
		}
	}
	tracks := []*track{t}
	lease, err := r.lease(r.ctx, k, tracks)
	if err != nil {
		r.running.Wait()
		return nil, err
	}
	defer lease.Release()
	w := r.work(k, tracks)
	w.Repair = repair
	st, err := r.encode(w, []*encode.Piece{p}, lease.Drain)
	if err != nil {
		return nil, err
	}
	r.count(&r.repaired, repair)
	r.note(k, st)
	t.keep(k, p, st)
	return p, nil
}

func (t *track) stored(key string, p *encode.Piece) (*encode.ChunkStats, error) {
	data, err := t.run.o.Scratch.Get(t.run.ctx, key)
	if err != nil {
		return nil, err
	}
	return decodePiece(data, p)
}

func (r *run) count(n *int, is bool) {
	if is {
		r.mu.Lock()
		*n++
		r.mu.Unlock()
	}
}

// joined is a track as it is written.
type joined struct {
	*track
	desc  packager.Track
	begun bool
	ended bool
	next  int64 // the first slot that is not written
	dts   int64
	tick  int64 // of one frame
}

// write writes a piece behind those before it.
func (w *joined) write(p *encode.Piece, slots encode.Slots) error {
	if len(p.Samples) == 0 {
		w.ended = w.begun // the source ended before this chunk
		return nil
	}
	if !w.begun {
		if err := w.start(p); err != nil {
			return err
		}
	}
	if err := w.check(p, slots); err != nil {
		return err
	}
	for i, s := range p.Samples {
		if i == 0 && w.next > slots.From {
			return w.broken(slots, "it begins before the one in front ends")
		}
		if i == 0 && slots.From > 0 {
			s.Data = withoutBanner(w.video.Codec, s.Data)
		}
		if err := w.sample(s); err != nil {
			return err
		}
	}
	w.next = slots.From + int64(len(p.Samples))
	w.run.progressed()
	return w.endSegment(slots)
}

// endSegment tells writers that a piece is complete. Pictures have one length, and
// decoding times go on like theirs.
func (w *joined) endSegment(slots encode.Slots) error {
	if w.next != slots.To {
		return nil // the source ended, or ends here
	}
	next := packager.Sample{PTS: w.next * w.tick, DTS: w.dts + w.tick, Duration: w.tick, Key: true}
	for _, out := range w.video.Writers {
		if e, ok := out.(SegmentEnder); ok {
			if err := e.EndSegment(w.run.ctx, next); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *joined) start(p *encode.Piece) error {
	w.begun, w.desc = true, p.Track
	w.tick = p.Samples[0].Duration
	w.dts = p.Samples[0].DTS - 1
	for _, out := range w.video.Writers {
		if err := out.Start(w.run.ctx, p.Track); err != nil {
			return err
		}
	}
	return nil
}

// check proves that a piece continues the track without a gap.
func (w *joined) check(p *encode.Piece, slots encode.Slots) error {
	first, last := p.Samples[0], p.Samples[len(p.Samples)-1]
	switch {
	case w.ended, slots.From != w.next && w.next > 0:
		return w.broken(slots, "frames before it are missing")
	case !first.Key:
		return w.broken(slots, "it does not begin with a key frame")
	case first.DTS <= w.dts:
		return w.broken(slots, fmt.Sprintf("its times go back from %d to %d", w.dts, first.DTS))
	case !bytes.Equal(withoutBanner(w.video.Codec, p.Track.Config), withoutBanner(w.video.Codec, w.desc.Config)):
		return w.broken(slots, "its encoder was configured differently")
	}
	w.dts = last.DTS
	return nil
}

func (w *joined) broken(slots encode.Slots, why string) error {
	return &rendition.Error{
		Kind: rendition.Internal, Op: "encode: join chunks",
		Err: fmt.Errorf("the chunk of frames %d to %d does not fit: %s", slots.From, slots.To, why),
	}
}

func (w *joined) sample(s packager.Sample) error {
	for _, out := range w.video.Writers {
		if err := out.WriteSample(w.run.ctx, s); err != nil {
			return err
		}
	}
	scale := float64(w.desc.Timescale)
	w.video.Counter.Add(len(s.Data), time.Duration(float64(s.PTS+s.Duration)/scale*float64(time.Second)))
	return nil
}

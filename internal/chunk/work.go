package chunk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/sched"
)

// dispatch has every missing piece encoded, in order, as many chunks at a time
// as the scheduler lets run. What runs is finished before it returns, also when the
// scheduler lets nothing more run.
func (r *run) dispatch() error {
	defer r.running.Wait()
	for k := range r.chunker.Chunks() {
		for _, tracks := range r.divide(k, r.missing(k)) {
			if err := r.room(); err != nil {
				return err
			}
			if err := r.begin(k, tracks); err != nil {
				return err
			}
		}
	}
	return nil
}

// missing are the tracks whose piece of chunk k has to be encoded. Those that
// have no frames there are done at once.
func (r *run) missing(k int) (list []*track) {
	for _, t := range r.tracks {
		switch s := &t.slots[k]; {
		case !s.has:
			close(s.done)
		case s.kept:
			r.o.Observer.Kept(r.work(k, []*track{t}))
			t.video.Counter.AddEncoded(s.length(t.video))
		default:
			list = append(list, t)
		}
	}
	return list
}

// divide makes pieces of work of the tracks of a chunk: one, so that it is decoded
// once, but for the smallest of the first chunk where that is wanted early.
func (r *run) divide(k int, tracks []*track) [][]*track {
	if len(tracks) < 2 || k > 0 || !r.o.LowestFirst {
		if len(tracks) == 0 {
			return nil
		}
		return [][]*track{tracks}
	}
	slices.SortStableFunc(tracks, func(a, b *track) int {
		return cmp.Compare(a.video.Width*a.video.Height, b.video.Width*b.video.Height)
	})
	return [][]*track{tracks[:1], tracks[1:]}
}

// begin waits for the turn of a piece of work and has it done.
func (r *run) begin(k int, tracks []*track) error {
	lease, err := r.lease(r.ctx, k, tracks)
	if err != nil {
		return err
	}
	r.running.Add(1)
	r.spawn(func() error {
		defer r.running.Done()
		defer lease.Release()
		pieces := make([]*encode.Piece, len(tracks))
		for i, t := range tracks {
			pieces[i] = &encode.Piece{Video: t.video, BufferInit: t.ledger.init(k)}
		}
		st, err := r.encode(r.work(k, tracks), pieces, lease.Drain)
		if err != nil {
			return err
		}
		lease.Release()
		for i, t := range tracks {
			t.keep(k, pieces[i], st)
			t.finished(k, pieces[i])
		}
		r.note(k, st)
		return nil
	})
	return nil
}

func (r *run) lease(ctx context.Context, k int, tracks []*track) (*sched.Lease, error) {
	videos := videosOf(tracks)
	req := sched.Request{Cores: cores(r.o.Spec.Media, videos), Memory: memory(r.o.Spec.Media, videos), Order: int64(k)}
	if r.alone(k, tracks) {
		req.Cores = allCores
	}
	return r.o.Turns.Acquire(ctx, req)
}

// allCores lets nothing begin beside it.
const allCores = 1 << 20

// alone reports whether somebody waits for a piece of work to be able to watch: the
// smallest video of the first chunk.
func (r *run) alone(k int, tracks []*track) bool {
	return r.o.LowestFirst && k == 0 && len(tracks) == 1 && len(r.tracks) > 1
}

func (r *run) work(k int, tracks []*track) Work {
	return Work{Chunk: k, Chunks: r.chunker.Chunks(), Start: r.chunker.Start(k), Videos: videosOf(tracks)}
}

func videosOf(tracks []*track) []*encode.Video {
	list := make([]*encode.Video, len(tracks))
	for i, t := range tracks {
		list[i] = t.video
	}
	return list
}

// encode does a piece of work, again where trying again may help.
func (r *run) encode(w Work, pieces []*encode.Piece, read func()) (st *encode.ChunkStats, err error) {
	err = r.o.retry(r.ctx, w, func() error {
		w.Attempt++
		end := r.o.Observer.Began(w)
		var err error
		st, err = r.chunker.Run(r.ctx, w.Chunk, pieces, read)
		end(err)
		if err != nil {
			r.forget(pieces)
		}
		return err
	})
	return st, err
}

// forget takes the progress of pieces that failed back.
func (r *run) forget(pieces []*encode.Piece) {
	for _, p := range pieces {
		p.Video.Counter.AddEncoded(-time.Duration(len(p.Samples)) * p.Video.FrameRate.Inv().Duration(1))
		p.Samples = nil
	}
}

// keep stores a piece for a run after this one. That it cannot be stored is no
// reason to fail.
func (t *track) keep(k int, p *encode.Piece, st *encode.ChunkStats) {
	store := t.run.o.Scratch
	if store == nil {
		return
	}
	parts, err := encodePiece(p, st)
	if err == nil {
		err = store.Put(t.run.ctx, t.pieceKey(t.slots[k].Slots, p.BufferInit), parts...)
	}
	if err != nil && t.run.ctx.Err() == nil {
		t.run.o.Logger.Warn("a finished chunk could not be kept: if the job is interrupted, it is encoded again", "chunk", k, "error", err)
	}
	if err == nil {
		t.slots[k].stored = true
	}
}

// finished hands a piece to its joiner. One that has to wait and is stored waits there.
func (t *track) finished(k int, p *encode.Piece) {
	s := &t.slots[k]
	for i := range p.Samples {
		s.bytes += int64(len(p.Samples[i].Data))
	}
	r := t.run
	r.mu.Lock()
	full := r.waiting > maxWaiting/2
	r.mu.Unlock()
	if full && s.stored {
		s.bytes = 0
	} else {
		s.piece = p
		r.held(s.bytes)
	}
	close(s.done)
}

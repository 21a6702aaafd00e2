package chunk

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rendition-sdk/rendition/internal/encode"
)

// run is the state of one Run.
type run struct {
	o       *Options
	chunker *encode.Chunker
	group   *errgroup.Group
	ctx     context.Context
	tracks  []*track
	release func() // of what is held in the scratch store

	soundStats *encode.Stats
	running    sync.WaitGroup // pieces of work

	mu       sync.Mutex
	stats    []*encode.ChunkStats // by chunk
	waiting  int64                // bytes of samples in memory
	fewer    chan struct{}        // closed when waiting has become less
	more     chan struct{}        // closed when more of the picture is written
	kept     int
	repaired int
}

// track is one video on its way through the chunks.
type track struct {
	run    *run
	video  *encode.Video
	prefix string // of its keys
	slots  []slot // by chunk
	ledger *ledger
	keys   []string    // written by the joiner alone
	over   atomic.Bool // all of it is written
}

// slot is the place of one piece of a track.
type slot struct {
	encode.Slots
	has bool // the track has frames in the chunk
	// done is closed when the piece is there: in piece, or, where that is nil, in
	// the scratch store.
	done  chan struct{}
	piece *encode.Piece
	bytes int64
	kept  bool // by an earlier run
	// stored says that the scratch store has it.
	stored bool
}

func newRun(ctx context.Context, o *Options, chunker *encode.Chunker) (*run, error) {
	n := chunker.Chunks()
	r := &run{o: o, chunker: chunker, stats: make([]*encode.ChunkStats, n), fewer: make(chan struct{}), more: make(chan struct{})}
	var releases []func()
	r.release = func() {
		for _, f := range releases {
			f()
		}
	}
	for _, v := range o.Spec.Video {
		t := &track{run: r, video: v, slots: make([]slot, n), ledger: newLedger(v)}
		for k := range t.slots {
			s := &t.slots[k]
			s.done = make(chan struct{})
			s.Slots, s.has = chunker.Slots(k, v)
		}
		if o.Scratch != nil {
			var err error
			if t.prefix, err = keyOf(o, v, chunker.Larger(v)); err != nil {
				r.release()
				return nil, err
			}
			releases = append(releases, o.Scratch.Hold(t.prefix))
			t.look(ctx)
		}
		r.tracks = append(r.tracks, t)
	}
	r.group, r.ctx = errgroup.WithContext(ctx)
	return r, nil
}

// look finds out which pieces an earlier run has left. That it cannot be found out
// costs the work again, and no more.
func (t *track) look(ctx context.Context) {
	list, err := t.run.o.Scratch.List(ctx, t.prefix)
	if err != nil {
		t.run.o.Logger.Warn("the scratch store cannot be listed; everything is encoded", "error", err)
		return
	}
	for k := range t.slots {
		s := &t.slots[k]
		if _, there := list[t.pieceKey(s.Slots, t.ledger.init(k))]; there && s.has {
			s.kept = true
			close(s.done)
		}
	}
}

// pieces counts those that an earlier run has left, and all. It is called before anything runs.
func (r *run) pieces() (kept, all int) {
	for _, t := range r.tracks {
		for k := range t.slots {
			if t.slots[k].has {
				all++
			}
			if t.slots[k].kept {
				kept++
			}
		}
	}
	return kept, all
}

// note keeps the stats of a chunk.
func (r *run) note(k int, st *encode.ChunkStats) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stats[k] == nil {
		r.stats[k] = st
	}
}

// held counts bytes of samples in memory, or with a negative number fewer.
func (r *run) held(bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting += bytes
	if bytes < 0 {
		close(r.fewer)
		r.fewer = make(chan struct{})
	}
}

// room waits until there is memory for another chunk's samples. What holds it up
// are joiners, whose next pieces were begun before.
func (r *run) room() error {
	for {
		r.mu.Lock()
		ok, fewer := r.waiting < maxWaiting, r.fewer
		r.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-fewer:
		case <-r.ctx.Done():
			return context.Cause(r.ctx)
		}
	}
}

func timeOf(ns int64) time.Duration { return time.Duration(ns) }

// length is how much media time the slot holds, 0 where that is not known.
func (s *slot) length(v *encode.Video) time.Duration {
	return time.Duration(max(0, s.To-s.From)) * v.FrameRate.Inv().Duration(1)
}

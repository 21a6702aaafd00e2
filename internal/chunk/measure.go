package chunk

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/sched"
)

// MeasureOptions are those of Measure.
type MeasureOptions struct {
	// Spec has the videos, which are encodes of one stream and one clip; all else
	// in it is left out. Its Gate is replaced by that of Turns.
	Spec *encode.Spec
	// Turns says when a stretch may run. Required.
	Turns *sched.Job
	// Stretches says how many there are and how long.
	Stretches encode.StretchOptions
	// Enough is asked before each stretch and told how much media has been
	// encoded so far; nil for never.
	Enough func(done time.Duration) bool
}

// Measured is what encoding some stretches of videos took.
type Measured struct {
	// Stretches are those that were encoded.
	Stretches []Stretch
	// Length is how much media they hold together.
	Length time.Duration
	Timing
	// FromStart says that the source cannot be sought in, so that its beginning
	// stands for all of it.
	FromStart bool
}

// Stretch is what came of one stretch.
type Stretch struct {
	Length time.Duration
	// Bytes and Samples are those of each of Spec.Video.
	Bytes, Samples []int64
}

// Measure encodes stretches of the videos as Run would, and throws away what
// comes of it.
func Measure(ctx context.Context, o *MeasureOptions) (*Measured, error) {
	s := *o.Spec
	s.Gate, s.Audio, s.Stills, s.Animations = o.Turns.Gate, nil, nil, nil
	m := &measuring{o: o, spec: &s}
	chunker, list, err := encode.NewStretches(ctx, &s, o.Stretches)
	if not := (*encode.NotCutError)(nil); errors.As(err, &not) {
		return m.clips(ctx)
	}
	if err != nil {
		return nil, err
	}
	defer chunker.Close()
	return m.chunks(ctx, chunker, list)
}

// measuring is the state of one Measure.
type measuring struct {
	o    *MeasureOptions
	spec *encode.Spec

	mu   sync.Mutex
	out  Measured
	more time.Duration // decoded beside the stretches
}

// chunks encodes chunks of a source with an index, as many at a time as Run would.
func (m *measuring) chunks(ctx context.Context, c *encode.Chunker, list []int) (*Measured, error) {
	timer := StartTimer()
	group, gctx := errgroup.WithContext(ctx)
	var refused error
	for i := range list {
		lease, err := m.lease(gctx)
		if err != nil {
			refused = err
			break
		}
		if m.enough() {
			lease.Release()
			break
		}
		group.Go(func() error {
			defer lease.Release()
			return m.chunk(gctx, c, list[spread(i, len(list))], lease.Drain)
		})
	}
	err := cmp.Or(group.Wait(), refused)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	m.out.Timing = timer()
	m.out.CPU = time.Duration(float64(m.out.CPU) * m.wanted(m.more))
	return &m.out, err
}

func (m *measuring) chunk(ctx context.Context, c *encode.Chunker, k int, read func()) error {
	pieces := make([]*encode.Piece, len(m.spec.Video))
	for i, v := range m.spec.Video {
		pieces[i] = &encode.Piece{Video: v, BufferInit: newLedger(v).init(k)}
	}
	if _, err := c.Run(ctx, k, pieces, read); err != nil {
		return err
	}
	s := Stretch{}
	for _, p := range pieces {
		s.add(p.Video, p.Samples)
	}
	m.add(s)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.more += max(0, c.RunUp(k))
	return nil
}

// wanted is the share of the work that was for the stretches, when more of the source
// was decoded than they hold.
func (m *measuring) wanted(more time.Duration) float64 {
	if m.out.Length <= 0 {
		return 1
	}
	return 1 / (1 + more.Seconds()/m.out.Length.Seconds()*DecodeShare(m.spec.Media, m.spec.Video))
}

// lease is what a pipeline of all videos needs.
func (m *measuring) lease(ctx context.Context) (*sched.Lease, error) {
	cores, memory := Need(m.spec.Media, m.spec.Video)
	return m.o.Turns.Acquire(ctx, sched.Request{Cores: cores, Memory: memory})
}

func (m *measuring) enough() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.o.Enough != nil && m.o.Enough(m.out.Length)
}

func (m *measuring) add(s Stretch) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.out.Stretches = append(m.out.Stretches, s)
	m.out.Length += s.Length
}

// spread is the i-th of n in an order of which any beginning is spread over all.
func spread(i, n int) int {
	step := max(1, n*382/1000)
	for common(step, n) > 1 {
		step++
	}
	return (n/2 + i*step) % n
}

// common is the greatest common divisor.
func common(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}

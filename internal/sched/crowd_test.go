package sched_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/sched"
)

// TestCrowd lets 50 goroutines do everything at once, and looks at the books
// all the time.
func TestCrowd(t *testing.T) {
	t.Parallel()
	const cores, largest, memory = 4, 3, 1000
	s := sched.New(&sched.Options{Cores: cores, Memory: memory})
	check := func() {
		st := s.Stats()
		assert.True(t, st.Memory <= memory || st.Running == 1, "%+v", st)
		assert.GreaterOrEqual(t, st.Memory, int64(0))
	}
	var jobs []*sched.Job
	for i := range 5 {
		jobs = append(jobs, s.Join(&sched.JobOptions{Priority: i % 2, Weight: float64(i)}))
	}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(i), 1))
			for range 100 {
				work(t, rng, jobs[i%len(jobs)], check)
			}
		})
	}
	wg.Wait()
	st := s.Stats()
	st.PeakMemory = 0
	require.Equal(t, sched.Stats{}, st)
	for _, j := range jobs {
		j.Close()
	}
}

// work is a piece of a crowd's work, some of which is canceled or paused.
func work(t *testing.T, rng *rand.Rand, j *sched.Job, check func()) {
	t.Helper()
	ctx := t.Context()
	if rng.IntN(4) == 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(rng.IntN(200))*time.Microsecond)
		defer cancel()
		ctx = limited
	}
	if rng.IntN(20) == 0 {
		j.Pause()
		defer j.Resume()
		check()
		j.Resume()
	}
	l, err := j.Acquire(ctx, sched.Request{Cores: 3 * rng.Float64(), Memory: rng.Int64N(400) * (1 + 9*rng.Int64N(2)), Order: rng.Int64N(10)})
	check()
	if err != nil {
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		return
	}
	assert.NoError(t, j.Gate(t.Context()))
	if rng.IntN(2) == 0 {
		l.Drain()
		check()
	}
	l.Release()
	check()
}

// TestCrowdKeepsCores has no pauses, so cores are exceeded by less than the
// largest piece.
func TestCrowdKeepsCores(t *testing.T) {
	t.Parallel()
	s := sched.New(&sched.Options{Cores: 4, Memory: none})
	j := s.Join(nil)
	defer j.Close()
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 50 {
				l, err := j.Acquire(t.Context(), sched.Request{Cores: 2.8})
				if !assert.NoError(t, err) {
					return
				}
				assert.LessOrEqual(t, s.Stats().Cores, 5.6)
				l.Release()
			}
		})
	}
	wg.Wait()
}

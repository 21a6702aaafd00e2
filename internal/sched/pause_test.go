package sched_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/sched"
)

// TestPause gives a paused job nothing, and what it leaves to others.
func TestPause(t *testing.T) {
	onStage(t, sched.Options{Cores: 1, Memory: none}, func(t *testing.T, st *stage) {
		one, two := st.Join(&sched.JobOptions{Priority: 1}), st.Join(nil)
		one.Pause()
		one.Pause()
		require.True(t, one.Paused())
		held, other := st.ask(one, sched.Request{}), st.ask(two, sched.Request{})
		st.runs([]bool{false, true}, held, other)
		require.Equal(t, 1, st.Stats().Waiting)
		other.lease.Release()
		st.runs([]bool{false}, held)
		one.Resume()
		one.Resume()
		require.False(t, one.Paused())
		st.runs([]bool{true}, held)
		st.release(held)
	})
}

// TestPausedLeases use no cores, so others run; their memory stays.
func TestPausedLeases(t *testing.T) {
	onStage(t, sched.Options{Cores: 2, Memory: 100}, func(t *testing.T, st *stage) {
		one, two := st.Join(nil), st.Join(nil)
		held := st.ask(one, sched.Request{Cores: 2.8, Memory: 50})
		fits, small := st.ask(two, sched.Request{Cores: 2.8, Memory: 40}), st.ask(two, sched.Request{Cores: 2.8, Memory: 20})
		st.runs([]bool{true, false, false}, held, fits, small)
		one.Pause()
		st.runs([]bool{true, false}, fits, small)
		require.Equal(t, sched.Stats{Running: 2, Waiting: 1, Cores: 2.8, Memory: 90, PeakMemory: 90}, st.Stats())
		one.Resume()
		require.InDelta(t, 5.6, st.Stats().Cores, 1e-9)
		fits.lease.Release()
		st.runs([]bool{false}, small) // the resumed one fills the machine again
		held.lease.Release()
		st.runs([]bool{true}, small)
		st.release(small)
	})
}

// TestPausedMemory does not let a request that only the end of the pause can
// help hold up those that fit now.
func TestPausedMemory(t *testing.T) {
	onStage(t, sched.Options{Cores: 8, Memory: 100}, func(t *testing.T, st *stage) {
		paused, large, small := st.Join(nil), st.Join(&sched.JobOptions{Priority: 1}), st.Join(nil)
		held := st.ask(paused, sched.Request{Memory: 50})
		paused.Pause()
		stuck, fits := st.ask(large, sched.Request{Memory: 60}), st.ask(small, sched.Request{Memory: 30})
		st.runs([]bool{false, true}, stuck, fits)
		paused.Resume()
		late := st.ask(small, sched.Request{Memory: 10})
		st.runs([]bool{false, false}, stuck, late) // now it only waits its turn
		held.lease.Release()
		st.runs([]bool{true, true}, stuck, late)
		st.release(stuck, fits, late)
	})
}

// TestGate blocks while the job is paused.
func TestGate(t *testing.T) {
	onStage(t, sched.Options{}, func(t *testing.T, st *stage) {
		j := st.Join(nil)
		require.NoError(t, j.Gate(t.Context()))
		pass := func(ctx context.Context) (done *bool, err *error) {
			done, err = new(bool), new(error)
			go func() {
				*err = j.Gate(ctx)
				*done = true
			}()
			synctest.Wait()
			return done, err
		}
		j.Pause()
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		first, firstErr := pass(ctx)
		second, secondErr := pass(t.Context())
		require.False(t, *first || *second)
		cancel(cause)
		synctest.Wait()
		require.True(t, *first)
		require.Equal(t, cause, *firstErr)
		require.False(t, *second)
		j.Resume()
		synctest.Wait()
		require.True(t, *second)
		require.NoError(t, *secondErr)

		j.Pause()
		third, thirdErr := pass(t.Context())
		require.False(t, *third)
		j.Close()
		synctest.Wait()
		require.True(t, *third)
		require.NoError(t, *thirdErr)
		j.Pause()
		require.False(t, j.Paused(), "a closed job cannot be paused")
	})
}

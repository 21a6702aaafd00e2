package sched_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/sched"
)

// TestCancel leaves the queue, and lets through who waited behind.
func TestCancel(t *testing.T) {
	onStage(t, sched.Options{Cores: 8, Memory: 100}, func(t *testing.T, st *stage) {
		j := st.Join(nil)
		running := st.ask(j, sched.Request{Memory: 50})
		large, behind := st.ask(j, sched.Request{Memory: 60}), st.ask(j, sched.Request{Memory: 40})
		st.runs([]bool{true, false, false}, running, large, behind)
		cause := errors.New("enough")
		large.cancel(cause)
		st.runs([]bool{false, true}, large, behind)
		require.True(t, large.returned)
		require.Equal(t, cause, large.err)
		require.Zero(t, st.Stats().Waiting)

		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		_, err := j.Acquire(ctx, sched.Request{})
		require.Equal(t, cause, err)
		st.release(running, behind)
		require.Zero(t, st.Stats().Running)
	})
}

// TestCancelInTheSameMoment loses nothing when a lease and the end of ctx come
// together.
func TestCancelInTheSameMoment(t *testing.T) {
	onStage(t, sched.Options{Cores: 1, Memory: none}, func(t *testing.T, st *stage) {
		j := st.Join(nil)
		for range 100 {
			first, second := st.ask(j, sched.Request{}), st.ask(j, sched.Request{})
			first.lease.Release()
			second.cancel(nil)
			synctest.Wait()
			require.True(t, second.returned)
			st.release(second)
			require.Zero(t, st.Stats().Running)
		}
	})
}

// TestStop refuses who waits and who comes, and leaves alone what runs.
func TestStop(t *testing.T) {
	onStage(t, sched.Options{Cores: 1, Memory: none}, func(t *testing.T, st *stage) {
		one, two := st.Join(nil), st.Join(nil)
		running := st.ask(one, sched.Request{})
		two.Pause()
		waiting, paused := st.ask(one, sched.Request{}), st.ask(two, sched.Request{})
		st.Stop()
		st.Stop()
		late := st.ask(st.Join(nil), sched.Request{})
		for _, a := range []*asked{waiting, paused, late} {
			require.True(t, a.returned)
			require.ErrorIs(t, a.err, sched.ErrStopped)
			require.Equal(t, rendition.Busy, rendition.KindOf(a.err))
		}
		require.Equal(t, 1, st.Stats().Running)
		one.Pause()
		one.Resume()
		running.lease.Drain()
		running.lease.Release()
		require.Zero(t, st.Stats().Running)
	})
}

// TestClose counts the leases of a closed job until they end.
func TestClose(t *testing.T) {
	onStage(t, sched.Options{Cores: 2, Memory: 100}, func(t *testing.T, st *stage) {
		one, two := st.Join(nil), st.Join(nil)
		running := []*asked{st.ask(one, sched.Request{Cores: 2, Memory: 40}), st.ask(two, sched.Request{})}
		mine := st.ask(one, sched.Request{})
		st.runs([]bool{true, false, false}, running[0], running[1], mine)
		one.Close()
		one.Close()
		synctest.Wait()
		late := st.ask(one, sched.Request{})
		for _, a := range []*asked{mine, late} {
			require.True(t, a.returned)
			require.ErrorIs(t, a.err, sched.ErrClosed)
			require.Equal(t, rendition.Canceled, rendition.KindOf(a.err))
		}
		require.Equal(t, sched.Stats{Running: 1, Waiting: 1, Cores: 2, Memory: 40, PeakMemory: 40}, st.Stats())
		running[0].lease.Release()
		running[0].lease.Release()
		st.runs([]bool{true}, running[1])
		running[1].lease.Release()
		two.Close()
		require.Equal(t, sched.Stats{PeakMemory: 40}, st.Stats())
	})
}

// TestCloseLetsOthersThrough ends the wait for a request that held up others.
func TestCloseLetsOthersThrough(t *testing.T) {
	onStage(t, sched.Options{Cores: 8, Memory: 100}, func(t *testing.T, st *stage) {
		one, two := st.Join(&sched.JobOptions{Priority: 1}), st.Join(nil)
		running, large, small := st.ask(two, sched.Request{Memory: 50}), st.ask(one, sched.Request{Memory: 60}), st.ask(two, sched.Request{})
		st.runs([]bool{true, false, false}, running, large, small)
		one.Close()
		st.runs([]bool{false, true}, large, small)
		st.release(running, small)
	})
}

package sched_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/sched"
)

// none is a memory budget without a limit.
const none = -1

// stage is a scheduler whose clock the test moves by hand.
type stage struct {
	*sched.Scheduler
	t   *testing.T
	now time.Time
}

// onStage runs f in a bubble, where synctest.Wait knows when everybody waits.
func onStage(t *testing.T, o sched.Options, f func(*testing.T, *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := &stage{t: t}
		o.Now = func() time.Time { return st.now }
		st.Scheduler = sched.New(&o)
		f(t, st)
		st.Stop()
	})
}

// pass moves the clock.
func (st *stage) pass(d time.Duration) { st.now = st.now.Add(d) }

// asked is a call of Acquire and, when it has returned, what it said.
type asked struct {
	lease    *sched.Lease
	err      error
	returned bool
	cancel   context.CancelCauseFunc
}

// ask calls Acquire in a goroutine and returns when that waits or is over.
func (st *stage) ask(j *sched.Job, r sched.Request) *asked {
	ctx, cancel := context.WithCancelCause(st.t.Context())
	a := &asked{cancel: cancel}
	go func() {
		a.lease, a.err = j.Acquire(ctx, r)
		a.returned = true
	}()
	synctest.Wait()
	return a
}

// runs asserts which of the requests have been given a lease.
func (st *stage) runs(want []bool, list ...*asked) {
	st.t.Helper()
	synctest.Wait()
	got := make([]bool, len(list))
	for i, a := range list {
		got[i] = a.lease != nil
	}
	require.Equal(st.t, want, got)
}

// release gives all leases back, also those that this gives out.
func (st *stage) release(list ...*asked) {
	for _, a := range list {
		if a.lease != nil {
			a.lease.Release()
			synctest.Wait()
		}
	}
}

package sched

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Request is what a piece of work needs.
type Request struct {
	// Cores is about how many cores it keeps busy. Default 1.
	Cores float64
	// Memory is how many bytes it holds.
	Memory int64
	// Order is its place within the job: the lowest comes first, and of equals
	// the one that asked first.
	Order int64
}

// waiter is a request in its job's queue.
type waiter struct {
	Request
	number uint64        // in the order of asking
	ready  chan struct{} // closed when lease or err is set
	lease  *Lease
	err    error
}

// Acquire waits for its turn. The caller releases the lease. When ctx ends
// first the error is context.Cause, as it is. It is of Kind Busy with ErrStopped
// after Stop, and of Kind Canceled with ErrClosed after Close.
func (j *Job) Acquire(ctx context.Context, r Request) (*Lease, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if !(r.Cores > 0) || math.IsInf(r.Cores, 1) {
		r.Cores = 1
	}
	r.Memory = max(r.Memory, 0)
	w := &waiter{Request: r, ready: make(chan struct{})}
	if err := j.enter(w); err != nil {
		return nil, err
	}
	select {
	case <-w.ready:
		return w.lease, w.err
	case <-ctx.Done():
		j.leave(w)
		return nil, context.Cause(ctx)
	}
}

// enter puts w into the queue, and gives out what may now begin.
func (j *Job) enter(w *waiter) error {
	defer j.s.locked()()
	if j.closed {
		return closed()
	}
	if j.s.stopped {
		return stopped()
	}
	if !j.competes() {
		j.catchUp()
	}
	j.s.count++
	w.number = j.s.count
	at, _ := slices.BinarySearchFunc(j.queue, w, inOrder)
	j.queue = slices.Insert(j.queue, at, w)
	j.s.dispatch()
	return nil
}

// leave takes w back, also where it was given its lease in the same moment.
// Others may have waited behind it.
func (j *Job) leave(w *waiter) {
	defer j.s.locked()()
	if w.lease != nil {
		w.lease.end()
	} else if w.err == nil {
		at, _ := slices.BinarySearchFunc(j.queue, w, inOrder)
		j.queue = slices.Delete(j.queue, at, at+1)
	}
	j.s.dispatch()
}

func inOrder(a, b *waiter) int {
	return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.number, b.number))
}

package sched

import (
	"math"
	"sync/atomic"
)

// JobOptions are the options of Join. A nil pointer means the defaults.
type JobOptions struct {
	// Priority is strict: while a job of a higher one waits, none of a lower
	// one begins anything. Default 0; may be negative.
	Priority int
	// Weight is the job's share among those of its priority: one of weight 3
	// gets three times the core time of one of weight 1. Default 1.
	Weight float64
}

func (o *JobOptions) withDefaults() *JobOptions {
	d := JobOptions{}
	if o != nil {
		d = *o
	}
	if !(d.Weight > 0) || math.IsInf(d.Weight, 1) {
		d.Weight = 1
	}
	return &d
}

// Job is one job's place in a Scheduler.
type Job struct {
	s        *Scheduler
	priority int
	weight   float64
	pause    atomic.Pointer[pause] // nil unless paused; set with s.mu held

	// The rest is guarded by s.mu.
	closed bool
	queue  []*waiter // by Order, then in the order of asking
	leases map[*Lease]struct{}
	served float64 // core seconds per weight, see share.go
}

// Join adds a job. The caller closes it.
func (s *Scheduler) Join(o *JobOptions) *Job {
	d := o.withDefaults()
	j := &Job{s: s, priority: d.Priority, weight: d.Weight, leases: map[*Lease]struct{}{}}
	defer s.locked()()
	s.jobs = append(s.jobs, j)
	return j
}

// Close ends the job's part: who waits, and who asks later, gets ErrClosed. A
// pause ends. Leases that are held stay so until they are released. Close may
// be called twice.
func (j *Job) Close() {
	defer j.s.locked()()
	if j.closed {
		return
	}
	j.closed = true
	j.unpause()
	j.refuse(closed())
	j.s.forget(j)
	j.s.dispatch()
}

// refuse ends all waiting with err.
func (j *Job) refuse(err error) {
	for _, w := range j.queue {
		w.err = err
		close(w.ready)
	}
	j.queue = nil
}

package sched

import (
	"cmp"
	"slices"
)

// dispatch gives out leases for as long as one may begin.
func (s *Scheduler) dispatch() {
	for !s.stopped {
		j := s.next()
		if j == nil {
			return
		}
		w := j.queue[0]
		j.queue = slices.Delete(j.queue, 0, 1)
		w.lease = &Lease{job: j, cores: milliOf(w.Cores), memory: w.Memory}
		j.leases[w.lease] = struct{}{}
		s.peak = max(s.peak, s.usage().memory)
		close(w.ready)
	}
}

// next returns the job whose first request may begin now, or nil.
//
// A request that waits for memory holds up all behind it, else smaller ones
// would pass it for ever. It does not where waiting is useless: when paused jobs
// hold the memory, it would not fit even if everything else ended.
func (s *Scheduler) next() *Job {
	u := s.usage()
	if !s.coresFree(u) || u.draining() > u.busy+1 {
		return nil // what drains has memory that the next ones can use
	}
	for _, j := range s.turns() {
		need := j.queue[0].Memory
		if u.leases == 0 || need <= s.memory-u.memory {
			return j
		}
		if u.pausedLeases == 0 || need <= s.memory-u.pausedMemory {
			return nil
		}
	}
	return nil
}

func (s *Scheduler) coresFree(u usage) bool {
	if s.slots > 0 {
		return u.busy < s.slots
	}
	return u.cores < s.capacity
}

// turns lists the jobs that wait for a lease, whose turn it is first. Of two that had
// the same, the one that has fewer cores now comes first, then the older one.
func (s *Scheduler) turns() []*Job {
	var list []*Job
	for _, j := range s.jobs {
		if len(j.queue) > 0 && !j.Paused() {
			list = append(list, j)
		}
	}
	slices.SortStableFunc(list, func(a, b *Job) int {
		return cmp.Or(cmp.Compare(b.priority, a.priority), cmp.Compare(a.served, b.served), cmp.Compare(a.rate(), b.rate()))
	})
	return list
}

// usage is what all leases hold together.
type usage struct {
	leases int
	busy   int   // leases that use cores
	cores  milli // that they use
	memory int64

	// The part of it that paused jobs hold.
	pausedLeases int
	pausedMemory int64
}

// draining is the number of leases that only flush.
func (u usage) draining() int { return u.leases - u.pausedLeases - u.busy }

// usage adds up anew each time: jobs and leases are few.
func (s *Scheduler) usage() usage {
	var u usage
	for _, j := range s.jobs {
		paused := j.Paused()
		for l := range j.leases {
			u.leases++
			u.memory += l.memory
			switch {
			case paused:
				u.pausedLeases++
				u.pausedMemory += l.memory
			case l.cores > 0:
				u.busy++
				u.cores += l.cores
			}
		}
	}
	return u
}

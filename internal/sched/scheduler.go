package sched

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Options are the options of New. A nil pointer means the defaults.
type Options struct {
	// Cores is how many cores the machine has for the work. Default
	// runtime.GOMAXPROCS(0), which since Go 1.25 honors a CPU limit of the
	// process's cgroup.
	Cores float64
	// Slots, when above 0, is exactly how many leases use cores at a time,
	// whatever they ask for. Cores is then ignored.
	Slots int
	// Memory is how many bytes all leases may hold together. Default half of
	// DetectMemory, or no limit where that is unknown. -1 means no limit.
	Memory int64
	// Now is the clock that core time is measured with. Default time.Now. It
	// is called with a lock held and must not call the Scheduler.
	Now func() time.Time
}

func (o *Options) withDefaults() *Options {
	d := Options{}
	if o != nil {
		d = *o
	}
	if !(d.Cores > 0) { // also of no number
		d.Cores = float64(runtime.GOMAXPROCS(0))
	}
	if d.Memory == 0 {
		d.Memory = DetectMemory() / 2
	}
	if d.Memory <= 0 {
		d.Memory = math.MaxInt64
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	return &d
}

// Scheduler shares cores and memory between jobs. It is safe for concurrent
// use, as are its jobs and leases, and holds nothing that must be closed.
type Scheduler struct {
	now      func() time.Time
	capacity milli
	slots    int
	memory   int64

	mu      sync.Mutex
	stopped bool
	jobs    []*Job // that are open or hold leases, in the order of joining
	settled time.Time
	count   uint64 // of requests so far
	peak    int64
}

// New returns a scheduler.
func New(o *Options) *Scheduler {
	d := o.withDefaults()
	return &Scheduler{now: d.Now, capacity: milliOf(d.Cores), slots: d.Slots, memory: d.Memory, settled: d.Now()}
}

// Stop gives out no more leases: who waits, and who asks later, gets
// ErrStopped. Leases that are held go on, and may still be paused.
func (s *Scheduler) Stop() {
	defer s.locked()()
	s.stopped = true
	for _, j := range s.jobs {
		j.refuse(stopped())
	}
}

// locked begins a change: it takes the lock and settles what has been used
// until now. The function that it returns ends the change.
func (s *Scheduler) locked() (unlock func()) {
	s.mu.Lock()
	s.settle()
	return s.mu.Unlock
}

// forget lets go of a closed job whose last lease has ended.
func (s *Scheduler) forget(j *Job) {
	if j.closed && len(j.leases) == 0 {
		s.jobs = slices.DeleteFunc(s.jobs, func(other *Job) bool { return other == j })
	}
}

// milli counts thousandths of a core: sums of them are exact, so that what was
// given out and what came back are always the same.
type milli int64

func milliOf(cores float64) milli {
	return milli(math.Round(min(max(cores*1000, 1), 1e9)))
}

func (m milli) cores() float64 { return float64(m) / 1000 }

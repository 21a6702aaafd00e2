package sched

// Lease is the right to run one piece of work.
type Lease struct {
	job    *Job
	cores  milli // 0 once drained
	memory int64
}

// Drain says that decoding is over and the encoders only flush: the cores go
// to whoever is next, the memory stays. It may be called twice, and after
// Release.
func (l *Lease) Drain() {
	defer l.job.s.locked()()
	l.cores = 0
	l.job.s.dispatch()
}

// Release gives everything back. It may be called twice.
func (l *Lease) Release() {
	defer l.job.s.locked()()
	l.end()
	l.job.s.dispatch()
}

// end takes the lease off the books.
func (l *Lease) end() {
	delete(l.job.leases, l)
	l.job.s.forget(l.job)
}

package sched

import "context"

// pause is one pause of a job.
type pause struct {
	over chan struct{}
}

// Pause holds the job up: it gets no new leases, and Gate blocks. While it is
// paused the leases that it holds count as using no cores, because their work
// stands still at the gate, so other jobs may run; their memory stays theirs.
// Pausing a job that is paused or closed does nothing.
func (j *Job) Pause() {
	defer j.s.locked()()
	if j.closed || j.Paused() {
		return
	}
	j.pause.Store(&pause{over: make(chan struct{})})
	j.s.dispatch()
}

// Resume ends a pause. The leases that the job holds go on at once, even where
// others use their cores by now: more than Options.Cores may then be in use
// until some of them end.
func (j *Job) Resume() {
	defer j.s.locked()()
	j.unpause()
	j.s.dispatch()
}

// unpause lets the job compete again.
func (j *Job) unpause() {
	p := j.pause.Load()
	if p == nil {
		return
	}
	j.catchUp()
	j.pause.Store(nil)
	close(p.over)
}

// Paused tells whether the job is paused.
func (j *Job) Paused() bool { return j.pause.Load() != nil }

// Gate returns at once, or blocks while the job is paused. When ctx ends first
// it returns context.Cause. It costs an atomic load when the job is not paused,
// so hot loops may call it for each packet.
func (j *Job) Gate(ctx context.Context) error {
	for {
		p := j.pause.Load()
		if p == nil {
			return nil
		}
		select {
		case <-p.over:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

package transcode

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/sched"
)

// errCanceled is the cause of a job that Task.Cancel stopped.
var errCanceled = errors.New("canceled by Cancel")

// Task is one job that runs. It is safe for concurrent use.
type Task struct {
	engine *Engine
	job    *Job
	ctx    context.Context
	cancel context.CancelCauseFunc
	events *eventQueue
	done   chan struct{}

	mu       sync.Mutex
	progress Progress
	began    time.Time
	warnings []string
	result   *Result
	err      error

	priority int
	turn     *sched.Job // among the engine's jobs
	turns    *sched.Job // of its chunks

	cleanup error // of the removal of what a failed job wrote; for the task's goroutine
}

func newTask(ctx context.Context, e *Engine, job *Job, opts *RunOptions) *Task {
	t := &Task{engine: e, job: job, done: make(chan struct{}), progress: Progress{State: StateQueued, Stage: "queued"}}
	t.ctx, t.cancel = context.WithCancelCause(ctx)
	var o RunOptions
	if opts != nil {
		o = *opts
	}
	t.priority = o.Priority
	t.turn = e.jobs.Join(&sched.JobOptions{Priority: o.Priority})
	t.turns = e.work.Join(&sched.JobOptions{Priority: o.Priority, Weight: o.Weight})
	t.events = newEventQueue(o.OnEvent)
	t.events.add(StateEvent{State: StateQueued})
	return t
}

// Wait blocks until the job is over and everything it started has ended. The
// result is nil unless the job completed.
func (t *Task) Wait() (*Result, error) {
	<-t.done
	return t.result, t.err
}

// Done is closed when the job is over.
func (t *Task) Done() <-chan struct{} { return t.done }

// Cancel stops the job: work ends within a second, what it wrote is removed,
// and Wait returns an error of Kind Canceled. After the end it does nothing.
func (t *Task) Cancel() { t.cancel(errCanceled) }

// Progress is how far the job is now.
func (t *Task) Progress() Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.progress
}

// main is the task's goroutine.
func (t *Task) main(ctx context.Context) {
	defer close(t.done)
	defer t.events.close()
	defer t.leave()
	ctx, end := t.observe(ctx)
	result, err := t.guarded(ctx)
	if err != nil {
		result, err = nil, t.finalError(err)
	}
	end(t.end(result, err), err)
}

// guarded turns a panic, of a host's Source or Bucket for one, into an error.
func (t *Task) guarded(ctx context.Context) (result *Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, &rendition.Error{Kind: rendition.Internal, Op: "transcode: run", Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	return t.inSlot(ctx)
}

// inSlot waits for its turn and runs the job.
func (t *Task) inSlot(ctx context.Context) (*Result, error) {
	lease, err := t.await(ctx)
	if err != nil {
		return nil, err
	}
	defer lease.Release()
	t.engine.intake.begin(t)
	t.mu.Lock()
	t.began = time.Now()
	t.mu.Unlock()
	r := &jobRun{task: t, engine: t.engine, job: t.job, log: t.engine.cfg.Logger}
	return r.run(ctx)
}

// finalError makes a job that was stopped Canceled, whatever error its stop
// caused on the way.
func (t *Task) finalError(err error) error {
	if errors.Is(err, sched.ErrStopped) {
		err = &rendition.Error{
			Kind: rendition.Canceled, Op: "transcode: run", Err: ErrDrained,
			Hint: "run the job again: it goes on from the chunks that are finished",
		}
	}
	if t.ctx.Err() != nil {
		cause := context.Cause(t.ctx)
		if !errors.Is(cause, t.ctx.Err()) {
			cause = fmt.Errorf("%w (%w)", cause, t.ctx.Err())
		}
		err = &rendition.Error{Kind: rendition.Canceled, Op: "transcode: run", Err: cause}
	}
	if t.cleanup == nil {
		if e := (*rendition.Error)(nil); errors.As(err, &e) {
			return err
		}
		return &rendition.Error{Kind: rendition.KindOf(err), Op: "transcode: run", Err: err}
	}
	return &rendition.Error{
		Kind: rendition.KindOf(err), Op: "transcode: run", Fault: rendition.FaultOf(err),
		Err:  fmt.Errorf("%w; then the removal of what it wrote failed: %w", err, t.cleanup),
		Hint: "remove what is left at the destination",
	}
}

// end records how the job ended, and returns its last progress.
func (t *Task) end(result *Result, err error) Progress {
	state := StateCompleted
	switch {
	case rendition.KindOf(err) == rendition.Canceled:
		state = StateCanceled
	case err != nil:
		state = StateFailed
	}
	t.mu.Lock()
	t.progress.State, t.progress.Stage, t.progress.ETA = state, string(state), 0
	if !t.began.IsZero() {
		t.progress.Elapsed = time.Since(t.began)
	}
	if err == nil {
		t.progress.Percent = 100
		t.progress.Media = t.progress.Total
		result.Elapsed = seconds(t.progress.Elapsed)
		result.Warnings = t.warnings
	}
	t.result, t.err = result, err
	p := t.progress
	t.mu.Unlock()
	t.events.add(ProgressEvent{Progress: p})
	t.events.add(StateEvent{State: state, Err: err})
	return p
}

// enter moves the job to a state and stage.
func (t *Task) enter(state State, stage string) {
	t.mu.Lock()
	t.progress.State, t.progress.Stage = state, stage
	t.mu.Unlock()
	t.events.add(StateEvent{State: state})
}

// stage renames what is going on.
func (t *Task) stage(stage string) {
	t.mu.Lock()
	t.progress.Stage = stage
	t.mu.Unlock()
}

// warn tells whoever listens, and the result, something odd.
func (t *Task) warn(text string) {
	t.mu.Lock()
	t.warnings = append(t.warnings, text)
	t.mu.Unlock()
	t.engine.cfg.Logger.Warn(text)
	t.events.add(WarningEvent{Text: text})
}

// report moves progress forward, never back, and reports it.
func (t *Task) report(update func(*Progress)) {
	t.mu.Lock()
	before := t.progress.Percent
	update(&t.progress)
	t.progress.Percent = min(max(before, t.progress.Percent), 99.9)
	t.progress.Elapsed = time.Since(t.began)
	p := t.progress
	t.mu.Unlock()
	t.events.add(ProgressEvent{Progress: p})
}

// eventQueue calls a function for events in order, from one goroutine of its
// own, so that a slow listener does not hold up the job. Of progress events
// that wait, only the last is kept.
type eventQueue struct {
	f    func(Event)
	mu   sync.Mutex
	list []Event
	over bool // no event comes after close
	wake chan struct{}
	end  chan struct{}
}

func newEventQueue(f func(Event)) *eventQueue {
	q := &eventQueue{f: f, wake: make(chan struct{}, 1), end: make(chan struct{})}
	if f == nil {
		close(q.end)
		return q
	}
	go q.main()
	return q
}

func (q *eventQueue) add(e Event) {
	if q.f == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over {
		return
	}
	if n := len(q.list); n > 0 {
		_, isProgress := e.(ProgressEvent)
		if _, was := q.list[n-1].(ProgressEvent); was && isProgress {
			q.list = q.list[:n-1]
		}
	}
	q.list = append(q.list, e)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *eventQueue) main() {
	defer close(q.end)
	for range q.wake {
		q.deliver()
	}
	q.deliver()
}

func (q *eventQueue) deliver() {
	for {
		q.mu.Lock()
		list := q.list
		q.list = nil
		q.mu.Unlock()
		if len(list) == 0 {
			return
		}
		for _, e := range list {
			q.f(e)
		}
	}
}

// close waits until everything is delivered.
func (q *eventQueue) close() {
	if q.f != nil {
		q.mu.Lock()
		q.over = true
		close(q.wake)
		q.mu.Unlock()
	}
	<-q.end
}

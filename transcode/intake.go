package transcode

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/rendition-sdk/rendition"
)

// ErrDrained is why Engine.Drain ended a job before it was finished.
var ErrDrained = errors.New("the engine is being shut down")

// intake knows an engine's jobs from Start to their end.
type intake struct {
	limit int // of waiting jobs; negative for none

	mu      sync.Mutex
	tasks   map[*Task]bool // true for those that run
	waiting int
	closed  bool
}

// enter admits a job or refuses it with kind Busy.
func (i *intake) enter(t *Task) error {
	const op = "transcode: start"
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed {
		return &rendition.Error{Kind: rendition.Busy, Op: op, Err: ErrDrained, Hint: "start the job on another engine"}
	}
	if i.limit >= 0 && i.waiting >= i.limit {
		return &rendition.Error{
			Kind: rendition.Busy, Op: op, Err: fmt.Errorf("%d jobs are waiting, as many as Config.MaxQueued allows", i.waiting),
			Hint: "try again when one has ended",
		}
	}
	i.tasks[t] = false
	i.waiting++
	return nil
}

// begin notes that a job does not wait any more.
func (i *intake) begin(t *Task) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.tasks[t] = true
	i.waiting--
}

// leave notes the end of a job.
func (i *intake) leave(t *Task) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if running, in := i.tasks[t]; in && !running {
		i.waiting--
	}
	delete(i.tasks, t)
}

// list returns the jobs, with true for those that run.
func (i *intake) list() map[*Task]bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return maps.Clone(i.tasks)
}

// close refuses jobs from now on and returns those that are there.
func (i *intake) close() []*Task {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.closed = true
	list := make([]*Task, 0, len(i.tasks))
	for t := range i.tasks {
		list = append(list, t)
	}
	return list
}

// Drain shuts the engine down in order: it takes no more jobs (Start returns
// kind Busy), waiting jobs end, and running ones finish the chunks they are at,
// which stay in the scratch store, and end. Jobs that are past encoding are
// completed. What ends early ends with kind Canceled and ErrDrained; run again, by
// any engine with the same scratch store, it goes on from there. Drain returns
// when all jobs have ended. When ctx ends first, what still runs is canceled, and
// the error is that of ctx.
func (e *Engine) Drain(ctx context.Context) error {
	tasks := e.intake.close()
	e.jobs.Stop()
	e.work.Stop()
	var err error
	for _, t := range tasks {
		select {
		case <-t.done:
		case <-ctx.Done():
			err = context.Cause(ctx)
			t.cancel(ErrDrained)
			<-t.done
		}
	}
	return err
}

package transcode

import (
	"context"
	"log/slog"
	"time"

	"github.com/rendition-sdk/rendition/internal/sched"
	"github.com/rendition-sdk/rendition/storage"
)

// observe tells the hooks of the job; end is called at its end.
func (t *Task) observe(ctx context.Context) (in context.Context, end func(Progress, error)) {
	h := t.engine.hooks
	in, over := h.start(h.countRetries(ctx), SpanJob,
		slog.String("source", t.sourceName()), slog.Int("outputs", len(t.job.Outputs)), slog.Int("priority", t.priority))
	return in, func(p Progress, err error) {
		state := slog.String("state", string(p.State))
		h.add(in, CounterJobs, 1, state)
		if p.Elapsed > 0 { // else it never ran
			h.record(in, MeasureJob, p.Elapsed.Seconds(), state)
		}
		over(err, state)
	}
}

// await waits for the job's turn.
func (t *Task) await(ctx context.Context) (*sched.Lease, error) {
	began := time.Now()
	in, end := t.engine.hooks.start(ctx, SpanQueue)
	lease, err := t.turn.Acquire(in, sched.Request{Cores: 1})
	t.engine.hooks.record(in, MeasureQueue, time.Since(began).Seconds())
	end(err)
	return lease, err
}

// sourceName is what a trace calls the source. A host's Source that panics is left
// to fail the job later, where that is caught.
func (t *Task) sourceName() (name string) {
	defer func() {
		if recover() != nil {
			name = ""
		}
	}()
	switch in := t.job.Input; {
	case in.Source != nil:
		return storage.RedactURL(in.Source.Name())
	case in.S3 != nil:
		return "s3://" + in.S3.Bucket + "/" + in.S3.Path
	default:
		return storage.RedactURL(in.URL)
	}
}

package storage

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/rendition-sdk/rendition"
)

// try makes one driver call, and again while it fails with kind Unavailable
// and attempts or patience are left. ctx is an attached one. The error is raw.
func (c *core) try(ctx context.Context, budget time.Duration, op, key string, call func(context.Context) error) error {
	wait := &patience{budget: budget}
	for attempt := 1; ; attempt++ {
		err := c.once(ctx, call)
		if err == nil {
			return nil
		}
		if !c.pause(ctx, op, key, attempt, wait, err) {
			return err
		}
	}
}

// patience is how long a call that fails is repeated at least.
type patience struct {
	budget time.Duration
	since  time.Time // the first failure; zero before it
}

// left notes a failure and says whether the patience goes on.
func (p *patience) left() bool {
	if p.since.IsZero() {
		p.since = time.Now()
	}
	return time.Since(p.since) < p.budget
}

// once makes one driver call in a free slot.
func (c *core) once(ctx context.Context, call func(context.Context) error) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	default:
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-c.slots }()
	return call(ctx)
}

// pause waits after the failed attempt (counted from 1) and says whether
// another one is due.
func (c *core) pause(ctx context.Context, op, key string, attempt int, p *patience, err error) bool {
	more := p.left()
	if !c.caps.Retries && attempt < c.opts.Attempts {
		more = true
	}
	if !more || ctx.Err() != nil || c.kindOf(err) != rendition.Unavailable {
		return false
	}
	wait, asked := c.opts.backoff(attempt), retryAfter(err)
	if asked > MaxRetryAfter {
		return false
	}
	wait = max(wait, asked)
	c.opts.Logger.LogAttrs(ctx, slog.LevelDebug, "storage: retry", slog.String("op", op), slog.String("key", key),
		slog.Int("attempt", attempt), slog.Duration("wait", wait), slog.String("error", RedactText(err.Error())))
	tellRetry(ctx, Retry{Op: op, Key: key, Attempt: attempt, Wait: wait, Err: err})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// backoff is the pause after the given attempt: doubled each time, bounded,
// and cut by a random part so that many clients do not come back at once.
func (o *Options) backoff(attempt int) time.Duration {
	d := o.RetryDelay
	for range min(attempt-1, 30) {
		d = min(2*d, o.MaxRetryDelay)
	}
	d = min(d, o.MaxRetryDelay)
	return d - rand.N(d/2+1)
}

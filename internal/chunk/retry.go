package chunk

import (
	"context"
	"errors"
	"time"

	"github.com/rendition-sdk/rendition"
)

// retryDelay grows with each attempt: what failed may be a source that does not
// answer for a moment.
const retryDelay = 500 * time.Millisecond

// retry does a piece of work, and again where trying again may help.
func (o *Options) retry(ctx context.Context, w Work, do func() error) error {
	for attempt := 1; ; attempt++ {
		err := do()
		if last := (*lastError)(nil); errors.As(err, &last) {
			return last.error
		}
		if err == nil || ctx.Err() != nil || !worthRetrying(err) || attempt == Attempts {
			return err
		}
		o.Observer.Retried(w, attempt, err)
		o.Logger.Warn("a part of the work failed and is tried again", "part", w.name(), "attempt", attempt, "error", err)
		select {
		case <-time.After(time.Duration(attempt) * retryDelay):
		case <-ctx.Done():
		}
	}
}

// worthRetrying reports whether the same work may succeed the next time.
func worthRetrying(err error) bool {
	switch rendition.KindOf(err) {
	case rendition.Unavailable, rendition.Internal, rendition.Quota:
		return true
	default:
		return false
	}
}

// lastError is one after which nothing is tried again.
type lastError struct{ error }

func (e *lastError) Unwrap() error { return e.error }

// final makes err the last one; nil stays nil.
func final(err error) error {
	if err == nil {
		return nil
	}
	return &lastError{err}
}

package storage

import (
	"context"
	"time"
)

// Retry is a call to a storage that failed and is about to be made again.
type Retry struct {
	// Op is the call, Key the object; empty where it is about none.
	Op, Key string
	// Attempt counts those that failed, from 1.
	Attempt int
	// Wait is the pause before the next one.
	Wait time.Duration
	// Err is why it failed; its text holds no secret.
	Err error
}

// OnRetry returns a context with which f is called before each retry, after
// the functions that ctx has already. f receives the context of the call. It is
// called from many goroutines and must return soon. Of drivers that retry by
// themselves (Capabilities.Retries) nothing is known.
func OnRetry(ctx context.Context, f func(context.Context, Retry)) context.Context {
	earlier, _ := ctx.Value(onRetry{}).(func(context.Context, Retry))
	return context.WithValue(ctx, onRetry{}, func(ctx context.Context, r Retry) {
		if earlier != nil {
			earlier(ctx, r)
		}
		f(ctx, r)
	})
}

type onRetry struct{}

// tellRetry calls the function of OnRetry, if there is one.
func tellRetry(ctx context.Context, r Retry) {
	if f, ok := ctx.Value(onRetry{}).(func(context.Context, Retry)); ok {
		r.Err = scrub(r.Err)
		f(ctx, r)
	}
}

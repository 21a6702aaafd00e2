package feed

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
)

// request is one run that goes on.
type request struct {
	pipe   *io.PipeWriter
	cancel context.CancelFunc
	done   chan struct{}
	err    error // of the run, when done is closed
}

// begin starts a run. It outlives the call that begins it, so that only the values of ctx go along.
func begin(ctx context.Context, run Run) *request {
	r := &request{done: make(chan struct{})}
	ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	var body *io.PipeReader
	body, r.pipe = io.Pipe()
	go func() {
		defer close(r.done)
		whole := &toEnd{Reader: body}
		r.err = run(ctx, whole)
		if r.err == nil && !whole.reached.Load() {
			r.err = errEarly
		}
		_ = body.CloseWithError(errRunEnded) // what writes to it looks at err
	}()
	return r
}

// toEnd notes that the end of the body was read: success in front of it is none.
type toEnd struct {
	io.Reader
	reached atomic.Bool
}

func (t *toEnd) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if err == io.EOF {
		t.reached.Store(true)
	}
	return n, err
}

var (
	errEarly    = errors.New("the store answered before the object had ended")
	errBrokeUp  = errors.New("the object is not complete")
	errRunEnded = errors.New("the request has ended")
)

// write copies one part into the body.
func (r *request) write(ctx context.Context, part io.Reader) error {
	end := context.AfterFunc(ctx, r.breakOff)
	defer end()
	_, err := io.Copy(r.pipe, part)
	if err == nil {
		return nil
	}
	return r.why(ctx, err)
}

// finish ends the body.
func (r *request) finish(ctx context.Context) error {
	_ = r.pipe.Close() // it always returns nil
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		r.stop()
		return context.Cause(ctx)
	}
}

// why waits for the run's own error, which says more than that of the pipe.
func (r *request) why(ctx context.Context, err error) error {
	_ = r.pipe.CloseWithError(errBrokeUp) // it always returns nil
	select {
	case <-r.done:
	case <-ctx.Done():
		r.stop()
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case r.err != nil && !errors.Is(r.err, errBrokeUp):
		return r.err
	default:
		return err
	}
}

// breakOff ends the body with an error, in front of the request, so that nobody takes it for complete.
func (r *request) breakOff() {
	_ = r.pipe.CloseWithError(errBrokeUp)
	r.cancel()
}

func (r *request) stop() {
	r.breakOff()
	<-r.done
}

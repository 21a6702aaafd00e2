package storage

import (
	"context"
	"sync"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// core is what a Bucket and all its prefix views share.
type core struct {
	drv   driver.Driver
	caps  Capabilities
	opts  *Options
	slots chan struct{} // one per driver call in flight
	rate  *bandwidth

	life context.Context //nolint:containedctx // ends with Close, as every call in flight must
	end  context.CancelCauseFunc

	mu      sync.Mutex
	closed  bool
	calls   sync.WaitGroup
	writers map[*Writer]struct{} // still open; Close aborts them
	done    chan struct{}        // closed when Close has finished
	err     error                // what Close returned
}

func newCore(drv driver.Driver, opts *Options) *core {
	o := opts.withDefaults()
	c := &core{
		drv: drv, caps: drv.Capabilities(), opts: o, slots: make(chan struct{}, o.MaxConcurrent),
		rate:    newBandwidth(o.MaxBandwidth),
		writers: map[*Writer]struct{}{}, done: make(chan struct{}),
	}
	c.life, c.end = context.WithCancelCause(context.Background())
	return c
}

// attach makes ctx end with the bucket too. The function it returns frees it.
func (c *core) attach(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(c.life, func() { cancel(errClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// enter counts a call in flight; Close waits until leave was called for each.
func (c *core) enter() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errClosed
	}
	c.calls.Add(1)
	return nil
}

func (c *core) leave() { c.calls.Done() }

// track remembers an open Writer, forget drops it.
func (c *core) track(w *Writer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errClosed
	}
	c.writers[w] = struct{}{}
	return nil
}

func (c *core) forget(w *Writer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.writers, w)
}

// close ends every call, aborts every open Writer and closes the driver. Later
// calls wait for the first one and return the same.
func (c *core) close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		<-c.done
		return c.err
	}
	c.closed = true
	open := make([]*Writer, 0, len(c.writers))
	for w := range c.writers {
		open = append(open, w)
	}
	c.mu.Unlock()

	c.end(errClosed)
	for _, w := range open {
		w.shut()
	}
	c.calls.Wait()
	c.err = c.wrap(context.Background(), "close", "", c.drv.Close())
	close(c.done)
	return c.err
}

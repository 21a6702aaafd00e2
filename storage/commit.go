package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// cleanupTimeout bounds the removal of what an aborted write has left.
const cleanupTimeout = 30 * time.Second

// Close stores what is still in memory and makes the object visible. When it
// fails, nothing is visible, an object that was there before is untouched
// (where the store replaces atomically), and what was stored has been removed.
// A second Close returns the same; after Abort it fails with fs.ErrClosed.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return w.end
	}
	info, err := w.commit()
	if err == nil {
		w.finish(w.verify(info))
		return w.end
	}
	w.finish(w.join(err, w.discard()))
	return w.end
}

// Abort throws away what was written. After Close or Abort it does nothing.
func (w *Writer) Abort() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return nil
	}
	w.fail(errWriteEnded) // in front of what the parts in flight will say
	err := w.core.wrap(context.Background(), "abort", w.full, w.discard())
	w.finish(w.failed())
	return err
}

// shut is Abort by the Bucket's Close.
func (w *Writer) shut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	w.fail(errClosed)
	w.finish(w.join(w.failed(), w.discard()))
}

// commit sends the last part, waits for all and commits.
func (w *Writer) commit() (info *driver.Info, err error) {
	if err := w.failed(); err != nil {
		return nil, err
	}
	if want := w.opts.WantSHA256; len(want) > 0 && !bytes.Equal(want, w.sum.Sum(nil)) {
		err := errors.New("the SHA-256 of the bytes is not the expected one")
		return nil, fail(rendition.Integrity, "write", w.key, "nothing was stored", err)
	}
	if err := w.send(true); err != nil {
		return nil, err
	}
	w.parts.Wait()
	if err := w.failed(); err != nil {
		return nil, err
	}
	err = w.core.try(w.work, w.patience, "write", w.full, func(ctx context.Context) (err error) {
		info, err = w.upload.Commit(ctx)
		return err
	})
	return info, w.core.wrap(w.ctx, "write", w.full, err)
}

// verify compares the size the store reports; an object of another size is removed.
func (w *Writer) verify(info *driver.Info) error {
	if info == nil || info.Size < 0 || info.Size == w.size {
		return nil
	}
	err := fail(rendition.Integrity, "write", w.key, "the object was removed; write it again",
		fmt.Errorf("%d bytes were written and the store has %d", w.size, info.Size))
	if w.core.caps.NoDelete {
		return w.join(err, errors.New("this store cannot delete it"))
	}
	ctx, cancel := w.cleanup()
	defer cancel()
	return w.join(err, w.core.drv.Delete(ctx, w.full))
}

// discard ends the parts in flight and removes what they have stored.
func (w *Writer) discard() error {
	w.stop()
	w.parts.Wait()
	ctx, cancel := w.cleanup()
	defer cancel()
	return w.upload.Abort(ctx)
}

// cleanup is a ctx that the end of the Writer's own does not end.
func (w *Writer) cleanup() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(w.ctx), cleanupTimeout)
}

// finish frees everything. err is what Close returns.
func (w *Writer) finish(err error) {
	w.ended, w.end = true, err
	w.stop()
	w.free()
	w.core.forget(w)
	w.buf = nil
	for len(w.spare) > 0 {
		<-w.spare
	}
}

// join adds the failure of a cleanup to the error it followed.
func (w *Writer) join(err, cleanup error) error {
	var own *rendition.Error
	if cleanup == nil || !errors.As(err, &own) {
		return err
	}
	both := *own
	both.Err = errors.Join(own.Err, fmt.Errorf("and the cleanup failed: %w", scrub(cleanup)))
	both.Hint = "something may be left in the store; remove it there"
	return &both
}

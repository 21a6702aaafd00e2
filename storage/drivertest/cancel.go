package drivertest

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
)

var errCause = errors.New("the user pressed stop")

// requireCanceled checks that err tells the cancel and its cause.
func requireCanceled(t *testing.T, err error) {
	t.Helper()
	requireKind(t, rendition.Canceled, err)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, errCause)
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCause)
	return ctx
}

func cancelGroup(e *env) {
	if !e.caps.NoRead {
		e.cancelReads()
	}
	if !e.caps.ReadOnly {
		e.cancelWrites()
	}
}

func (e *env) cancelReads() {
	e.run("before a read", func(t *testing.T, dir string) {
		e.seed(t, dir+"a", 10)
		_, err := e.bkt.Open(canceled(t), dir+"a", nil)
		requireCanceled(t, err)
		_, err = e.bkt.Stat(canceled(t), dir+"a")
		requireCanceled(t, err)
	})
	e.run("between reads", func(t *testing.T, dir string) {
		e.seed(t, dir+"a", 100_000)
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		r, err := e.bkt.Open(ctx, dir+"a", nil)
		require.NoError(t, err)
		defer r.Close()
		_, err = io.ReadFull(r, make([]byte, 10))
		require.NoError(t, err)
		cancel(errCause)
		_, err = r.Read(make([]byte, 10))
		requireCanceled(t, err)
	})
	e.run("in a read that blocks", func(t *testing.T, dir string) { e.cancelBlocked(t, dir) })
}

func (e *env) cancelWrites() {
	e.run("before a write", func(t *testing.T, dir string) {
		_, err := e.bkt.NewWriter(canceled(t), dir+"a", nil)
		requireCanceled(t, err)
		requireCanceled(t, e.bkt.WriteAll(canceled(t), dir+"a", []byte("x"), nil))
		e.gone(t, dir+"a")
	})
	e.run("before a delete or copy", func(t *testing.T, dir string) {
		data := e.seed(t, dir+"a", 10)
		if !e.caps.NoDelete {
			requireCanceled(t, e.bkt.Delete(canceled(t), dir+"a"))
		}
		if !e.caps.NoRead {
			requireCanceled(t, e.bkt.Copy(canceled(t), dir+"b", dir+"a"))
		}
		e.same(t, dir+"a", data)
		e.gone(t, dir+"b")
	})
	e.run("in a write", func(t *testing.T, dir string) { e.cancelWrite(t, dir) })
	if e.caps.NoList {
		return
	}
	e.run("in a listing", func(t *testing.T, dir string) {
		for _, k := range []string{"1", "2", "3"} {
			e.put(t, dir+k, nil)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		seen := 0
		var last error
		for _, err := range e.bkt.List(ctx, &storage.ListOptions{Prefix: dir, PageSize: 1}) {
			last = err
			if seen++; seen == 2 {
				cancel(errCause)
			}
		}
		require.Equal(t, 3, seen, "two objects and the error")
		requireCanceled(t, last)
	})
	e.Cleanup(func() { e.clean(e.T) })
}

// cancelBlocked cancels while the driver does not answer.
func (e *env) cancelBlocked(t *testing.T, dir string) {
	e.seed(t, dir+"a", 100)
	faults := faultstore.New()
	slow := faults.Wrap(e.bkt)
	reached := make(chan struct{})
	faults.Add(faultstore.Rule{Op: faultstore.Read, Wait: make(chan struct{}), Times: -1})
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	r, err := slow.Open(ctx, dir+"a", nil)
	require.NoError(t, err)
	defer r.Close()
	done := make(chan error, 1)
	go func() {
		close(reached)
		_, err := r.Read(make([]byte, 10))
		done <- err
	}()
	<-reached
	cancel(errCause)
	requireCanceled(t, <-done)
}

// cancelWrite cancels after parts have been stored and before the commit.
func (e *env) cancelWrite(t *testing.T, dir string) {
	old := e.seed(t, dir+"kept", 10)
	for _, key := range []string{dir + "a", dir + "kept"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		w, err := e.bkt.NewWriter(ctx, key, &storage.WriterOptions{PartSize: e.part})
		require.NoError(t, err)
		_, err = w.Write(random(3 * e.part))
		require.NoError(t, err)
		cancel(errCause)
		_, err = w.Write(random(e.part))
		requireCanceled(t, err)
		requireCanceled(t, w.Close())
		requireCanceled(t, w.Close())
	}
	e.gone(t, dir+"a")
	e.same(t, dir+"kept", old)
}

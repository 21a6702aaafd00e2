package drivertest

import (
	"context"
	"fmt"
	"io/fs"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

func concurrencyGroup(e *env) {
	e.run("writers and readers", func(t *testing.T, dir string) {
		const n = 20
		shared := e.seed(t, dir+"shared", 50_000)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				if err := e.worker(t.Context(), fmt.Sprintf("%sd%d/", dir, i%3), i, dir+"shared", shared); err != nil {
					t.Errorf("worker %d: %v", i, err)
				}
			})
		}
		wg.Wait()
	})
	e.run("same key", func(t *testing.T, dir string) {
		if e.caps.ReadOnly || e.caps.NoRead || !e.caps.AtomicReplace {
			return
		}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				data := make([]byte, 40_000)
				for j := range data {
					data[j] = byte(i)
				}
				if err := e.bkt.WriteAll(t.Context(), dir+"a", data, nil); err != nil {
					t.Errorf("write: %v", err)
				}
			})
		}
		wg.Wait()
		got, err := e.bkt.ReadAll(t.Context(), dir+"a", 0)
		require.NoError(t, err)
		require.Len(t, got, 40_000)
		for _, b := range got {
			require.Equal(t, got[0], b, "one writer's bytes and not a mixture")
		}
	})
	e.run("use after close", func(t *testing.T, dir string) { e.useAfterClose(t, dir) })
}

// worker writes, reads and deletes an object of its own and reads the shared one.
func (e *env) worker(ctx context.Context, dir string, i int, shared string, want []byte) error {
	key, data := fmt.Sprintf("%s%d", dir, i), random(int64(10_000+i))
	if !e.caps.ReadOnly {
		if err := e.bkt.WriteAll(ctx, key, data, nil); err != nil {
			return err
		}
		if !e.caps.NoRead {
			got, err := e.bkt.ReadAll(ctx, key, 0)
			if err != nil || string(got) != string(data) {
				return fmt.Errorf("own object: %w", err)
			}
		}
		if !e.caps.NoDelete {
			if err := e.bkt.Delete(ctx, key); err != nil {
				return err
			}
		}
	}
	if e.caps.NoRead {
		return nil
	}
	got, err := e.bkt.ReadAll(ctx, shared, 0)
	if err == nil && string(got) != string(want) {
		return fmt.Errorf("shared object has other bytes")
	}
	return err
}

// useAfterClose closes a Bucket of its own that has a Reader and a Writer open.
func (e *env) useAfterClose(t *testing.T, dir string) {
	own := newEnv(t, e.h, e.view)
	own.seed(t, dir+"a", 200_000)
	var r *storage.Reader
	var err error
	if !e.caps.NoRead {
		r, err = own.bkt.Open(t.Context(), dir+"a", nil)
		require.NoError(t, err)
		defer r.Close()
	}
	var w *storage.Writer
	if !e.caps.ReadOnly {
		w, err = own.bkt.NewWriter(t.Context(), dir+"b", &storage.WriterOptions{PartSize: e.part})
		require.NoError(t, err)
		_, err = w.Write(random(2*e.part + 1))
		require.NoError(t, err)
	}
	require.NoError(t, own.bkt.Close())
	require.NoError(t, own.bkt.Close())
	closed := func(err error) {
		t.Helper()
		requireKind(t, rendition.InvalidJob, err)
		require.ErrorIs(t, err, fs.ErrClosed)
	}
	if w != nil {
		_, err = w.Write([]byte("x"))
		closed(err)
		closed(w.Close())
		closed(own.bkt.WriteAll(t.Context(), dir+"c", nil, nil))
		if !e.caps.NoDelete {
			closed(own.bkt.Delete(t.Context(), dir+"a"))
		}
		own.clean(t)
	}
	if e.caps.NoRead {
		return
	}
	_, err = r.Read(make([]byte, 10))
	closed(err)
	_, err = own.bkt.Stat(t.Context(), dir+"a")
	closed(err)
	_, err = own.bkt.Open(t.Context(), dir+"a", nil)
	closed(err)
}

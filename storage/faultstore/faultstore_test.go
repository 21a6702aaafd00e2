package faultstore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

func TestMain(m *testing.M) { leak.Main(m) }

// TestConformance: without rules the wrapper changes nothing.
func TestConformance(t *testing.T) {
	t.Parallel()
	drivertest.Run(t, drivertest.Harness{Open: func(*testing.T) drivertest.Store {
		b := memstore.New(&memstore.Options{Bucket: &storage.Options{RetryDelay: 1}})
		return drivertest.Store{Bucket: faultstore.New().Wrap(b)}
	}})
}

func TestRules(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	b := faults.Wrap(memstore.New(&memstore.Options{Bucket: &storage.Options{Attempts: 1}}))
	require.NoError(t, b.WriteAll(t.Context(), "a", []byte("abc"), nil))
	require.NoError(t, b.WriteAll(t.Context(), "b", []byte("abc"), nil))
	mine := errors.New("mine")
	faults.Add(faultstore.Rule{Op: faultstore.Stat, Key: "a", Nth: 2, Times: 2, Err: mine, Kind: rendition.Permission})
	for i, fails := range []bool{false, true, true, false} {
		_, err := b.Stat(t.Context(), "a")
		require.Equal(t, fails, errors.Is(err, mine), "call %d", i+1)
		_, err = b.Stat(t.Context(), "b")
		require.NoError(t, err)
	}
	require.Equal(t, 8, faults.Calls(faultstore.Stat))
	faults.Reset()
	require.Zero(t, faults.Calls(faultstore.Stat))

	for op, call := range map[faultstore.Op]func() error{
		faultstore.OpenRange: func() error { _, err := b.Open(t.Context(), "a", nil); return err },
		faultstore.Read:      func() error { _, err := b.ReadAll(t.Context(), "a", 0); return err },
		faultstore.List: func() (last error) {
			for _, last = range b.List(t.Context(), nil) {
				if last != nil {
					return last
				}
			}
			return last
		},
		faultstore.NewUpload: func() error { return b.WriteAll(t.Context(), "c", nil, nil) },
		faultstore.WritePart: func() error { return b.WriteAll(t.Context(), "c", nil, nil) },
		faultstore.Commit:    func() error { return b.WriteAll(t.Context(), "c", nil, nil) },
		faultstore.Delete:    func() error { return b.Delete(t.Context(), "c") },
		faultstore.Copy:      func() error { return b.Copy(t.Context(), "c", "a") },
	} {
		for _, after := range []bool{false, true} {
			if op == faultstore.Read && after {
				continue // the bytes have come; there is nothing to fail
			}
			faults.Reset()
			faults.Add(faultstore.Rule{Op: op, After: after})
			err := call()
			require.ErrorIs(t, err, rendition.Unavailable, op)
			require.ErrorIs(t, err, faultstore.ErrInjected)
			require.NoError(t, call(), "%s: once", op)
		}
	}
}

func TestAbortFault(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	b := faults.Wrap(memstore.New(nil))
	w, err := b.NewWriter(t.Context(), "a", nil)
	require.NoError(t, err)
	faults.Add(faultstore.Rule{Op: faultstore.Abort, Kind: rendition.Permission})
	require.ErrorIs(t, w.Abort(), rendition.Permission)
}

func TestDiskFull(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	b := faults.Wrap(memstore.New(nil))
	faults.DiskFull(10)
	require.NoError(t, b.WriteAll(t.Context(), "a", make([]byte, 6), nil))
	require.ErrorIs(t, b.WriteAll(t.Context(), "b", make([]byte, 6), nil), rendition.Quota)
	_, err := b.Stat(t.Context(), "b")
	require.ErrorIs(t, err, rendition.NotFound)
}

func Example() {
	ctx := context.Background()
	faults := faultstore.New()
	bucket := faults.Wrap(memstore.New(nil))
	defer bucket.Close()
	_ = bucket.WriteAll(ctx, "clip.mp4", []byte("0123456789"), nil)

	// The source is replaced after its connection was lost.
	faults.Add(faultstore.Rule{Op: faultstore.OpenRange, CutAfter: 4})
	faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Nth: 2, Change: true})
	r, err := bucket.Open(ctx, "clip.mp4", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	fmt.Printf("%s: %v\n", got, err)
	// Output: 0123: storage: read: mem://clip.mp4: the object changed while it was read
}

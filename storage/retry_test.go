package storage_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

// outage is a store that refuses everything for a while, on the clock of a bubble.
func outage(b *storage.Bucket, d time.Duration) *storage.Bucket {
	faults := faultstore.New()
	for _, op := range []faultstore.Op{
		faultstore.OpenRange, faultstore.Read, faultstore.Stat, faultstore.List, faultstore.NewUpload,
		faultstore.WritePart, faultstore.Commit, faultstore.Delete,
	} {
		faults.Add(faultstore.Rule{Op: op, Times: -1, Kind: rendition.Unavailable})
	}
	time.AfterFunc(d, faults.Reset)
	return faults.Wrap(b)
}

// calls are those of a Bucket on an object that is there.
var calls = map[string]func(context.Context, *storage.Bucket) error{
	"write":  func(ctx context.Context, b *storage.Bucket) error { return b.WriteAll(ctx, "b", []byte("b"), nil) },
	"read":   func(ctx context.Context, b *storage.Bucket) error { _, err := b.ReadAll(ctx, "a", 0); return err },
	"stat":   func(ctx context.Context, b *storage.Bucket) error { _, err := b.Stat(ctx, "a"); return err },
	"delete": func(ctx context.Context, b *storage.Bucket) error { return b.Delete(ctx, "c") },
	"list": func(ctx context.Context, b *storage.Bucket) error {
		for _, err := range b.List(ctx, nil) {
			if err != nil {
				return err
			}
		}
		return nil
	},
}

// TestRetryFor lets a store refuse everything for a minute, without waiting for it.
func TestRetryFor(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				store := memstore.New(nil)
				require.NoError(t, store.WriteAll(t.Context(), "a", []byte("a"), nil))
				began := time.Now()
				require.NoError(t, call(t.Context(), outage(store, time.Minute).RetryFor(time.Minute).Prefix("")))
				require.InDelta(t, 65, time.Since(began).Seconds(), 6, "it goes on soon after the end of the outage")

				began = time.Now()
				require.ErrorIs(t, call(t.Context(), outage(store, time.Hour)), rendition.Unavailable)
				require.Less(t, time.Since(began), 5*time.Second, "the default gives up soon")

				began = time.Now()
				require.ErrorIs(t, call(t.Context(), outage(store, time.Hour).RetryFor(time.Minute)), rendition.Unavailable)
				require.InDelta(t, 65, time.Since(began).Seconds(), 6, "patience ends")
				time.Sleep(2 * time.Hour) // ends the timers of the outages
			})
		})
	}
}

// TestRetryForEndsWithItsCause: patience is for what may pass.
func TestRetryForEndsWithItsCause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		why := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(20*time.Second, func() { cancel(why) })
		began := time.Now()
		err := outage(memstore.New(nil), time.Hour).RetryFor(time.Hour).WriteAll(ctx, "a", nil, nil)
		require.ErrorIs(t, err, rendition.Canceled)
		require.ErrorIs(t, err, why)
		require.Equal(t, 20*time.Second, time.Since(began))

		faults := faultstore.New()
		faults.Add(faultstore.Rule{Op: faultstore.Commit, Kind: rendition.Permission})
		began = time.Now()
		err = faults.Wrap(memstore.New(nil)).RetryFor(time.Hour).WriteAll(t.Context(), "a", nil, nil)
		require.ErrorIs(t, err, rendition.Permission)
		require.Zero(t, time.Since(began))
		time.Sleep(2 * time.Hour)
	})
}

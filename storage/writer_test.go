package storage_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

// strict is a driver with limits that checks what it is given.
type strict struct {
	driver.Driver
	caps driver.Capabilities

	mu     sync.Mutex
	parts  []driver.Part
	flying int
	most   int
	gate   chan struct{} // WritePart waits for it
}

func (d *strict) Capabilities() driver.Capabilities { return d.caps }

func (d *strict) NewUpload(ctx context.Context, key string, o *driver.UploadOptions) (driver.Upload, error) {
	up, err := d.Driver.NewUpload(ctx, key, o)
	return &strictUpload{Upload: up, d: d}, err
}

type strictUpload struct {
	driver.Upload
	d *strict
}

func (u *strictUpload) WritePart(ctx context.Context, p *driver.Part) error {
	u.d.mu.Lock()
	u.d.parts = append(u.d.parts, *p)
	u.d.flying++
	u.d.most = max(u.d.most, u.d.flying)
	u.d.mu.Unlock()
	if u.d.gate != nil {
		<-u.d.gate
	}
	err := u.Upload.WritePart(ctx, p)
	u.d.mu.Lock()
	u.d.flying--
	u.d.mu.Unlock()
	return err
}

func newStrict(caps driver.Capabilities) (*strict, *storage.Bucket) {
	d := &strict{caps: caps}
	return d, memstore.New(nil).Wrap(func(inner driver.Driver) driver.Driver {
		d.Driver = inner
		return d
	})
}

func TestPartsOfAnUpload(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		size int
		want []int64
	}{{0, []int64{0}}, {1, []int64{1}}, {100, []int64{100}}, {101, []int64{100, 1}}, {200, []int64{100, 100}}, {350, []int64{100, 100, 100, 50}}} {
		d, b := newStrict(driver.Capabilities{SequentialParts: true, MinPartSize: 100})
		require.NoError(t, b.WriteAll(t.Context(), "a", pattern(c.size), &storage.WriterOptions{PartSize: 7}))
		var off int64
		for i, p := range d.parts {
			require.Equal(t, i, p.Index)
			require.Equal(t, off, p.Offset)
			require.Equal(t, c.want[i], p.Size)
			require.Equal(t, i == len(c.want)-1, p.Last)
			off += p.Size
		}
		require.Len(t, d.parts, len(c.want))
		require.Equal(t, 1, d.most)
	}
}

func TestStoreLimits(t *testing.T) {
	t.Parallel()
	_, b := newStrict(driver.Capabilities{MaxParts: 3, MaxObjectSize: 250})
	opts := &storage.WriterOptions{PartSize: 100}
	require.NoError(t, b.WriteAll(t.Context(), "a", pattern(250), opts))
	require.ErrorIs(t, b.WriteAll(t.Context(), "b", pattern(251), opts), rendition.Quota)
	require.ErrorContains(t, b.WriteAll(t.Context(), "b", pattern(201), &storage.WriterOptions{PartSize: 50}), "set a larger PartSize")
	require.ErrorIs(t, b.WriteAll(t.Context(), "b", nil, &storage.WriterOptions{PartSize: storage.MaxPartSize + 1}), rendition.InvalidJob)
	_, err := b.Stat(t.Context(), "b")
	require.ErrorIs(t, err, rendition.NotFound)
}

func TestPartsInFlightAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, b := newStrict(driver.Capabilities{})
		d.gate = make(chan struct{})
		w, err := b.NewWriter(t.Context(), "a", &storage.WriterOptions{PartSize: 10})
		require.NoError(t, err)
		written := make(chan error, 1)
		go func() {
			_, err := w.Write(pattern(100))
			written <- err
		}()
		synctest.Wait()
		require.Equal(t, 2, d.most)
		require.Empty(t, written, "Write waits")
		close(d.gate)
		require.NoError(t, <-written)
		require.NoError(t, w.Close())
		require.Equal(t, 2, d.most)
		got, err := b.ReadAll(t.Context(), "a", 0)
		require.NoError(t, err)
		require.Equal(t, pattern(100), got)
	})
}

func TestCloseOfTheBucketUnblocksAWriter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := memstore.NewStore(nil)
		faults := faultstore.New()
		b := faults.Wrap(store.Bucket())
		faults.Add(faultstore.Rule{Op: faultstore.WritePart, Wait: make(chan struct{}), Times: -1})
		w, err := b.NewWriter(t.Context(), "a", &storage.WriterOptions{PartSize: 10})
		require.NoError(t, err)
		written := make(chan error, 1)
		go func() {
			_, err := w.Write(pattern(100))
			written <- err
		}()
		synctest.Wait()
		require.NoError(t, b.Close())
		require.ErrorContains(t, <-written, "the bucket is closed")
		require.ErrorContains(t, w.Close(), "the bucket is closed")
		require.Equal(t, 1, faults.Calls(faultstore.Abort))
		require.Zero(t, store.Used())
	})
}

func TestConcurrencyLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		faults := faultstore.New()
		b := faults.Wrap(memstore.New(&memstore.Options{Bucket: &storage.Options{MaxConcurrent: 3}}))
		gate := make(chan struct{})
		faults.Add(faultstore.Rule{Op: faultstore.Stat, Wait: gate, Times: -1})
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() { _, _ = b.Stat(t.Context(), "a") })
		}
		synctest.Wait()
		require.Equal(t, 3, faults.Calls(faultstore.Stat))
		close(gate)
		wg.Wait()
		require.Equal(t, 10, faults.Calls(faultstore.Stat))
	})
}

func TestDriversThatRetryAreNotRetried(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	_, strictBucket := newStrict(driver.Capabilities{Retries: true})
	b := faults.Wrap(strictBucket)
	faults.Add(faultstore.Rule{Op: faultstore.Stat, Times: -1})
	_, err := b.Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Unavailable)
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.Equal(t, 1, faults.Calls(faultstore.Stat))
}

func TestFailedCleanupIsTold(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	b := faults.Wrap(memstore.New(nil))
	stuck := errors.New("cannot remove")
	faults.Add(faultstore.Rule{Op: faultstore.Commit, Kind: rendition.Permission})
	faults.Add(faultstore.Rule{Op: faultstore.Abort, Kind: rendition.Permission, Err: stuck})
	err := b.WriteAll(t.Context(), "a", nil, nil)
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.ErrorIs(t, err, stuck)
	require.ErrorContains(t, err, "something may be left")
}

// short reports a size that is not what was written.
type short struct{ driver.Driver }

func (d short) NewUpload(ctx context.Context, key string, o *driver.UploadOptions) (driver.Upload, error) {
	up, err := d.Driver.NewUpload(ctx, key, o)
	return shortUpload{up}, err
}

type shortUpload struct{ driver.Upload }

func (u shortUpload) Commit(ctx context.Context) (*driver.Info, error) {
	info, err := u.Upload.Commit(ctx)
	info.Size--
	return info, err
}

func TestSizeIsVerified(t *testing.T) {
	t.Parallel()
	b := memstore.New(nil).Wrap(func(d driver.Driver) driver.Driver { return short{d} })
	require.ErrorIs(t, b.WriteAll(t.Context(), "a", []byte("12"), nil), rendition.Integrity)
	_, err := b.Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.NotFound, "the object was removed")
}

func TestReadFromWaitsForNoReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := memstore.New(nil)
		w, err := b.NewWriter(t.Context(), "a", nil)
		require.NoError(t, err)
		pr, pw := io.Pipe()
		done := make(chan error, 1)
		go func() {
			_, err := io.Copy(w, pr)
			done <- err
		}()
		synctest.Wait()
		require.NoError(t, b.Close(), "a reader that blocks does not hold up Close")
		require.NoError(t, pw.Close())
		require.Error(t, <-done)
	})
}

func TestRetriesAreLogged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		faults := faultstore.New()
		b := faults.Wrap(memstore.New(&memstore.Options{Bucket: &storage.Options{Logger: debugLogger(&text)}}))
		faults.Add(faultstore.Rule{Op: faultstore.Stat, Kind: rendition.Unavailable, Err: errors.New("https://u:hunter2@h/?sig=SIG is slow")})
		start := time.Now()
		_, _ = b.Stat(t.Context(), "key")
		require.Positive(t, time.Since(start))
		require.Contains(t, text.String(), "storage: retry")
		require.Contains(t, text.String(), "key=key")
		require.NotContains(t, text.String(), "hunter2")
		require.NotContains(t, text.String(), "SIG")
	})
}

func TestRetriesAreTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		faults := faultstore.New()
		b := faults.Wrap(memstore.New(nil))
		faults.Add(faultstore.Rule{
			Op: faultstore.Stat, Times: 2, Kind: rendition.Unavailable, Err: errors.New("https://u:hunter2@h/?sig=SIG is slow"),
		})
		type key struct{}
		var first, second []storage.Retry
		ctx := storage.OnRetry(t.Context(), func(_ context.Context, r storage.Retry) { first = append(first, r) })
		ctx = storage.OnRetry(ctx, func(ctx context.Context, r storage.Retry) {
			require.Equal(t, "mine", ctx.Value(key{}), "the context of the call")
			second = append(second, r)
		})
		_, err := b.Stat(context.WithValue(ctx, key{}, "mine"), "a")
		require.ErrorIs(t, err, rendition.NotFound)
		require.Len(t, first, 2)
		require.Equal(t, first, second)
		for i, r := range first {
			require.Equal(t, "a", r.Key)
			require.Equal(t, i+1, r.Attempt)
			require.Positive(t, r.Wait)
			require.ErrorContains(t, r.Err, "is slow")
			require.NotContains(t, r.Err.Error(), "hunter2")
		}
	})
}

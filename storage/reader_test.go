package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
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

// asked records the ranges that are asked for.
type asked struct {
	driver.Driver
	ranges [][2]int64
}

func (d *asked) OpenRange(ctx context.Context, key string, off, n int64, o *driver.ReadOptions) (*driver.Body, error) {
	d.ranges = append(d.ranges, [2]int64{off, n})
	return d.Driver.OpenRange(ctx, key, off, n, o)
}

func TestReadAhead(t *testing.T) {
	t.Parallel()
	rec := &asked{}
	b := memstore.New(nil).Wrap(func(d driver.Driver) driver.Driver {
		rec.Driver = d
		return rec
	})
	data := pattern(1000)
	require.NoError(t, b.WriteAll(t.Context(), "a", data, nil))
	r, err := b.Open(t.Context(), "a", &storage.ReadOptions{FirstRange: 10, MaxRange: 40})
	require.NoError(t, err)
	defer r.Close()
	read := func(off int64, n int) {
		t.Helper()
		_, err := r.Seek(off, io.SeekStart)
		require.NoError(t, err)
		got := make([]byte, n)
		_, err = io.ReadFull(r, got)
		require.NoError(t, err)
		require.Equal(t, string(data[off:int(off)+n]), string(got))
	}
	for _, step := range []struct {
		name string
		off  int64
		n    int
		want [][2]int64
	}{
		{"first range", 0, 10, [][2]int64{{0, 10}}},
		{"doubles", 10, 100, [][2]int64{{10, 20}, {30, 40}, {70, 40}}},
		{"seek back", 5, 5, [][2]int64{{5, 10}}},
		{"within the open range", 13, 2, nil},
		{"far seek", 500, 1, [][2]int64{{500, 10}}},
		{"the end is cut", 995, 5, [][2]int64{{995, 5}}},
		{"seek after a range was read to its end", 200, 10, [][2]int64{{200, 10}}},
		{"to the byte behind it", 210, 1, [][2]int64{{210, 20}}},
	} {
		if step.name != "first range" {
			rec.ranges = nil
		}
		read(step.off, step.n)
		require.Equal(t, step.want, rec.ranges, step.name)
	}
	rec.ranges = nil
	for _, off := range []int64{3, 900, 1000, 2000} { // seeks alone ask for nothing
		_, err := r.Seek(off, io.SeekStart)
		require.NoError(t, err)
	}
	_, err = r.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
	require.Empty(t, rec.ranges)
}

func TestResumeBacksOffAndGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mem := memstore.New(nil)
		require.NoError(t, mem.WriteAll(t.Context(), "a", pattern(1000), nil))
		faults := faultstore.New()
		b := faults.Wrap(mem)
		defer b.Close()
		r, err := b.Open(t.Context(), "a", nil)
		require.NoError(t, err)
		defer r.Close()
		faults.Add(faultstore.Rule{Op: faultstore.Read, Nth: 2, Times: -1, Err: io.ErrUnexpectedEOF})
		n, err := r.Read(make([]byte, 10))
		require.NoError(t, err)
		require.Equal(t, 10, n)
		start := time.Now()
		_, err = r.Read(make([]byte, 10))
		require.ErrorIs(t, err, rendition.Unavailable)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.Equal(t, 6, faults.Calls(faultstore.Read), "5 attempts without progress")
		full := (200 + 400 + 800 + 1600) * time.Millisecond
		require.LessOrEqual(t, time.Since(start), full)
		require.GreaterOrEqual(t, time.Since(start), full/2)
	})
}

func TestProgressResetsTheAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mem := memstore.New(nil)
		data := pattern(1000)
		require.NoError(t, mem.WriteAll(t.Context(), "a", data, nil))
		faults := faultstore.New()
		faults.Add(faultstore.Rule{Op: faultstore.OpenRange, CutAfter: 20, Times: -1})
		got, err := faults.Wrap(mem).ReadAll(t.Context(), "a", 0)
		require.NoError(t, err)
		require.Equal(t, string(data), string(got))
		require.Equal(t, 50, faults.Calls(faultstore.OpenRange))
	})
}

func TestRetryAfterIsHonored(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		faults := faultstore.New()
		b := faults.Wrap(memstore.New(nil))
		faults.Add(faultstore.Rule{Op: faultstore.Stat, Kind: rendition.Unavailable, RetryAfter: 90 * time.Second})
		start := time.Now()
		_, err := b.Stat(t.Context(), "a")
		require.ErrorIs(t, err, rendition.NotFound, "the second attempt")
		require.Equal(t, 90*time.Second, time.Since(start))

		faults.Reset()
		faults.Add(faultstore.Rule{Op: faultstore.Stat, Kind: rendition.Unavailable, RetryAfter: storage.MaxRetryAfter + 1})
		start = time.Now()
		_, err = b.Stat(t.Context(), "a")
		require.ErrorIs(t, err, rendition.Unavailable)
		require.Zero(t, time.Since(start), "too long to wait for")
	})
}

func TestStall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mem := memstore.New(nil)
		require.NoError(t, mem.WriteAll(t.Context(), "a", pattern(100), nil))
		faults := faultstore.New()
		b := faults.Wrap(mem)
		faults.Add(faultstore.Rule{Op: faultstore.Read, Wait: make(chan struct{})})
		start := time.Now()
		got, err := b.ReadAll(t.Context(), "a", 0)
		require.NoError(t, err)
		require.Equal(t, pattern(100), got)
		require.GreaterOrEqual(t, time.Since(start), time.Minute)

		faults.Reset()
		faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Wait: make(chan struct{}), Times: -1})
		_, err = b.Open(t.Context(), "a", nil)
		require.ErrorIs(t, err, rendition.Unavailable)
		require.ErrorContains(t, err, "stall")
	})
}

func TestDeadlineWhileWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		faults := faultstore.New()
		b := faults.Wrap(memstore.New(nil))
		faults.Add(faultstore.Rule{Op: faultstore.Stat, Times: -1, RetryAfter: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		_, err := b.Stat(ctx, "a")
		require.ErrorIs(t, err, rendition.Canceled)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 10*time.Second, time.Since(start))
	})
}

func TestSourceReplacedUnderneath(t *testing.T) {
	t.Parallel()
	b := memstore.New(nil)
	require.NoError(t, b.WriteAll(t.Context(), "a", pattern(1000), nil))
	r, err := b.Open(t.Context(), "a", &storage.ReadOptions{FirstRange: 10})
	require.NoError(t, err)
	defer r.Close()
	require.NoError(t, b.WriteAll(t.Context(), "a", pattern(1000), nil))
	_, err = io.ReadAll(r)
	require.ErrorIs(t, err, rendition.Integrity)
	require.ErrorIs(t, err, driver.ErrChanged)
}

func TestSecretsInDriverErrorsAreRedacted(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	b := faults.Wrap(memstore.New(nil))
	cause := errors.New(`Put "https://user:hunter2@host/b/k?X-Amz-Signature=SIG": connection refused`)
	faults.Add(faultstore.Rule{Op: faultstore.Stat, Kind: rendition.Permission, Err: cause})
	_, err := b.Stat(t.Context(), "a")
	require.EqualError(t, err, `storage: stat: mem://a: Put "https://[redacted]@host/b/k?[redacted]": connection refused`)
	require.ErrorIs(t, err, cause, "the cause stays in the tree")
}

// TestOpenThatEndsIsNoEnd: a driver whose connection ended in front of the answer may return io.EOF.
func TestOpenThatEndsIsNoEnd(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	b := faults.Wrap(memstore.New(&memstore.Options{Bucket: &storage.Options{RetryDelay: time.Millisecond}}))
	data := bytes.Repeat([]byte("x"), 200_000)
	require.NoError(t, b.WriteAll(t.Context(), "a", data, nil))
	faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Nth: 2, Err: io.EOF})
	got, err := b.ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	require.NoError(t, b.Close())
}

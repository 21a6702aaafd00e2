package drivertest

import (
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

func readGroup(e *env) {
	if e.caps.NoRead {
		return // the caps group checks that reads are refused
	}
	e.run("whole", func(t *testing.T, dir string) {
		for _, size := range []int64{0, 1, 4095, 200_000} {
			key := fmt.Sprintf("%s%d.bin", dir, size)
			data := e.seed(t, key, size)
			e.same(t, key, data)
		}
	})
	e.run("stat", func(t *testing.T, dir string) {
		e.seed(t, dir+"a.mp4", 1234)
		o, err := e.bkt.Stat(t.Context(), dir+"a.mp4")
		require.NoError(t, err)
		require.Equal(t, dir+"a.mp4", o.Key)
		if !e.h.NoInfo {
			require.Equal(t, int64(1234), o.Size)
			require.False(t, o.ModTime.IsZero())
		}
		require.NotEmpty(t, o.ContentType)
		r, err := e.bkt.Open(t.Context(), dir+"a.mp4", nil)
		require.NoError(t, err)
		defer r.Close()
		require.Equal(t, o, r.Object(), "Open and Stat tell the same")
	})
	e.run("missing", func(t *testing.T, dir string) {
		e.gone(t, dir+"missing")
		_, err := e.bkt.Open(t.Context(), dir+"missing", nil)
		requireKind(t, rendition.NotFound, err)
		require.ErrorContains(t, err, dir+"missing")
	})
	e.run("ranges", func(t *testing.T, dir string) {
		e.ranges(t, dir+"ranges.bin")
	})
	e.run("seek errors", func(t *testing.T, dir string) {
		e.seed(t, dir+"a", 10)
		r, err := e.bkt.Open(t.Context(), dir+"a", nil)
		require.NoError(t, err)
		defer r.Close()
		_, err = r.Seek(-1, io.SeekStart)
		requireKind(t, rendition.InvalidJob, err)
		_, err = r.Seek(0, 7)
		requireKind(t, rendition.InvalidJob, err)
	})
	e.run("early close", func(t *testing.T, dir string) {
		e.seed(t, dir+"a", 300_000)
		for range 20 {
			r, err := e.bkt.Open(t.Context(), dir+"a", nil)
			require.NoError(t, err)
			_, err = io.ReadFull(r, make([]byte, 10))
			require.NoError(t, err)
			require.NoError(t, r.Close())
			require.NoError(t, r.Close())
			_, err = r.Read(make([]byte, 1))
			requireKind(t, rendition.InvalidJob, err)
		}
	})
	e.run("concurrent readers", func(t *testing.T, dir string) {
		data := e.seed(t, dir+"a", 150_000)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				got, err := e.bkt.ReadAll(t.Context(), dir+"a", 0)
				if err != nil || string(got) != string(data) {
					t.Errorf("concurrent read: %v", err)
				}
			})
		}
		wg.Wait()
	})
	e.run("limit", func(t *testing.T, dir string) {
		e.seed(t, dir+"a", 100)
		_, err := e.bkt.ReadAll(t.Context(), dir+"a", 99)
		requireKind(t, rendition.Quota, err)
	})
}

// ranges reads pieces at chosen offsets with one Reader, in an order that goes
// back and forth over the ends of its ranges.
func (e *env) ranges(t *testing.T, key string) {
	const size = 300_000
	data := e.seed(t, key, size)
	r, err := e.bkt.Open(t.Context(), key, &storage.ReadOptions{FirstRange: 1000, MaxRange: 5000})
	require.NoError(t, err)
	defer r.Close()
	if !e.h.NoInfo {
		require.Equal(t, int64(size), r.Size())
	}
	for _, c := range []struct{ off, n int64 }{
		{0, 10},
		{size - 10, 10},
		{5, 1},
		{999, 2},
		{1000, 1},
		{150_000, 20_000},
		{170_000, 1},
		{170_100, 50},
		{0, size},
		{size - 1, 1},
		{size, 0},
		{size + 1000, 0},
		{1, 2},
	} {
		pos, err := r.Seek(c.off, io.SeekStart)
		require.NoError(t, err)
		require.Equal(t, c.off, pos)
		got := make([]byte, c.n)
		_, err = io.ReadFull(r, got)
		require.NoError(t, err, "offset %d", c.off)
		if c.n > 0 {
			require.True(t, string(data[c.off:c.off+c.n]) == string(got), "other bytes at %d", c.off)
		}
		if c.off+c.n >= size {
			n, err := r.Read(make([]byte, 5))
			require.Zero(t, n)
			require.Equal(t, io.EOF, err)
		}
	}
	pos, err := r.Seek(-7, io.SeekEnd)
	require.NoError(t, err)
	require.Equal(t, int64(size-7), pos)
	rest, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, data[size-7:], rest)
}

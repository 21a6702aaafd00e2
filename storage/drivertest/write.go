package drivertest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

func writeGroup(e *env) {
	if e.caps.ReadOnly {
		return // the caps group checks that writes are refused
	}
	for _, size := range []int64{0, 1, e.part - 1, e.part, e.part + 1, 3 * e.part, 3*e.part + 17} {
		e.run(fmt.Sprintf("size %d", size), func(t *testing.T, dir string) { e.roundTrip(t, dir+"a.bin", size) })
	}
	e.run("read from", func(t *testing.T, dir string) {
		data := random(2*e.part + 5)
		w, err := e.bkt.NewWriter(t.Context(), dir+"a", &storage.WriterOptions{PartSize: e.part})
		require.NoError(t, err)
		n, err := io.Copy(w, iotest.HalfReader(bytes.NewReader(data)))
		require.NoError(t, err)
		require.Equal(t, int64(len(data)), n)
		require.NoError(t, w.Close())
		e.same(t, dir+"a", data)
	})
	e.run("overwrite", func(t *testing.T, dir string) {
		e.seed(t, dir+"a", 2*e.part)
		e.same(t, dir+"a", e.seed(t, dir+"a", 10))
	})
	e.run("invisible until close", func(t *testing.T, dir string) {
		w, err := e.bkt.NewWriter(t.Context(), dir+"a", &storage.WriterOptions{PartSize: e.part})
		require.NoError(t, err)
		_, err = w.Write(random(2 * e.part))
		require.NoError(t, err)
		e.gone(t, dir+"a")
		require.NoError(t, w.Close())
		e.same(t, dir+"a", random(2*e.part))
	})
	e.run("abort", func(t *testing.T, dir string) {
		old := e.seed(t, dir+"kept", 10)
		for _, key := range []string{dir + "a", dir + "kept"} {
			w, err := e.bkt.NewWriter(t.Context(), key, &storage.WriterOptions{PartSize: e.part})
			require.NoError(t, err)
			_, err = w.Write(random(2*e.part + 1))
			require.NoError(t, err)
			require.NoError(t, w.Abort())
			require.NoError(t, w.Abort())
			_, err = w.Write([]byte("x"))
			requireKind(t, rendition.InvalidJob, err)
			requireKind(t, rendition.InvalidJob, w.Close())
		}
		e.gone(t, dir+"a")
		e.same(t, dir+"kept", old)
	})
	e.run("reader fails half way", func(t *testing.T, dir string) {
		old, cause := e.seed(t, dir+"a", 10), errors.New("the encoder failed")
		w, err := e.bkt.NewWriter(t.Context(), dir+"a", &storage.WriterOptions{PartSize: e.part})
		require.NoError(t, err)
		_, err = io.Copy(w, io.MultiReader(bytes.NewReader(random(e.part+1)), iotest.ErrReader(cause)))
		require.ErrorIs(t, err, cause)
		require.ErrorIs(t, w.Close(), cause, "Close must not store half an object")
		e.same(t, dir+"a", old)
	})
	e.run("digest", func(t *testing.T, dir string) { e.digest(t, dir) })
	e.run("delete", func(t *testing.T, dir string) {
		if e.caps.NoDelete {
			return
		}
		e.seed(t, dir+"a", 10)
		require.NoError(t, e.bkt.Delete(t.Context(), dir+"a"))
		e.gone(t, dir+"a")
		require.NoError(t, e.bkt.Delete(t.Context(), dir+"a"), "a missing key is no error")
	})
	e.run("copy", func(t *testing.T, dir string) {
		if e.caps.NoRead {
			return
		}
		data := e.seed(t, dir+"a.mp4", e.part+1)
		require.NoError(t, e.bkt.Copy(t.Context(), dir+"b.mp4", dir+"a.mp4"))
		e.same(t, dir+"b.mp4", data)
		e.same(t, dir+"a.mp4", data)
		requireKind(t, rendition.NotFound, e.bkt.Copy(t.Context(), dir+"c", dir+"missing"))
		e.gone(t, dir+"c")
	})
	e.Cleanup(func() { e.clean(e.T) })
}

func (e *env) roundTrip(t *testing.T, key string, size int64) {
	data := random(size)
	w, err := e.bkt.NewWriter(t.Context(), key, &storage.WriterOptions{PartSize: e.part})
	require.NoError(t, err)
	for chunk := range bytesChunks(data, 10_007) {
		n, err := w.Write(chunk)
		require.NoError(t, err)
		require.Len(t, chunk, n)
	}
	require.NoError(t, w.Close())
	require.NoError(t, w.Close(), "a second Close returns the same")
	require.NoError(t, w.Abort(), "Abort after Close does nothing")
	sum := sha256.Sum256(data)
	require.Equal(t, sum[:], w.SHA256())
	require.Equal(t, size, w.Size())
	e.same(t, key, data)
	if e.caps.NoRead || e.h.NoInfo {
		return
	}
	o, err := e.bkt.Stat(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, size, o.Size)
}

func (e *env) digest(t *testing.T, dir string) {
	data := random(e.part + 3)
	right := sha256.Sum256(data)
	wrong := sha256.Sum256(nil)
	opts := &storage.WriterOptions{PartSize: e.part, WantSHA256: wrong[:]}
	requireKind(t, rendition.Integrity, e.bkt.WriteAll(t.Context(), dir+"a", data, opts))
	e.gone(t, dir+"a")
	opts.WantSHA256 = right[:]
	require.NoError(t, e.bkt.WriteAll(t.Context(), dir+"a", data, opts))
	opts.WantSHA256 = []byte("short")
	requireKind(t, rendition.InvalidJob, e.bkt.WriteAll(t.Context(), dir+"a", data, opts))
	e.same(t, dir+"a", data)
}

func bytesChunks(data []byte, n int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(data) > 0 {
			m := min(n, len(data))
			if !yield(data[:m]) {
				return
			}
			data = data[m:]
		}
	}
}

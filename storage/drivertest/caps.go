package drivertest

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// capsGroup checks that what is declared works, and that what is not gives
// kind Unsupported.
func capsGroup(e *env) {
	e.run("read-only", func(t *testing.T, dir string) {
		if !e.caps.ReadOnly {
			e.seed(t, dir+"a", 1)
			return
		}
		_, err := e.bkt.NewWriter(t.Context(), dir+"a", nil)
		requireKind(t, rendition.Unsupported, err)
		requireKind(t, rendition.Unsupported, e.bkt.WriteAll(t.Context(), dir+"a", nil, nil))
		requireKind(t, rendition.Unsupported, e.bkt.Delete(t.Context(), dir+"a"))
		requireKind(t, rendition.Unsupported, e.bkt.Copy(t.Context(), dir+"a", dir+"b"))
	})
	e.run("write-only", func(t *testing.T, dir string) {
		if !e.caps.NoRead {
			return
		}
		e.seed(t, dir+"a", 1)
		_, err := e.bkt.Open(t.Context(), dir+"a", nil)
		requireKind(t, rendition.Unsupported, err)
		_, err = e.bkt.Stat(t.Context(), dir+"a")
		requireKind(t, rendition.Unsupported, err)
		requireKind(t, rendition.Unsupported, e.bkt.Copy(t.Context(), dir+"b", dir+"a"))
	})
	e.run("delete", func(t *testing.T, dir string) {
		if e.caps.NoDelete && !e.caps.ReadOnly {
			data := e.seed(t, dir+"a", 1)
			requireKind(t, rendition.Unsupported, e.bkt.Delete(t.Context(), dir+"a"))
			e.same(t, dir+"a", data)
		}
	})
	e.run("list", func(t *testing.T, dir string) {
		for _, err := range e.bkt.List(t.Context(), &storage.ListOptions{Prefix: dir}) {
			require.True(t, e.caps.NoList, "nothing is there")
			requireKind(t, rendition.Unsupported, err)
		}
	})
	e.run("signed url", func(t *testing.T, dir string) { e.signedURL(t, dir) })
	e.run("content type", func(t *testing.T, dir string) {
		if !e.caps.ContentType {
			return
		}
		opts := &storage.WriterOptions{ContentType: "application/x-test", CacheControl: "max-age=60"}
		require.NoError(t, e.bkt.WriteAll(t.Context(), dir+"a.mp4", nil, opts))
		require.NoError(t, e.bkt.WriteAll(t.Context(), dir+"b.mp4", nil, nil))
		require.NoError(t, e.bkt.Copy(t.Context(), dir+"c.mp4", dir+"a.mp4"))
		for key, want := range map[string]string{"a.mp4": "application/x-test", "b.mp4": "video/mp4", "c.mp4": "application/x-test"} {
			o, err := e.bkt.Stat(t.Context(), dir+key)
			require.NoError(t, err)
			require.Equal(t, want, o.ContentType, key)
			if key != "b.mp4" {
				require.Equal(t, "max-age=60", o.CacheControl)
			}
		}
	})
	e.run("metadata", func(t *testing.T, dir string) {
		if e.caps.ReadOnly {
			return
		}
		opts := &storage.WriterOptions{Metadata: map[string]string{"job": "42"}}
		err := e.bkt.WriteAll(t.Context(), dir+"a", nil, opts)
		if !e.caps.UserMetadata {
			requireKind(t, rendition.Unsupported, err)
			return
		}
		require.NoError(t, err)
		o, err := e.bkt.Stat(t.Context(), dir+"a")
		require.NoError(t, err)
		require.Equal(t, opts.Metadata, o.Metadata)
	})
	e.run("folders", func(t *testing.T, dir string) {
		if e.caps.ReadOnly {
			return
		}
		e.put(t, dir+"a/b", []byte("1"))
		err := e.bkt.WriteAll(t.Context(), dir+"a", []byte("2"), nil)
		err2 := e.bkt.WriteAll(t.Context(), dir+"a/b/c", []byte("3"), nil)
		e.gone(t, dir+"a/b/c/d")
		if e.caps.HasDirectories {
			requireKind(t, rendition.Exists, err)
			requireKind(t, rendition.Exists, err2)
			e.gone(t, dir+"a")
			return
		}
		require.NoError(t, err)
		require.NoError(t, err2)
	})
}

func (e *env) signedURL(t *testing.T, dir string) {
	if !e.caps.SignedURL {
		_, err := e.bkt.SignedURL(t.Context(), dir+"a", nil)
		requireKind(t, rendition.Unsupported, err)
		return
	}
	data := e.seed(t, dir+"a", 100)
	url, err := e.bkt.SignedURL(t.Context(), dir+"a", &storage.SignOptions{Expiry: time.Minute})
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, data, got)
}

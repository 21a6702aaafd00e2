package storage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

func TestMain(m *testing.M) { leak.Main(m) }

// pattern is bytes that tell where they are.
func pattern(n int) []byte {
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, "%08d", b.Len())
	}
	return []byte(b.String()[:n])
}

func TestPrefix(t *testing.T) {
	t.Parallel()
	store := memstore.NewStore(&memstore.Options{Name: "mem://x/"})
	root := store.Bucket()
	view := root.Prefix("a").Prefix("b/")
	require.NoError(t, view.WriteAll(t.Context(), "c", []byte("1"), nil))
	got, err := root.ReadAll(t.Context(), "a/b/c", 0)
	require.NoError(t, err)
	require.Equal(t, "1", string(got))
	require.Equal(t, "mem://x/a/b/", view.Name())
	require.Equal(t, "mem://x/a/b/c", view.Source("c").Name())
	require.Same(t, root, root.Prefix(""))
	_, err = view.Stat(t.Context(), "missing")
	require.EqualError(t, err, "storage: stat: mem://x/a/b/missing: there is no such object: file does not exist")
	for _, bad := range []string{"/", "/a", "..", "a//", "a/../b", "\x00"} {
		v := root.Prefix(bad).Prefix("ok")
		_, err := v.Stat(t.Context(), "c")
		require.ErrorIs(t, err, rendition.InvalidJob, bad)
		require.ErrorIs(t, v.WriteAll(t.Context(), "c", nil, nil), rendition.InvalidJob)
		for _, err := range v.List(t.Context(), nil) {
			require.ErrorIs(t, err, rendition.InvalidJob)
		}
	}
	long := root.Prefix(strings.Repeat("p", 1000))
	require.ErrorIs(t, long.WriteAll(t.Context(), strings.Repeat("k", 100), nil, nil), rendition.InvalidJob)
	require.NoError(t, view.Close())
	_, err = root.Stat(t.Context(), "a/b/c")
	require.ErrorContains(t, err, "the bucket is closed")
}

func TestSourceIsNotATypedNil(t *testing.T) {
	t.Parallel()
	r, err := memstore.New(nil).Source("missing").Open(t.Context())
	require.ErrorIs(t, err, rendition.NotFound)
	require.True(t, r == nil)
}

func TestSignOptions(t *testing.T) {
	t.Parallel()
	b := memstore.New(nil)
	_, err := b.SignedURL(t.Context(), "a", &storage.SignOptions{Method: "POST"})
	require.ErrorIs(t, err, rendition.InvalidJob)
	_, err = b.SignedURL(t.Context(), "a", &storage.SignOptions{Expiry: -1})
	require.ErrorIs(t, err, rendition.InvalidJob)
}

func ExampleBucket_NewWriter() {
	ctx := context.Background()
	bucket := memstore.New(nil)
	defer bucket.Close()
	w, err := bucket.NewWriter(ctx, "hls0/master.m3u8", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer w.Abort() // after Close it does nothing
	fmt.Fprintln(w, "#EXTM3U")
	_, err = bucket.Stat(ctx, "hls0/master.m3u8")
	fmt.Println(rendition.KindOf(err))
	fmt.Println(w.Close())
	object, err := bucket.Stat(ctx, "hls0/master.m3u8")
	fmt.Println(object.Size, object.ContentType, err)
	// Output:
	// not found
	// <nil>
	// 8 application/vnd.apple.mpegurl <nil>
}

func ExampleBucket_Prefix() {
	ctx := context.Background()
	bucket := memstore.New(nil)
	defer bucket.Close()
	job := bucket.Prefix("jobs/42")
	_ = job.WriteAll(ctx, "output_0.mp4", []byte("..."), nil)
	for object := range bucket.List(ctx, nil) {
		fmt.Println(object.Key)
	}
	// Output: jobs/42/output_0.mp4
}

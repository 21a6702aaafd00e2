package swiftstore_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

const part = 64 << 10

func parts() *storage.WriterOptions { return &storage.WriterOptions{PartSize: part} }

// random returns the same bytes each time.
func random(n int) []byte {
	data := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}).Read(data)
	return data
}

// testSegments follows the segments of large objects.
func testSegments(t *testing.T, a *account, proxy, old *servers.SwiftProxy) {
	for name, p := range map[string]*servers.SwiftProxy{"static": proxy, "dynamic": old} {
		t.Run(name, func(t *testing.T) {
			container := a.newContainer(t)
			b := open(t, container, options(p))
			segments := func() []string { return a.names(t, container+"_segments") }
			require.NoError(t, b.WriteAll(t.Context(), "dir/clip.mp4", random(3*part+5), parts()))
			first := segments()
			require.Len(t, first, 4)
			require.True(t, strings.HasPrefix(first[0], "dir/clip.mp4/.rendition-"))
			require.Equal(t, []string{"dir/clip.mp4"}, a.names(t, container))

			require.NoError(t, b.WriteAll(t.Context(), "dir/clip.mp4", random(2*part), parts()))
			require.Len(t, segments(), 2, "the segments of a replaced object go")
			require.NotEqual(t, first[:2], segments())
			require.NoError(t, b.WriteAll(t.Context(), "dir/clip.mp4", random(10), parts()))
			require.Empty(t, segments(), "also when a small one replaces it")

			require.NoError(t, b.WriteAll(t.Context(), "dir/clip.mp4", random(2*part), parts()))
			require.NoError(t, b.Delete(t.Context(), "dir/clip.mp4"))
			require.Empty(t, segments(), "and when it is deleted")
			require.Empty(t, a.names(t, container))

			w, err := b.NewWriter(t.Context(), "dir/clip.mp4", parts())
			require.NoError(t, err)
			_, err = w.Write(random(3 * part))
			require.NoError(t, err)
			require.NoError(t, w.Abort())
			require.Empty(t, segments(), "and when it was given up")
		})
	}
	t.Run("corrupted segment", func(t *testing.T) { corruptedSegment(t, a, proxy) })
	t.Run("lost answer", func(t *testing.T) { lostAnswer(t, a, proxy) })
	t.Run("in the container itself", func(t *testing.T) { sameContainer(t, a, proxy) })
	t.Run("broken object", func(t *testing.T) { brokenObject(t, a, proxy) })
}

// corruptedSegment changes a segment before the manifest is written: Swift notices.
func corruptedSegment(t *testing.T, a *account, p *servers.SwiftProxy) {
	container := a.newContainer(t)
	b := open(t, container, options(p))
	w, err := b.NewWriter(t.Context(), "a", parts())
	require.NoError(t, err)
	_, err = w.Write(random(3*part + 1))
	require.NoError(t, err)
	var stored []string
	require.Eventually(t, func() bool { stored = a.names(t, container+"_segments"); return len(stored) >= 2 }, waitLong, waitLong/100)
	a.must(t, http.MethodPut, container+"_segments/"+stored[0], "", nil, make([]byte, part))
	err = w.Close()
	require.ErrorIs(t, err, rendition.Integrity)
	require.ErrorContains(t, err, "etag mismatch")
	require.Empty(t, a.names(t, container))
	require.Empty(t, a.names(t, container+"_segments"))
}

// lostAnswer has a Commit succeed whose answer is lost.
func lostAnswer(t *testing.T, a *account, p *servers.SwiftProxy) {
	container := a.newContainer(t)
	b := open(t, container, options(p))
	data := random(3 * part)
	faults := faultstore.New()
	faults.Add(faultstore.Rule{Op: faultstore.Commit, After: true})
	require.NoError(t, faults.Wrap(b).WriteAll(t.Context(), "a", data, parts()), "the second try finds its own manifest")
	got, err := b.ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.Equal(t, data, got)
	require.Empty(t, a.leftovers(t, container))

	faults = faultstore.New()
	faults.Add(faultstore.Rule{Op: faultstore.Commit, After: true, Times: -1, Kind: rendition.Permission, Err: errors.New("lost for good")})
	require.ErrorIs(t, faults.Wrap(b).WriteAll(t.Context(), "b", data, parts()), rendition.Permission)
	require.Equal(t, []string{"a"}, a.names(t, container), "what seemed to fail is taken back")
	require.Empty(t, a.leftovers(t, container))
}

// sameContainer keeps the segments under a prefix that listings hide.
func sameContainer(t *testing.T, a *account, p *servers.SwiftProxy) {
	container := a.newContainer(t)
	o := options(p)
	o.SegmentContainer = container
	b := open(t, container, o)
	for _, key := range []string{"-first", "b/clip.mp4", ".rendition", "z"} {
		require.NoError(t, b.WriteAll(t.Context(), key, random(3*part), parts()))
	}
	require.Len(t, a.names(t, container), 16)
	for _, delimiter := range []string{"", "/"} {
		for _, size := range []int{1, 2, 3, 5, 100} {
			var keys []string
			for o, err := range b.List(t.Context(), &storage.ListOptions{PageSize: size, Delimiter: delimiter}) {
				require.NoError(t, err)
				keys = append(keys, strings.TrimSuffix(o.Key, "clip.mp4"))
			}
			require.Equal(t, []string{"-first", ".rendition", "b/", "z"}, keys, "pages of %d", size)
		}
	}
	_, err := b.Stat(t.Context(), ".rendition-segments/a")
	require.ErrorIs(t, err, rendition.InvalidJob)
	require.NoError(t, b.Delete(t.Context(), "z"))
	require.Len(t, a.names(t, container), 12)
}

// brokenObject reads an object one of whose segments is gone.
func brokenObject(t *testing.T, a *account, p *servers.SwiftProxy) {
	container := a.newContainer(t)
	b := open(t, container, options(p))
	require.NoError(t, b.WriteAll(t.Context(), "a", random(3*part), parts()))
	a.must(t, http.MethodDelete, container+"_segments/"+a.names(t, container+"_segments")[0], "", nil, nil)
	_, err := b.ReadAll(t.Context(), "a", 0)
	require.ErrorIs(t, err, rendition.Integrity)
	require.NoError(t, b.Delete(t.Context(), "a"), "it can be deleted all the same")
	require.Empty(t, a.names(t, container))
}

func testCopy(t *testing.T, a *account, proxy, old *servers.SwiftProxy) {
	for name, p := range map[string]*servers.SwiftProxy{"static": proxy, "dynamic": old} {
		t.Run(name, func(t *testing.T) {
			container := a.newContainer(t)
			b := open(t, container, options(p))
			for _, size := range []int{10, 3*part + 7} {
				data := random(size)
				opts := parts()
				opts.CacheControl, opts.ContentType, opts.Metadata = "max-age=5", "video/x-test", map[string]string{"job": "1"}
				require.NoError(t, b.WriteAll(t.Context(), "a", data, opts))
				require.NoError(t, b.WriteAll(t.Context(), "c d", random(2*part), parts()), "it is replaced")
				require.NoError(t, b.Copy(t.Context(), "c d", "a"))
				require.NoError(t, b.Delete(t.Context(), "a"))
				got, err := b.ReadAll(t.Context(), "c d", 0)
				require.NoError(t, err)
				require.Equal(t, data, got, "the copy does not live on the segments of the first")
				info, err := b.Stat(t.Context(), "c d")
				require.NoError(t, err)
				require.Equal(t, "video/x-test", info.ContentType)
				require.Equal(t, "max-age=5", info.CacheControl)
				require.Equal(t, map[string]string{"job": "1"}, info.Metadata)
				require.NoError(t, b.Copy(t.Context(), "c d", "c d"), "onto itself")
				got, err = b.ReadAll(t.Context(), "c d", 0)
				require.NoError(t, err)
				require.Equal(t, data, got)
				require.Empty(t, a.leftovers(t, container))
			}
		})
	}
	t.Run("manifest of manifests", func(t *testing.T) {
		container := a.newContainer(t)
		b := open(t, container, options(proxy))
		data := random(2 * part)
		require.NoError(t, b.WriteAll(t.Context(), "inner", data, parts()))
		require.NoError(t, b.WriteAll(t.Context(), "plain", []byte("0123456789"), nil))
		text := `[{"path":"` + container + `/inner"},{"path":"` + container + `/plain","range":"2-4"}]`
		a.must(t, http.MethodPut, container+"/outer", "?multipart-manifest=put", nil, []byte(text))
		require.NoError(t, b.Copy(t.Context(), "copy", "outer"))
		got, err := b.ReadAll(t.Context(), "copy", 0)
		require.NoError(t, err)
		require.Equal(t, append(data, "234"...), got)
		require.NoError(t, b.WriteAll(t.Context(), "outer", nil, nil), "what is replaced names objects and not segments")
		got, err = b.ReadAll(t.Context(), "inner", 0)
		require.NoError(t, err)
		require.Equal(t, data, got)
	})
}

// testObjects looks at what the store says of single objects.
func testObjects(t *testing.T, a *account, p *servers.SwiftProxy) {
	container := a.newContainer(t)
	o := options(p)
	o.DeleteAfter = waitLong
	b := open(t, container, o)
	data := random(3 * part)
	require.NoError(t, b.WriteAll(t.Context(), "a", data, parts()))
	h, _ := a.must(t, http.MethodHead, container+"/a", "", nil, nil)
	require.NotEmpty(t, h.Get("X-Delete-At"))
	s, _ := a.must(t, http.MethodHead, container+"_segments/"+a.names(t, container+"_segments")[0], "", nil, nil)
	require.Equal(t, h.Get("X-Delete-At"), s.Get("X-Delete-At"), "segments and manifest end together")

	info, err := b.Stat(t.Context(), "a")
	require.NoError(t, err)
	for listed, err := range b.List(t.Context(), nil) {
		require.NoError(t, err)
		require.Equal(t, info.ETag, listed.ETag)
		require.Equal(t, info.Size, listed.Size)
		require.WithinDuration(t, info.ModTime, listed.ModTime, 1e6)
	}

	// An object that is replaced between two ranges is noticed.
	r, err := b.Open(t.Context(), "a", &storage.ReadOptions{FirstRange: 10, MaxRange: 10})
	require.NoError(t, err)
	defer r.Close()
	_, err = io.ReadFull(r, make([]byte, 10))
	require.NoError(t, err)
	require.NoError(t, b.WriteAll(t.Context(), "a", random(3*part + 1)[1:], parts()))
	_, err = r.Read(make([]byte, 10))
	require.ErrorIs(t, err, rendition.Integrity)

	// Text keeps its type as it was given, and markers of folders are no objects.
	require.NoError(t, b.WriteAll(t.Context(), "x/list.txt", []byte("a"), &storage.WriterOptions{ContentType: "text/plain"}))
	a.must(t, http.MethodPut, container+"/x/", "", map[string]string{"Content-Type": "application/directory"}, nil)
	var keys []string
	for o, err := range b.List(t.Context(), &storage.ListOptions{Prefix: "x/"}) {
		require.NoError(t, err)
		keys = append(keys, o.Key)
	}
	require.Equal(t, []string{"x/list.txt"}, keys)
}

func makeContainer(t *testing.T, o *swiftstore.Options, name string) {
	t.Helper()
	require.NoError(t, swiftstore.MakeContainer(context.WithoutCancel(t.Context()), name, o))
}

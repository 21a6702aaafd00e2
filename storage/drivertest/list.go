package drivertest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

func listGroup(e *env) {
	if e.caps.NoList || e.caps.ReadOnly {
		return // the caps group checks that a listing is refused where there is none
	}
	e.run("nothing", func(t *testing.T, dir string) { e.lists(t, nil, &storage.ListOptions{Prefix: dir + "nothing/"}) })
	e.run("order and pages", func(t *testing.T, dir string) {
		// "." and "-" sort in front of "/", "0" behind it.
		want := []string{"a", "a-b", "a.txt", "a0", "b-/c", "b.txt", "b/c", "b/c.txt", "b/c0/d", "b0", "ä", "😀"}
		for _, k := range want {
			e.put(t, dir+k, []byte(k))
		}
		for _, size := range []int{0, 1, 2, 5, len(want)} {
			e.lists(t, prefixed(dir, want), &storage.ListOptions{Prefix: dir, PageSize: size})
		}
		folded := []string{"a", "a-b", "a.txt", "a0", "b-/", "b.txt", "b/", "b0", "ä", "😀"}
		for _, size := range []int{0, 1, 3} {
			e.lists(t, prefixed(dir, folded), &storage.ListOptions{Prefix: dir, Delimiter: "/", PageSize: size})
		}
		e.lists(t, prefixed(dir, []string{"b/c", "b/c.txt", "b/c0/d"}), &storage.ListOptions{Prefix: dir + "b/c"})
		e.lists(t, prefixed(dir, []string{"b/c", "b/c.txt", "b/c0/"}), &storage.ListOptions{Prefix: dir + "b/", Delimiter: "/"})
		e.lists(t, prefixed(dir, []string{"b-/", "b.txt", "b/", "b0"}), &storage.ListOptions{Prefix: dir + "b", Delimiter: "/"})
	})
	e.run("deleted", func(t *testing.T, dir string) {
		if e.caps.NoDelete {
			return
		}
		e.put(t, dir+"a", nil)
		e.put(t, dir+"x/b", nil)
		require.NoError(t, e.bkt.Delete(t.Context(), dir+"x/b"))
		e.lists(t, prefixed(dir, []string{"a"}), &storage.ListOptions{Prefix: dir})
		e.lists(t, prefixed(dir, []string{"a"}), &storage.ListOptions{Prefix: dir, Delimiter: "/"})
	})
	e.run("sizes", func(t *testing.T, dir string) {
		e.seed(t, dir+"a", 77)
		for o, err := range e.bkt.List(t.Context(), &storage.ListOptions{Prefix: dir}) {
			require.NoError(t, err)
			require.Equal(t, int64(77), o.Size)
			require.False(t, o.IsPrefix)
		}
	})
	e.run("stop early", func(t *testing.T, dir string) {
		for i := range 5 {
			e.put(t, fmt.Sprint(dir, i), nil)
		}
		n := 0
		for range e.bkt.List(t.Context(), &storage.ListOptions{Prefix: dir, PageSize: 2}) {
			if n++; n == 3 {
				break
			}
		}
		require.Equal(t, 3, n)
	})
	e.run("bad options", func(t *testing.T, dir string) {
		for _, opts := range []storage.ListOptions{{Delimiter: "-"}, {Prefix: "../"}, {Prefix: "/" + dir}, {Prefix: "a//b"}} {
			for _, err := range e.bkt.List(t.Context(), &opts) {
				requireKind(t, rendition.InvalidJob, err)
			}
		}
	})
}

// lists checks the keys of a listing.
func (e *env) lists(t *testing.T, want []string, opts *storage.ListOptions) {
	t.Helper()
	var got []string
	check := func() bool {
		got = nil
		for o, err := range e.bkt.List(t.Context(), opts) {
			require.NoError(t, err)
			require.Equal(t, o.IsPrefix, o.Key[len(o.Key)-1] == '/')
			got = append(got, o.Key)
		}
		return slices.Equal(want, got)
	}
	if e.h.EventualWait > 0 {
		require.Eventually(t, check, e.h.EventualWait, e.h.EventualWait/20)
	}
	check()
	require.Equal(t, want, got, "listing %+v", *opts)
}

func prefixed(dir string, keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = dir + k
	}
	return out
}

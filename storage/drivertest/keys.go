package drivertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// keysGroup stores under names that trip up URLs, shells and file systems.
func keysGroup(e *env) {
	for _, name := range []string{
		"space in name", "plus+plus", "per%cent", "%2F", "%zz", "hash#tag", "question?mark", "amp&ersand=x", "quote'\"`",
		"semi;colon:and,comma", "@at$dollar!", "(round)[square]{curly}<angle>", "back\\slash", "star*pipe|tilde~caret^", "ümläut", "日本語",
		"😀.mp4", ".hidden", "dots...", "-dash", "UPPER", "a/b/c/d/e/f/g/h", strings.Repeat("n", 200),
		strings.Repeat(strings.Repeat("d", 50)+"/", 10) + "deep", "file.part", ".rendition-x",
	} {
		e.run(printable(name), func(t *testing.T, dir string) {
			key := dir + name
			if e.h.Refuses != nil && e.h.Refuses(key) {
				e.refuses(t, key)
				return
			}
			data := []byte("content of " + name)
			if slices.Contains(e.h.Refused, name) {
				requireKind(t, rendition.InvalidJob, e.bkt.WriteAll(t.Context(), key, data, nil))
				e.gone(t, key)
				return
			}
			e.put(t, key, data)
			e.same(t, key, data)
			e.gone(t, dir+"another")
			if e.caps.ReadOnly || e.caps.NoList {
				return
			}
			e.lists(t, []string{key}, &storage.ListOptions{Prefix: dir})
			if e.caps.NoDelete {
				return
			}
			require.NoError(t, e.bkt.Delete(t.Context(), key))
			e.gone(t, key)
		})
	}
	e.run("refused", func(t *testing.T, dir string) {
		for _, key := range []string{
			"", "/", "/abs", "a/", "a//b", ".", "..", "../up", "a/../b", "a/./b", "a/..", "nul\x00", "new\nline", "del\x7f", "bad\xff",
			strings.Repeat("k", storage.MaxKeyBytes+1), dir + driver.TempName(),
		} {
			e.refuses(t, key)
		}
	})
	e.run("too long for the store", func(t *testing.T, dir string) {
		limit := storage.MaxKeyBytes
		if e.caps.MaxKeyBytes > 0 {
			limit = e.caps.MaxKeyBytes
		}
		_, err := e.bkt.Stat(t.Context(), strings.Repeat("k/", limit/2)+"kk")
		requireKind(t, rendition.InvalidJob, err)
	})
}

// refuses checks that every call refuses a key.
func (e *env) refuses(t *testing.T, key string) {
	t.Helper()
	_, err := e.bkt.Open(t.Context(), key, nil)
	requireKind(t, rendition.InvalidJob, err)
	_, err = e.bkt.Stat(t.Context(), key)
	requireKind(t, rendition.InvalidJob, err)
	requireKind(t, rendition.InvalidJob, e.bkt.Delete(t.Context(), key))
	_, err = e.bkt.NewWriter(t.Context(), key, nil)
	requireKind(t, rendition.InvalidJob, err)
	require.NotContains(t, err.Error(), "\n")
}

// printable makes a key a test's name.
func printable(key string) string {
	if len(key) > 24 {
		key = key[:24]
	}
	return strings.ReplaceAll(key, "/", "|")
}

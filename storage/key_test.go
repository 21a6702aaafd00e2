package storage_test

import (
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

func TestValidateKey(t *testing.T) {
	t.Parallel()
	for key, text := range map[string]string{
		"a": "", "a/b.mp4": "", "...": "", "a/..b": "", "ü/日本 语": "", strings.Repeat("k", storage.MaxKeyBytes): "",
		"": "empty", "/a": "begins with a slash", "a/": "empty element", "a//b": "empty element", "..": `".."`, "a/./b": `"."`,
		"a\x00": "U+0000", "a\r\nb": "U+000D", "\xff": "UTF-8", strings.Repeat("k", storage.MaxKeyBytes+1): "1025 bytes",
		"a/" + driver.TempName(): "reserved",
	} {
		err := storage.ValidateKey(key)
		if text == "" {
			require.NoError(t, err, key)
			continue
		}
		require.ErrorIs(t, err, rendition.InvalidJob, key)
		require.ErrorContains(t, err, text)
		require.Less(t, len(err.Error()), 300)
	}
}

func FuzzValidateKey(f *testing.F) {
	for _, s := range []string{"a/b", "../x", "a//b", "\x00", strings.Repeat("a/", 600), "ü", "/", ".rendition-A.part"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, key string) {
		err := storage.ValidateKey(key)
		if err != nil {
			if s := err.Error(); !utf8.ValidString(s) || strings.ContainsAny(s, "\r\n\x00") {
				t.Errorf("%q: message %q", key, s)
			}
			return
		}
		if clean := path.Clean(key); clean != key || path.IsAbs(key) || key == "." || strings.HasPrefix(key, "../") || key == ".." ||
			len(key) > storage.MaxKeyBytes || !utf8.ValidString(key) || strings.ContainsAny(key, "\x00\r\n") {
			t.Errorf("%q is taken for a key", key)
		}
	})
}

func FuzzRedactURL(f *testing.F) {
	for _, s := range []string{"https://u:SECRET@h/p?SECRET", "ftp://SECRET@h", "s3://a/SECRET@b", "x?y://SECRET@z"} {
		f.Add("https", "user", "pa/ss", "host/path", s)
	}
	f.Fuzz(func(t *testing.T, scheme, user, pass, rest, query string) {
		const secret = "hUNTer2"
		if strings.ContainsAny(scheme+user+pass+rest, "?#") || strings.Contains(scheme, "://") {
			return
		}
		got := storage.RedactURL(scheme + "://" + user + ":" + pass + secret + "@" + rest + "?" + query + secret)
		if strings.Contains(got, secret) {
			t.Errorf("%q", got)
		}
	})
}

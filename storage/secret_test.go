package storage_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage"
)

func debugLogger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	type options struct {
		Key    storage.Secret `json:"key"`
		Ptr    *storage.Secret
		Nested map[string]storage.Secret
	}
	s := storage.Secret("hunter2")
	o := options{Key: s, Ptr: &s, Nested: map[string]storage.Secret{"a": s}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%20s"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, s, o.Key, o.Nested, []storage.Secret{s})
	}
	fmt.Fprintf(&out, "%v %+v %#v", o, o, o)
	b, err := json.Marshal(o)
	require.NoError(t, err)
	out.Write(b)
	debugLogger(&out).Info("x", "secret", s, "options", o, "any", any(s))
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "secret", s, "options", o)
	fmt.Fprint(&out, s, fmt.Errorf("wrapped: %v", s))
	require.NotContains(t, out.String(), "hunter2")
	require.NotContains(t, out.String(), "68756e746572") // in hex
	require.Contains(t, out.String(), "[redacted]")
	require.Equal(t, "hunter2", s.Reveal())
	require.Empty(t, storage.Secret("").String())
	var back options
	require.NoError(t, json.Unmarshal([]byte(`{"key":"hunter2"}`), &back))
	require.Equal(t, "hunter2", back.Key.Reveal())
}

func TestRedactURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://host/a/b.mp4":              "https://host/a/b.mp4",
		"https://host/a?sig=S":              "https://host/a?[redacted]",
		"https://host/a#S":                  "https://host/a?[redacted]",
		"ftp://u:S@host:21/a":               "ftp://[redacted]@host:21/a",
		"s3://AKIA:S/S+S@host/b/k":          "s3://[redacted]@host/b/k",
		"https://S@acct.blob.net/c?sig=S@x": "https://[redacted]@acct.blob.net/c?[redacted]",
		"/plain/path?x.mp4":                 "/plain/path?x.mp4",
		"":                                  "",
		"https://a:b@c:S@host/p":            "https://[redacted]@host/p",
		"://S@":                             "://[redacted]@",
		"ftp://u:S?S@host/a":                "ftp://[redacted]",
		"ftp://u:S#S@host:21/a":             "ftp://[redacted]",
		"https://host:80/a?to=x@y":          "https://host:80/a?[redacted]",
		"https://[::1]/a?to=x@y":            "https://[::1]/a?[redacted]",
	} {
		require.Equal(t, want, storage.RedactURL(in), in)
	}
}

package location_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage/location"
)

// prints returns a value in every form in which it may get into a log.
func prints(t *testing.T, v any) (list []string) {
	t.Helper()
	for _, flags := range []string{"", "+", "#", "-20.3"} {
		for verb := 'A'; verb <= 'z'; verb++ {
			if verb >= 'A' && verb <= 'Z' || verb >= 'a' && verb <= 'z' {
				if verb != 'p' && verb != 'w' { // fmt offers these two to no method, and go vet refuses them
					list = append(list, fmt.Sprintf("%"+flags+string(verb), v))
				}
			}
		}
	}
	list = append(list, fmt.Sprint(v), fmt.Sprintf("%v", []any{v}), fmt.Sprintf("%#v", map[string]any{"l": v}), fmt.Errorf("at %v", v).Error())
	data, err := json.Marshal(v)
	require.NoError(t, err)
	list = append(list, string(data))
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("m", "l", v, slog.Group("g", "l", v))
	slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "l", v, slog.Group("g", "l", v))
	return append(list, b.String())
}

// No form of printing shows a secret, of any form of URL.
func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	with := 0
	for _, f := range forms() {
		l, err := location.Parse(f.raw)
		require.NoError(t, err)
		if strings.Contains(f.raw, "SECRET") {
			with++
			require.Contains(t, l.URL().Reveal(), "SECRET")
		}
		for _, v := range []any{l, *l, struct{ L *location.Location }{l}, struct{ L location.Location }{*l}, l.URL()} {
			for _, s := range prints(t, v) {
				require.NotContains(t, s, "SECRET", f.raw)
				require.NotContains(t, s, "534543524554", f.raw) // in hexadecimal
				require.NotContains(t, s, "83 69 67 82", f.raw)  // in bytes
			}
		}
	}
	require.Greater(t, with, 50)
}

// The plain text still says where it is.
func TestString(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"s3://AKIA:SECRET@media/a/b.mp4?acl=private": "s3://[redacted]@media/a/b.mp4?[redacted]",
		"sftp://u:SECRET@h.org/a@b.mp4":              "sftp://[redacted]@h.org/a%40b.mp4",
		"https://example.com/a.mp4?t=SECRET":         "https://example.com/a.mp4?[redacted]",
		"talk.mp4":                                   "file:talk.mp4",
		"mem://a/b":                                  "mem://a/b",
	} {
		l, err := location.Parse(raw)
		require.NoError(t, err)
		require.Equal(t, want, l.String())
		require.Equal(t, want, fmt.Sprint(*l))
	}
	require.Contains(t, fmt.Sprintf("%+v", location.Location{Host: "h", Password: "SECRET"}), "Host:h Port:0 User: Password:[redacted]")
	require.Contains(t, fmt.Sprintf("%#v", &location.Location{Host: "h", Password: "SECRET"}), `location.Location{Driver:"", Scheme:"", Host:"h"`)
	require.Equal(t, "<nil>", fmt.Sprint((*location.Location)(nil)))
}

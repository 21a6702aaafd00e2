//go:build cgo

package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	clip := filepath.Join(dir, "clip.mp4")
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=128x72:d=1",
		"-f", "lavfi", "-i", "sine=d=1", "-c:v", "mpeg4", "-metadata:s:a:0", "language=swe", clip).CombinedOutput()
	require.NoError(t, err, string(out))
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()

	for _, source := range []string{clip, "file://" + clip, server.URL + "/clip.mp4"} {
		var b bytes.Buffer
		require.NoError(t, run(t.Context(), []string{source}, &b), source)
		var m rendition.Media
		require.NoError(t, json.Unmarshal(b.Bytes(), &m))
		require.Len(t, m.Streams, 2)
		require.Equal(t, 128, m.Streams[0].Video.Width)
		require.InDelta(t, 1, m.DurationSeconds, 0.05)
	}

	var b bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-text", clip}, &b))
	require.Contains(t, b.String(), "128x72, yuv420p, 25 fps")
	require.Contains(t, b.String(), "mp4a.40.2")
	require.Contains(t, b.String(), "swe")
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, run(t.Context(), nil, &bytes.Buffer{}), "usage")
	require.ErrorIs(t, run(t.Context(), []string{filepath.Join(t.TempDir(), "none.mp4")}, &bytes.Buffer{}), rendition.NotFound)
}

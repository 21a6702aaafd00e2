//go:build cgo

package main

import (
	"bytes"
	"crypto/sha256"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/examples/internal/sample"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/testenv"
)

func TestMain(m *testing.M) { leak.Main(m) }

// clip is a short video, and three folders to publish to.
func clip(t *testing.T) (in string, out []string) {
	t.Helper()
	testenv.Program(t, "ffmpeg")
	dir := t.TempDir()
	in = filepath.Join(dir, "clip.mp4")
	require.NoError(t, sample.Make(t.Context(), in, &sample.Options{Width: 320, Height: 180, Duration: 8 * time.Second}))
	return in, []string{filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")}
}

// tree is what a folder holds.
func tree(t *testing.T, dir string) map[string][sha256.Size]byte {
	t.Helper()
	files := map[string][sha256.Size]byte{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = sha256.Sum256(data)
		return err
	}))
	return files
}

func TestRun(t *testing.T) {
	t.Parallel()
	in, out := clip(t)
	var text bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-quiet", "-in", in, "-out", strings.Join(out, ","), "-room", "40000"}, &text))
	t.Log(text.String())
	before, after, _ := strings.Cut(text.String(), "after the redelivery")
	require.Contains(t, before, "destination 2 failed")
	require.Equal(t, 2, strings.Count(before, "  saved "))
	require.Contains(t, before, "no space left")
	require.Equal(t, 3, strings.Count(after, "  saved "))
	want := tree(t, out[0])
	require.Contains(t, want, "/hls0/master.m3u8")
	require.Equal(t, want, tree(t, out[1]))
	require.Equal(t, want, tree(t, out[2]))
}

// Where all must be good, nothing is left anywhere.
func TestRunWantsAll(t *testing.T) {
	t.Parallel()
	in, out := clip(t)
	err := run(t.Context(), []string{"-quiet", "-in", in, "-out", strings.Join(out, ","), "-room", "40000", "-at-least", "0"}, &bytes.Buffer{})
	require.ErrorIs(t, err, rendition.Quota)
	require.ErrorContains(t, err, "output.buckets[2]")
	for _, dir := range out {
		if _, err := os.Stat(dir); err == nil {
			require.Empty(t, tree(t, dir))
		}
	}
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none.mp4")
	require.ErrorIs(t, run(t.Context(), []string{"-quiet", "-in", none, "-out", t.TempDir()}, &bytes.Buffer{}), rendition.NotFound)
	require.ErrorIs(t, run(t.Context(), []string{"-quiet", "-in", none, "-out", "gopher://x"}, &bytes.Buffer{}), rendition.Unsupported)
}

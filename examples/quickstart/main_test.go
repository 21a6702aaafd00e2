package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

func TestRun(t *testing.T) {
	t.Parallel()
	testenv.Program(t, "ffmpeg")
	dir := t.TempDir()
	clip, out := filepath.Join(dir, "clip.mp4"), filepath.Join(dir, "out")
	require.NoError(t, sample.Make(t.Context(), clip, &sample.Options{Width: 320, Height: 180, Duration: 4 * time.Second}))
	var text bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-quiet", "-in", clip, "-out", out}, &text))

	for _, name := range []string{"output_0.mp4", "output_1.mp4", "hls2/master.m3u8", "thumbs3/thumbnails.vtt", "output_4.gif", "index.html"} {
		require.FileExists(t, filepath.Join(out, name))
		require.Contains(t, text.String(), filepath.Base(name))
	}
	require.InDelta(t, 4, seconds(t, filepath.Join(out, "output_0.mp4")), 0.05)
	require.InDelta(t, 4, seconds(t, filepath.Join(out, "hls2", "master.m3u8")), 0.1)
	page, err := os.ReadFile(filepath.Join(out, "index.html"))
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`href="([^":]+)"`).FindAllStringSubmatch(string(page), -1) {
		require.FileExists(t, filepath.Join(out, m[1]), "the page links to it")
	}
	require.Contains(t, string(page), `"sheet":"thumbs3/sprite_0001.jpg"`, "the timeline has a preview")
}

// seconds is the duration of a file as ffprobe sees it.
func seconds(t *testing.T, path string) float64 {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffprobe"), "-v", "error", "-show_entries", "format=duration",
		"-of", "default=nw=1:nk=1", path).Output()
	require.NoError(t, err)
	var s float64
	require.NoError(t, json.Unmarshal(bytes.TrimSpace(out), &s))
	return s
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	err := run(t.Context(), []string{"-quiet", "-in", filepath.Join(dir, "none.mp4"), "-out", dir}, &bytes.Buffer{})
	require.ErrorIs(t, err, rendition.NotFound)
	require.ErrorIs(t, run(t.Context(), []string{"-h"}, &bytes.Buffer{}), flag.ErrHelp)
}

func TestRunWithoutFFmpeg(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := run(t.Context(), []string{"-quiet", "-out", t.TempDir()}, &bytes.Buffer{})
	require.ErrorContains(t, err, "make setup")
}

// The program is what a newcomer reads first.
func TestIsShort(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("main.go")
	require.NoError(t, err)
	require.Less(t, strings.Count(string(source), "\n"), 60)
}

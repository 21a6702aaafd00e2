package sample_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/examples/internal/sample"
	"github.com/rendition-sdk/rendition/internal/testenv"
)

func TestMake(t *testing.T) {
	t.Parallel()
	testenv.Program(t, "ffmpeg")
	path := filepath.Join(t.TempDir(), "clip.mp4")
	require.NoError(t, sample.Make(t.Context(), path, &sample.Options{Width: 320, Height: 180, Duration: 4 * time.Second}))

	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffprobe"), "-v", "error", "-count_frames",
		"-show_entries", "stream=codec_name,width,height,nb_read_frames,channels", "-of", "compact=p=0", path).Output()
	require.NoError(t, err)
	require.Equal(t, "codec_name=h264|width=320|height=180|nb_read_frames=120",
		strings.SplitN(string(out), "\n", 2)[0])
	require.Contains(t, string(out), "codec_name=aac|channels=2")
}

// Every part of the clip moves: a frozen picture would hide errors of whoever uses it.
func TestMakeMoves(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "clip.mp4")
	ffmpeg := testenv.Program(t, "ffmpeg")
	require.NoError(t, sample.Make(t.Context(), path, &sample.Options{Width: 160, Height: 90, Duration: 3 * time.Second}))
	out, err := exec.CommandContext(t.Context(), ffmpeg, "-v", "info", "-i", path, "-vf", "freezedetect=n=0.0005:d=0.5",
		"-f", "null", "-").CombinedOutput()
	require.NoError(t, err, string(out))
	require.NotContains(t, string(out), "freeze_start")
}

func TestMakeCanceled(t *testing.T) {
	t.Parallel()
	testenv.Program(t, "ffmpeg")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	err := sample.Make(ctx, filepath.Join(t.TempDir(), "clip.mp4"), nil)
	require.ErrorContains(t, err, "enough")
}

func TestOrTakesWhatIsGiven(t *testing.T) {
	t.Parallel()
	path, remove, err := sample.Or(t.Context(), io.Discard, "https://example.com/film.mp4")
	require.NoError(t, err)
	remove()
	require.Equal(t, "https://example.com/film.mp4", path)
}

func TestMakeWithoutFFmpeg(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	_, _, err := sample.Or(t.Context(), io.Discard, "")
	require.ErrorContains(t, err, "make setup")
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	require.Empty(t, left, "the folder of a clip that was not made is removed")
}

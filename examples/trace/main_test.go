//go:build cgo

package main

import (
	"bytes"
	"path/filepath"
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
	clip := filepath.Join(t.TempDir(), "clip.mp4")
	require.NoError(t, sample.Make(t.Context(), clip, &sample.Options{Width: 320, Height: 180, Duration: 4 * time.Second}))
	var text bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-in", clip, "-out", t.TempDir()}, &text))
	t.Log(text.String())
	for _, line := range []string{
		`(?m)^ +\d+\.\d{3} s  job source=\S+clip.mp4 outputs=1 priority=0 state=completed$`,
		`(?m) s    queue$`,
		`(?m) s    probe container=\S+ duration=4(\.\d+)?s streams=2$`,
		`(?m) s    encode chunks=1 `,
		`(?m) s      chunk chunk=-1 chunks=1 `,
		`(?m) s    package output=0 type=hls$`,
		`(?m) s      upload path=hls0/master.m3u8 destinations=1 bytes=\d+$`,
	} {
		require.Regexp(t, line, text.String())
	}
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	err := run(t.Context(), []string{"-in", filepath.Join(t.TempDir(), "none.mp4"), "-out", t.TempDir()}, &text)
	require.ErrorIs(t, err, rendition.NotFound)
	require.Regexp(t, `job .* state=failed failed: `, text.String())
}

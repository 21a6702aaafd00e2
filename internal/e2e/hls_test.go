package e2e_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/transcode"
)

// drawClip makes a clip of 640x360 and 8 seconds at 25 frames per second with
// a sine, whose lowest lines are white as far as the time has come.
func drawClip(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "clip.mp4")
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), "-v", "error", "-nostdin",
		"-f", "lavfi", "-i", "testsrc2=s=640x340:r=25,pad=640:360:0:0:black",
		"-f", "lavfi", "-i", "color=white:s=640x20:r=25", "-f", "lavfi", "-i", "sine=f=440:r=48000",
		"-filter_complex", "[0][1]overlay=x='W*(t/8-1)':y=H-h[v]", "-map", "[v]", "-map", "2",
		"-t", "8", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", file).CombinedOutput()
	require.NoError(t, err, string(out))
	return file
}

// publishHLS runs a job with one HLS output and returns the folder it went to.
func publishHLS(t *testing.T, input string, heights ...int) string {
	t.Helper()
	dir := t.TempDir()
	job, err := transcode.NewJob(input).To(dir).HLS(&transcode.HLSOutput{
		Ladder: transcode.Heights(heights...), Preset: "ultrafast", SegmentDuration: transcode.Seconds(2),
	}).Build()
	require.NoError(t, err)
	_, err = transcode.New(nil).Run(t.Context(), job, nil)
	require.NoError(t, err)
	return dir
}

const master = "hls0/master.m3u8"

func TestChromiumPlaysHLS(t *testing.T) {
	dir := publishHLS(t, drawClip(t), 360, 240, 180)
	requirePlays(t, openBrowser(t), serve(t, dir, nil), master,
		expectation{duration: 8, heights: []int{360, 240, 180}, bar: true})
}

func TestChromiumPlaysHLSOfARealClip(t *testing.T) {
	dir := publishHLS(t, testenv.Clip(t, "film/bbb_480p_h264-aac51_30s.mp4"), 480, 360, 240)
	requirePlays(t, openBrowser(t), serve(t, dir, nil), master,
		expectation{duration: 30, heights: []int{480, 360, 240}})
}

func TestHLSJSPlaysHLS(t *testing.T) {
	script := hlsJS(t)
	dir := publishHLS(t, drawClip(t), 360, 240, 180)
	requirePlays(t, openBrowser(t), serve(t, dir, map[string][]byte{"hls.js": script}), master,
		expectation{duration: 8, heights: []int{360, 240, 180}, bar: true})
}

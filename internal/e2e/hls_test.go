package e2e_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/transcode"
)

// drawClip makes a clip of 640x360 and 8 seconds at 25 frames per second with
// a sine, whose lowest lines are white as far as the time has come. args are
// more of its encoder's options.
func drawClip(t *testing.T, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "clip.mp4")
	args = append(append([]string{
		"-v", "error", "-nostdin",
		"-f", "lavfi", "-i", "testsrc2=s=640x340:r=25,pad=640:360:0:0:black",
		"-f", "lavfi", "-i", "color=white:s=640x20:r=25", "-f", "lavfi", "-i", "sine=f=440:r=48000",
		"-filter_complex", "[0][1]overlay=x='W*(t/8-1)':y=H-h[v]", "-map", "[v]", "-map", "2",
		"-t", "8", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
	}, args...), file)
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), args...).CombinedOutput() //nolint:gosec // a test's own arguments
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

// A copy and an encode of one presentation play as one.
func TestChromiumPlaysCopiedHLS(t *testing.T) {
	clip, dir := drawClip(t, "-g", "50", "-bf", "2", "-sc_threshold", "0"), t.TempDir()
	job, err := transcode.NewJob(clip).To(dir).HLS(&transcode.HLSOutput{
		Ladder: transcode.Ladder{Rungs: []transcode.Rung{{Codec: rendition.CodecCopy}, {Height: 180}}}, Preset: "ultrafast",
		SegmentDuration: transcode.Seconds(2),
	}).Build()
	require.NoError(t, err)
	_, err = transcode.New(nil).Run(t.Context(), job, nil)
	require.NoError(t, err)
	requirePlays(t, openBrowser(t), serve(t, dir, nil), master, expectation{duration: 8, heights: []int{360, 180}, bar: true})
}

func TestHLSJSPlaysHLS(t *testing.T) {
	script := hlsJS(t)
	dir := publishHLS(t, drawClip(t), 360, 240, 180)
	requirePlays(t, openBrowser(t), serve(t, dir, map[string][]byte{"hls.js": script}), master,
		expectation{duration: 8, heights: []int{360, 240, 180}, bar: true})
}

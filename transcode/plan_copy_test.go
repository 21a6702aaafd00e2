package transcode_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

func TestPlanOfCopiedVideo(t *testing.T) {
	t.Parallel()
	p := plan(t, videoRate(landscape(), 4_000_000), &transcode.FileOutput{Codec: "copy", Height: 1080, MaxBitrate: 4_000_000},
		&transcode.FileOutput{Container: "mkv", Codec: "copy"},
		&transcode.HLSOutput{Codec: "copy", Ladder: transcode.AutoLadder(), SegmentDuration: transcode.Seconds(5)})
	require.Len(t, p.Video, 1, "one copy serves all")
	require.Equal(t, transcode.VideoRendition{
		ID: "v0", Codec: rendition.H264, Copy: true, Width: 1920, Height: 1080, FrameRate: fps(30, 1), PixelFormat: "yuv420p",
		Color: landscape().Streams[0].Video.Color, Bitrate: 4_000_000,
	}, p.Video[0])
	require.Equal(t, fps(5, 1), p.HLS[0].SegmentDuration)
	require.Equal(t, []transcode.HLSTrack{{Rendition: "v0", Name: "1080p", Default: true}}, p.HLS[0].Video)
	golden(t, "plan_copy.txt", p.String())
}

// A copy keeps a variable rate, an odd size and the picture as it is stored.
func TestPlanOfACopyKeepsThePicture(t *testing.T) {
	t.Parallel()
	m := phone()
	m.Streams[0].Video.Width, m.Streams[0].Video.Height = 161, 121
	v := plan(t, m, &transcode.FileOutput{Codec: "copy"}).Video[0]
	require.Equal(t, [2]int{161, 121}, [2]int{v.Width, v.Height})
	require.Zero(t, v.FrameRate)
	m = phone()
	require.True(t, plan(t, m, &transcode.FileOutput{Codec: "copy", Height: 1080, Width: 1920}).Video[0].Copy, "as upright pictures are asked for")
}

func TestPlanOfACopyBesideEncodes(t *testing.T) {
	t.Parallel()
	crf := 20
	p := plan(t, landscape(), &transcode.HLSOutput{
		Ladder: transcode.Ladder{Rungs: []transcode.Rung{{Codec: "copy"}, {Height: 480}}}, CRF: &crf, Preset: "fast",
	})
	require.Len(t, p.Video, 2)
	require.True(t, p.Video[0].Copy)
	require.Zero(t, p.Video[0].CRF, "a copy does not take what is for encodes")
	require.Equal(t, 20, p.Video[1].CRF)
	require.Equal(t, fps(6, 1), p.HLS[0].SegmentDuration)
}

// Where the video's rate is not known, the file's bounds it.
func TestPlanOfACopyBoundsTheRate(t *testing.T) {
	t.Parallel()
	m := landscape()
	m.Bitrate = 3_000_000
	require.True(t, plan(t, m, &transcode.FileOutput{Codec: "copy", Bitrate: 3_000_000}).Video[0].Copy)
}

package transcode_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestPlanString(t *testing.T) {
	t.Parallel()
	no := false
	for name, p := range map[string]*transcode.Plan{
		"landscape": plan(t, landscape(), &transcode.FileOutput{Height: 720}, hlsOf(2160, 1080, 720, 480),
			&transcode.ThumbnailsOutput{Interval: transcode.Seconds(5), Sprite: &transcode.Sprite{}},
			&transcode.GIFOutput{Start: transcode.Seconds(5), Duration: transcode.Seconds(3)}),
		"hdr": plan(t, hdr10(), &transcode.FileOutput{Codec: rendition.H265, Height: 1080}, &transcode.FileOutput{Height: 1080},
			&transcode.FileOutput{Container: "mkv", Bitrate: 9_000_000, Audio: &transcode.AudioSettings{Codec: "copy"}},
			&transcode.ThumbnailsOutput{Count: 1, Exact: true, Format: "png"}),
		"broadcast": plan(t, broadcast(), &transcode.FileOutput{Height: 576, Start: transcode.Seconds(10), Duration: transcode.Seconds(5)},
			&transcode.FileOutput{Height: 576, Start: transcode.Seconds(10)}, &transcode.HLSOutput{Ladder: transcode.AutoLadder(), PublishWhileEncoding: true}),
		"sound": plan(t, audioOnly(), &transcode.FileOutput{Container: "mp3"}, &transcode.FileOutput{Video: &no}),
	} {
		golden(t, "plan_"+name+".txt", p.String())
	}
	require.NotPanics(t, func() { _ = (&transcode.Plan{}).String() })
}

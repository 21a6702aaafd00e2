package e2e_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// What browsers play of the single files, they play to the end and seek in.
func TestChromiumPlaysFiles(t *testing.T) {
	clip, dir := drawClip(t), t.TempDir()
	job, err := transcode.NewJob(clip).To(dir).
		File(&transcode.FileOutput{Height: 180, Preset: "ultrafast"}).
		File(&transcode.FileOutput{Height: 180, Preset: "ultrafast", Container: "webm"}).
		File(&transcode.FileOutput{Height: 180, Preset: "ultrafast", Codec: rendition.AV1}).
		Build()
	require.NoError(t, err)
	result, err := transcode.New(nil).Run(t.Context(), job, nil)
	require.NoError(t, err)
	base := serve(t, dir, nil)
	for _, f := range result.Files {
		t.Run(f.Path+" "+f.Codecs, func(t *testing.T) {
			requirePlays(t, openBrowser(t), base, f.Path, expectation{duration: 8, heights: []int{180}, bar: true})
		})
	}
}

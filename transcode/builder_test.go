package transcode_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// The builder and JSON fill the same fields.
func TestBuilderMakesWhatJSONMakes(t *testing.T) {
	t.Parallel()
	built, err := transcode.NewJob("talk.mp4").To("out").Subpath("a/").OnTruncated("warn").
		File(nil).
		File(&transcode.FileOutput{Height: 720, CRF: transcode.CRF(21)}).
		HLS(nil).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(720, 480)}).
		Thumbnails(nil).
		GIF(nil).
		Build()
	require.NoError(t, err)
	parsed, err := transcode.ParseJob([]byte(`{"input": {"url": "talk.mp4"}, "output": {"url": "out"}, "out_subpath": "a/",
	  "on_truncated": "warn", "outputs": [{"type": "file"}, {"type": "file", "height": 720, "crf": 21}, {"type": "hls", "ladder": "auto"},
	  {"type": "hls", "ladder": [{"height": 720}, {"height": 480}]}, {"type": "thumbnails", "interval": 10}, {"type": "gif", "duration": 3}]}`))
	require.NoError(t, err)
	require.Equal(t, parsed, built)
}

func TestBuilderReportsEverything(t *testing.T) {
	t.Parallel()
	_, err := transcode.NewJob("").File(&transcode.FileOutput{Height: 721}).HLS(&transcode.HLSOutput{}).Build()
	require.EqualError(t, err, `transcode: validate job: 4 problems:
  input: is missing; give input.url or input.s3
  output: is missing; give output.url, output.urls or output.s3
  outputs[0].height: must be even, got 721; use 720 or 722
  outputs[1].ladder: is empty, and nothing would be made; give rungs such as [{"height": 720}], or "auto"`)
	require.Equal(t, rendition.InvalidJob, rendition.KindOf(err))
}

// namedSource is a Source of the host application.
type namedSource string

func (s namedSource) Name() string { return string(s) }
func (namedSource) Open(context.Context) (rendition.SourceReader, error) {
	return nil, rendition.NotFound
}

func TestBuilderPlaces(t *testing.T) {
	t.Parallel()
	b := transcode.NewJob("").From(namedSource("talk.mp4")).To("one", "two").File(nil)
	first, err := b.Build()
	require.NoError(t, err)
	require.Equal(t, []string{"one", "two"}, first.Output.URLs)
	require.Empty(t, first.Output.URL)
	second, err := b.To("three").GIF(nil).Build()
	require.NoError(t, err)
	require.Equal(t, "three", second.Output.URL)
	require.Empty(t, second.Output.URLs)
	require.Len(t, first.Outputs, 1, "a built job does not change with its builder")
	require.Len(t, second.Outputs, 2)
}

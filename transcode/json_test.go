package transcode_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// serviceJob is a request of the job service, with every kind of output.
const serviceJob = `{
  "input": { "source": "url", "url": "https://example.com/source/talk.mp4" },
  "output": {
    "s3": {
      "endpoint": "https://s3.eu-central-1.amazonaws.com",
      "region": "eu-central-1",
      "bucket": "my-media",
      "path": "talks/talk-42/",
      "access_key": "AKIA...",
      "secret_key": "swordfish"
    }
  },
  "outputs": [
    { "type": "file", "container": "mp4", "codec": "h264", "height": 1080 },
    { "type": "file", "container": "mp4", "codec": "h264", "height": 720, "crf": 21, "preset": "fast" },
    { "type": "hls", "ladder": [ { "height": 1080 }, { "height": 720 }, { "height": 480 } ] },
    { "type": "thumbnails", "interval": 10 },
    { "type": "gif", "start": "00:00:05", "duration": 3 }
  ],
  "webhook_url": "https://example.com/hooks/transcode",
  "idempotency_key": "your-unique-key",
  "out_subpath": "a/"
}`

func TestParseJobOfService(t *testing.T) {
	t.Parallel()
	job, err := transcode.ParseJob([]byte(serviceJob))
	require.NoError(t, err)
	require.Equal(t, "url", job.Input.Kind)
	require.Equal(t, "https://example.com/source/talk.mp4", job.Input.URL)
	require.Equal(t, "swordfish", job.Output.S3.SecretKey.Reveal())
	require.Equal(t, transcode.Outputs{
		&transcode.FileOutput{Container: "mp4", Codec: rendition.H264, Height: 1080},
		&transcode.FileOutput{Container: "mp4", Codec: rendition.H264, Height: 720, CRF: transcode.CRF(21), Preset: "fast"},
		&transcode.HLSOutput{Ladder: transcode.Heights(1080, 720, 480)},
		&transcode.ThumbnailsOutput{Interval: transcode.Seconds(10)},
		&transcode.GIFOutput{Start: transcode.Seconds(5), Duration: transcode.Seconds(3)},
	}, job.Outputs)
	require.Equal(t, "your-unique-key", job.IdempotencyKey)
	require.Equal(t, "a/", job.OutSubpath)
	require.Equal(t, "https://example.com/hooks/transcode", job.WebhookURL)
}

func TestParseJobFromS3(t *testing.T) {
	t.Parallel()
	job, err := transcode.ParseJob([]byte(`{
	  "input": {"source": "s3", "s3": {"endpoint": "https://s3.eu-central-1.amazonaws.com", "region": "eu-central-1",
	    "bucket": "my-uploads", "path": "incoming/talk.mp4", "access_key": "AKIA...", "secret_key": "..."}},
	  "output": {"url": "out"}, "outputs": [{"type": "file", "codec": "av1", "height": 4320}]}`))
	require.NoError(t, err)
	require.Equal(t, "incoming/talk.mp4", job.Input.S3.Path)
}

// fullJob uses every field.
const fullJob = `{
  "input": {"url": "talk.mp4"},
  "output": {"urls": ["out", "s3://copy/x"]},
  "outputs": [
    {"type": "file", "container": "mkv", "codec": "h265", "width": 1280, "height": 720, "bitrate": "2.5M", "max_bitrate": 4000000,
     "preset": "slow", "fps": 29.97, "video": true, "start": "1:30", "duration": 2.5,
     "audio": {"codec": "aac", "bitrate": "192k", "channels": 2, "language": "en"}},
    {"type": "file", "crf": 20, "fps": "30000/1001", "audio": {"codec": "none"}},
    {"type": "file", "container": "m4a", "video": false},
    {"type": "hls", "ladder": "auto", "codec": "h265", "preset": "fast", "crf": 24, "segment_duration": 4, "start": 1, "duration": "00:10",
     "publish_while_encoding": true,
     "audio": [{"codec": "aac"}, {"codec": "copy", "language": "de"}]},
    {"type": "hls", "ladder": [{"width": 640, "height": 360, "codec": "av1", "crf": 30, "max_bitrate": "1M", "preset": "faster", "fps": 25},
     {"height": 240, "bitrate": "300k"}]},
    {"type": "thumbnails", "times": [1, "0:02"], "width": 320, "height": 180, "format": "webp", "quality": 70, "exact": true,
     "sprite": {"columns": 5, "rows": 4, "width": 120}},
    {"type": "thumbnails", "count": 9},
    {"type": "gif", "start": 1, "duration": 2, "width": 320, "height": 180, "fps": 12, "format": "webp"}
  ],
  "out_subpath": "x/y", "on_truncated": "warn"
}`

func TestJobRoundTrip(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"service": serviceJob, "full": fullJob} {
		job, err := transcode.ParseJob([]byte(text))
		require.NoError(t, err, name)
		data, err := json.Marshal(job)
		require.NoError(t, err, name)
		var again transcode.Job
		require.NoError(t, json.Unmarshal(data, &again), name)
		if job.Output.S3 != nil {
			require.NotContains(t, string(data), "swordfish")
			again.Output.S3.SecretKey = job.Output.S3.SecretKey
		}
		require.Equal(t, job, &again, name)
	}
}

func TestRedactedJobCannotRun(t *testing.T) {
	t.Parallel()
	job, err := transcode.ParseJob([]byte(serviceJob))
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprintf("%+v %#v", job.Output.S3, *job.Output.S3), "swordfish")
	data, err := json.Marshal(job)
	require.NoError(t, err)
	_, err = transcode.ParseJob(data)
	require.EqualError(t, err, "transcode: parse job: output.s3.secret_key: was redacted when the job was written; put the secret back")
}

func TestReadJob(t *testing.T) {
	t.Parallel()
	job, err := transcode.ReadJob(strings.NewReader("\xef\xbb\xbf" + serviceJob))
	require.NoError(t, err)
	require.Len(t, job.Outputs, 5)

	_, err = transcode.ReadJob(strings.NewReader(strings.Repeat(" ", transcode.MaxJobBytes+1)))
	require.EqualError(t, err, "transcode: parse job: the JSON has more than 1048576 bytes")
	require.ErrorIs(t, err, rendition.InvalidJob)

	_, err = transcode.ReadJob(iotest.ErrReader(errors.New("broken pipe")))
	require.EqualError(t, err, "transcode: read job: broken pipe")
	require.ErrorIs(t, err, rendition.Unavailable)

	_, err = transcode.ReadJob(nil)
	require.ErrorIs(t, err, rendition.InvalidJob)
}

// A host application may leave out what it sets from Go.
func TestUnmarshalDoesNotValidate(t *testing.T) {
	t.Parallel()
	var job transcode.Job
	require.NoError(t, json.Unmarshal([]byte(`{"outputs": [{"type": "file"}]}`), &job))
	require.Len(t, job.Outputs, 1)
	require.ErrorIs(t, json.Unmarshal([]byte(`{"outputs": [{"type": "file", "hight": 1}]}`), &job), rendition.InvalidJob)
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := transcode.ParseJob([]byte(`{
	  "input": {"url": "a.mp4", "urll": 1}, "output": {},
	  "outputs": [
	    {"type": "file", "video_codec": "h264", "height": 721, "crf": "x"},
	    {"type": "hls", "ladder": [{"hight": 720}], "single_file": true},
	    {"type": "gif", "duration": "soon"}
	  ]}`))
	require.EqualError(t, err, `transcode: parse job: 8 problems:
  input.urll: unknown field; did you mean "url"?
  outputs[0].video_codec: unknown field; did you mean "codec"?
  outputs[0].crf: must be a whole number, got the string "x"
  outputs[1].ladder[0].hight: unknown field; did you mean "height"?
  outputs[1].single_file: one file a rendition is not in this version yet
  outputs[2].duration: "soon" is not a time such as 90, "1:30" or "00:01:30.500"
  output: is missing; give output.url, output.urls or output.s3
  outputs[0].height: must be even, got 721; use 720 or 722`)
	require.Equal(t, rendition.InvalidJob, rendition.KindOf(err))
	require.ErrorIs(t, err, rendition.Unsupported)

	list := transcode.Problems(err)
	require.Len(t, list, 8)
	require.Equal(t, "outputs[1].single_file", list[4].Key)
	require.Equal(t, rendition.Unsupported, list[4].Kind)
	require.Nil(t, transcode.Problems(nil))
	require.Len(t, transcode.Problems(list[0]), 1)
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`{"input": {"url": "a"}, "output": {"url": "b"}, "outputs": [{"type": "file"`)
	for i := range 10_000 {
		fmt.Fprintf(&b, `, "unknown_%d": 1`, i)
	}
	b.WriteString("}]}")
	_, err := transcode.ParseJob([]byte(b.String()))
	require.Len(t, transcode.Problems(err), 100)
}

func FuzzParseJob(f *testing.F) {
	for _, s := range []string{
		serviceJob, fullJob, "", "{}", "[]", "null", `{"outputs": null}`, `{"outputs": [null, 1, {"type": 1}]}`, `{"a": 1, "a": 2}`,
		`{"outputs": [{"type": "hls", "ladder": 7}]}`, strings.Repeat("[", 100), `{"input": {"s3": {"secret_key": 1}}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		job, err := transcode.ParseJob(data)
		if err != nil {
			var e *rendition.Error
			require.ErrorAs(t, err, &e)
			require.Contains(t, []rendition.Kind{rendition.InvalidJob, rendition.Unsupported}, e.Kind)
			require.NotEmpty(t, transcode.Problems(err))
			require.Nil(t, job)
			return
		}
		require.NoError(t, job.Validate())
		written, err := json.Marshal(job)
		require.NoError(t, err)
		var again transcode.Job
		require.NoError(t, json.Unmarshal(written, &again))
		_, _ = transcode.NewPlan(job, landscape())
	})
}

package transcode_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// with puts one output into a job that is right otherwise.
func with(output string) string {
	return `{"input": {"url": "a.mp4"}, "output": {"url": "out"}, "outputs": [` + output + `]}`
}

// around puts an input, an output and more fields around a good output.
func around(input, output, more string) string {
	return `{"input": ` + input + `, "output": ` + output + more + `, "outputs": [{"type": "file"}]}`
}

const (
	goodInput  = `{"url": "a.mp4"}`
	goodOutput = `{"url": "out"}`
)

// badJobs are the texts a user sees, each after "transcode: parse job: ".
var badJobs = []struct {
	name, json, text string
	kind             rendition.Kind
}{
	{"empty", "", "the JSON is empty", rendition.InvalidJob},
	{"no JSON", "job", "not valid JSON: invalid character 'j' looking for beginning of value at line 1, column 1", rendition.InvalidJob},
	{"cut short", `{"input":`, "not valid JSON: unexpected end of JSON input at line 1, column 9", rendition.InvalidJob},
	{"comma", "{\n \"input\": {},\n}", "not valid JSON: invalid character '}' looking for beginning of object key string at line 3, column 1", rendition.InvalidJob},
	{"trailing data", with(`{"type": "file"}`) + "{}", "not valid JSON: invalid character '{' after top-level value at line 1, column 85", rendition.InvalidJob},
	{"not UTF-8", "{\"a\xff\": 1}", "the JSON is not UTF-8", rendition.InvalidJob},
	{"a list", "[]", "a job is an object { ... }, got a list", rendition.InvalidJob},
	{"too deep", strings.Repeat("[", 40) + strings.Repeat("]", 40), "not valid JSON: nested more than 32 deep", rendition.InvalidJob},
	{"duplicate key", around(goodInput, `{"url": "out", "url": "b"}`, ""), "output.url: is given twice; leave one", rendition.InvalidJob},

	{"unknown field", around(goodInput, goodOutput, `, "webhook": "http://a.b/"`), `webhook: unknown field; did you mean "webhook_url"?`, rendition.InvalidJob},
	{"unknown field in an output", with(`{"type": "file", "video_codec": "h264"}`), `outputs[0].video_codec: unknown field; did you mean "codec"?`, rendition.InvalidJob},
	{
		"unknown field in a rung", with(`{"type": "hls", "ladder": [{"height": 720, "hight": 1}]}`),
		`outputs[0].ladder[0].hight: unknown field; did you mean "height"?`, rendition.InvalidJob,
	},
	{"unknown field, none near", with(`{"type": "file", "audio": {"zzzzzz": 1}}`), "outputs[0].audio.zzzzzz: unknown field; allowed: codec, bitrate, channels or language", rendition.InvalidJob},
	{"no type", with(`{"codec": "h264"}`), "outputs[0].type: is missing; allowed: file, hls, thumbnails or gif", rendition.InvalidJob},
	{"unknown type", with(`{"type": "thumbnail", "interval": 1}`), `outputs[0].type: there is no output type "thumbnail"; did you mean "thumbnails"?`, rendition.InvalidJob},
	{"null output", with(`null`), "outputs[0]: must be an object { ... }, got null", rendition.InvalidJob},
	{"string for a number", with(`{"type": "file", "height": "720"}`), `outputs[0].height: must be a whole number, got the string "720"`, rendition.InvalidJob},
	{"fraction", with(`{"type": "file", "height": 7.5}`), "outputs[0].height: must be a whole number, got the number 7.5", rendition.InvalidJob},
	{"huge number", with(`{"type": "file", "height": 1e400}`), "outputs[0].height: the number 1e400 is out of range", rendition.InvalidJob},
	{"number for a string", with(`{"type": "file", "codec": 264}`), "outputs[0].codec: must be a string, got the number 264", rendition.InvalidJob},
	{"string for a bool", with(`{"type": "file", "video": "no"}`), `outputs[0].video: must be true or false, got the string "no"`, rendition.InvalidJob},
	{"secret is never repeated", around(goodInput, `{"s3": {"bucket": "b", "access_key": "k", "secret_key": 4711}}`, ""), "output.s3.secret_key: must be a string, got a number", rendition.InvalidJob},

	{"dash", with(`{"type": "dash", "ladder": "auto"}`), `outputs[0].type: output type "dash" is not in this version yet`, rendition.Unsupported},
	{"cmaf", with(`{"type": "cmaf", "ladder": "auto"}`), `outputs[0].type: output type "cmaf" is not in this version yet`, rendition.Unsupported},
	{"loudness", with(`{"type": "file", "audio": {"loudness": -16}}`), "outputs[0].audio.loudness: setting the loudness is not in this version yet", rendition.Unsupported},
	{"subtitles", with(`{"type": "hls", "ladder": "auto", "subtitles": []}`), "outputs[0].subtitles: carrying subtitles is not in this version yet", rendition.Unsupported},
	{"iframe playlists", with(`{"type": "hls", "ladder": "auto", "iframe_playlists": true}`), "outputs[0].iframe_playlists: a playlist of key frames is not in this version yet", rendition.Unsupported},

	{"no input", around(`{}`, goodOutput, ""), "input: is missing; give input.url or input.s3", rendition.InvalidJob},
	{"url without url", around(`{"source": "url"}`, goodOutput, ""), `input.url: is required when input.source is "url"`, rendition.InvalidJob},
	{"s3 without s3", around(`{"source": "s3"}`, goodOutput, ""), `input.s3: is required when input.source is "s3"`, rendition.InvalidJob},
	{"s3 without key", around(`{"s3": {"bucket": "b"}}`, goodOutput, ""), "input.s3.path: is required: the key of the source object", rendition.InvalidJob},
	{"unknown source", around(`{"source": "ftp", "url": "a"}`, goodOutput, ""), `input.source: "ftp" is unknown; allowed: url or s3`, rendition.InvalidJob},
	{"no output", around(goodInput, `{}`, ""), "output: is missing; give output.url, output.urls or output.s3", rendition.InvalidJob},
	{"two outputs", around(goodInput, `{"url": "a", "urls": ["b"]}`, ""), "output: has several of url, urls and s3; give one", rendition.InvalidJob},
	{"same destination", around(goodInput, `{"urls": ["a", "b", "a/"]}`, ""), "output.urls[2]: is the same place as output.urls[0]; remove one", rendition.InvalidJob},
	{"half a credential", around(goodInput, `{"s3": {"bucket": "b", "access_key": "k"}}`, ""), "output.s3.secret_key: is required beside access_key", rendition.InvalidJob},
	{"endpoint", around(goodInput, `{"s3": {"bucket": "b", "endpoint": "s3.host"}}`, ""), "output.s3.endpoint: must be an http or https URL such as https://s3.eu-central-1.amazonaws.com", rendition.InvalidJob},
	{"webhook", around(goodInput, goodOutput, `, "webhook_url": "example.com"`), "webhook_url: must be an http or https URL", rendition.InvalidJob},
	{"subpath escapes", around(goodInput, goodOutput, `, "out_subpath": "a/../../b"`), `out_subpath: must not have empty, "." or ".." parts, got "a/../../b"`, rendition.InvalidJob},
	{"absolute subpath", around(goodInput, goodOutput, `, "out_subpath": "/etc"`), `out_subpath: must be relative to the output, got "/etc"; remove the first slash`, rendition.InvalidJob},
	{"on_truncated", around(goodInput, goodOutput, `, "on_truncated": "warm"`), `on_truncated: "warm" is unknown; did you mean "warn"?`, rendition.InvalidJob},

	{"no outputs", with(""), "outputs: is empty; ask for 1 to 20 outputs", rendition.InvalidJob},
	{"21 outputs", with(strings.Repeat(`{"type": "file"}, `, 20) + `{"type": "file"}`), "outputs: has 21 entries, at most 20 are allowed; split the job", rendition.InvalidJob},
	{"odd height", with(`{"type": "file", "height": 721}`), "outputs[0].height: must be even, got 721; use 720 or 722", rendition.InvalidJob},
	{"negative width", with(`{"type": "file", "width": -2}`), "outputs[0].width: must be 16 to 8192, got -2", rendition.InvalidJob},
	{"too high", with(`{"type": "file", "height": 10000}`), "outputs[0].height: must be 16 to 8192, got 10000", rendition.InvalidJob},
	{"unknown codec", with(`{"type": "file", "codec": "h266"}`), `outputs[0].codec: "h266" is no video codec of this SDK; did you mean "h264"?`, rendition.InvalidJob},
	{"codec and container", with(`{"type": "file", "container": "webm", "codec": "h264"}`), "outputs[0].codec: h264 does not go into webm; allowed: vp9 or av1", rendition.InvalidJob},
	{"vp9 in hls", with(`{"type": "hls", "ladder": [{"height": 720}], "codec": "vp9"}`), "outputs[0].codec: vp9 does not go into hls; allowed: h264, h265 or av1", rendition.InvalidJob},
	{"container", with(`{"type": "file", "container": "avi"}`), `outputs[0].container: "avi" is unknown; allowed: mp4, mov, m4a, webm, mkv, mp3 or ogg`, rendition.InvalidJob},
	{"crf", with(`{"type": "file", "crf": 52}`), "outputs[0].crf: must be 1 to 51 for h264, got 52", rendition.InvalidJob},
	{"crf and bitrate", with(`{"type": "file", "crf": 20, "bitrate": "2M"}`), "outputs[0].bitrate: does not go with crf; remove one, or use max_bitrate to cap the crf", rendition.InvalidJob},
	{"peak below average", with(`{"type": "file", "bitrate": "2M", "max_bitrate": "1M"}`), "outputs[0].max_bitrate: must be at least bitrate, which is 2M, got 1M", rendition.InvalidJob},
	{"bitrate", with(`{"type": "file", "bitrate": "2 Mbit"}`), `outputs[0].bitrate: "2 Mbit" is not a bit rate such as 2500000, 800k or 2.5M`, rendition.InvalidJob},
	{"low bitrate", with(`{"type": "file", "bitrate": 800}`), "outputs[0].bitrate: must be 10k to 800M bits per second, got 800", rendition.InvalidJob},
	{"preset", with(`{"type": "file", "preset": "slowest"}`), `outputs[0].preset: "slowest" is unknown; did you mean "slow"?`, rendition.InvalidJob},
	{"fps", with(`{"type": "file", "fps": 240}`), "outputs[0].fps: must be 1 to 120 frames per second, got 240/1", rendition.InvalidJob},
	{"fps text", with(`{"type": "file", "fps": "fast"}`), `outputs[0].fps: must be a number of frames per second such as 25, 29.97 or "30000/1001", got the string "fast"`, rendition.InvalidJob},
	{"negative time", with(`{"type": "file", "start": -1}`), `outputs[0].start: "-1" is negative`, rendition.InvalidJob},
	{"bad time", with(`{"type": "gif", "start": "1:75", "duration": 1}`), `outputs[0].start: "1:75" is not a time such as 90, "1:30" or "00:01:30.500"`, rendition.InvalidJob},
	{"video settings for sound", with(`{"type": "file", "container": "mp3", "bitrate": "192k"}`), "outputs[0].bitrate: is for video, but mp3 holds sound only; remove it; use audio.bitrate for the sound", rendition.InvalidJob},
	{"nothing left", with(`{"type": "file", "video": false, "audio": {"codec": "none"}}`), `outputs[0].audio.codec: is "none" in an output without video; nothing would be left`, rendition.InvalidJob},
	{"audio codec", with(`{"type": "file", "container": "webm", "audio": {"codec": "aac"}}`), "outputs[0].audio.codec: aac does not go into webm; allowed: opus", rendition.InvalidJob},
	{"unknown audio codec", with(`{"type": "file", "audio": {"codec": "opis"}}`), `outputs[0].audio.codec: "opis" is no audio codec to encode; did you mean "opus"?`, rendition.InvalidJob},
	{"channels", with(`{"type": "file", "audio": {"channels": 3}}`), "outputs[0].audio.channels: must be 1, 2 or 6, got 3", rendition.InvalidJob},
	{"bitrate of a copy", with(`{"type": "file", "audio": {"codec": "copy", "bitrate": "128k"}}`), `outputs[0].audio.bitrate: does not go with codec "copy"; remove it`, rendition.InvalidJob},
	{"crf of copied video", with(`{"type": "file", "codec": "copy", "crf": 20}`), `outputs[0].crf: does not go with codec "copy", which takes the coded picture as it is; remove it, or encode: codec "h264"`, rendition.InvalidJob},
	{"preset of copied video", with(`{"type": "file", "container": "webm", "codec": "copy", "preset": "slow"}`), `outputs[0].preset: does not go with codec "copy", which takes the coded picture as it is; remove it, or encode: codec "vp9"`, rendition.InvalidJob},
	{"start of copied video", with(`{"type": "file", "codec": "copy", "start": 3}`), `outputs[0].start: does not go with codec "copy", which can only begin where the source does; remove it, or encode: codec "h264"`, rendition.InvalidJob},
	{"copied video for sound", with(`{"type": "file", "container": "m4a", "codec": "copy"}`), "outputs[0].codec: is for video, but m4a holds sound only; remove it; use audio.codec for the sound", rendition.InvalidJob},
	{"fps of a copied rung", with(`{"type": "hls", "ladder": [{"codec": "copy", "fps": 25}, {"height": 480}]}`), `outputs[0].ladder[0].fps: does not go with codec "copy", which takes the coded picture as it is; remove it, or encode: codec "h264"`, rendition.InvalidJob},
	{"preset of a copied ladder", with(`{"type": "hls", "codec": "copy", "preset": "slow", "ladder": "auto"}`), `outputs[0].preset: does not go with codec "copy", which takes the coded picture as it is; remove it, or encode: codec "h264"`, rendition.InvalidJob},
	{"start of a copied rung", with(`{"type": "hls", "start": 2, "ladder": [{"codec": "copy"}, {"height": 480}]}`), `outputs[0].start: does not go with codec "copy", which can only begin where the source does; remove it, or encode: codec "h264"`, rendition.InvalidJob},
	{"audio bitrate", with(`{"type": "file", "audio": {"bitrate": 128}}`), "outputs[0].audio.bitrate: must be 16k to 512k bits per second, got 128", rendition.InvalidJob},

	{"ladder empty", with(`{"type": "hls", "ladder": []}`), `outputs[0].ladder: is empty, and nothing would be made; give rungs such as [{"height": 720}], or "auto"`, rendition.InvalidJob},
	{"ladder missing", with(`{"type": "hls"}`), `outputs[0].ladder: is empty, and nothing would be made; give rungs such as [{"height": 720}], or "auto"`, rendition.InvalidJob},
	{"ladder word", with(`{"type": "hls", "ladder": "best"}`), `outputs[0].ladder: must be "auto" or a list of rungs such as [{"height": 720}], got the string "best"`, rendition.InvalidJob},
	{"crf of another codec", with(`{"type": "hls", "codec": "av1", "crf": 60, "ladder": [{"height": 720, "codec": "h264"}, {"height": 480}]}`), "outputs[0].ladder[0].crf: must be 1 to 51 for h264, got 60", rendition.InvalidJob},
	{"odd rung", with(`{"type": "hls", "ladder": [{"height": 720}, {"height": 481}]}`), "outputs[0].ladder[1].height: must be even, got 481; use 480 or 482", rendition.InvalidJob},
	{"same rung", with(`{"type": "hls", "ladder": [{"height": 720}, {"height": 720, "codec": "h264"}]}`), "outputs[0].ladder[1]: is the same as outputs[0].ladder[0]; remove one", rendition.InvalidJob},
	{"segment", with(`{"type": "hls", "ladder": "auto", "segment_duration": 0.5}`), "outputs[0].segment_duration: must be 1 to 60 seconds, got 00:00:00.5", rendition.InvalidJob},
	{"publish while encoding", with(`{"type": "hls", "ladder": "auto", "publish_while_encoding": "yes"}`), `outputs[0].publish_while_encoding: must be true or false, got the string "yes"`, rendition.InvalidJob},

	{"no times", with(`{"type": "thumbnails"}`), "outputs[0]: needs exactly one of interval, count and times, got 0", rendition.InvalidJob},
	{"two times", with(`{"type": "thumbnails", "interval": 1, "count": 4}`), "outputs[0]: needs exactly one of interval, count and times, got 2", rendition.InvalidJob},
	{"interval", with(`{"type": "thumbnails", "interval": 0.01}`), "outputs[0].interval: must be 00:00:00.1 to 1000:00:00, got 00:00:00.01", rendition.InvalidJob},
	{"count", with(`{"type": "thumbnails", "count": 20000}`), "outputs[0].count: must be 1 to 10000, got 20000", rendition.InvalidJob},
	{"same time", with(`{"type": "thumbnails", "times": [1, "0:01"]}`), "outputs[0].times[1]: is the same time as outputs[0].times[0]; remove one", rendition.InvalidJob},
	{"format", with(`{"type": "thumbnails", "count": 1, "format": "jpeg"}`), `outputs[0].format: "jpeg" is unknown; did you mean "jpg"?`, rendition.InvalidJob},
	{"quality", with(`{"type": "thumbnails", "count": 1, "quality": 101}`), "outputs[0].quality: must be 1 to 100, got 101", rendition.InvalidJob},
	{"sheet", with(`{"type": "thumbnails", "count": 1, "sprite": {"columns": 200}}`), "outputs[0].sprite: a sheet of 200 columns of 160 pixels is 32000 wide, at most 16384 are allowed; use fewer columns or a smaller width", rendition.InvalidJob},
	{"gif without duration", with(`{"type": "gif"}`), "outputs[0].duration: is required, at most 00:01:00", rendition.InvalidJob},
	{"long gif", with(`{"type": "gif", "duration": 61}`), "outputs[0].duration: must be at most 00:01:00, got 00:01:01", rendition.InvalidJob},
	{"fast gif", with(`{"type": "gif", "duration": 1, "fps": 60}`), "outputs[0].fps: must be 1 to 50 frames per second, got 60/1", rendition.InvalidJob},
}

func TestBadJobs(t *testing.T) {
	t.Parallel()
	for i, c := range badJobs {
		t.Run(strconv.Itoa(i)+" "+c.name, func(t *testing.T) {
			t.Parallel()
			job, err := transcode.ParseJob([]byte(c.json))
			require.Nil(t, job)
			require.EqualError(t, err, "transcode: parse job: "+c.text)
			require.Equal(t, c.kind, rendition.KindOf(err))
			require.Equal(t, rendition.FaultJob, rendition.FaultOf(err))
			require.NotEmpty(t, transcode.Problems(err))
		})
	}
}

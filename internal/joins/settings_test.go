package joins_test

import (
	"cmp"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/ladder"
)

// Quality is measured at one size: joins know nothing of sizes.
const width, height = 480, 270

// clips are what is measured, as far as it can be cut.
var clips = []string{
	"film/bbb_720p25_h264-aac51_62s.ts",
	"natural/drone-beach_720p30_h264-aac_65s.mp4",
	"natural/talkinghead_720p30_coverart_25s.mp4",
	"natural/hands_1080p25_negpts-editlist_26s.mp4",
	"natural/dancer_640x360_vp8_noaudio_63s.webm",
}

// setting is a rendition to measure.
type setting struct {
	name  string
	codec rendition.Codec
	crf   int
	// bitrate is the cap; 0 is the default of the size, which holds few clips back,
	// where the others nearly always do.
	bitrate int64
	preset  string
	// threads and size are 1 and that of the source where they are 0.
	threads, width, height int
}

var settings = []setting{
	{name: "H.264", codec: rendition.H264, crf: 23, preset: "medium"},
	{name: "H.264 held back", codec: rendition.H264, crf: 18, bitrate: 200_000, preset: "medium"},
	{name: "H.265", codec: rendition.H265, crf: 26, preset: "veryfast"},
	{name: "H.265 held back", codec: rendition.H265, crf: 18, bitrate: 150_000, preset: "veryfast"},
}

// video is the setting for a source: key frames every 2 seconds and a buffer of
// 2 seconds, as jobs have them.
func (s *setting) video(m *rendition.Media, w encode.SampleWriter) *encode.Video {
	rate := m.VideoStream().Video.FrameRate
	limit := s.bitrate
	if limit == 0 {
		limit = ladder.DefaultRung(s.codec, width, height, rate).MaxBitrate
	}
	return &encode.Video{
		Stream: m.VideoStream().Index, Writers: []encode.SampleWriter{w}, VideoSettings: encode.VideoSettings{
			Codec: s.codec, Width: cmp.Or(s.width, width), Height: cmp.Or(s.height, height), FrameRate: rate, PixelFormat: "yuv420p",
			CRF: s.crf, MaxBitrate: limit, BufferSize: 2 * limit, Preset: s.preset, KeyInterval: int(2*rate.Float64() + 0.5),
			Threads: max(s.threads, 1),
		},
	}
}

// source is a clip of the size measured in a container that has an index. It is
// all that both sides see, so that scaling is not part of what is measured.
func source(t *testing.T, clip string, seconds int) string {
	t.Helper()
	// At a constant rate, with key frames where chunks begin: a run-up is tested elsewhere.
	return testenv.Generate(t, "source.mp4", "-t", strconv.Itoa(seconds), "-i", testenv.Clip(t, clip), "-map", "0:v:0", "-vf", "fps=25,scale=480:270:flags=bicubic",
		"-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-crf", "12", "-g", "50", "-sc_threshold", "0")
}

// short is a clip's name for people.
func short(clip string) string {
	name, _, _ := strings.Cut(filepath.Base(clip), "_")
	return name
}

//go:build cgo

package probe_test

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/probe"

	"github.com/stretchr/testify/require"
)

// oracle is what the ffprobe program prints.
type oracle struct {
	Format struct {
		FormatName string `json:"format_name"`
		Duration   string `json:"duration"`
		StartTime  string `json:"start_time"`
	} `json:"format"`
	Streams  []oracleStream    `json:"streams"`
	Chapters []json.RawMessage `json:"chapters"`
}

type oracleStream struct {
	CodecName          string            `json:"codec_name"`
	CodecType          string            `json:"codec_type"`
	Profile            string            `json:"profile"`
	Level              int               `json:"level"`
	CodecTagString     string            `json:"codec_tag_string"`
	Width              int               `json:"width"`
	Height             int               `json:"height"`
	PixFmt             string            `json:"pix_fmt"`
	SampleAspectRatio  string            `json:"sample_aspect_ratio"`
	DisplayAspectRatio string            `json:"display_aspect_ratio"`
	RFrameRate         string            `json:"r_frame_rate"`
	AvgFrameRate       string            `json:"avg_frame_rate"`
	FieldOrder         string            `json:"field_order"`
	ColorRange         string            `json:"color_range"`
	ColorSpace         string            `json:"color_space"`
	ColorTransfer      string            `json:"color_transfer"`
	ColorPrimaries     string            `json:"color_primaries"`
	ChromaLocation     string            `json:"chroma_location"`
	HasBFrames         int               `json:"has_b_frames"`
	ClosedCaptions     int               `json:"closed_captions"`
	SampleFmt          string            `json:"sample_fmt"`
	SampleRate         string            `json:"sample_rate"`
	Channels           int               `json:"channels"`
	ChannelLayout      string            `json:"channel_layout"`
	NbFrames           string            `json:"nb_frames"`
	StartTime          string            `json:"start_time"`
	Duration           string            `json:"duration"`
	BitRate            string            `json:"bit_rate"`
	Disposition        map[string]int    `json:"disposition"`
	Tags               map[string]string `json:"tags"`
	SideData           []map[string]any  `json:"side_data_list"`
}

func ask(t *testing.T, path string) oracle {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffprobe"), "-v", "quiet", "-of", "json",
		"-show_format", "-show_streams", "-show_chapters", path).Output()
	require.NoError(t, err)
	var o oracle
	require.NoError(t, json.Unmarshal(out, &o))
	return o
}

// unreadable clips are tested in TestBadInput.
var unreadable = map[string]bool{
	"broken/corrupt.mkv": true, "broken/zero-byte.ts": true, "broken/malformed-free-box.mp4": true, "README.md": true,
}

// durations that differ from ffprobe's on purpose, in seconds, and why.
var durations = map[string]float64{
	"subs/mov_text_eng+spa_720p30_21s.mp4": 21.153, // ffprobe counts the subtitles
	"subs/dvb_teletext_only.ts":            0,      // nothing but subtitles
}

// captioned clips carry captions in their pictures, which ffprobe does not decode.
var captioned = map[string]bool{
	"captions/sintel_h264_cea608_10s.ts": true, "captions/mpeg2ts_480i_cea608-scte20_6.7s.ts": true,
}

// rates are those that ffprobe has wrong, in frames per second.
var rates = map[string]float64{
	"subs/ass_1080x720_h264_ac3.mkv":        30,   // an average of 1000
	"legacy/elephant_msmpeg4v3_wma_28s.asf": 4.98, // an average of 120
}

func TestAgainstFFprobe(t *testing.T) {
	t.Parallel()
	root := testenv.Media(t)
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		if unreadable[name] {
			return nil
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := probe.Probe(t.Context(), file(path))
			require.NoError(t, err)
			compare(t, name, m, ask(t, path))
		})
		return nil
	}))
}

// check reports a difference and goes on.
func check[T comparable](t *testing.T, what string, want, got T) {
	t.Helper()
	if want != got {
		t.Errorf("%s: ffprobe says %v, probe says %v", what, want, got)
	}
}

func compare(t *testing.T, name string, m *rendition.Media, o oracle) {
	t.Helper()
	check(t, "format", o.Format.FormatName, m.Container)
	check(t, "chapters", len(o.Chapters), len(m.Chapters))
	want, reason := durations[name]
	if !reason {
		want = number(o.Format.Duration)
	}
	if math.Abs(want-m.DurationSeconds) > 0.002 {
		t.Errorf("duration: ffprobe says %v, want %v, probe says %v (%v) %q", o.Format.Duration, want, m.DurationSeconds, m.DurationMeasured, m.Warnings)
	}
	require.Len(t, m.Streams, len(o.Streams))
	for i, want := range o.Streams {
		got := m.Streams[i]
		what := func(field string) string { return "stream " + strconv.Itoa(i) + " " + field }
		check(t, what("type"), cmp.Or(want.CodecType, "data"), string(got.Type))
		check(t, what("codec"), want.CodecName, strings.Replace(string(got.Codec), "h265", "hevc", 1))
		if _, err := strconv.Atoi(want.Profile); err != nil { // ffprobe prints the numbers of profiles without a name
			check(t, what("profile"), want.Profile, got.Profile)
		}
		check(t, what("level"), max(want.Level, 0), got.Level)
		check(t, what("language"), strings.Replace(tag(want.Tags, "language"), "und", "", 1), got.Language)
		check(t, what("title"), tag(want.Tags, "title"), got.Title)
		check(t, what("default"), want.Disposition["default"] == 1, got.Disposition.Default)
		check(t, what("forced"), want.Disposition["forced"] == 1, got.Disposition.Forced)
		check(t, what("hearing impaired"), want.Disposition["hearing_impaired"] == 1, got.Disposition.HearingImpaired)
		check(t, what("visual impaired"), want.Disposition["visual_impaired"] == 1, got.Disposition.VisualImpaired)
		check(t, what("attached picture"), want.Disposition["attached_pic"] == 1, got.AttachedPicture)
		check(t, what("frames"), int64(number(want.NbFrames)), got.Frames)
		if want.BitRate != "" && !m.DurationMeasured {
			check(t, what("bitrate"), int64(number(want.BitRate)), got.Bitrate)
		}
		switch got.Type {
		case rendition.Video:
			if !got.AttachedPicture {
				compareRates(t, name, what, want, got.Video)
			}
			compareVideo(t, what, want, got.Video)
			check(t, what("captions"), captioned[name], got.Video.ClosedCaptions)
		case rendition.Audio:
			check(t, what("sample rate"), want.SampleRate, strconv.Itoa(got.Audio.SampleRate))
			check(t, what("channels"), want.Channels, got.Audio.Channels)
			check(t, what("layout"), want.ChannelLayout, string(got.Audio.Layout))
			check(t, what("sample format"), want.SampleFmt, got.Audio.SampleFormat)
		}
	}
}

func compareVideo(t *testing.T, what func(string) string, want oracleStream, got *rendition.VideoInfo) {
	t.Helper()
	check(t, what("width"), want.Width, got.Width)
	check(t, what("height"), want.Height, got.Height)
	check(t, what("pixel format"), want.PixFmt, got.PixelFormat)
	check(t, what("b-frames"), want.HasBFrames > 0, got.HasBFrames)
	check(t, what("color range"), want.ColorRange, got.Color.Range)
	check(t, what("color matrix"), want.ColorSpace, got.Color.Matrix)
	check(t, what("color transfer"), want.ColorTransfer, got.Color.Transfer)
	check(t, what("color primaries"), want.ColorPrimaries, got.Color.Primaries)
	check(t, what("chroma location"), want.ChromaLocation, got.Color.ChromaLocation)
	check(t, what("sample aspect"), fraction(want.SampleAspectRatio), got.SampleAspect)
	if got.Rotation%180 == 0 {
		if dar := fraction(want.DisplayAspectRatio); !dar.IsZero() {
			check(t, what("display aspect"), dar, got.DisplayAspect)
		}
	}
	if want.FieldOrder != "" && want.FieldOrder != "unknown" {
		check(t, what("field order"), want.FieldOrder, got.FieldOrder)
	}
	rotation := 0
	for _, sd := range want.SideData {
		if r, ok := sd["rotation"].(float64); ok { // counter-clockwise
			rotation = (int(-r) + 360) % 360
		}
		if p, ok := sd["dv_profile"].(float64); ok {
			require.NotNil(t, got.DolbyVision)
			check(t, what("dolby vision profile"), int(p), got.DolbyVision.Profile)
			check(t, what("dolby vision level"), int(sd["dv_level"].(float64)), got.DolbyVision.Level)
		}
	}
	check(t, what("rotation"), rotation, got.Rotation)
}

func compareRates(t *testing.T, name string, what func(string) string, want oracleStream, got *rendition.VideoInfo) {
	t.Helper()
	check(t, what("base frame rate"), fraction(want.RFrameRate), got.BaseFrameRate)
	avg := fraction(want.AvgFrameRate)
	if fps, ok := rates[name]; ok {
		require.InDelta(t, fps, got.FrameRate.Float64(), 0.1)
	} else if !avg.IsZero() {
		check(t, what("frame rate"), avg, got.FrameRate)
	}
}

func tag(tags map[string]string, key string) string {
	for k, v := range tags {
		if strings.EqualFold(k, key) {
			return v
		}
	}
	return ""
}

func number(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

// fraction reads ffprobe's "30000/1001" or "16:9" in lowest terms, zero for "0/0" or nothing.
func fraction(s string) rendition.Rational {
	var r rendition.Rational
	if s == "" || r.UnmarshalText([]byte(s)) != nil || r.Num == 0 {
		return rendition.Rational{}
	}
	return rendition.NewRational(r.Num, r.Den)
}

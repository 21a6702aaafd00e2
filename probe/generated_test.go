//go:build cgo

package probe_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/probe"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const picture = "testsrc2=s=128x72:r=25:d=2"

func probed(t *testing.T, source rendition.Source) *rendition.Media {
	t.Helper()
	m, err := probe.Probe(t.Context(), source)
	require.NoError(t, err)
	return m
}

// The JSON of a clip that any build of FFmpeg makes with the same bytes.
func TestGolden(t *testing.T) {
	t.Parallel()
	meta := filepath.Join(t.TempDir(), "meta.txt")
	require.NoError(t, os.WriteFile(meta, []byte(";FFMETADATA1\ntitle=Test clip\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Two\n"), 0o600))
	clip := generate(t, "clip.mp4", "-f", "lavfi", "-i", "color=gray:s=128x72:r=25:d=2", "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo:d=2", "-i", meta,
		"-map", "0", "-map", "1", "-map_metadata", "2", "-c:v", "mjpeg", "-c:a", "flac", "-t", "2",
		"-metadata:s:a:0", "language=swe", "-aspect", "4:3", "-flags", "+bitexact", "-fflags", "+bitexact")
	m := probed(t, clip)
	got, err := json.MarshalIndent(m, "", "  ")
	require.NoError(t, err)
	golden := filepath.Join("testdata", "clip.json")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(bytes.TrimSpace(want)), string(got))

	var back rendition.Media
	require.NoError(t, json.Unmarshal(got, &back))
	again, err := json.MarshalIndent(&back, "", "  ")
	require.NoError(t, err)
	require.Equal(t, string(got), string(again))
}

func TestRotationAndMirror(t *testing.T) {
	t.Parallel()
	base := generate(t, "base.mp4", "-f", "lavfi", "-i", picture, "-c:v", "mpeg4", "-t", "0.2")
	for _, tt := range []struct {
		args     []string
		rotation int
		mirrored bool
	}{
		{[]string{"-display_rotation", "-90"}, 90, false},
		{[]string{"-display_rotation", "90"}, 270, false},
		{[]string{"-display_rotation", "180"}, 180, false},
		{[]string{"-display_hflip"}, 0, true},
		{[]string{"-display_vflip"}, 180, true},
	} {
		clip := generate(t, "turned.mp4", append(tt.args, "-i", string(base), "-c", "copy")...)
		v := probed(t, clip).Streams[0].Video
		require.Equal(t, tt.rotation, v.Rotation, tt.args)
		require.Equal(t, tt.mirrored, v.Mirrored, tt.args)
		w, h := v.DisplaySize()
		require.Equal(t, tt.rotation%180 != 0, w < h, tt.args)
		require.Equal(t, rendition.NewRational(int64(w), int64(h)), v.DisplayAspect)
	}
}

// HDR10 metadata that stands in SEI messages alone.
func TestHDR10InBitstream(t *testing.T) {
	t.Parallel()
	clip := generate(t, "hdr.hevc", "-f", "lavfi", "-i", picture, "-t", "0.4", "-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast",
		"-x265-params", "log-level=none:hdr10=1:repeat-headers=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400")
	m := probed(t, clip)
	v := m.Streams[0].Video
	require.Equal(t, "hdr10", v.HDR)
	require.Equal(t, 10, v.BitDepth)
	require.Equal(t, rendition.Color{Primaries: "bt2020", Transfer: "smpte2084", Matrix: "bt2020nc", Range: "tv", ChromaLocation: v.Color.ChromaLocation}, v.Color)
	require.NotNil(t, v.MasteringDisplay)
	require.InDelta(t, 0.68, v.MasteringDisplay.Red[0], 1e-6)
	require.InDelta(t, 1000, v.MasteringDisplay.MaxLuminance, 1e-6)
	require.Equal(t, &rendition.ContentLight{MaxCLL: 1000, MaxFALL: 400}, v.ContentLight)
	require.True(t, m.DurationMeasured, "a raw stream has no header to tell the duration")
	require.InDelta(t, 0.4, m.DurationSeconds, 0.001)
	require.True(t, strings.HasPrefix(m.Streams[0].CodecString, "hvc1.2.4.L"), m.Streams[0].CodecString)
}

func TestInterlaced(t *testing.T) {
	t.Parallel()
	clip := generate(t, "i.ts", "-f", "lavfi", "-i", picture, "-vf", "tinterlace=interleave_top", "-flags", "+ilme+ildct", "-c:v", "mpeg2video")
	require.Equal(t, "tt", probed(t, clip).Streams[0].Video.FieldOrder)
}

func TestVariableFrameRate(t *testing.T) {
	t.Parallel()
	for _, ext := range []string{"mp4", "mkv"} {
		constant := generate(t, "cfr."+ext, "-f", "lavfi", "-i", picture, "-c:v", "mpeg4")
		require.False(t, probed(t, constant).Streams[0].Video.VariableFrameRate, ext)
		variable := generate(t, "vfr."+ext, "-f", "lavfi", "-i", picture, "-vf", "select='not(eq(mod(n,5),3))'", "-fps_mode", "vfr", "-c:v", "mpeg4")
		require.True(t, probed(t, variable).Streams[0].Video.VariableFrameRate, ext)
	}
}

// A live recording in Matroska: written to a pipe, the header has no duration.
func TestDurationAbsent(t *testing.T) {
	t.Parallel()
	clip := generate(t, "live.mkv", "-f", "lavfi", "-i", picture, "-c:v", "mpeg4", "-live", "1")
	m := probed(t, clip)
	require.True(t, m.DurationMeasured)
	require.InDelta(t, 2, m.DurationSeconds, 0.05)
	require.Positive(t, m.Bitrate)
	require.Positive(t, m.Streams[0].Bitrate)

	short, err := probe.ProbeWith(t.Context(), clip, &probe.Options{ScanBytes: -1, SampleBytes: -1})
	require.NoError(t, err)
	require.Zero(t, short.Duration)
	require.NotEmpty(t, short.Warnings)
}

// A fragmented MP4 whose movie header claims 40 hours.
func TestDurationLies(t *testing.T) {
	t.Parallel()
	clip := generate(t, "f.mp4", "-f", "lavfi", "-i", picture, "-c:v", "mpeg4", "-g", "10", "-movflags", "+frag_keyframe+empty_moov+default_base_moof")
	data, err := os.ReadFile(string(clip))
	require.NoError(t, err)
	data = patchDuration(t, data, "mvhd", 16)
	m := probed(t, memory{name: "f.mp4", data: data})
	require.InDelta(t, 2, m.DurationSeconds, 0.05)
	require.InDelta(t, 2, m.Streams[0].DurationSeconds, 0.05)
}

// patchDuration writes 40 hours into a version 0 box, offset bytes behind its contents' start.
func patchDuration(t *testing.T, data []byte, box string, offset int) []byte {
	t.Helper()
	at := bytes.Index(data, []byte(box))
	require.Positive(t, at)
	scale := binary.BigEndian.Uint32(data[at+16:])
	binary.BigEndian.PutUint32(data[at+4+offset:], 40*3600*scale)
	return data
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	clip := generate(t, "cut.mp4", "-f", "lavfi", "-i", picture, "-c:v", "mpeg4", "-movflags", "+faststart")
	data, err := os.ReadFile(string(clip))
	require.NoError(t, err)
	m := probed(t, memory{name: "cut.mp4", data: data[:len(data)*6/10]})
	require.InDelta(t, 2, m.DurationSeconds, 0.05, "the index is right: the media is missing")
	require.Contains(t, strings.Join(m.Warnings, " "), "the file is cut off")

	clip = generate(t, "cut.mkv", "-f", "lavfi", "-i", "testsrc2=s=128x72:r=25:d=20", "-c:v", "mpeg4")
	data, err = os.ReadFile(string(clip))
	require.NoError(t, err)
	m = probed(t, memory{name: "cut.mkv", data: data[:len(data)*15/100]})
	require.InDelta(t, 20, m.DurationSeconds, 0.05)
	require.Contains(t, strings.Join(m.Warnings, " "), "cut off")
}

func TestCodecStrings(t *testing.T) {
	t.Parallel()
	sine := []string{"-f", "lavfi", "-i", "sine=d=0.5"}
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"a.mp4", []string{"-c:a", "aac"}, "mp4a.40.2"},
		{"a.ts", []string{"-c:a", "aac"}, "mp4a.40.2"},
		{"a.mp3", nil, "mp4a.40.34"},
		{"a.ogg", []string{"-c:a", "libopus"}, "opus"},
		{"a.ac3", nil, "ac-3"},
		{"a.flac", nil, "fLaC"},
	} {
		require.Equal(t, tt.want, probed(t, generate(t, tt.name, append(sine, tt.args...)...)).Streams[0].CodecString, tt.name)
	}
}

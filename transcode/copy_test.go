package transcode_test

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

var silence = &transcode.AudioSettings{Codec: "none"}

// TestCopiedVideoOfRealClips copies the picture of clips that are odd in their
// own ways. ffprobe sees the same packets at the same times, and ffmpeg decodes
// the same pictures, without a complaint.
func TestCopiedVideoOfRealClips(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		clip, containers string
		// merged says that Matroska puts the packets of one picture into one.
		merged bool
	}{
		{"captions/sintel_h264_cea608_10s.ts", "mp4 mkv mov hls", false},
		{"timing/tos_pts-wraparound_20s.ts", "mp4 mkv hls", false},
		{"timing/edts_854x480_9s.mp4", "mp4 mkv hls", false},
		{"timing/iibbibb_negctts_13s.mp4", "mp4 mkv", false},
		{"timing/flir-thermal_1080x1440_vfr_11s.mp4", "mp4 mkv hls", false},
		{"timing/fragmented_duration-143165s.mp4", "mp4 hls", false},
		{"rotated/android_720p_rot-90_1.3s.mp4", "mp4 mkv mov", false},
		{"rotated/fire_720p_vfr_rot180_2.4s.mp4", "mp4 mkv", false},
		{"rotated/iphone_hevc10_hlg_1080p_rot-90_editlist_2.5s.mov", "mp4 mov", false},
		{"hdr/hdr10_1080p30_hevc10_pq_1s.mp4", "mp4 mkv hls", false},
		{"vp9/bear_vp9_320x240_2.7s.webm", "webm mkv mp4", false},
		{"vp9/roadtrip_10bit_vp9p2_426x240_3s.webm", "webm", true},
		{"oddsize/alpha_vp8_320x213_4s.webm", "webm mkv", false},
		{"av1/selfie_1080x720_av1_aac_1s.mp4", "mp4 webm hls", false},
		{"legacy/lpms_640x360_h264_aac_19s.flv", "mp4 mkv", false},
	} {
		t.Run(tc.clip, func(t *testing.T) {
			t.Parallel()
			clip := testenv.Clip(t, tc.clip)
			outs := transcode.Outputs{}
			for _, c := range strings.Fields(tc.containers) {
				if c == "hls" {
					outs = append(outs, &transcode.HLSOutput{
						Codec: "copy", Ladder: transcode.AutoLadder(), SegmentDuration: transcode.Seconds(2), Audio: []transcode.AudioSettings{*silence},
					})
					continue
				}
				outs = append(outs, &transcode.FileOutput{Container: c, Codec: "copy", Audio: silence})
			}
			result, bucket := runJob(t, outs, func(j *transcode.Job) { j.Input.URL = clip })
			require.Len(t, result.Renditions, 1, "one copy serves all outputs")
			dir := download(t, bucket)
			want, decoded, said := packetTimes(t, clip), pictures(t, clip), sideData(t, clip)
			for _, f := range result.Files {
				if f.Role != transcode.RoleMedia && f.Role != transcode.RoleMaster {
					continue
				}
				path := filepath.Join(dir, f.Path)
				require.Equal(t, decoded, pictures(t, path, "-xerror"), f.Path)
				if !tc.merged {
					sameTimes(t, want, packetTimes(t, path), f.Path)
				}
				if f.Role == transcode.RoleMedia {
					require.Contains(t, sideData(t, path), said, f.Path)
				}
			}
		})
	}
}

// packetTimes are the presentation times of a file's picture in seconds, in
// the order of decoding.
func packetTimes(t *testing.T, path string) []float64 {
	t.Helper()
	var list []float64
	for _, line := range testenv.Probe(t, path, "packet=pts_time", "-select_streams", "v:0") {
		v, err := strconv.ParseFloat(strings.Trim(line, ","), 64)
		require.NoError(t, err)
		list = append(list, v)
	}
	return list
}

// sameTimes compares the distances of pictures, to the millisecond that
// Matroska counts in.
func sameTimes(t *testing.T, want, got []float64, name string) {
	t.Helper()
	require.Len(t, got, len(want), name)
	for i := range want {
		require.Less(t, math.Abs((got[i]-got[0])-(want[i]-want[0])), 0.0011, "%s, packet %d", name, i)
	}
}

// pictures are the checksums of all decoded pictures. With -xerror in args
// ffmpeg may have no complaint.
func pictures(t *testing.T, path string, args ...string) []string {
	t.Helper()
	args = append(append([]string{"-v", "error", "-nostdin"}, args...), "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "-")
	cmd := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), args...)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	require.NoError(t, err, complaints.String())
	if slices.Contains(args, "-xerror") {
		require.Empty(t, complaints.String())
	}
	var list []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "#") {
			list = append(list, line[strings.LastIndex(line, ",")+1:])
		}
	}
	require.NotEmpty(t, list)
	return list
}

// sideData is the turn, the pixel shape and the color of a file's picture, as
// far as it says them.
func sideData(t *testing.T, path string) string {
	t.Helper()
	list := testenv.Probe(t, path, "stream=sample_aspect_ratio,color_transfer,color_primaries:stream_side_data=rotation", "-select_streams", "v:0")
	require.NotEmpty(t, list)
	words := slices.DeleteFunc(strings.Split(list[0], ","), func(s string) bool {
		return s == "" || s == "N/A" || s == "unknown" || s == "1:1"
	})
	return strings.Join(words, ",")
}

// keyed makes a clip with sound and a key frame every frames pictures.
func keyed(t *testing.T, frames int) string {
	t.Helper()
	return testenv.Generate(t, "keyed.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=10", "-f", "lavfi", "-i",
		"sine=duration=10", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", strconv.Itoa(frames), "-sc_threshold", "0",
		"-c:a", "aac", "-shortest")
}

func copyAnd(height int) transcode.Outputs {
	return transcode.Outputs{&transcode.HLSOutput{
		Ladder: transcode.Ladder{Rungs: []transcode.Rung{{Codec: "copy"}, {Height: height}}}, Preset: "ultrafast",
		SegmentDuration: transcode.Seconds(2),
	}}
}

// A copy and an encode of one presentation switch at the same times.
func TestCopiedRungBesideAnEncode(t *testing.T) {
	t.Parallel()
	for name, frames := range map[string]int{"every segment": 50, "more often": 25} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clip := keyed(t, frames)
			_, bucket := runJob(t, copyAnd(90), func(j *transcode.Job) { j.Input.URL = clip })
			dir := download(t, bucket)
			testenv.Decodes(t, filepath.Join(dir, "hls0/master.m3u8"))
			require.Equal(t, segmentStarts(t, dir, "180p"), segmentStarts(t, dir, "90p"))
			require.Len(t, segmentStarts(t, dir, "90p"), 5)
		})
	}
}

// segmentStarts are the EXTINF lines of a rung.
func segmentStarts(t *testing.T, dir, rung string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "hls0", rung, "*.m3u8"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	data, err := os.ReadFile(files[0])
	require.NoError(t, err)
	return slices.DeleteFunc(strings.Fields(string(data)), func(s string) bool { return !strings.HasPrefix(s, "#EXTINF") })
}

// Nothing is published of a copy whose key frames lie elsewhere.
func TestCopiedRungOffTheGrid(t *testing.T) {
	t.Parallel()
	for name, clip := range map[string]string{
		"index":   keyed(t, 60),
		"packets": testenv.Generate(t, "keyed.ts", "-i", keyed(t, 60), "-c", "copy"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := memstore.New(nil)
			_, err := transcode.New(nil).Run(t.Context(), &transcode.Job{
				Input: transcode.Input{URL: clip}, Output: transcode.Destination{Bucket: bucket}, Outputs: copyAnd(90),
			}, nil)
			for obj := range bucket.List(t.Context(), nil) {
				t.Errorf("%s was published", obj.Key)
			}
			require.Equal(t, rendition.InvalidInput, rendition.KindOf(err))
			require.ErrorContains(t, err, "the picture to copy has no key frame at 2s, where a segment of the other rungs begins; "+
				"its key frames lie 2.4s apart (encode that rung: give a codec other than \"copy\"; or choose another segment_duration")
		})
	}
}

// Alone, a copy is cut where its key frames are.
func TestCopiedRungAlone(t *testing.T) {
	t.Parallel()
	clip := keyed(t, 60)
	out := &transcode.HLSOutput{Codec: "copy", Ladder: transcode.AutoLadder(), SegmentDuration: transcode.Seconds(2)}
	_, bucket := runJob(t, transcode.Outputs{out}, func(j *transcode.Job) { j.Input.URL = clip })
	dir := download(t, bucket)
	require.Equal(t, []string{"#EXTINF:2.400000,", "#EXTINF:2.400000,", "#EXTINF:2.400000,", "#EXTINF:2.400000,", "#EXTINF:0.400000,"},
		segmentStarts(t, dir, "180p"))
	testenv.Decodes(t, filepath.Join(dir, "hls0/master.m3u8"))
}

// Of a source that is cut off the copy has all whole pictures.
func TestCopiedVideoOfATruncatedSource(t *testing.T) {
	t.Parallel()
	clip := cut(0.5, "cut.mp4", "-movflags", "+faststart")(t)
	outs := transcode.Outputs{&transcode.FileOutput{Codec: "copy"}}
	result, bucket := runJob(t, outs, func(j *transcode.Job) { j.Input.URL, j.OnTruncated = clip, "warn" })
	require.Contains(t, strings.Join(result.Warnings, "\n"), "cut off")
	testenv.Decodes(t, filepath.Join(download(t, bucket), "output_0.mp4"))
}

// A clip of a copy ends at its duration, although pictures behind it are needed.
func TestClipOfCopiedVideo(t *testing.T) {
	t.Parallel()
	clip := keyed(t, 250)
	outs := transcode.Outputs{
		&transcode.FileOutput{Codec: "copy", Duration: transcode.Seconds(3), Audio: &transcode.AudioSettings{Codec: "copy"}},
		&transcode.FileOutput{Codec: "copy", Duration: transcode.Seconds(3), Container: "mkv"},
	}
	for i, out := range outs {
		result, bucket := runJob(t, transcode.Outputs{out}, func(j *transcode.Job) { j.Input.URL = clip })
		path := filepath.Join(download(t, bucket), result.Files[0].Path)
		testenv.Decodes(t, path)
		got := pictures(t, path)
		require.GreaterOrEqual(t, len(got), 75)
		require.LessOrEqual(t, len(got), 75+i*4)
		require.Equal(t, pictures(t, clip)[:75], got[:75])
	}
}

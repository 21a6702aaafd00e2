//go:build cgo

package encode_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/mp4"
)

// longGOP is a transport stream with one key frame, at its beginning.
func longGOP(t *testing.T) string {
	return shadesIn(t, "shades.ts", 8, "-g", "1000", "-sc_threshold", "0")
}

// middle is a picture whose shade lies far from the neighboring ones.
const middle = 4200 * time.Millisecond

func TestClipOfTransportStream(t *testing.T) {
	t.Parallel()
	b := open(t, longGOP(t))
	w := mp4.NewWriter(nil)
	defer w.Abort()
	b.video(160, 90, &mp4Track{w: w}).Clip = encode.Clip{Start: middle, Duration: 2 * time.Second}
	path, _ := b.mp4(w)
	png := filepath.Join(t.TempDir(), "first.png")
	testenv.FFmpeg(t, "-i", path, "-frames:v", "1", png)
	require.InDelta(t, shade(middle), luma(t, png), 4)
	require.Equal(t, []string{"50"}, testenv.Probe(t, path, "stream=nb_frames"))
}

func TestStillsOfTransportStream(t *testing.T) {
	t.Parallel()
	b := open(t, longGOP(t))
	times := []time.Duration{500 * time.Millisecond, middle, 6500 * time.Millisecond}
	s, dir := b.stills("png", times...)
	s.Exact = true
	_, err := encode.Run(t.Context(), b.spec)
	require.NoError(t, err)
	for i, at := range times {
		require.InDelta(t, shade(at), luma(t, filepath.Join(dir, "still"+strconv.Itoa(i)+".png")), 4, "still %d", i)
	}
}

func TestAnimationOfTransportStream(t *testing.T) {
	t.Parallel()
	b := open(t, longGOP(t))
	path := filepath.Join(t.TempDir(), "a.gif")
	b.spec.Animations = []*encode.Animation{{
		Clip: encode.Clip{Start: middle, Duration: 2 * time.Second}, Width: 80, Height: 44,
		FPS: rendition.Rational{Num: 5, Den: 1}, Format: "gif",
		Data: func(_ context.Context, data []byte) error { return os.WriteFile(path, data, 0o600) },
	}}
	_, err := encode.Run(t.Context(), b.spec)
	require.NoError(t, err)
	require.InDelta(t, shade(middle), luma(t, path), 4)
}

// TestChangingSound joins a piece with mono sound and one with stereo sound of
// another rate, as broadcasts do between programs.
func TestChangingSound(t *testing.T) {
	t.Parallel()
	piece := func(name, rate, channels, offset string) []byte {
		path := testenv.Generate(t, name,
			"-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=3", "-f", "lavfi", "-i", "sine=duration=3:sample_rate="+rate,
			"-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-ac", channels, "-output_ts_offset", offset)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		return data
	}
	source := filepath.Join(t.TempDir(), "in.ts")
	data := append(piece("a.ts", "48000", "1", "0"), piece("b.ts", "44100", "2", "3")...)
	require.NoError(t, os.WriteFile(source, data, 0o600))
	b := open(t, source)
	w := mp4.NewWriter(nil)
	defer w.Abort()
	b.video(160, 90, &mp4Track{w: w})
	b.audio(&mp4Track{w: w})
	path, _ := b.mp4(w)
	for _, d := range testenv.Probe(t, path, "stream=duration") {
		seconds, err := strconv.ParseFloat(d, 64)
		require.NoError(t, err)
		require.InDelta(t, 6, seconds, 0.1)
	}
	require.Empty(t, testenv.Probe(t, "amovie="+path+",silencedetect=noise=-40dB:duration=0.1", "frame_tags=lavfi.silence_start", "-f", "lavfi"))
}

func TestInterlacedKeepsItsLength(t *testing.T) {
	t.Parallel()
	b := open(t, testenv.Generate(t, "in.ts",
		"-f", "lavfi", "-i", "testsrc2=size=160x96:rate=50:duration=4", "-vf", "tinterlace=interleave_top,fieldorder=tff",
		"-c:v", "libx264", "-preset", "ultrafast", "-flags", "+ilme+ildct"))
	w := mp4.NewWriter(nil)
	defer w.Abort()
	v := b.video(160, 96, &mp4Track{w: w})
	v.Deinterlace, v.FrameRate = true, rendition.Rational{Num: 25, Den: 1}
	path, _ := b.mp4(w)
	require.Equal(t, []string{"100"}, testenv.Probe(t, path, "stream=nb_frames"))
}

// jump is a source whose clock jumps after its first second.
func jump(t *testing.T, seconds int) string {
	step := "setpts=PTS+gte(T\\,1)*" + strconv.Itoa(seconds) + "/TB"
	return testenv.Generate(t, "in.mkv",
		"-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=2", "-f", "lavfi", "-i", "sine=duration=2",
		"-vf", step, "-af", "a"+step, "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-c:a", "flac")
}

func TestSilenceFillsJump(t *testing.T) {
	t.Parallel()
	b := open(t, jump(t, 30))
	w := mp4.NewWriter(nil)
	defer w.Abort()
	b.audio(&mp4Track{w: w})
	path, _ := b.mp4(w)
	seconds, err := strconv.ParseFloat(testenv.Probe(t, path, "stream=duration")[0], 64)
	require.NoError(t, err)
	require.InDelta(t, 32, seconds, 0.1)
	silence := testenv.Probe(t, "amovie="+path+",silencedetect=noise=-40dB:duration=0.5",
		"frame_tags=lavfi.silence_start,lavfi.silence_duration", "-f", "lavfi")
	require.Len(t, silence, 2, "one silence, which starts and ends")
	start, err := strconv.ParseFloat(silence[0], 64)
	require.NoError(t, err)
	require.InDelta(t, 1, start, 0.1)
	length, err := strconv.ParseFloat(silence[1], 64)
	require.NoError(t, err)
	require.InDelta(t, 30, length, 0.1)
}

// TestImpossibleTimes has a gap of more than an hour in a source whose
// duration is not known, or is shorter by far.
func TestImpossibleTimes(t *testing.T) {
	t.Parallel()
	source := jump(t, 3700)
	for _, duration := range []time.Duration{0, 2 * time.Second} {
		for _, kind := range []string{"picture", "sound"} {
			t.Run(kind+duration.String(), func(t *testing.T) {
				t.Parallel()
				b := open(t, source)
				b.spec.Media.Duration = duration
				if kind == "picture" {
					b.video(160, 90, writerFunc(func(packager.Sample) {}))
				} else {
					b.audio(writerFunc(func(packager.Sample) {}))
				}
				_, err := encode.Run(t.Context(), b.spec)
				require.ErrorIs(t, err, rendition.InvalidInput)
				require.ErrorContains(t, err, "far beyond the source's length")
			})
		}
	}
}

// TestAnimationAcrossSizes has a picture that changes its size in mid clip.
func TestAnimationAcrossSizes(t *testing.T) {
	t.Parallel()
	piece := func(name, size, offset string) []byte {
		data, err := os.ReadFile(testenv.Generate(t, name, "-f", "lavfi", "-i", "testsrc2=rate=25:duration=2:size="+size,
			"-c:v", "libx264", "-preset", "ultrafast", "-output_ts_offset", offset))
		require.NoError(t, err)
		return data
	}
	source := filepath.Join(t.TempDir(), "in.ts")
	data := append(piece("a.ts", "160x90", "0"), piece("b.ts", "320x180", "2")...)
	require.NoError(t, os.WriteFile(source, data, 0o600))
	for _, deinterlace := range []bool{false, true} {
		for _, format := range []string{"gif", "webp"} {
			t.Run(format+strconv.FormatBool(deinterlace), func(t *testing.T) {
				t.Parallel()
				b := open(t, source)
				path := filepath.Join(t.TempDir(), "a."+format)
				b.spec.Animations = []*encode.Animation{{
					Clip: encode.Clip{Start: time.Second, Duration: 2 * time.Second}, Width: 80, Height: 44,
					FPS: rendition.Rational{Num: 10, Den: 1}, Format: format, Deinterlace: deinterlace,
					Data: func(_ context.Context, data []byte) error { return os.WriteFile(path, data, 0o600) },
				}}
				_, err := encode.Run(t.Context(), b.spec)
				require.NoError(t, err)
				if format == "gif" {
					require.Equal(t, []string{"80,44,2.000000,20"},
						testenv.Probe(t, path, "stream=width,height,duration,nb_read_frames", "-count_frames"))
				}
			})
		}
	}
}

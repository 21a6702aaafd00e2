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
)

// stills adds a set of stills whose files go to a folder.
func (b *bench) stills(format string, times ...time.Duration) (*encode.Stills, string) {
	dir := b.t.TempDir()
	put := func(kind string) func(context.Context, int, []byte) error {
		return func(_ context.Context, i int, data []byte) error {
			return os.WriteFile(filepath.Join(dir, kind+strconv.Itoa(i)+"."+format), data, 0o600)
		}
	}
	s := &encode.Stills{
		Stream: b.spec.Media.VideoStream().Index, Times: times, Width: 160, Height: 90, Format: format, Quality: 80,
		TileWidth: 80, TileHeight: 45, Columns: 2, Rows: 1, Still: put("still"), Sheet: put("sheet"),
	}
	b.spec.Stills = append(b.spec.Stills, s)
	return s, dir
}

// shades is a clip whose every second is one step brighter than the one before.
func shades(t *testing.T, seconds int, args ...string) string {
	t.Helper()
	return shadesIn(t, "shades.mp4", seconds, args...)
}

// shadesIn is shades in a container of the name's kind.
func shadesIn(t *testing.T, name string, seconds int, args ...string) string {
	t.Helper()
	return testenv.Generate(t, name, append([]string{
		"-f", "lavfi", "-i", "color=black:size=160x90:rate=25:duration=" + strconv.Itoa(seconds),
		"-vf", "geq=lum='40+20*floor(T)':cb=128:cr=128", "-c:v", "libx264", "-preset", "ultrafast",
	}, args...)...)
}

// shade is the luma of a clip of shades at a time.
func shade(at time.Duration) float64 { return float64(40+20*int(at.Seconds())-16) / 219 * 255 }

// luma is the middle brightness of a picture.
func luma(t *testing.T, path string) float64 {
	t.Helper()
	lines := testenv.Probe(t, "movie="+path+",format=gray,signalstats", "frame_tags=lavfi.signalstats.YAVG", "-f", "lavfi")
	v, err := strconv.ParseFloat(lines[0], 64)
	require.NoError(t, err)
	return v
}

// TestStills takes the same stills alone and beside an encode: by seeking and
// from the shared decode, near key frames and far from them.
func TestStills(t *testing.T) {
	t.Parallel()
	times := []time.Duration{0, 1500 * time.Millisecond, 3500 * time.Millisecond, 5500 * time.Millisecond}
	for _, tc := range []struct {
		name   string
		gop    string
		exact  bool
		shared bool
	}{
		{"key frames", "25", false, false},
		{"key frames shared", "25", false, true},
		{"far key frames", "250", false, false},
		{"far key frames shared", "250", false, true},
		{"exact", "50", true, false},
		{"exact shared", "50", true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, shades(t, 6, "-g", tc.gop))
			s, dir := b.stills("png", times...)
			s.Exact = tc.exact
			if tc.shared {
				b.video(160, 90, writerFunc(func(packager.Sample) {}))
			}
			_, err := encode.Run(t.Context(), b.spec)
			require.NoError(t, err)
			require.EqualValues(t, len(times), s.Done.Load())
			for i, at := range times {
				got := luma(t, filepath.Join(dir, "still"+strconv.Itoa(i)+".png"))
				require.InDelta(t, shade(at), got, 4, "still %d", i)
			}
			require.Equal(t, []string{"png,160,45"}, testenv.Probe(t, filepath.Join(dir, "sheet1.png"), "stream=codec_name,width,height"))
		})
	}
}

func TestImageFormats(t *testing.T) {
	t.Parallel()
	for format, codec := range map[string]string{"jpg": "mjpeg", "png": "png", "webp": "webp"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			b := open(t, shades(t, 3, "-g", "25"))
			_, dir := b.stills(format, 0, time.Second)
			_, err := encode.Run(t.Context(), b.spec)
			require.NoError(t, err)
			require.Equal(t, []string{codec + ",160,90"}, testenv.Probe(t, filepath.Join(dir, "still1."+format), "stream=codec_name,width,height"))
		})
	}
}

func TestAnimation(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"gif", "webp"} {
		for _, shared := range []bool{false, true} {
			t.Run(format+strconv.FormatBool(shared), func(t *testing.T) {
				t.Parallel()
				b := open(t, shades(t, 4, "-g", "25"))
				path := filepath.Join(t.TempDir(), "a."+format)
				b.spec.Animations = []*encode.Animation{{
					Stream: 0, Clip: encode.Clip{Start: time.Second, Duration: 2 * time.Second}, Width: 80, Height: 44,
					FPS: rendition.Rational{Num: 5, Den: 1}, Format: format,
					Data: func(_ context.Context, data []byte) error { return os.WriteFile(path, data, 0o600) },
				}}
				if shared {
					b.video(160, 90, writerFunc(func(packager.Sample) {}))
				}
				_, err := encode.Run(t.Context(), b.spec)
				require.NoError(t, err)
				data, err := os.ReadFile(path)
				require.NoError(t, err)
				if format == "webp" { // ffmpeg 7.1 cannot read animated WebP
					require.Equal(t, "WEBPVP8X", string(data[8:16]))
					return
				}
				require.Equal(t, []string{"80,44,10"}, testenv.Probe(t, path, "stream=width,height,nb_read_frames", "-count_frames"))
			})
		}
	}
}

// TestStillsBetweenKeyFrames takes stills of a source whose key frames are far
// apart: from the one behind, where that is near, and else by decoding once.
func TestStillsBetweenKeyFrames(t *testing.T) {
	t.Parallel()
	clip := shades(t, 11, "-g", "250", "-force_key_frames", "0,6.5", "-bf", "2")
	b := open(t, clip)
	var times []time.Duration
	for at := 500 * time.Millisecond; at < 11*time.Second; at += 2 * time.Second {
		times = append(times, at)
	}
	_, dir := b.stills("png", times...)
	stats, err := encode.Run(t.Context(), b.spec)
	require.NoError(t, err)
	for i, at := range times {
		require.InDelta(t, shade(at), luma(t, filepath.Join(dir, "still"+strconv.Itoa(i)+".png")), 24, "at %s", at)
	}
	require.Less(t, stats.Streams[b.spec.Media.VideoStream().Index].Frames, 13*25, "nothing is decoded twice")
}

//go:build cgo

package encode_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/mp4"
	"github.com/rendition-sdk/rendition/probe"
	"github.com/rendition-sdk/rendition/storage/filestore"
)

func TestMain(m *testing.M) { leak.Main(m) }

// mp4Track puts a rendition into an mp4.Writer.
type mp4Track struct {
	w  *mp4.Writer
	tw *mp4.TrackWriter
}

func (t *mp4Track) Start(_ context.Context, track packager.Track) (err error) {
	t.tw, err = t.w.AddTrack(track)
	return err
}

func (t *mp4Track) WriteSample(ctx context.Context, s packager.Sample) error {
	return t.tw.WriteSample(ctx, s)
}

// bench is one source and what a test makes of it.
type bench struct {
	t    *testing.T
	spec *encode.Spec
}

func open(t *testing.T, path string) *bench {
	t.Helper()
	src := filestore.Source(path)
	media, err := probe.Probe(t.Context(), src)
	require.NoError(t, err)
	return &bench{t: t, spec: &encode.Spec{Source: src, Media: media}}
}

// video adds an encode of the given height; the caller may change it.
func (b *bench) video(width, height int, w ...encode.SampleWriter) *encode.Video {
	s := b.spec.Media.VideoStream()
	v := &encode.Video{
		Stream: s.Index, Writers: w, VideoSettings: encode.VideoSettings{
			Codec: rendition.H264, Width: width, Height: height, FrameRate: s.Video.FrameRate,
			PixelFormat: "yuv420p", CRF: 30, Preset: "ultrafast", KeyInterval: 25, Threads: 1,
		},
	}
	b.spec.Video = append(b.spec.Video, v)
	return v
}

func (b *bench) audio(w ...encode.SampleWriter) *encode.Audio {
	a := &encode.Audio{
		Stream: b.spec.Media.AudioStreams()[0].Index, Codec: rendition.AAC, Bitrate: 96000, Channels: 2, SampleRate: 48000, Writers: w,
	}
	b.spec.Audio = append(b.spec.Audio, a)
	return a
}

// mp4 runs the spec and returns the path of what w made of it.
func (b *bench) mp4(w *mp4.Writer) (string, *encode.Stats) {
	b.t.Helper()
	stats, err := encode.Run(b.t.Context(), b.spec)
	require.NoError(b.t, err)
	return save(b.t, w), stats
}

func save(t *testing.T, w *mp4.Writer) string {
	t.Helper()
	f, err := w.Finish(t.Context())
	require.NoError(t, err)
	defer f.Close()
	path := filepath.Join(t.TempDir(), "out.mp4")
	out, err := os.Create(path)
	require.NoError(t, err)
	defer out.Close()
	_, err = io.Copy(out, io.NewSectionReader(f, 0, f.Size()))
	require.NoError(t, err)
	testenv.Decodes(t, path)
	return path
}

// testCard is a source of ffmpeg's with moving picture and a beep each second.
func testCard(size string, rate string, seconds int) []string {
	d := strconv.Itoa(seconds)
	return []string{
		"-f", "lavfi", "-i", "testsrc2=size=" + size + ":rate=" + rate + ":duration=" + d,
		"-f", "lavfi", "-i", "sine=beep_factor=4:sample_rate=44100:duration=" + d, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac",
	}
}

func TestRunEncodesEverySizeFromOneDecode(t *testing.T) {
	t.Parallel()
	b := open(t, testenv.Generate(t, "in.mp4", testCard("640x360", "25", 4)...))
	var writers []*mp4.Writer
	for _, size := range [][2]int{{320, 180}, {640, 360}, {160, 90}} {
		w := mp4.NewWriter(nil)
		defer w.Abort()
		writers = append(writers, w)
		b.video(size[0], size[1], &mp4Track{w: w})
	}
	b.audio(&mp4Track{w: writers[0]}, &mp4Track{w: writers[1]})
	stats, err := encode.Run(t.Context(), b.spec)
	require.NoError(t, err)
	require.Equal(t, 100, stats.Streams[0].Frames, "the picture is decoded once")
	require.True(t, stats.ReadToEnd)

	path := save(t, writers[0])
	require.Equal(t, []string{"h264,320,180,100"}, testenv.Probe(t, path, "stream=codec_name,width,height,nb_read_frames", "-count_frames", "-select_streams", "v"))
	keys := testenv.Probe(t, path, "packet=pts_time,flags", "-select_streams", "v")
	for i, line := range keys {
		require.Equal(t, i%25 == 0, strings.Contains(line, ",K"), "packet %d: %s", i, line)
	}
	require.Equal(t, []string{"aac,48000,2"}, testenv.Probe(t, path, "stream=codec_name,sample_rate,channels", "-select_streams", "a"))
	require.Equal(t, []string{"160,90"}, testenv.Probe(t, save(t, writers[2]), "stream=width,height"))
}

// TestConstantRate has sources whose frames do not come at the output's rate.
func TestConstantRate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		args   []string
		rate   rendition.Rational
		frames int
	}{
		{"half", testCard("160x90", "50", 4), rendition.Rational{Num: 25, Den: 1}, 100},
		{"double", testCard("160x90", "25", 4), rendition.Rational{Num: 50, Den: 1}, 200},
		{"film to ntsc", testCard("160x90", "24", 4), rendition.Rational{Num: 30000, Den: 1001}, 120},
		// Frames 20 to 59 are missing: one frame stands for 1.6 s.
		{"gap", append(testCard("160x90", "25", 4), "-vf", "select='not(between(n,20,59))'", "-fps_mode", "vfr"), rendition.Rational{Num: 25, Den: 1}, 100},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, testenv.Generate(t, "in.mp4", tc.args...))
			w := mp4.NewWriter(nil)
			defer w.Abort()
			b.video(160, 90, &mp4Track{w: w}).FrameRate = tc.rate
			path, _ := b.mp4(w)
			n, err := strconv.Atoi(testenv.Probe(t, path, "stream=nb_frames")[0])
			require.NoError(t, err)
			require.InDelta(t, tc.frames, n, 1)
			durations := testenv.Probe(t, path, "packet=duration")
			for _, d := range durations {
				require.Equal(t, durations[0], d)
			}
		})
	}
}

// TestLateStreams starts picture and sound at different times: both are laid on
// one timeline that begins at 0.
func TestLateStreams(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"late sound":   {"-itsoffset", "1", "-f", "lavfi", "-i", "sine=duration=3"},
		"late picture": {"-itsoffset", "1", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := []string{"-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=4"}
			if name == "late picture" {
				other = []string{"-f", "lavfi", "-i", "sine=duration=4"}
			}
			all := append(append(append([]string{}, args...), other...), "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-c:a", "aac")
			b := open(t, testenv.Generate(t, "in.mkv", all...))
			w := mp4.NewWriter(nil)
			defer w.Abort()
			b.video(160, 90, &mp4Track{w: w})
			b.audio(&mp4Track{w: w})
			path, _ := b.mp4(w)
			for _, line := range testenv.Probe(t, path, "stream=start_time,duration") {
				start, duration, _ := strings.Cut(line, ",")
				require.Equal(t, "0.000000", start)
				d, err := strconv.ParseFloat(duration, 64)
				require.NoError(t, err)
				require.InDelta(t, 4, d, 0.07)
			}
		})
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	b := open(t, testenv.Generate(t, "in.mp4", append(testCard("160x90", "25", 10), "-g", "25")...))
	w := mp4.NewWriter(nil)
	defer w.Abort()
	clip := encode.Clip{Start: 4200 * time.Millisecond, Duration: 3 * time.Second}
	b.video(160, 90, &mp4Track{w: w}).Clip = clip
	b.audio(&mp4Track{w: w}).Clip = clip
	path, stats := b.mp4(w)
	require.False(t, stats.ReadToEnd)
	for _, line := range testenv.Probe(t, path, "stream=duration") {
		d, err := strconv.ParseFloat(line, 64)
		require.NoError(t, err)
		require.InDelta(t, 3, d, 0.03)
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	for rotation, size := range map[string]string{"90": "90,160", "180": "160,90", "270": "90,160"} {
		t.Run(rotation, func(t *testing.T) {
			t.Parallel()
			plain := testenv.Generate(t, "plain.mp4", testCard("160x90", "25", 1)...)
			b := open(t, testenv.Generate(t, "turned.mp4", "-display_rotation", rotation, "-i", plain, "-c", "copy"))
			w := mp4.NewWriter(nil)
			defer w.Abort()
			width, height := b.spec.Media.VideoStream().Video.DisplaySize()
			b.video(width, height, &mp4Track{w: w})
			path, _ := b.mp4(w)
			require.Equal(t, []string{size}, testenv.Probe(t, path, "stream=width,height"))
			// ffmpeg turns the source by itself; both must show the same.
			out := filepath.Join(t.TempDir(), "ssim.txt")
			testenv.FFmpeg(t, "-i", path, "-i", b.spec.Source.Name(), "-lavfi", "ssim=stats_file="+out, "-f", "null", "-")
			line, err := os.ReadFile(out)
			require.NoError(t, err)
			_, all, _ := strings.Cut(string(line), "All:")
			ssim, err := strconv.ParseFloat(strings.Fields(all)[0], 64)
			require.NoError(t, err)
			require.Greater(t, ssim, 0.8)
		})
	}
}

func TestCopyAudio(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"in.mp4", "in.ts", "in.mkv"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := testenv.Generate(t, name, testCard("160x90", "25", 3)...)
			b := open(t, source)
			w := mp4.NewWriter(nil)
			defer w.Abort()
			a := b.audio(&mp4Track{w: w})
			a.Copy, a.Channels, a.SampleRate = true, 1, 44100
			path, _ := b.mp4(w)
			want := testenv.Probe(t, source, "packet=size", "-select_streams", "a")
			got := testenv.Probe(t, path, "packet=size")
			require.Len(t, got, len(want))
		})
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	b := open(t, testenv.Generate(t, "in.mp4", testCard("640x360", "25", 4)...))
	ctx, cancel := context.WithCancelCause(t.Context())
	v := b.video(640, 360, writerFunc(func(s packager.Sample) {
		if s.PTS > 0 {
			cancel(os.ErrDeadlineExceeded)
		}
	}))
	v.Preset = "slow"
	_, err := encode.Run(ctx, b.spec)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
}

// writerFunc looks at samples.
type writerFunc func(packager.Sample)

func (f writerFunc) Start(context.Context, packager.Track) error { return nil }

func (f writerFunc) WriteSample(_ context.Context, s packager.Sample) error {
	f(s)
	return nil
}

func TestWriterErrorEndsRun(t *testing.T) {
	t.Parallel()
	b := open(t, testenv.Generate(t, "in.mp4", testCard("160x90", "25", 4)...))
	w := mp4.NewWriter(nil)
	w.Abort() // so that AddTrack fails
	b.video(160, 90, &mp4Track{w: w})
	b.audio(&mp4Track{w: w})
	_, err := encode.Run(t.Context(), b.spec)
	require.Error(t, err)
}

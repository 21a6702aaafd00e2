//go:build cgo

package encode_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/packager/mp4"
)

// chunked encodes b's videos in chunks and joins them in their writers. Backwards,
// every chunk begins with a run-up, else with what the one before has left.
func (b *bench) chunked(opts *encode.CutOptions, backwards bool) (chunks int) {
	b.t.Helper()
	c, err := encode.NewChunker(b.t.Context(), b.spec, opts)
	require.NoError(b.t, err)
	defer c.Close()
	all := make([][]*encode.Piece, c.Chunks())
	for i := range all {
		k := i
		if backwards {
			k = len(all) - 1 - i
		}
		for _, v := range b.spec.Video {
			if _, ok := c.Slots(k, v); ok {
				all[k] = append(all[k], &encode.Piece{Video: v})
			}
		}
		_, err := c.Run(b.t.Context(), k, all[k], nil)
		require.NoError(b.t, err)
	}
	started := map[*encode.Video]bool{}
	for _, pieces := range all {
		for _, p := range pieces {
			for _, w := range p.Video.Writers {
				if !started[p.Video] {
					require.NoError(b.t, w.Start(b.t.Context(), p.Track))
				}
				for _, s := range p.Samples {
					require.NoError(b.t, w.WriteSample(b.t.Context(), s))
				}
			}
			started[p.Video] = true
		}
	}
	return c.Chunks()
}

// frames are the decoded pictures of a file as ffmpeg sees them, one a line.
func frames(t *testing.T, path string) []string {
	t.Helper()
	out, err := exec.Command(testenv.Program(t, "ffmpeg"), "-v", "error", "-xerror", "-i", path, "-map", "0:v", "-f", "framemd5", "-").CombinedOutput()
	require.NoError(t, err, string(out))
	var list []string
	for line := range strings.SplitSeq(string(out), "\n") {
		if line != "" && line[0] != '#' {
			list = append(list, strings.Join(strings.Fields(line), " "))
		}
	}
	return list
}

// lossless is a video whose pictures show what went into the encoder.
func (b *bench) lossless(w *mp4.Writer, change func(*encode.Video)) {
	s := b.spec.Media.VideoStream().Video
	v := b.video(max(s.Width/8*2, 16), max(s.Height/8*2, 16), &mp4Track{w: w})
	v.CRF = 0
	if s.VariableFrameRate || s.FrameRate.Float64() > 60 {
		v.FrameRate = rendition.Rational{Num: 30, Den: 1}
	}
	v.KeyInterval = int(v.FrameRate.Float64())
	v.Deinterlace = s.FieldOrder == "tt" || s.FieldOrder == "bb"
	if change != nil {
		change(v)
	}
}

func finish(t *testing.T, w *mp4.Writer) string {
	t.Helper()
	f, err := w.Finish(t.Context())
	require.NoError(t, err)
	defer f.Close()
	data := make([]byte, f.Size())
	_, err = f.ReadAt(data, 0)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "out.mp4")
	require.NoError(t, os.WriteFile(path, data, 0o644))
	return path
}

// TestChunksShowTheSamePictures cuts real clips in many chunks and compares every
// decoded picture and its time with those of an encode in one pass.
func TestChunksShowTheSamePictures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, clip string
		target     time.Duration
		change     func(*encode.Video)
	}{
		{"film", "film/bbb_480p_h264-aac51_30s.mp4", 5 * time.Second, nil},
		{"clip", "film/bbb_480p_h264-aac51_30s.mp4", 3 * time.Second, func(v *encode.Video) {
			v.Clip = encode.Clip{Start: 5300 * time.Millisecond, Duration: 14210 * time.Millisecond}
		}},
		{"half the frame rate", "film/bbb_480p_h264-aac51_30s.mp4", 5 * time.Second, func(v *encode.Video) {
			v.FrameRate = rendition.NewRational(v.FrameRate.Num, v.FrameRate.Den*2)
			v.KeyInterval = 12
		}},
		{"more frames", "film/bbb_480p_h264-aac51_30s.mp4", 5 * time.Second, func(v *encode.Video) {
			v.FrameRate, v.KeyInterval = rendition.Rational{Num: 60, Den: 1}, 60
		}},
		{"variable rate", "timing/flir-thermal_1080x1440_vfr_11s.mp4", 2 * time.Second, nil},
		{"screen", "screen/screencap_3026x1386_vfr_8.7s.mp4", 2 * time.Second, nil},
		{"edit list", "timing/edts_854x480_9s.mp4", 2 * time.Second, nil},
		{"matroska", "natural/dancer_640x360_vp8_noaudio_63s.webm", 5 * time.Second, nil},
		{"negative times", "natural/hands_1080p25_negpts-editlist_26s.mp4", 3 * time.Second, nil},
		{"few frames", "natural/person-walking_768x432_10fps_noaudio_139s.mp4", 20 * time.Second, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sameInChunks(t, testenv.Clip(t, c.clip), c.target, c.change)
		})
	}
}

// TestChunksOfOpenGroups does the same where pictures behind a key frame are shown before it and
// refer to what lies before, and where fields have to be put together.
func TestChunksOfOpenGroups(t *testing.T) {
	t.Parallel()
	ffmpeg := testenv.Program(t, "ffmpeg")
	clip := testenv.Clip(t, "natural/cups_720p2997_h264-aac_10s.mp4")
	for _, c := range []struct{ name, args, ext string }{
		{"h264", "-c:v libx264 -preset veryfast -x264-params open-gop=1:keyint=40:bframes=3:b-pyramid=normal", "mp4"},
		{"hevc", "-c:v libx265 -preset ultrafast -x265-params open-gop=1:keyint=40:bframes=4:log-level=error", "mp4"},
		{"mpeg2", "-c:v mpeg2video -q:v 3 -bf 2 -g 15", "mkv"},
		{"vp9", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 400k -g 50", "webm"},
		{"interlaced", "-vf scale=320:180,tinterlace=interleave_top,fieldorder=tff -c:v libx264 -preset veryfast -flags +ilme+ildct -g 25 -bf 2", "mkv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "clip."+c.ext)
			args := append([]string{"-v", "error", "-i", clip, "-an", "-vf", "scale=320:180"}, strings.Fields(c.args)...)
			out, err := exec.Command(ffmpeg, append(args, path)...).CombinedOutput()
			require.NoError(t, err, string(out))
			sameInChunks(t, path, 2*time.Second, nil)
		})
	}
}

func sameInChunks(t *testing.T, path string, target time.Duration, change func(*encode.Video)) {
	t.Helper()
	whole := open(t, path)
	w := mp4.NewWriter(nil)
	whole.lossless(w, change)
	one, _ := whole.mp4(w)

	want := frames(t, one)
	for _, backwards := range []bool{false, true} {
		parts := open(t, path)
		w = mp4.NewWriter(nil)
		parts.lossless(w, change)
		require.Greater(t, parts.chunked(&encode.CutOptions{Target: target}, backwards), 2)
		require.Equal(t, want, frames(t, finish(t, w)), "backwards: %v", backwards)
	}
}

func TestNotCut(t *testing.T) {
	t.Parallel()
	b := open(t, testenv.Clip(t, "film/bbb_720p25_h264-aac51_62s.ts"))
	b.video(640, 360)
	_, err := encode.NewChunker(t.Context(), b.spec, nil)
	var not *encode.NotCutError
	require.True(t, errors.As(err, &not), err)
}

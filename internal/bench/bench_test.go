package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

func TestReplaceSectionKeepsTheRestOfThePage(t *testing.T) {
	t.Parallel()
	page := filepath.Join(t.TempDir(), "page.md")
	text := "# Title\n\n" + sectionBegin + "\nold\n" + sectionEnd + "\n\ntail\n"
	require.NoError(t, os.WriteFile(page, []byte(text), 0o600))

	require.NoError(t, replaceSection(page, "new\n"))
	got, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, "# Title\n\n"+sectionBegin+"\nnew\n"+sectionEnd+"\n\ntail\n", string(got))

	require.NoError(t, os.WriteFile(page, []byte("# Title\n"), 0o600))
	require.Error(t, replaceSection(page, "new\n"))
}

func TestReportTakesMedians(t *testing.T) {
	t.Parallel()
	of := func(wall, cpu int, mb int64) usage {
		return usage{wall: time.Duration(wall) * time.Second, cpu: time.Duration(cpu) * time.Second, memory: mb * 1e6}
	}
	r := &report{
		options: &options{in: "x/film.mp4", preset: "veryfast"}, plan: testPlan(), version: "ffmpeg version 7.1",
		pairs: []pair{
			{of(10, 20, 300), of(20, 20, 400)},
			{of(30, 20, 300), of(20, 20, 400)},
			{of(18, 20, 300), of(20, 20, 400)},
		},
		rungs: []rung{{"1920x1080", 1000, 1000, 0.99, 0.98}},
	}
	text := r.markdown()
	require.Contains(t, text, "| wall time | 18.00 s | 20.00 s | **0.900** | 0.500 to 1.500 |")
	require.Contains(t, text, "| peak memory | 300 MB | 400 MB | **0.750** | 0.750 to 0.750 |")
	require.Contains(t, text, "| 1920x1080 | 1000 | 1000 | 1.000 | 0.99000 | 0.98000 |")
}

func TestPeerGetsTheSameSettings(t *testing.T) {
	t.Parallel()
	args, err := peerArgs(testPlan(), "in.mp4", "out")
	require.NoError(t, err)
	require.Contains(t, args, "[0:0]split=2[s0][s1];[s0]setsar=1,format=yuv420p[o0];[s1]scale=854:480:flags=bicubic,setsar=1,format=yuv420p[o1]")
	for _, want := range []string{"-crf:v:1", "-maxrate:v:0", "-bufsize:v:1", "-g:v:0", "-keyint_min:v:1", "-sc_threshold:v:0"} {
		require.Contains(t, args, want)
	}
	_, err = peerArgs(&transcode.Plan{}, "in.mp4", "out")
	require.Error(t, err)
}

func testPlan() *transcode.Plan {
	fps := rendition.Rational{Num: 25, Den: 1}
	video := func(w, h int) transcode.VideoRendition {
		return transcode.VideoRendition{
			Codec: rendition.H264, Width: w, Height: h, FrameRate: fps, PixelFormat: "yuv420p", CRF: 23,
			MaxBitrate: 6_000_000, BufferSize: 12_000_000, Preset: "veryfast", KeyFrameInterval: 150,
		}
	}
	return &transcode.Plan{
		Media: &rendition.Media{Streams: []rendition.Stream{
			{Type: rendition.Video, Video: &rendition.VideoInfo{Width: 1920, Height: 1080, FrameRate: fps}},
		}},
		Video: []transcode.VideoRendition{video(1920, 1080), video(854, 480)},
		Audio: []transcode.AudioRendition{{Stream: 1, Codec: rendition.AAC, Bitrate: 128_000, Channels: 2, SampleRate: 48000}},
		HLS:   []transcode.HLSPackage{{SegmentDuration: rendition.Rational{Num: 6, Den: 1}}},
	}
}

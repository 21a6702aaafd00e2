package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

func TestPeerGetsTheSameSettings(t *testing.T) {
	t.Parallel()
	args := ffmpeg(testPlan(rendition.H264), "in.mp4", "out")
	require.Contains(t, args, "[0:0]split=2[s0][s1];[s0]setsar=1,format=yuv420p[o0];[s1]scale=854:480:flags=bicubic,setsar=1,format=yuv420p[o1]")
	for _, want := range []string{"-crf:v:1", "-maxrate:v:0", "-bufsize:v:1", "-g:v:0", "-keyint_min:v:1", "-sc_threshold:v:0"} {
		require.Contains(t, args, want)
	}
	require.Contains(t, args, "v:0,agroup:audio,name:1080p v:1,agroup:audio,name:480p a:0,agroup:audio,name:sound")

	require.Contains(t, ffmpeg(testPlan(rendition.H265), "in.mp4", "out"), "keyint=150:min-keyint=150:scenecut=0:open-gop=0:log-level=error")
	require.Contains(t, ffmpeg(testPlan(rendition.AV1), "in.mp4", "out"), "scd=0")
	require.Contains(t, ffmpegPinned(testPlan(rendition.AV1), "in.mp4", "out"), "scd=0:lp=2")
}

func TestSeparateCommands(t *testing.T) {
	t.Parallel()
	list := byRung(testPlan(rendition.H264))
	require.Len(t, list, 3)
	require.Contains(t, ffmpeg(list[0], "in.mp4", "out"), "v:0,name:1080p")
	require.Contains(t, ffmpeg(list[1], "in.mp4", "out"), "[0:0]scale=854:480:flags=bicubic,setsar=1,format=yuv420p[o0]")
	require.Contains(t, ffmpeg(list[2], "in.mp4", "out"), "a:0,agroup:audio,name:sound")
	require.NotContains(t, ffmpeg(list[2], "in.mp4", "out"), "-filter_complex")
	require.Len(t, byOutput(testPlan(rendition.H264)), 1)
}

func testPlan(codec rendition.Codec) *transcode.Plan {
	fps := rendition.Rational{Num: 25, Den: 1}
	video := func(id string, w, h int) transcode.VideoRendition {
		return transcode.VideoRendition{
			ID: id, Codec: codec, Width: w, Height: h, FrameRate: fps, PixelFormat: "yuv420p", CRF: 23,
			MaxBitrate: 6_000_000, BufferSize: 12_000_000, Preset: "veryfast", KeyFrameInterval: 150, Threads: 2,
		}
	}
	return &transcode.Plan{
		Media: &rendition.Media{Streams: []rendition.Stream{
			{Type: rendition.Video, Video: &rendition.VideoInfo{Width: 1920, Height: 1080, FrameRate: fps}},
		}},
		Video: []transcode.VideoRendition{video("v0", 1920, 1080), video("v1", 854, 480)},
		Audio: []transcode.AudioRendition{{ID: "a0", Stream: 1, Codec: rendition.AAC, Bitrate: 128_000, Channels: 2, SampleRate: 48000}},
		HLS: []transcode.HLSPackage{{
			Dir: "hls0/", SegmentDuration: rendition.Rational{Num: 6, Den: 1},
			Video: []transcode.HLSTrack{{Rendition: "v0", Name: "1080p"}, {Rendition: "v1", Name: "480p"}},
			Audio: []transcode.HLSTrack{{Rendition: "a0", Name: "sound"}},
		}},
	}
}

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// peerArgs are the arguments of the one ffmpeg command that makes what plan
// says: one decode, split and scaled by a filter graph, the same encoders with
// the same settings, the same segments. The encoders' threads are left to
// ffmpeg, which knows best what suits it.
func peerArgs(plan *transcode.Plan, in, out string) ([]string, error) {
	if len(plan.HLS) != 1 || len(plan.Video) == 0 || len(plan.Audio) != 1 {
		return nil, errors.New("the source must have picture and sound")
	}
	args := []string{"-nostdin", "-v", "error", "-y", "-i", in, "-filter_complex", splitAndScale(plan)}
	var streams []string
	for i, v := range plan.Video {
		args = append(args, "-map", fmt.Sprintf("[o%d]", i))
		args = append(args, x264Args(i, &v)...)
		streams = append(streams, fmt.Sprintf("v:%d,agroup:audio", i))
	}
	a := plan.Audio[0]
	args = append(args, "-map", fmt.Sprintf("0:%d", a.Stream), "-c:a", "aac", "-b:a", strconv.FormatInt(a.Bitrate, 10),
		"-ac", strconv.Itoa(a.Channels), "-ar", strconv.Itoa(a.SampleRate))
	streams = append(streams, "a:0,agroup:audio")
	seconds := plan.HLS[0].SegmentDuration.Float64()
	return append(args, "-f", "hls", "-hls_time", strconv.FormatFloat(seconds, 'f', 6, 64), "-hls_playlist_type", "vod",
		"-hls_segment_type", "fmp4", "-hls_flags", "independent_segments", "-master_pl_name", "master.m3u8",
		"-var_stream_map", strings.Join(streams, " "), filepath.Join(out, "%v", "media.m3u8")), nil
}

// splitAndScale is the filter graph: every rung from the decoded picture.
func splitAndScale(plan *transcode.Plan) string {
	src := plan.Media.Streams[plan.Video[0].Stream]
	b := &strings.Builder{}
	fmt.Fprintf(b, "[0:%d]split=%d", src.Index, len(plan.Video))
	for i := range plan.Video {
		fmt.Fprintf(b, "[s%d]", i)
	}
	for i, v := range plan.Video {
		fmt.Fprintf(b, ";[s%d]", i)
		if v.Width != src.Video.Width || v.Height != src.Video.Height {
			fmt.Fprintf(b, "scale=%d:%d:flags=bicubic,", v.Width, v.Height)
		}
		fmt.Fprintf(b, "setsar=1,format=%s[o%d]", v.PixelFormat, i)
	}
	return b.String()
}

// x264Args are the settings of one encoder.
func x264Args(i int, v *transcode.VideoRendition) []string {
	if v.Codec != rendition.H264 {
		return nil
	}
	n := strconv.Itoa(i)
	key := strconv.Itoa(v.KeyFrameInterval)
	args := []string{
		"-c:v:" + n, "libx264", "-preset:v:" + n, v.Preset, "-g:v:" + n, key, "-keyint_min:v:" + n, key,
		"-sc_threshold:v:" + n, "0", "-forced-idr:v:" + n, "1", "-force_key_frames:v:" + n, "expr:gte(n,n_forced*" + key + ")",
		"-r:v:" + n, v.FrameRate.String(),
	}
	if v.Profile != "" {
		args = append(args, "-profile:v:"+n, v.Profile)
	}
	for flag, value := range map[string]int64{"crf": int64(v.CRF), "b": v.Bitrate, "maxrate": v.MaxBitrate, "bufsize": v.BufferSize} {
		if value > 0 {
			args = append(args, "-"+flag+":v:"+n, strconv.FormatInt(value, 10))
		}
	}
	return args
}

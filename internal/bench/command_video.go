package main

import (
	"fmt"
	"strconv"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// videoArgs are the settings of video stream n, those of
// internal/av/encoder_video.go. The number of threads is a part of ours,
// because it changes what the encoders write: threads of x264, pools and
// frame-threads of x265, lp of SVT-AV1. Without pinned it is what ffmpeg makes
// of the machine.
func videoArgs(n string, v *transcode.VideoRendition, pinned bool) []string {
	key := strconv.Itoa(v.KeyFrameInterval)
	b := &streamArgs{suffix: ":v:" + n}
	switch v.Codec {
	case rendition.H265:
		b.add("c", "libx265")
		b.add("preset", v.Preset)
		b.add("forced-idr", "1")
		params := fmt.Sprintf("keyint=%s:min-keyint=%s:scenecut=0:open-gop=0:log-level=error", key, key)
		if pinned {
			params += fmt.Sprintf(":pools=%d:frame-threads=%d", v.Threads, max(1, min(v.Threads, 3)))
		}
		b.add("x265-params", params)
		b.add("tag", "hvc1")
	case rendition.AV1:
		b.add("c", "libsvtav1")
		b.add("preset", svtPresets[v.Preset])
		params := "scd=0"
		if pinned {
			params += fmt.Sprintf(":lp=%d", v.Threads)
		}
		b.add("svtav1-params", params)
	default:
		b.add("c", "libx264")
		b.add("preset", v.Preset)
		b.add("keyint_min", key)
		b.add("sc_threshold", "0")
		b.add("forced-idr", "1")
	}
	if pinned {
		b.add("threads", strconv.Itoa(v.Threads))
	}
	b.add("g", key)
	b.add("force_key_frames", "expr:gte(n,n_forced*"+key+")")
	b.add("r", v.FrameRate.String())
	if v.Profile != "" {
		b.add("profile", v.Profile)
	}
	b.number("crf", int64(v.CRF))
	b.number("b", v.Bitrate)
	b.number("maxrate", v.MaxBitrate)
	b.number("bufsize", v.BufferSize)
	return b.list
}

// svtPresets maps x264's names as internal/av/encoder_video.go does.
var svtPresets = map[string]string{
	"ultrafast": "12", "superfast": "11", "veryfast": "10", "faster": "10", "fast": "9", "medium": "8", "slow": "6", "slower": "4",
	"veryslow": "2", "placebo": "1",
}

// streamArgs are options of one stream.
type streamArgs struct {
	suffix string
	list   []string
}

func (b *streamArgs) add(name, value string) { b.list = append(b.list, "-"+name+b.suffix, value) }

// number adds what is set.
func (b *streamArgs) number(name string, value int64) {
	if value > 0 {
		b.add(name, strconv.FormatInt(value, 10))
	}
}

package ladder

import (
	"math"

	"github.com/rendition-sdk/rendition"
)

// upTo30 is Apple's "<= 30 fps" column: the rung is not for high frame rates.
const upTo30 = 30

// point is one line of a published table.
type point struct {
	width, height int
	kbps          float64
	maxFPS        int64 // 0: same as source
}

// AppleH264 returns the H.264 ladder of Apple's "HTTP Live Streaming (HLS)
// authoring specification for Apple devices", clause 1.25, for 16:9 at 30
// frames per second, with High profile as clause 1.4 recommends. Every call
// returns a new Ladder.
//
// Source: https://developer.apple.com/documentation/http-live-streaming/hls-authoring-specification-for-apple-devices
// (first table after clause 1.25, column "H.264/AVC", kbit/s average).
func AppleH264() Ladder {
	return build(rendition.H264, "high", 1, []point{
		{416, 234, 145, upTo30},
		{640, 360, 365, upTo30},
		{768, 432, 730, upTo30},
		{768, 432, 1100, upTo30},
		{960, 540, 2000, 0},
		{1280, 720, 3000, 0},
		{1280, 720, 4500, 0},
		{1920, 1080, 6000, 0},
		{1920, 1080, 7800, 0},
	})
}

// AppleHEVC returns the HEVC ladder for standard dynamic range of the same
// Apple specification, clause 1.25, for 16:9 at 30 frames per second. The Main
// profile lies within clause 1.6 (Main10, level 5.0, High tier). Every call
// returns a new Ladder.
//
// Source: as [AppleH264], second table, column "HEVC/H.265 30 fps".
func AppleHEVC() Ladder {
	return build(rendition.H265, "main", 1, appleHEVC())
}

func appleHEVC() []point {
	return []point{
		{640, 360, 145, upTo30},
		{768, 432, 300, upTo30},
		{960, 540, 600, upTo30},
		{960, 540, 900, upTo30},
		{960, 540, 1600, 0},
		{1280, 720, 2400, 0},
		{1280, 720, 3400, 0},
		{1920, 1080, 4500, 0},
		{1920, 1080, 5800, 0},
		{2560, 1440, 8100, 0},
		{3840, 2160, 11600, 0},
		{3840, 2160, 16800, 0},
	}
}

// AppleHEVCHDR returns the HEVC ladder for high dynamic range (HDR10, HLG,
// Dolby Vision) of the same Apple specification, clause 1.25, in Main 10.
// Every call returns a new Ladder.
//
// Source: as [AppleH264], second table, column "HDR (HEVC) 30 fps".
func AppleHEVCHDR() Ladder {
	return build(rendition.H265, "main10", 1, []point{
		{640, 360, 160, upTo30},
		{768, 432, 360, upTo30},
		{960, 540, 730, upTo30},
		{960, 540, 1090, upTo30},
		{960, 540, 1930, 0},
		{1280, 720, 2900, 0},
		{1280, 720, 4080, 0},
		{1920, 1080, 5400, 0},
		{1920, 1080, 7000, 0},
		{2560, 1440, 9700, 0},
		{3840, 2160, 13900, 0},
		{3840, 2160, 20000, 0},
	})
}

// AV1 returns a ladder for AV1 in Main profile. Apple's specification allows
// AV1 (clauses 1.37 and 1.39) and gives no rates for it, so this is [AppleHEVC] times
// 0.84, rounded to 10 kbit/s: the rate at which AV1 met the same VMAF as x265
// in a published comparison (16.22 % less). Every call returns a new Ladder.
//
// Source of the factor: J. Ozer, "Promising initial results with AV1 testing",
// https://streaminglearningcenter.com/codecs/promising-initial-results-with-av1-testing.html
func AV1() Ladder {
	return build(rendition.AV1, "main", 0.84, appleHEVC())
}

// VP9 returns a ladder for VP9 in profile 0, in Google's rates for video on
// demand at 24 to 30 frames per second. Google gives the 240 and 480 line rows
// (150; 512 low and 750 medium quality) for 4:3; here they stand at 16:9 like the
// rest. Every call returns a new Ladder.
//
// Source: https://developers.google.com/media/vp9/settings (figure 2a, "average
// bitrate (VOD, kbps)").
func VP9() Ladder {
	return build(rendition.VP9, "0", 1, []point{
		{426, 240, 150, upTo30},
		{640, 360, 276, upTo30},
		{854, 480, 512, upTo30},
		{854, 480, 750, upTo30},
		{1280, 720, 1024, 0},
		{1920, 1080, 1800, 0},
		{2560, 1440, 6000, 0},
		{3840, 2160, 12000, 0},
	})
}

// build turns a table into rungs; a factor other than 1 rounds to 10 kbit/s.
func build(codec rendition.Codec, profile string, factor float64, table []point) Ladder {
	l := make(Ladder, len(table))
	for i, p := range table {
		kbps := p.kbps
		if factor != 1 {
			kbps = math.Round(kbps*factor/10) * 10
		}
		l[i] = withPeak(Rung{Width: p.width, Height: p.height, Bitrate: int64(kbps * 1000), Codec: codec, Profile: profile})
		if p.maxFPS > 0 {
			l[i].FPS = rendition.Rational{Num: p.maxFPS, Den: 1}
		}
	}
	return l
}

// builtin returns the ladder for codec, nil when there is none. VP8 needs about
// the bits of H.264 and has no profile.
func builtin(codec rendition.Codec, hdr bool) Ladder {
	switch codec {
	case rendition.H264:
		return AppleH264()
	case rendition.H265:
		if hdr {
			return AppleHEVCHDR()
		}
		return AppleHEVC()
	case rendition.AV1:
		return AV1()
	case rendition.VP9:
		return VP9()
	case rendition.VP8:
		l := AppleH264()
		for i := range l {
			l[i].Codec, l[i].Profile = rendition.VP8, ""
		}
		return l
	default:
		return nil
	}
}

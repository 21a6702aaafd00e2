package ladder_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
)

func builtins() map[string]ladder.Ladder {
	return map[string]ladder.Ladder{
		"apple h264": ladder.AppleH264(), "apple hevc": ladder.AppleHEVC(), "apple hevc hdr": ladder.AppleHEVCHDR(),
		"av1": ladder.AV1(), "vp9": ladder.VP9(),
	}
}

func TestBuiltinsAreValid(t *testing.T) {
	t.Parallel()
	for name, l := range builtins() {
		require.NoError(t, ladder.Validate(l), name)
		for i, r := range l {
			require.LessOrEqual(t, r.MaxBitrate, 2*r.Bitrate, "%s[%d]: Apple's clause 1.30", name, i)
			require.Equal(t, 2*r.MaxBitrate, r.BufferSize, "%s[%d]", name, i)
			require.NotEmpty(t, r.Profile, "%s[%d]", name, i)
		}
	}
}

// The published numbers, once more, in another form than in the code.
func TestBuiltinNumbers(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"apple h264":     "[234:145 360:365 432:730 432:1100 540:2000 720:3000 720:4500 1080:6000 1080:7800]",
		"apple hevc":     "[360:145 432:300 540:600 540:900 540:1600 720:2400 720:3400 1080:4500 1080:5800 1440:8100 2160:11600 2160:16800]",
		"apple hevc hdr": "[360:160 432:360 540:730 540:1090 540:1930 720:2900 720:4080 1080:5400 1080:7000 1440:9700 2160:13900 2160:20000]",
		"av1":            "[360:120 432:250 540:500 540:760 540:1340 720:2020 720:2860 1080:3780 1080:4870 1440:6800 2160:9740 2160:14110]",
		"vp9":            "[240:150 360:276 480:512 480:750 720:1024 1080:1800 1440:6000 2160:12000]",
	}
	for name, l := range builtins() {
		var got []string
		for _, r := range l {
			got = append(got, fmt.Sprintf("%d:%d", r.Height, r.Bitrate/1000))
		}
		require.Equal(t, want[name], fmt.Sprint(got), name)
	}
}

func TestBuiltinsAreCopies(t *testing.T) {
	t.Parallel()
	ladder.AppleH264()[0].Width = 1
	require.Equal(t, 416, ladder.AppleH264()[0].Width)
}

func TestDefaultBitrate(t *testing.T) {
	t.Parallel()
	fps := rendition.Rational{Num: 60, Den: 1}
	for name, tt := range map[string]struct {
		codec         rendition.Codec
		width, height int
		fps           rendition.Rational
		want          int64
	}{
		"on a rung":         {rendition.H264, 1280, 720, rendition.Rational{}, 4_500_000},
		"portrait":          {rendition.H264, 720, 1280, rendition.Rational{}, 4_500_000},
		"60 fps":            {rendition.H264, 1280, 720, fps, 9_000_000},
		"barely above 30":   {rendition.H264, 1280, 720, rendition.Rational{Num: 3002, Den: 100}, 4_500_000},
		"film in hevc":      {rendition.H265, 1280, 720, rendition.Rational{Num: 24000, Den: 1001}, 2_720_000},
		"film in h264":      {rendition.H264, 1280, 720, rendition.Rational{Num: 24, Den: 1}, 4_500_000},
		"between rungs":     {rendition.H264, 854, 480, rendition.Rational{}, 1_460_000},
		"above the top":     {rendition.H264, 3840, 2160, rendition.Rational{}, 22_061_000},
		"below the bottom":  {rendition.H264, 104, 58, rendition.Rational{}, 18_000},
		"tiny has a floor":  {rendition.AV1, 2, 2, rendition.Rational{}, 1000},
		"vp8 as h264":       {rendition.VP8, 1280, 720, rendition.Rational{}, 4_500_000},
		"vp9":               {rendition.VP9, 1280, 720, rendition.Rational{}, 1_024_000},
		"not a video codec": {rendition.AAC, 1280, 720, rendition.Rational{}, 0},
		"copy":              {rendition.CodecCopy, 1280, 720, rendition.Rational{}, 0},
		"no size":           {rendition.H264, 0, 720, rendition.Rational{}, 0},
	} {
		require.Equal(t, tt.want, ladder.DefaultBitrate(tt.codec, tt.width, tt.height, tt.fps), name)
	}
}

func TestDefaultBitrateGrows(t *testing.T) {
	t.Parallel()
	for _, codec := range []rendition.Codec{rendition.H264, rendition.H265, rendition.VP8, rendition.VP9, rendition.AV1} {
		var last int64
		for height := 2; height <= 4320; height += 2 {
			rate := ladder.DefaultBitrate(codec, height*16/9, height, rendition.Rational{})
			require.GreaterOrEqual(t, rate, last, "%s at %d", codec, height)
			last = rate
		}
	}
}

func TestDefaultRung(t *testing.T) {
	t.Parallel()
	r := ladder.DefaultRung(rendition.H265, 1280, 720, rendition.Rational{})
	require.Equal(t, ladder.Rung{
		Width: 1280, Height: 720, Bitrate: 3_400_000, MaxBitrate: 5_100_000, BufferSize: 10_200_000,
		Codec: rendition.H265, Profile: "main",
	}, r)
	require.NoError(t, ladder.Validate(ladder.Ladder{r}))
	require.Zero(t, ladder.DefaultRung("none", 1280, 720, rendition.Rational{}).Bitrate)
}

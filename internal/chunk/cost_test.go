package chunk

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
)

func source(width, height int) *rendition.Media {
	return &rendition.Media{Streams: []rendition.Stream{{Type: rendition.Video, Video: &rendition.VideoInfo{
		Width: width, Height: height, FrameRate: rendition.Rational{Num: 30, Den: 1}, BitDepth: 8,
	}}}}
}

func rung(codec rendition.Codec, width, height int, preset string, threads int) *encode.Video {
	return &encode.Video{VideoSettings: encode.VideoSettings{
		Codec: codec, Width: width, Height: height, FrameRate: rendition.Rational{Num: 30, Den: 1}, Preset: preset, Threads: threads,
		PixelFormat: "yuv420p",
	}}
}

// TestCosts: rough as they are, they have to grow with the work and stay in
// bounds, or chunks would run one by one or exhaust the machine.
func TestCosts(t *testing.T) {
	t.Parallel()
	m := source(1920, 1080)
	require.InDelta(t, 1, cores(m, nil), 0)
	require.Zero(t, memory(m, nil))
	for codec := range encodeCosts {
		var before float64
		for _, preset := range presetNames {
			v := rung(codec, 1280, 720, preset, 1)
			cost := encodeCost(v)
			require.GreaterOrEqual(t, cost, before, "%s %s", codec, preset)
			before = cost
			for _, threads := range []int{0, 1, 2, 4, 64} {
				v.Threads = threads
				c, b := cores(m, []*encode.Video{v}), memory(m, []*encode.Video{v})
				require.True(t, c >= 1 && c <= float64(max(threads, 1))+4, "%s %s, %d threads: %v cores", codec, preset, threads, c)
				require.True(t, b > 10<<20 && b < 4<<30, "%s %s, %d threads: %d bytes", codec, preset, threads, b)
			}
		}
	}
	one, two := rung(rendition.H264, 1280, 720, "medium", 1), rung(rendition.H264, 640, 360, "medium", 1)
	require.Greater(t, memory(m, []*encode.Video{one, two}), memory(m, []*encode.Video{one}))
	require.Greater(t, cores(m, []*encode.Video{one, two}), 1.0)
	require.Greater(t, memory(source(3840, 2160), []*encode.Video{one}), memory(m, []*encode.Video{one}))
	deep := rung(rendition.H264, 1280, 720, "medium", 1)
	deep.PixelFormat = "yuv420p10le"
	require.Greater(t, memory(m, []*encode.Video{deep}), memory(m, []*encode.Video{one}))
}

// TestCostsOfOddSources: a source may tell no rate, or one that is none.
func TestCostsOfOddSources(t *testing.T) {
	t.Parallel()
	for _, rate := range []rendition.Rational{{}, {Num: 90000, Den: 1}, {Num: 1, Den: 0}} {
		m := source(16, 16)
		m.Streams[0].Video.FrameRate = rate
		c := cores(m, []*encode.Video{rung(rendition.H264, 16, 16, "unknown", 0)})
		require.True(t, c >= 1 && c < 16, "%v: %v", rate, c)
	}
}

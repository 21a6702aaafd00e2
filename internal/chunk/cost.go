package chunk

import (
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
)

// What work costs, in units of decoding one H.264 picture: rough, and only used
// to decide how many chunks are worth running at a time.
const (
	decodeCost      = 1.0
	deinterlaceCost = 2.0
	toneMapCost     = 12.0
	// pipelined is what remains of the ideal when stages wait for each other.
	pipelined = 0.8
	scaleCost = 0.5
)

// presetNames are x264's, fast to slow.
var presetNames = []string{
	"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
}

// encodeCosts of a pixel by codec and preset.
var encodeCosts = map[rendition.Codec][10]float64{
	rendition.H264: {1.2, 1.8, 3.3, 5.5, 6.5, 8, 13, 27, 50, 120},
	rendition.H265: {8, 10, 14, 16, 18, 24, 80, 180, 300, 600},
	rendition.VP9:  {6, 8, 12, 16, 22, 32, 50, 80, 140, 140},
	rendition.AV1:  {6, 8, 10, 10, 12, 16, 32, 80, 240, 500},
}

// lookaheads of x264 and x265 in pictures, by preset.
var lookaheads = [10]float64{0, 0, 10, 20, 30, 40, 50, 60, 60, 60}

func presetIndex(name string) int {
	for i, n := range presetNames {
		if strings.EqualFold(n, name) {
			return i
		}
	}
	return 5
}

// encodeCost is the cost of one second of v.
func encodeCost(v *encode.Video) float64 {
	return float64(v.Width*v.Height) * v.FrameRate.Float64() * encodeCosts[v.Codec][presetIndex(v.Preset)]
}

// cores is how many cores the pipeline of some videos keeps busy: all work
// over the longest stage, since its stages run side by side.
func cores(m *rendition.Media, videos []*encode.Video) float64 {
	if len(videos) == 0 {
		return 1
	}
	src := m.Streams[videos[0].Stream].Video
	rate := src.FrameRate.Float64()
	if rate <= 0 || rate > 240 {
		rate = 30
	}
	decode := float64(src.Width*src.Height) * rate * decodeCost
	if videos[0].Deinterlace {
		decode += float64(src.Width*src.Height) * rate * deinterlaceCost
	}
	total, longest := decode, decode
	for _, v := range videos {
		c := encodeCost(v)
		scale := float64(v.Width*v.Height) * v.FrameRate.Float64() * scaleCost
		if v.ToneMap {
			scale *= toneMapCost / scaleCost
		}
		total += c + scale
		longest = max(longest, scale, c/float64(max(v.Threads, 1)))
	}
	return max(1, total/longest*pipelined)
}

// memory is about how many bytes the pipeline of some videos takes.
func memory(m *rendition.Media, videos []*encode.Video) int64 {
	if len(videos) == 0 {
		return 0
	}
	const decoded = 1.5 * 14 // pictures that the decoder and the queues hold
	src := m.Streams[videos[0].Stream].Video
	sum := float64(src.Width*src.Height) * decoded * depth(src.BitDepth)
	for _, v := range videos {
		sum += float64(v.Width*v.Height) * perPixel(v)
	}
	return int64(sum) + 8<<20
}

// perPixel is about how many bytes an encoder takes for each pixel of its
// picture: pictures that wait and look ahead, and those that others refer to.
func perPixel(v *encode.Video) float64 {
	ahead, bits := lookaheads[presetIndex(v.Preset)], depth(0)
	if strings.Contains(v.PixelFormat, "10") {
		bits = depth(10)
	}
	threads := float64(max(v.Threads, 1))
	again := 1.5 * min(ahead, 20) // shown to the encoder once more at the end of a chunk
	switch v.Codec {
	case rendition.H265:
		return (4*(max(ahead, 20)+8) + 4*6 + again) * bits
	case rendition.VP9:
		return 100 * bits
	case rendition.AV1:
		return 350 * bits
	default:
		return (3*(ahead+5+threads) + 5*(5+threads) + again) * bits
	}
}

// depth is how much larger pictures of more than 8 bits are.
func depth(bits int) float64 {
	if bits > 8 {
		return 2
	}
	return 1
}

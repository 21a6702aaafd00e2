package ladder

import (
	"math"

	"github.com/rendition-sdk/rendition"
)

const (
	// peakFactor is MaxBitrate over Bitrate; bufferSeconds is BufferSize over
	// MaxBitrate. See "Peaks" in the package documentation.
	peakFactor    = 1.5
	bufferSeconds = 2

	// pixelPower is the growth of bits with pixels at one quality.
	pixelPower = 0.75

	// highFPS is the rate above which a rung counts as high frame rate. One above
	// 30, so that the average of a phone clip, 30.02, is not taken for more.
	highFPS       = 31
	highFPSFactor = 2
	// filmFPS and filmFactor: "24 fps HEVC content should use bit rates reduced
	// by about 20%" (Apple's note to its table).
	filmFPS    = 24.5
	filmFactor = 0.8

	minBitrate = 1000           // bits per second; less is no video
	maxBitrate = 10_000_000_000 // bits per second; more is a mistake
	maxPeak    = 10 * maxBitrate
	maxBuffer  = 100 * maxBitrate
)

// DefaultBitrate returns the average bitrate in bits per second that a
// rendition of this size gets when a job names none: the built-in ladder of
// the codec (the best rung of each size), interpolated over the number of
// pixels, doubled above 30 frames per second. It grows with width and height. A
// zero fps counts as 30. It returns 0 for a size of 0 or less and for a codec
// that is none of H264, H265, VP8, VP9 and AV1.
func DefaultBitrate(codec rendition.Codec, width, height int, fps rendition.Rational) int64 {
	base := builtin(codec, false)
	if base == nil || width <= 0 || height <= 0 {
		return 0
	}
	pixels := float64(width) * float64(height)
	rate := interpolate(base, pixels, func(r Rung) float64 { return float64(r.Width) * float64(r.Height) }, pixelPower)
	return roundRate(rate * fpsFactor(codec, fps.Float64()))
}

// DefaultRung returns the rung of this size with DefaultBitrate, its peak and
// buffer, and the profile of the built-in ladder; FPS stays zero. The Bitrate
// is 0 where DefaultBitrate's is.
func DefaultRung(codec rendition.Codec, width, height int, fps rendition.Rational) Rung {
	r := Rung{Width: width, Height: height, Codec: codec, Bitrate: DefaultBitrate(codec, width, height, fps)}
	if base := builtin(codec, false); base != nil {
		r.Profile = base[0].Profile
	}
	return withPeak(r)
}

// withPeak sets MaxBitrate and BufferSize from Bitrate.
func withPeak(r Rung) Rung {
	r.MaxBitrate = int64(math.Round(float64(r.Bitrate) * peakFactor))
	r.BufferSize = r.MaxBitrate * bufferSeconds
	return r
}

// interpolate reads the ladder as a curve of bitrate over size(rung), straight
// between its points on logarithmic axes, and goes on with the given power beyond its
// ends. Of several rungs of one size the last counts. The ladder must not be empty.
func interpolate(l Ladder, x float64, size func(Rung) float64, power float64) float64 {
	at := func(r Rung) (float64, float64) { return size(r), float64(r.Bitrate) }
	lowX, lowY := at(l[0])
	for _, r := range l[1:] {
		nextX, nextY := at(r)
		if nextX <= lowX {
			lowX, lowY = nextX, nextY
			continue
		}
		if x <= lowX {
			break
		}
		if x < nextX {
			slope := math.Log(nextY/lowY) / math.Log(nextX/lowX)
			return lowY * math.Pow(x/lowX, slope)
		}
		lowX, lowY = nextX, nextY
	}
	return lowY * math.Pow(x/lowX, power)
}

// fpsFactor is what a frame rate does to a budget made for 30; 0 counts as 30.
func fpsFactor(codec rendition.Codec, fps float64) float64 {
	switch {
	case fps > highFPS:
		return highFPSFactor
	case fps > 0 && fps < filmFPS && (codec == rendition.H265 || codec == rendition.AV1):
		return filmFactor
	default:
		return 1
	}
}

// relativeBits is the rate at which a codec reaches the quality of H.264 at 1.
// H265 and AV1 are from the comparison named at AV1 (39.06 % and 48.66 % less
// than x264); the rest are round figures, and generous where in doubt, since
// a source's codec that is taken for too efficient only lifts the cap.
func relativeBits(codec rendition.Codec) float64 {
	switch codec {
	case rendition.H265:
		return 0.61
	case rendition.VP9:
		return 0.65
	case rendition.AV1:
		return 0.51
	case "mpeg2video", "mpeg1video", "h263", "flv1", "msmpeg4v3", "wmv2":
		return 2
	case "mpeg4", "wmv3", "vc1":
		return 1.4
	case "prores", "dnxhd", "mjpeg", "dvvideo", "jpeg2000":
		return 5
	default:
		return 1
	}
}

// roundRate rounds down to a whole kbit/s, within the limits.
func roundRate(rate float64) int64 {
	return int64(min(max(math.Floor(rate/1000+1e-6)*1000, minBitrate), maxBitrate))
}

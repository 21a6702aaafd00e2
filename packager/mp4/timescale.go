package mp4

import (
	"math/bits"

	"github.com/rendition-sdk/rendition/packager"
)

// maxMovieTimescale keeps the durations of files of an hour within 32 bits.
const maxMovieTimescale = 1_000_000

// movieTimescale returns ticks per second in which all tracks' times are whole
// where that is possible, else the finest of the tracks' own.
func movieTimescale(tracks []*packager.Track) uint32 {
	common, finest := uint64(1), uint32(1000)
	for _, t := range tracks {
		ts := uint64(t.Timescale)
		finest = max(finest, t.Timescale)
		if common = common / gcd(common, ts) * ts; common > maxMovieTimescale {
			return min(finest, maxMovieTimescale)
		}
	}
	if common < 1000 {
		common *= (999 + common) / common
	}
	return uint32(common)
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// rescale converts v >= 0 ticks from one timescale to another, to the nearest
// or, with up, to the next tick.
func rescale(v int64, from, to uint32, up bool) uint64 {
	hi, lo := bits.Mul64(uint64(max(v, 0)), uint64(to))
	add := uint64(from) / 2
	if up {
		add = uint64(from) - 1
	}
	lo, carry := bits.Add64(lo, add, 0)
	hi += carry
	if hi >= uint64(from) {
		return 1<<64 - 1
	}
	q, _ := bits.Div64(hi, lo, uint64(from))
	return q
}

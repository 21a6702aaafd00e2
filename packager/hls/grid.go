package hls

import (
	"math"
	"math/bits"

	"github.com/rendition-sdk/rendition"
)

// grid is the sequence of times at which segments are to begin: multiples of a
// duration, each rounded to a tick of the track by itself, so that no error adds up.
type grid struct {
	step      rendition.Rational
	timescale uint32
	index     int64 // of the next boundary
}

// at returns boundary n in ticks, to the nearest.
func (g *grid) at(n int64) int64 {
	return mulDiv(n, g.step.Num*int64(g.timescale), g.step.Den)
}

// next is the time of the next boundary.
func (g *grid) next() int64 { return g.at(g.index) }

// pass moves the next boundary behind pts.
func (g *grid) pass(pts int64) {
	if pts < 0 {
		return
	}
	n := mulDivFloor(pts, g.step.Den, g.step.Num*int64(g.timescale))
	g.index = max(g.index, n)
	for g.next() <= pts {
		g.index++
	}
}

// mulDiv returns a*b/c to the nearest, for a, b >= 0 and c > 0.
func mulDiv(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	lo, carry := bits.Add64(lo, uint64(c)/2, 0)
	return quotient(hi+carry, lo, c)
}

func mulDivFloor(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return quotient(hi, lo, c)
}

func quotient(hi, lo uint64, c int64) int64 {
	if hi >= uint64(c) {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, uint64(c))
	return int64(min(q, math.MaxInt64))
}

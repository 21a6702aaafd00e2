package transcode

import (
	"math"
	"time"

	"github.com/rendition-sdk/rendition"
)

const (
	// keyFrameSeconds is the distance of key frames before it is rounded to whole frames.
	keyFrameSeconds = 2
	// fallbackFPS stands in for a rate that is not known.
	fallbackFPS = 25
	// maxVariableFPS is the most that a source of variable rate gets.
	maxVariableFPS = 60
	// defaultSegment is the target of HLSOutput.SegmentDuration.
	defaultSegment = 6 * time.Second
)

// commonRates are what a measured average is taken for when it is within 0.1 %.
var commonRates = []rendition.Rational{
	{Num: 24000, Den: 1001},
	{Num: 24, Den: 1},
	{Num: 25, Den: 1},
	{Num: 30000, Den: 1001},
	{Num: 30, Den: 1},
	{Num: 48, Den: 1},
	{Num: 50, Den: 1},
	{Num: 60000, Den: 1001},
	{Num: 60, Den: 1},
	{Num: 100, Den: 1},
	{Num: 120000, Den: 1001},
	{Num: 120, Den: 1},
}

// variableRates are what a source of variable rate may become.
var variableRates = []rendition.Rational{
	{Num: 24, Den: 1}, {Num: 25, Den: 1}, {Num: 30, Den: 1}, {Num: 50, Den: 1}, {Num: 60, Den: 1},
}

// outputRate is the constant frame rate of a source's outputs; false when the
// source's own says nothing.
//
//   - Constant rate: the base rate when it is within 1 % of the average, else
//     the average, snapped to a common rate.
//   - Interlaced: pictures, not fields: a rate above 40 is halved.
//   - Variable rate: the lowest of 24, 25, 30, 50 and 60 that is not below the
//     average by more than 1 %, or an NTSC rate when the average is one.
//   - Above MaxFPS: halved until it is not.
func outputRate(v *rendition.VideoInfo) (rendition.Rational, bool) {
	average, base := v.FrameRate, v.BaseFrameRate
	if !saneRate(average) {
		average = base
	}
	if !saneRate(average) {
		return rendition.Rational{Num: fallbackFPS, Den: 1}, false
	}
	if v.VariableFrameRate {
		return variableRate(average), true
	}
	rate := snapRate(average)
	if saneRate(base) && math.Abs(base.Float64()/average.Float64()-1) <= 0.01 {
		rate = rendition.NewRational(base.Num, base.Den)
	}
	if interlaced(v) && rate.Float64() > 40 {
		rate = divideRate(rate, 2)
	}
	for rate.Float64() > MaxFPS {
		rate = divideRate(rate, 2)
	}
	return rate, true
}

// saneRate tells a frame rate from a time base or nothing.
func saneRate(r rendition.Rational) bool {
	f := r.Float64()
	return r.Num > 0 && r.Den > 0 && f >= 0.01 && f <= 1000 && r.Num < 1<<40 && r.Den < 1<<40
}

func variableRate(average rendition.Rational) rendition.Rational {
	if r := snapRate(average); r.Den == 1001 && r.Float64() <= maxVariableFPS {
		return r
	}
	for _, r := range variableRates {
		if r.Float64() >= average.Float64()*0.99 {
			return r
		}
	}
	return rendition.Rational{Num: maxVariableFPS, Den: 1}
}

// snapRate returns the nearest common rate within 0.1 %, else r with a
// denominator that encoders take.
func snapRate(r rendition.Rational) rendition.Rational {
	best, nearest := rendition.NewRational(r.Num, r.Den), 0.001
	for _, c := range commonRates {
		if d := math.Abs(c.Float64()/r.Float64() - 1); d < nearest {
			best, nearest = c, d
		}
	}
	if best.Num > 1_000_000 || best.Den > 100_000 {
		best = rendition.NewRational(int64(math.Round(r.Float64()*1000)), 1000)
	}
	return best
}

func divideRate(r rendition.Rational, n int64) rendition.Rational {
	return rendition.NewRational(r.Num, r.Den*n)
}

// keyFrameInterval is the distance of key frames in frames: 2 seconds, rounded.
func keyFrameInterval(rate rendition.Rational) int {
	return max(int(math.Round(keyFrameSeconds*rate.Float64())), 1)
}

// framesDuration is the exact length of a number of frames in seconds.
func framesDuration(frames int64, rate rendition.Rational) rendition.Rational {
	return rendition.NewRational(frames*rate.Den, rate.Num)
}

// segmentDuration is the whole number of key-frame intervals nearest to the
// target, at least one, in seconds.
func segmentDuration(target Time, interval int, rate rendition.Rational) rendition.Rational {
	if target == 0 {
		target = Time(defaultSegment)
	}
	step := framesDuration(int64(interval), rate).Float64()
	k := max(int64(math.Round(target.Duration().Seconds()/step)), 1)
	return framesDuration(k*int64(interval), rate)
}

// interlaced says that pictures are woven of two fields.
func interlaced(v *rendition.VideoInfo) bool {
	switch v.FieldOrder {
	case "tt", "bb", "tb", "bt":
		return true
	default:
		return false
	}
}

//go:build cgo

package encode

import (
	"math"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// copyClock turns a stream's ticks into those of its copy, which are the same
// or whole parts of them, so that every distance stays as it is.
type copyClock struct {
	timescale int64
	factor    float64 // output ticks of one source tick
	whole     int64   // factor, where it is whole; else 0
	origin    int64   // where the source's timeline begins
}

func newCopyClock(tb rendition.Rational, start time.Duration) copyClock {
	c := copyClock{timescale: tb.Den}
	for c.timescale < minTimescale {
		c.timescale *= 2
	}
	c.whole = tb.Num * (c.timescale / tb.Den)
	if c.timescale > packager.MaxTimescale {
		c.timescale, c.whole = packager.MaxTimescale, 0
	}
	c.factor = tb.Float64() * float64(c.timescale)
	c.origin = int64(math.Round(start.Seconds() * float64(c.timescale)))
	return c
}

// at is a time on the source's timeline.
func (c *copyClock) at(ticks int64) int64 { return c.length(ticks) - c.origin }

func (c *copyClock) length(ticks int64) int64 {
	if c.whole > 0 && ticks < packager.MaxTime/c.whole && ticks > -packager.MaxTime/c.whole {
		return ticks * c.whole
	}
	return int64(math.Round(float64(ticks) * c.factor))
}

func (c *copyClock) seconds(ticks int64) float64 { return float64(ticks) / float64(c.timescale) }

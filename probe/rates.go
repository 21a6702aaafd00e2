//go:build cgo

package probe

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition"
)

// frameRates finds out which streams have a variable frame rate.
func (p *inspector) frameRates() {
	for i := range p.media.Streams {
		s, t := &p.media.Streams[i], &p.tracks[i]
		if s.Video == nil || s.AttachedPicture {
			continue
		}
		if t.full {
			typical, off := p.in.UnevenSamples(i)
			s.Video.VariableFrameRate = typical > 0 && manyUneven(off, t.index.Entries-2)
			continue
		}
		times := t.ordered()
		s.Video.VariableFrameRate = uneven(times, s.TimeBase)
		if len(times) < minRateTimes {
			continue
		}
		span := s.TimeBase.Duration(times[len(times)-1] - times[0]).Seconds()
		measured := float64(len(times)-1) / span
		if declared := s.Video.FrameRate.Float64(); declared > implausible*measured {
			p.warn("the header claims %.5g frames per second for stream %d; it has about %.5g", declared, i, measured)
			s.Video.FrameRate = nearRate(measured, 0.002/span)
		}
	}
}

const (
	// minRateTimes is how many times a measured frame rate needs.
	minRateTimes = 8
	// implausible is how many times the measured frame rate a header may claim:
	// twice, for fields counted as frames, and something for uneven ones.
	implausible = 3
)

// usualRates are tried first for a measured frame rate.
var usualRates = []rendition.Rational{
	{Num: 24000, Den: 1001},
	{Num: 24, Den: 1},
	{Num: 25, Den: 1},
	{Num: 30000, Den: 1001},
	{Num: 30, Den: 1},
	{Num: 50, Den: 1},
	{Num: 60000, Den: 1001},
	{Num: 60, Den: 1},
}

// nearRate returns the usual rate nearest to fps if it is within a tolerance
// (at least 0.04 %, which tells 30000/1001 from 30), else fps itself.
func nearRate(fps, tolerance float64) rendition.Rational {
	off := func(r rendition.Rational) float64 { return math.Abs(fps/r.Float64() - 1) }
	nearest := slices.MinFunc(usualRates, func(a, b rendition.Rational) int { return cmp.Compare(off(a), off(b)) })
	if off(nearest) <= max(tolerance, 0.0004) {
		return nearest
	}
	return rendition.RationalFromFloat(math.Round(fps*1000) / 1000)
}

// bitrates fills in the rates that no header tells.
func (p *inspector) bitrates() {
	m := p.media
	if m.Size > 0 && m.Duration > 0 && (m.Bitrate == 0 || m.DurationMeasured) {
		m.Bitrate = bitsPerSecond(m.Size, m.Duration)
	}
	count := 0
	for i := range m.Streams {
		s, t := &m.Streams[i], &p.tracks[i]
		if !moving(s) {
			continue
		}
		count++
		if s.Bitrate > 0 && !m.DurationMeasured {
			continue
		}
		switch length := p.length(i); {
		case t.full && s.Duration > 0:
			s.Bitrate = bitsPerSecond(t.index.Bytes, s.Duration)
		case length > 0 && t.packets > 1:
			s.Bitrate = bitsPerSecond(t.bytes, length)
			if m.Bitrate > 0 { // a part may be richer than the whole
				s.Bitrate = min(s.Bitrate, m.Bitrate)
			}
		}
	}
	for i := range m.Streams {
		if s := &m.Streams[i]; count == 1 && moving(s) && s.Bitrate == 0 {
			s.Bitrate = m.Bitrate
		}
	}
}

func bitsPerSecond(bytes int64, d time.Duration) int64 {
	rate := math.Round(float64(bytes) * 8 / d.Seconds())
	if rate >= math.MaxInt64 || rate < 0 {
		return 0
	}
	return int64(rate)
}

func percent(part, whole int64) string {
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(max(whole, 1)))
}

// setDuration replaces the duration of the whole.
func (p *inspector) setDuration(d time.Duration, measured bool) {
	p.media.Duration, p.media.DurationSeconds = d, d.Seconds()
	p.media.DurationMeasured = measured
}

// setStreamDuration replaces the duration of one stream.
func setStreamDuration(s *rendition.Stream, d time.Duration) {
	s.Duration, s.DurationSeconds = d, d.Seconds()
}

//go:build cgo

package probe

import (
	"math"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// maxTimes is the number of presentation times kept of a stream.
const maxTimes = 512

// track is what was counted of one stream.
type track struct {
	index   av.Index
	full    bool // the index lists every sample
	packets int64
	timed   int64 // packets with a time
	bytes   int64
	start   int64 // the smallest PTS
	end     int64 // the largest PTS with its duration
	lastDTS int64
	sample  []byte // the start of the first packet
	times   []int64
}

// moving reports whether s counts for the duration: sound or moving picture.
func moving(s *rendition.Stream) bool {
	return s.Type == rendition.Audio || (s.Type == rendition.Video && !s.AttachedPicture)
}

// count adds p.packet to its track.
func (p *inspector) count() {
	i := p.packet.Stream()
	if i < 0 || i >= len(p.tracks) { // a stream that appeared later
		return
	}
	t := &p.tracks[i]
	pts, dts, length := p.packet.PTS(), p.packet.DTS(), p.packet.Duration()
	known := pts != av.NoTimestamp
	if !known {
		pts = dts
	}
	t.packets++
	t.bytes += int64(p.packet.Size())
	if t.sample == nil {
		t.sample = p.firstBytes(i)
	}
	if pts == av.NoTimestamp {
		return
	}
	if length <= 0 && t.timed > 0 && dts != av.NoTimestamp && t.lastDTS != av.NoTimestamp {
		length = max(dts-t.lastDTS, 0)
	}
	if t.timed == 0 || pts < t.start {
		t.start = pts
	}
	if t.timed == 0 || pts+length > t.end {
		t.end = pts + length
	}
	t.lastDTS = dts
	t.timed++
	if known && len(t.times) < maxTimes {
		t.times = append(t.times, pts)
	}
}

// extent is the measured time of track i: from its first sample to the end of
// its last one.
func (p *inspector) extent(i int) (start, end time.Duration, ok bool) {
	s, t := &p.media.Streams[i], &p.tracks[i]
	switch {
	case t.timed > 0 && t.end > t.start:
		return s.TimeBase.Duration(t.start), s.TimeBase.Duration(t.end), true
	case t.timed == 0 && t.packets > 1 && s.Video != nil && !s.Video.FrameRate.IsZero(): // a raw stream: pictures, no times
		return 0, s.Video.FrameRate.Inv().Duration(t.packets), true
	default:
		return 0, 0, false
	}
}

// length is the measured duration of track i, 0 when unknown.
func (p *inspector) length(i int) time.Duration {
	start, end, _ := p.extent(i)
	return end - start
}

// ordered returns the distinct presentation times in order, but for the last
// ones, between which pictures may be missing that were not read yet, and the
// first ones of a longer list, where broadcasts begin in the middle of a group.
func (t *track) ordered() []int64 {
	const reorder = 16
	sorted := slices.Clone(t.times)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	sorted = sorted[:max(len(sorted)-reorder, min(len(sorted), 3))]
	if len(sorted) > reorder {
		sorted = sorted[reorder/2:]
	}
	return sorted
}

// uneven reports whether ordered presentation times are not evenly spaced.
func uneven(sorted []int64, base rendition.Rational) bool {
	if len(sorted) < 3 {
		return false
	}
	gaps := make([]int64, len(sorted)-1)
	for i := range gaps {
		gaps[i] = sorted[i+1] - sorted[i]
	}
	ordered := slices.Sorted(slices.Values(gaps))
	typical := ordered[len(ordered)/2]
	tick := int64(1)
	if f := base.Float64(); f > 0 { // FLV and the like count in milliseconds, with jitter
		tick = max(tick, int64(math.Round(0.001/f)))
	}
	var off int64
	for _, g := range gaps {
		if d := g - typical; d > max(typical/10, tick) || d < -max(typical/10, tick) {
			off++
		}
	}
	return manyUneven(off, int64(len(gaps)))
}

// manyUneven forgives a gap in a thousand.
func manyUneven(uneven, gaps int64) bool { return uneven > gaps/1000 }

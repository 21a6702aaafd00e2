package encode

import (
	"math"
	"time"
)

// frameGrid is where the frames of a branch lie on the source's timeline.
type frameGrid struct {
	fps    float64
	origin float64 // time of the first frame, in seconds from the clip's start
	base   int64   // its slot
	start  time.Duration
	end    int64 // no slot from here on; 0 for no end
	keys   int64 // key frames lie on multiples of it
}

// time is when a slot begins, in seconds on the source's timeline.
func (g *frameGrid) time(slot int64) float64 {
	return g.start.Seconds() + g.origin + float64(slot-g.base)/g.fps
}

// slots are those of the chunk that lies between two times in seconds. Each
// boundary moves to the next key frame of the grid. ok is false for a chunk
// that holds nothing of the branch.
func (g *frameGrid) slots(from, to float64) (s Slots, ok bool) {
	s = Slots{From: g.boundary(from), To: g.boundary(to)}
	if g.end > 0 && (s.To > g.end || math.IsInf(to, 1)) {
		s.To = g.end
	}
	if math.IsInf(to, 1) && g.end == 0 {
		s.To = 0
		return s, true
	}
	return s, s.From < s.To
}

// boundary is the first slot with a key frame that does not lie before t.
func (g *frameGrid) boundary(t float64) int64 {
	if math.IsInf(t, 0) {
		return 0
	}
	slot := (t-g.start.Seconds()-g.origin)*g.fps + float64(g.base)
	k := int64(math.Ceil((slot - 0.5) / float64(g.keys)))
	return max(0, k*g.keys)
}

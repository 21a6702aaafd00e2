package chunk

import (
	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// Fullness of the rate buffer in percent: what encoders take for the start of a
// stream, and what a chunk in the middle of one is encoded with. The more is
// taken for granted, the more chunks do not fit and are encoded again; the less,
// the more of what the cap allows is left unused, and x265 is held back where no cap
// binds. docs/joins.md has the measurements.
const (
	startFullness = 90
	chunkFullness = 60
)

// ledger follows the rate buffer of a video through its chunks (the leaky
// bucket of ISO/IEC 14496-10, Annex C): each chunk is encoded as if the buffer
// were chunkFullness at its start, and whether that was true shows only when the
// chunk before it is known.
type ledger struct {
	size, perFrame float64 // bits
	fill           float64
	begun          bool
}

// newLedger returns nil for a video without a buffer.
func newLedger(v *encode.Video) *ledger {
	if v.MaxBitrate <= 0 || v.BufferSize <= 0 || (v.Codec != rendition.H264 && v.Codec != rendition.H265) {
		return nil
	}
	return &ledger{size: float64(v.BufferSize), perFrame: float64(v.MaxBitrate) / v.FrameRate.Float64()}
}

// init is the fullness that chunk k is encoded with first, 0 for the encoder's own.
func (l *ledger) init(k int) int {
	if l == nil || k == 0 {
		return 0
	}
	return chunkFullness
}

// fits reports whether samples fit behind what was taken before.
func (l *ledger) fits(samples []packager.Sample) bool {
	if l == nil || !l.begun {
		return true
	}
	_, lowest := l.run(samples)
	return lowest >= 0
}

// take notes samples as written.
func (l *ledger) take(samples []packager.Sample) {
	if l == nil {
		return
	}
	if !l.begun {
		l.begun, l.fill = true, l.size*startFullness/100
	}
	l.fill, _ = l.run(samples)
	l.fill = max(l.fill, 0) // an encoder may miss its cap by a little
}

func (l *ledger) run(samples []packager.Sample) (fill, lowest float64) {
	fill, lowest = l.fill, l.fill
	for _, s := range samples {
		fill -= float64(len(s.Data) * 8)
		lowest = min(lowest, fill)
		fill = min(fill+l.perFrame, l.size)
	}
	return fill, lowest
}

// percent is the fullness now, rounded down, at least 1.
func (l *ledger) percent() int { return max(1, int(l.fill/l.size*100)) }

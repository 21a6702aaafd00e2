//go:build cgo

package encode

import (
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// maxJump is how far a transport stream's clock may jump before it is taken
// for another clock.
const maxJump = 10 * time.Second

// discontinuity joins the pieces of a transport stream whose clock jumps, as
// where two recordings were put one behind the other. In other containers a
// gap is a gap: a picture that stands for a minute is a minute long.
type discontinuity struct {
	applies bool
	offset  time.Duration
	next    map[int]time.Duration // where each stream's next packet is expected
}

func newDiscontinuity(container string) *discontinuity {
	d := &discontinuity{next: map[int]time.Duration{}}
	for _, name := range strings.Split(container, ",") {
		d.applies = d.applies || name == "mpegts" || name == "mpeg"
	}
	return d
}

// adjust moves p's times onto one continuous clock.
func (d *discontinuity) adjust(p *av.Packet, tb rendition.Rational) {
	if !d.applies || p.DTS() == av.NoTimestamp {
		return
	}
	at := tb.Duration(p.DTS()) + d.offset
	if want, seen := d.next[p.Stream()]; seen && (at-want > maxJump || want-at > maxJump) {
		d.offset += want - at
		at = want
	}
	d.next[p.Stream()] = at + tb.Duration(p.Duration())
	if d.offset != 0 {
		p.Shift(int64(d.offset.Seconds() * float64(tb.Den) / float64(tb.Num)))
	}
}

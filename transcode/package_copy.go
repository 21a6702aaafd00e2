package transcode

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// isCopy says that the rendition is the source's picture as it is coded.
func (o *renditionOut) isCopy() bool { return o.video != nil && o.video.Copy }

// copyInto tells a copy about a file that it goes into: Matroska, unlike MP4,
// has nothing that hides pictures before the beginning.
func (o *renditionOut) copyInto(container string) {
	if o.isCopy() && !slices.Contains([]string{"mp4", "mov"}, container) {
		o.video.NoEdits = true
	}
}

// copyIntoHLS tells a copy about a presentation that it goes into. Players
// switch between its rungs, so beside others it must be cut where they are.
func (o *renditionOut) copyIntoHLS(h *HLSPackage) {
	if !o.isCopy() {
		return
	}
	o.video.NoEdits, o.video.Independent = true, true
	others := slices.ContainsFunc(h.Video, func(t HLSTrack) bool { return t.Rendition != o.id })
	if others && !slices.Contains(o.video.Grids, h.SegmentDuration) {
		o.video.Grids = append(o.video.Grids, h.SegmentDuration)
	}
}

// copySpan is where copied video begins, and where readers may see its end, in
// ticks. A reader may take the last picture to have no length, the average one,
// or that between its decoding time and the next.
type copySpan struct {
	count, first, last, end int64
	before                  packager.Sample
}

func (c *copySpan) add(s *packager.Sample) {
	if c.count == 0 {
		c.first, c.last, c.before = s.PTS, s.PTS, *s
	}
	c.count++
	c.first = min(c.first, s.PTS)
	if s.Duration > 0 { // else it is not shown
		c.last = max(c.last, s.PTS)
		c.end = max(c.end, c.before.PTS+s.DTS-c.before.DTS, s.PTS+s.Duration)
	}
	c.before = packager.Sample{PTS: s.PTS, DTS: s.DTS}
}

// frame is the longest that the last picture may seem to be.
func (c *copySpan) frame() int64 {
	return max(c.end-c.last, (c.last-c.first)/max(c.count-1, 1))
}

// begin is when the rendition shows its first picture. Encodes fill the time
// before it, a copy cannot.
func (o *renditionOut) begin() time.Duration {
	if !o.isCopy() || o.track.Timescale == 0 {
		return 0
	}
	return rendition.Rational{Num: 1, Den: int64(o.track.Timescale)}.Duration(max(0, o.span.first))
}

// copyTolerance is how far the duration of copied video in a file may be off:
// a picture, the last one where their lengths vary.
func copyTolerance(o *renditionOut) time.Duration {
	if o.track.Timescale == 0 {
		return rounding
	}
	frame := rendition.Rational{Num: 1, Den: int64(o.track.Timescale)}.Duration(o.span.frame())
	if rate := o.track.FrameRate; !rate.IsZero() {
		frame = max(frame, rate.Inv().Duration(1))
	}
	return frame + rounding
}

// verifiedCopy takes the blame off this SDK where an output that holds copied
// video does not check out: nothing has decoded it before.
func verifiedCopy(outs []*renditionOut, err error) error {
	var e *rendition.Error
	if rendition.KindOf(err) != rendition.Integrity || !errors.As(err, &e) || !slices.ContainsFunc(outs, (*renditionOut).isCopy) {
		return err
	}
	return &rendition.Error{
		Kind: rendition.InvalidInput, Op: e.Op, Key: e.Key, Err: fmt.Errorf("with copied video, %w", e.Err), Fault: rendition.FaultInput,
		Hint: `the source may be damaged; encode it: give a codec other than "copy"`,
	}
}

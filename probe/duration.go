//go:build cgo

package probe

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
)

// Tolerances and limits of the duration.
const (
	// tailBytes is what is read from the end of a long source without a duration.
	tailBytes = 4 << 20
	// slack is how far a header's duration may be off before it is corrected.
	slack = time.Second
	// lieFactor is how much longer than its bytes suggest a fragmented file may
	// claim to be before it is measured.
	lieFactor = 4
	// lowestRate in bits per second is less than any real media has.
	lowestRate = 400
)

// tailed formats give right timestamps after a jump to any byte.
var tailed = []string{"matroska", "webm", "flv", "mpegts", "mpeg", "asf"}

// duration settles Media.Duration and those of the streams.
func (p *inspector) duration() error {
	if !slices.ContainsFunc(p.media.Streams, func(s rendition.Stream) bool { return moving(&s) }) {
		return nil // subtitles or a picture: nothing plays
	}
	if span, ok := p.declaredSpan(); ok {
		p.setDuration(span, false)
		return nil
	}
	header := p.media.Duration
	fragmented := p.fragmentedMP4()
	if p.in.DurationFromPackets() {
		p.media.DurationMeasured = true
	}
	doubtful := header == 0 || p.in.DurationGuessed() || (fragmented && p.tooLong(header)) || p.tooThin(header)
	if !doubtful && !p.ended {
		p.streamDurations(false)
		return nil
	}
	measured, exact, err := p.measure()
	if err != nil {
		return err
	}
	p.settle(header, measured, exact, fragmented)
	return nil
}

// settle decides between the header's duration and the measured one.
func (p *inspector) settle(header, measured time.Duration, exact, fragmented bool) {
	off := max(slack, header/20)
	guessed := header == 0 || p.in.DurationGuessed()
	switch {
	case measured <= 0:
		if header == 0 {
			p.warn("the duration is not known and could not be measured")
		}
	case guessed:
		p.setDuration(measured, true)
		if !exact {
			p.warn("the duration is an estimate: no header tells it, and the source is too long to be read through")
		}
	case exact && (measured > header+off || (fragmented && measured < header-off)):
		p.setDuration(measured, true)
		p.warn("the header claims a duration of %s; the media lasts %s", seconds(header), seconds(measured))
	case exact && measured < header-off:
		p.warn("the header claims a duration of %s and the media ends after %s: the file seems to be cut off", seconds(header), seconds(measured))
	}
	p.streamDurations(p.media.DurationMeasured && exact)
}

// declaredSpan is the time from the first to the end of the last sample of a
// file whose index lists all of them.
func (p *inspector) declaredSpan() (time.Duration, bool) {
	var first, last time.Duration
	found := false
	for i := range p.media.Streams {
		s := &p.media.Streams[i]
		if !moving(s) {
			continue
		}
		if !p.tracks[i].full || s.Duration <= 0 {
			return 0, false
		}
		start := time.Duration(s.StartSeconds * float64(time.Second))
		if end := start + s.Duration; !found {
			first, last, found = start, end, true
		} else {
			first, last = min(first, start), max(last, end)
		}
	}
	return last - first, found && last > first
}

// fragmentedMP4 reports whether the source is an MP4 whose index is spread over it.
func (p *inspector) fragmentedMP4() bool {
	return p.isFormat("mov") && !slices.ContainsFunc(p.tracks, func(t track) bool { return t.full })
}

func (p *inspector) isFormat(names ...string) bool {
	return slices.ContainsFunc(strings.Split(p.media.Container, ","), func(n string) bool { return slices.Contains(names, n) })
}

// tooLong compares a claim with what the fragments that are known suggest.
func (p *inspector) tooLong(claim time.Duration) bool {
	for i := range p.tracks {
		x := &p.tracks[i].index
		if x.Entries < 2 || x.End <= 0 || p.media.Size <= 0 {
			continue
		}
		known := p.media.Streams[i].TimeBase.Duration(x.Last - x.First)
		suggested := known.Seconds() * max(float64(p.media.Size)/float64(x.End), 1)
		return claim.Seconds() > lieFactor*suggested+10
	}
	return false
}

// tooThin reports whether a claim means less data than any media has.
func (p *inspector) tooThin(claim time.Duration) bool {
	return p.media.Size > 0 && claim > 10*time.Second && float64(p.media.Size)*8/claim.Seconds() < lowestRate
}

// measure reads on to the end of the source, or where that is far, some of it
// and its tail. exact is false for an extrapolation.
func (p *inspector) measure() (length time.Duration, exact bool, err error) {
	if p.opts.ScanBytes > 0 && !p.ended {
		if err := p.scan(p.in.BytesRead() + p.opts.ScanBytes); err != nil {
			return 0, false, err
		}
	}
	if p.ended {
		return p.span(), true, nil
	}
	read, size := p.in.BytesRead(), p.media.Size
	if size <= 0 || p.opts.ScanBytes == 0 {
		return p.extrapolate(read, size), false, nil
	}
	if p.isFormat(tailed...) && size-tailBytes > read && p.in.SeekByte(size-tailBytes) == nil {
		guess := p.extrapolate(read, size)
		err := p.scan(p.in.BytesRead() + 2*tailBytes)
		if span := p.span(); err == nil && p.ended && span > guess/lieFactor {
			return span, true, nil
		}
		return guess, false, err
	}
	return p.extrapolate(read, size), false, nil
}

// scan reads packets until the end or until limit bytes have been read in all.
func (p *inspector) scan(limit int64) error {
	for p.in.BytesRead() < limit {
		more, err := p.next()
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// span is the time from the first to the end of the last packet that was read.
func (p *inspector) span() time.Duration {
	var first, last time.Duration
	found := false
	for i := range p.media.Streams {
		start, end, ok := p.extent(i)
		if !ok || !moving(&p.media.Streams[i]) {
			continue
		}
		if !found {
			first, last, found = start, end, true
		} else {
			first, last = min(first, start), max(last, end)
		}
	}
	return last - first
}

// extrapolate assumes that the rest of the source is like its beginning.
func (p *inspector) extrapolate(read, size int64) time.Duration {
	if read <= 0 || size <= read {
		return p.span()
	}
	return time.Duration(float64(p.span()) * float64(size) / float64(read))
}

// streamDurations fills in the streams' durations from their packets (all of
// them when overrule is set, and every packet was read) or Matroska's tags.
func (p *inspector) streamDurations(overrule bool) {
	for i := range p.media.Streams {
		s := &p.media.Streams[i]
		if s.AttachedPicture {
			continue
		}
		if d := p.length(i); d > 0 && p.ended && (overrule || s.Duration == 0) {
			setStreamDuration(s, d)
		}
		if d, ok := tagDuration(s.Tags["duration"]); ok && s.Duration == 0 {
			setStreamDuration(s, d)
		}
	}
}

// tagDuration reads Matroska's statistics tag "00:01:02.345000000".
func tagDuration(text string) (time.Duration, bool) {
	hours, rest, ok1 := strings.Cut(text, ":")
	minutes, secs, ok2 := strings.Cut(rest, ":")
	if !ok1 || !ok2 {
		return 0, false
	}
	d, err := time.ParseDuration(hours + "h" + minutes + "m" + secs + "s")
	return d, err == nil && d > 0
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Round(10*time.Millisecond).Seconds(), 'f', -1, 64) + " s"
}

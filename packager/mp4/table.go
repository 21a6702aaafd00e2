package mp4

import (
	"math"

	"github.com/Eyevinn/mp4ff/mp4"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// run is a run of equal values of a run-length table.
type run struct {
	count uint32
	value int64
}

// chunk is a run of samples that lie together in the file.
type chunk struct {
	samples uint32
	start   int64 // dts of the first sample
	offset  int64 // in the track's spool
	size    int64
}

// table gathers the sample table of one track as samples come, in a form whose
// size grows with what changes rather than with the number of samples.
type table struct {
	track   *packager.Track
	sizes   []uint32
	deltas  []run // stts; the last sample's comes from its duration
	offsets []run // ctts
	keys    []uint32
	chunks  []chunk

	bytes                     int64
	firstDTS, lastDTS, last   int64 // last is the last sample's duration
	firstPTS, endPTS          int64
	biggest                   uint32
	second, inSecond, busiest int64 // for the peak rate
}

func (t *table) add(s *packager.Sample, size int) {
	first := len(t.sizes) == 0
	if first {
		t.firstDTS, t.firstPTS, t.endPTS = s.DTS, s.PTS, s.PTS+s.Duration
	} else {
		t.deltas = appendRun(t.deltas, s.DTS-t.lastDTS)
	}
	if first || s.DTS-t.chunks[len(t.chunks)-1].start >= int64(t.track.Timescale)/2 {
		t.chunks = append(t.chunks, chunk{start: s.DTS, offset: t.bytes})
	}
	c := &t.chunks[len(t.chunks)-1]
	c.samples++
	c.size += int64(size)
	t.bytes += int64(size)
	t.sizes = append(t.sizes, uint32(size))
	t.offsets = appendRun(t.offsets, s.PTS-s.DTS)
	if s.Key && t.track.Type == rendition.Video {
		t.keys = append(t.keys, uint32(len(t.sizes)))
	}
	t.lastDTS, t.last = s.DTS, s.Duration
	t.firstPTS = min(t.firstPTS, s.PTS)
	if s.Duration > 0 { // else it ends where it begins, or is not shown
		t.endPTS = max(t.endPTS, s.PTS+s.Duration)
	}
	t.measure(s.DTS, size)
}

// measure finds the busiest second.
func (t *table) measure(dts int64, size int) {
	t.biggest = max(t.biggest, uint32(size))
	if second := (dts - t.firstDTS) / int64(t.track.Timescale); second != t.second {
		t.second, t.inSecond = second, 0
	}
	t.inSecond += int64(size)
	t.busiest = max(t.busiest, t.inSecond)
}

func appendRun(list []run, value int64) []run {
	if n := len(list); n > 0 && list[n-1].value == value {
		list[n-1].count++
		return list
	}
	return append(list, run{1, value})
}

// mediaDuration is the sum of all sample durations.
func (t *table) mediaDuration() int64 { return t.lastDTS - t.firstDTS + t.last }

func (t *table) rates() rates {
	r := rates{buffer: t.biggest, peak: clamp32(float64(t.busiest * 8))}
	if d := t.mediaDuration(); d > 0 {
		r.average = clamp32(float64(t.bytes) * 8 * float64(t.track.Timescale) / float64(d))
	}
	if t.track.Bitrate > 0 {
		r.average = clamp32(float64(t.track.Bitrate))
	}
	if t.track.MaxBitrate > 0 {
		r.peak = clamp32(float64(t.track.MaxBitrate))
	}
	r.peak = max(r.peak, r.average)
	return r
}

// stbl builds the sample table but for the chunk offsets.
func (t *table) stbl(entry mp4.Box, roll int16) *mp4.StblBox {
	b := mp4.NewStblBox()
	stsd := mp4.NewStsdBox()
	stsd.AddChild(entry)
	b.AddChild(stsd)
	b.AddChild(t.stts())
	if len(t.keys) > 0 && len(t.keys) < len(t.sizes) {
		b.AddChild(&mp4.StssBox{SampleNumber: t.keys})
	}
	if ctts := t.ctts(); ctts != nil {
		b.AddChild(ctts)
	}
	b.AddChild(t.stsc())
	b.AddChild(t.stsz())
	if sgpd := rollGroup(roll); sgpd != nil {
		b.AddChild(sgpd)
		b.AddChild(&mp4.SbgpBox{GroupingType: "roll", SampleCounts: []uint32{uint32(len(t.sizes))}, GroupDescriptionIndices: []uint32{1}})
	}
	return b
}

func (t *table) stts() *mp4.SttsBox {
	b := &mp4.SttsBox{}
	for _, r := range appendRun(t.deltas, t.last) {
		b.SampleCount = append(b.SampleCount, r.count)
		b.SampleTimeDelta = append(b.SampleTimeDelta, uint32(r.value))
	}
	return b
}

// lift is added to all composition offsets where the first picture is shown
// before the first one is decoded: an edit list cannot point in front of the media.
func (t *table) lift() int64 { return max(0, t.firstDTS-t.firstPTS) }

// ctts is nil when no sample is reordered; version 1 when an offset is negative.
func (t *table) ctts() *mp4.CttsBox {
	lift := t.lift()
	if len(t.offsets) == 1 && t.offsets[0].value+lift == 0 {
		return nil
	}
	b := &mp4.CttsBox{EndSampleNr: make([]uint32, 1, len(t.offsets)+1)}
	for _, r := range t.offsets {
		if r.value+lift < 0 {
			b.Version = 1
		}
		b.EndSampleNr = append(b.EndSampleNr, b.EndSampleNr[len(b.EndSampleNr)-1]+r.count)
		b.SampleOffset = append(b.SampleOffset, int32(r.value+lift))
	}
	return b
}

func (t *table) stsc() *mp4.StscBox {
	b := &mp4.StscBox{}
	b.SetSingleSampleDescriptionID(1)
	before := uint32(0)
	for i, c := range t.chunks {
		if c.samples != before {
			b.Entries = append(b.Entries, mp4.StscEntry{FirstChunk: uint32(i + 1), SamplesPerChunk: c.samples})
			before = c.samples
		}
	}
	return b
}

func (t *table) stsz() *mp4.StszBox {
	b := &mp4.StszBox{SampleNumber: uint32(len(t.sizes))}
	for _, s := range t.sizes {
		if s != t.sizes[0] {
			b.SampleSize = t.sizes
			return b
		}
	}
	b.SampleUniformSize = t.sizes[0]
	return b
}

// presentation is where a track's media shows on the movie's timeline.
type presentation struct {
	start    int64 // first time that is shown, in media ticks
	duration int64 // in media ticks
	media    int64 // position of start in the media
}

func (t *table) presentation() presentation {
	start := max(0, t.firstPTS+t.track.EncoderDelay)
	if start >= t.endPTS { // all of it is before 0: show it rather than nothing
		start = max(0, min(t.firstPTS, t.endPTS))
		return presentation{start: start, duration: t.mediaDuration()}
	}
	return presentation{start: start, duration: t.endPTS - start, media: start - t.firstDTS + t.lift()}
}

// edits returns elst (ISO/IEC 14496-12 clause 8.6.6): an empty edit for a track
// that begins late, then the media without priming and reordering delay. It is
// nil when the media shows as it lies.
func (p presentation) edits(timescale, movie uint32) (*mp4.ElstBox, uint64) {
	delay, length := rescale(p.start, timescale, movie, false), rescale(p.duration, timescale, movie, true)
	total := delay + length
	if p.start == 0 && p.media == 0 {
		return nil, total
	}
	b := &mp4.ElstBox{}
	if delay > 0 {
		b.Entries = append(b.Entries, mp4.ElstEntry{SegmentDuration: delay, MediaTime: -1, MediaRateInteger: 1})
	}
	b.Entries = append(b.Entries, mp4.ElstEntry{SegmentDuration: length, MediaTime: p.media, MediaRateInteger: 1})
	if total > math.MaxUint32 || p.media > math.MaxInt32 {
		b.Version = 1
	}
	return b, total
}

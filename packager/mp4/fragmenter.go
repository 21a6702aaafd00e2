package mp4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/Eyevinn/mp4ff/bits"
	"github.com/Eyevinn/mp4ff/mp4"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// FragmentOptions change how a Fragmenter works. nil and the zero value are good defaults.
type FragmentOptions struct {
	// SegmentType puts a styp box in front of each media segment.
	SegmentType bool
	// NegativeOffsets writes the reordering of pictures as negative composition
	// offsets, without an edit list, as the CMAF brand cmf2 wants it. Players
	// take both; FFmpeg's reader shows such video late by its reordering delay,
	// so the edit list is the default.
	NegativeOffsets bool
}

// Fragmenter turns the samples of one track into a CMAF track (ISO/IEC
// 23000-19): an init segment, and media segments of one moof and mdat each. It
// is for one goroutine at a time; the bytes it returns belong to the caller.
//
// PTS 0 of the samples is 0 on the presentation's timeline. Decode times cannot
// be negative: where the first one is, as it is with an encoder that reorders
// pictures or primes its sound, the whole track moves up by so much and an edit
// list in the init segment takes that back.
type Fragmenter struct {
	stream *stream
	opts   FragmentOptions
	number int

	samples  []packager.Sample // of the segment in the making, without data
	sizes    []uint32
	data     []byte
	sequence uint32

	fixed  bool
	shift  int64 // from the samples' DTS to the track's
	offset int64 // from the samples' PTS to the track's: what the edit list takes back
}

// NewFragmenter returns a Fragmenter. number is what errors call the track.
// Errors are those of Writer.AddTrack.
func NewFragmenter(t packager.Track, number int, opts *FragmentOptions) (*Fragmenter, error) {
	s, err := newStream("mp4: add track", t, number)
	if err != nil {
		return nil, err
	}
	f := &Fragmenter{stream: s, number: number}
	if opts != nil {
		f.opts = *opts
	}
	return f, nil
}

// Add appends a sample to the segment in the making.
//
// Errors: InvalidInput for a sample that cannot stand in the track (the Key
// names the track and the time), Quota for a segment over packager.MaxSegmentBytes.
func (f *Fragmenter) Add(s packager.Sample) error {
	const op = "mp4: write sample"
	data, err := f.stream.admit(op, &s)
	if err != nil {
		return err
	}
	if len(f.data)+len(data) > packager.MaxSegmentBytes {
		return &rendition.Error{
			Kind: rendition.Quota, Op: op, Key: f.stream.at(s.DTS),
			Err: fmt.Errorf("the segment is over %d bytes", packager.MaxSegmentBytes), Hint: "key frames are too far apart",
		}
	}
	f.data = append(f.data, data...)
	f.sizes = append(f.sizes, uint32(len(data)))
	s.Data = nil
	f.samples = append(f.samples, s)
	return nil
}

// Len is the number of samples of the segment in the making.
func (f *Fragmenter) Len() int { return len(f.samples) }

// CodecString is the RFC 6381 codecs parameter; empty before the first sample
// where the configuration lies in it.
func (f *Fragmenter) CodecString() string {
	if f.stream.conf == nil {
		return ""
	}
	return f.stream.conf.Name
}

// fix settles the timeline on the first samples.
func (f *Fragmenter) fix(op string) error {
	if f.fixed {
		return nil
	}
	if len(f.samples) == 0 {
		return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: f.stream.name, Err: errors.New("the track has no samples yet")}
	}
	f.fixed = true
	f.shift = max(0, -f.samples[0].DTS)
	f.offset = f.shift
	if f.opts.NegativeOffsets {
		first := f.samples[0].PTS
		for _, s := range f.samples {
			first = min(first, s.PTS)
		}
		f.offset = max(0, -first)
		f.shift = first + f.offset - f.samples[0].DTS
	}
	return nil
}

// InitSegment returns ftyp and moov. At least one sample must have been added,
// and with NegativeOffsets all of the first segment: the timeline is settled on them.
//
// Errors: InvalidJob before the first sample, Internal.
func (f *Fragmenter) InitSegment() ([]byte, error) {
	const op = "mp4: write init segment"
	if err := f.fix(op); err != nil {
		return nil, err
	}
	var out []byte
	err := guard(op, func() error {
		t := &f.stream.track
		r := rates{average: clamp32(float64(t.Bitrate)), peak: clamp32(float64(max(t.Bitrate, t.MaxBitrate)))}
		stbl := mp4.NewStblBox()
		stsd := mp4.NewStsdBox()
		stsd.AddChild(sampleEntry(t, f.stream.conf, r, false))
		for _, b := range []mp4.Box{stsd, &mp4.SttsBox{}, &mp4.StscBox{}, &mp4.StszBox{}, &mp4.StcoBox{}} {
			stbl.AddChild(b)
		}
		if sgpd := rollGroup(f.stream.conf.Roll); sgpd != nil {
			stbl.AddChild(sgpd)
		}
		var edits *mp4.ElstBox
		if f.offset > 0 {
			edits = &mp4.ElstBox{Entries: []mp4.ElstEntry{{MediaTime: f.offset, MediaRateInteger: 1}}}
			if f.offset > math.MaxInt32 {
				edits.Version = 1
			}
		}
		moov := mp4.NewMoovBox()
		mvhd := mp4.CreateMvhd()
		mvhd.Timescale, mvhd.NextTrackID = t.Timescale, 2
		moov.AddChild(mvhd)
		moov.AddChild(newTrak(t, &header{id: 1, enabled: true}, edits, stbl))
		mvex := mp4.NewMvexBox()
		mvex.AddChild(mp4.CreateTrex(1))
		moov.AddChild(mvex)
		var err error
		out, err = encode(mp4.NewFtyp("iso6", 0, brands([]string{"iso6", "cmfc", "mp41"}, t)), moov)
		return wrap(rendition.Internal, op, f.stream.name, err)
	})
	return out, err
}

func encode(list ...mp4.Box) ([]byte, error) {
	sw := bits.NewFixedSliceWriter(int(boxesSize(list)))
	for _, b := range list {
		if err := b.EncodeSW(sw); err != nil {
			return nil, err
		}
	}
	return sw.Bytes(), nil
}

// MediaSegment returns the samples added since the last one as moof and mdat.
// next is the DTS of the sample that will follow, which makes the last sample's
// duration exact; at the end of the track pass nil, and the sample's own
// Duration is taken.
//
// Errors: InvalidJob for a segment without samples, InvalidInput when next does
// not follow the last sample, Internal.
func (f *Fragmenter) MediaSegment(next *int64) ([]byte, error) {
	const op = "mp4: write media segment"
	if len(f.samples) == 0 {
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: f.stream.name, Err: errors.New("the segment has no samples")}
	}
	if err := f.fix(op); err != nil {
		return nil, err
	}
	last := f.samples[len(f.samples)-1]
	end := last.DTS + last.Duration
	if next != nil {
		end = *next
	}
	if end < last.DTS || end-last.DTS > math.MaxUint32 {
		err := errors.New("the next dts does not follow")
		return nil, &rendition.Error{Kind: rendition.InvalidInput, Op: op, Key: f.stream.at(last.DTS), Err: err}
	}
	var out []byte
	err := guard(op, func() (err error) {
		out, err = f.segment(end)
		return wrap(rendition.Internal, op, f.stream.at(f.samples[0].DTS), err)
	})
	f.samples, f.sizes, f.data = f.samples[:0], f.sizes[:0], f.data[:0]
	return out, err
}

func (f *Fragmenter) segment(end int64) ([]byte, error) {
	f.sequence++
	frag, err := mp4.CreateFragment(f.sequence, 1)
	if err != nil {
		return nil, err
	}
	traf := frag.Moof.Traf
	traf.Tfdt.SetBaseMediaDecodeTime(uint64(f.samples[0].DTS + f.shift))
	traf.Tfdt.Version = 1 // 64 bits from the start
	traf.Trun.Samples = f.trun(end)
	if f.stream.conf.Roll != 0 {
		sbgp := &mp4.SbgpBox{GroupingType: "roll", SampleCounts: []uint32{uint32(len(f.samples))}, GroupDescriptionIndices: []uint32{1}}
		if err := traf.AddChild(sbgp); err != nil {
			return nil, err
		}
	}
	if err := traf.OptimizeTfhdTrun(); err != nil {
		return nil, err
	}
	traf.Trun.DataOffset = int32(frag.Moof.Size() + 8)
	list := []mp4.Box{frag.Moof}
	if f.opts.SegmentType {
		list = []mp4.Box{mp4.NewStyp("msdh", 0, []string{"msdh", "msix", "cmfs"}), frag.Moof}
	}
	size := int(boxesSize(list))
	sw := bits.NewFixedSliceWriterFromSlice(make([]byte, size, size+8+len(f.data)))
	for _, b := range list {
		if err := b.EncodeSW(sw); err != nil {
			return nil, err
		}
	}
	out := binary.BigEndian.AppendUint32(sw.Bytes(), uint32(8+len(f.data)))
	return append(append(out, "mdat"...), f.data...), nil
}

// trun returns the samples with their durations up to end.
func (f *Fragmenter) trun(end int64) []mp4.Sample {
	list := make([]mp4.Sample, len(f.samples))
	for i, s := range f.samples {
		following := end
		if i+1 < len(f.samples) {
			following = f.samples[i+1].DTS
		}
		flags := mp4.SyncSampleFlags
		if !s.Key && f.stream.track.Type == rendition.Video {
			flags = mp4.SetNonSyncSampleFlags(0)
		}
		list[i] = mp4.Sample{
			Flags: flags, Size: f.sizes[i], Dur: uint32(following - s.DTS),
			CompositionTimeOffset: int32(s.PTS + f.offset - s.DTS - f.shift),
		}
	}
	return list
}

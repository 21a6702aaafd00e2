//go:build cgo

package av

//#include "index.h"
import "C"

import "slices"

// Index sums up a demuxer's table of samples. Only some containers have a
// complete one from the start (MP4 that is not fragmented, AVI); in others it
// lists key frames, or what was read so far.
type Index struct {
	// Entries is the number of samples listed, Bytes their total size.
	Entries, Bytes int64
	// First and Last are decoding times in the stream's time base.
	First, Last int64
	// LostEntries and LostBytes are those of samples beyond the file's end.
	LostEntries, LostBytes int64
	// End is the offset behind the furthest sample.
	End int64
}

// Index sums up the table of a stream.
func (in *Input) Index(stream int) Index {
	var s C.rd_index
	C.rd_index_summary(in.cStream(stream), C.int64_t(in.io.size), &s)
	return Index{
		Entries: int64(s.entries), Bytes: int64(s.bytes), First: int64(s.first), Last: int64(s.last),
		LostEntries: int64(s.lost_entries), LostBytes: int64(s.lost_bytes), End: int64(s.furthest),
	}
}

// maxGapSample is the number of gaps whose median is taken.
const maxGapSample = 1000

// UnevenSamples returns the typical gap between the samples of a stream's
// index, in its time base, and how many gaps differ from it by more than a
// tenth and more than one tick.
func (in *Input) UnevenSamples(stream int) (typical, uneven int64) {
	st := in.cStream(stream)
	n := min(int(C.avformat_index_get_entries_count(st))-2, maxGapSample) // the last gap may be cut short
	if n < 1 {
		return 0, 0
	}
	gaps := make([]int64, n)
	for i := range gaps {
		gaps[i] = int64(C.rd_index_gap(st, C.int(i)))
	}
	slices.Sort(gaps)
	typical = gaps[n/2]
	return typical, int64(C.rd_index_uneven(st, C.int64_t(typical), C.int64_t(max(typical/10, 1))))
}

// maxKeyFrames is the number of key frames that KeyFrames lists.
const maxKeyFrames = 1 << 20

// KeyFrames returns the times of the key frames in a stream's index, ascending,
// in its time base, as Seek takes them: decoding times in MP4, presentation times in
// Matroska. It is empty where the container has no index.
func (in *Input) KeyFrames(stream int) []int64 {
	st := in.cStream(stream)
	n := min(int(C.rd_index_keys(st, nil, 0)), maxKeyFrames)
	if n == 0 {
		return nil
	}
	times := make([]C.int64_t, n)
	C.rd_index_keys(st, &times[0], C.int(n))
	list := make([]int64, n)
	for i, t := range times {
		list[i] = int64(t)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// IndexIsWhole reports whether a stream's index lists every sample.
func (in *Input) IndexIsWhole(stream int) bool {
	st := in.cStream(stream)
	return st.nb_frames > 0 && int64(C.avformat_index_get_entries_count(st)) >= int64(st.nb_frames)
}

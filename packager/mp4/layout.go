package mp4

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/Eyevinn/mp4ff/bits"
	"github.com/Eyevinn/mp4ff/mp4"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// newFile lays out the file: ftyp, moov, mdat with the chunks of all tracks
// interleaved by time.
func newFile(o *Options, tracks []*TrackWriter) (*File, error) {
	list := make([]*packager.Track, len(tracks))
	for i, t := range tracks {
		list[i] = &t.stream.track
	}
	f := &File{}
	var media int64
	for _, t := range tracks {
		f.spools = append(f.spools, &t.spool)
		media += t.table.bytes
	}
	m := newMovie(o, tracks, list)
	head := []mp4.Box{fileType(o, list), m.moov}
	mdat := mdatHeader(media)
	order := interleave(tracks)

	// Offsets are 32 bits where they fit; the size of moov does not depend on their values.
	wide := false
	m.setOffsets(tracks, order, 0, wide)
	if boxesSize(head)+int64(len(mdat))+media > math.MaxUint32 {
		wide = true
		m.setOffsets(tracks, order, 0, wide)
	}
	start := boxesSize(head) + int64(len(mdat))
	f.parts = m.setOffsets(tracks, order, start, wide)
	sw := bits.NewFixedSliceWriter(int(boxesSize(head)))
	for _, b := range head {
		if err := b.EncodeSW(sw); err != nil {
			return nil, err
		}
	}
	f.head = append(sw.Bytes(), mdat...)
	f.size = start + media
	f.tracks, f.length = m.info, rendition.Rational{Num: 1, Den: int64(m.timescale)}.Duration(int64(m.duration))
	return f, nil
}

func boxesSize(list []mp4.Box) (n int64) {
	for _, b := range list {
		n += int64(b.Size())
	}
	return n
}

func fileType(o *Options, tracks []*packager.Track) *mp4.FtypBox {
	if o.Brand == "mov" {
		return mp4.NewFtyp("qt  ", 0x200, []string{"qt  "})
	}
	return mp4.NewFtyp("isom", 0x200, brands([]string{"isom", "iso4", "mp42"}, tracks...))
}

func mdatHeader(media int64) []byte {
	if media+8 <= math.MaxUint32 {
		return append(binary.BigEndian.AppendUint32(nil, uint32(media+8)), "mdat"...)
	}
	return binary.BigEndian.AppendUint64(append([]byte{0, 0, 0, 1}, "mdat"...), uint64(media+16))
}

// place is one chunk in the order of the file.
type place struct {
	track, chunk int
	seconds      float64
}

// interleave orders all chunks by their time, so that a player that reads
// forward has all tracks at hand.
func interleave(tracks []*TrackWriter) []place {
	var list []place
	for i, t := range tracks {
		for j, c := range t.table.chunks {
			list = append(list, place{i, j, float64(c.start) / float64(t.stream.track.Timescale)})
		}
	}
	slices.SortStableFunc(list, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.seconds, b.seconds), a.track-b.track)
	})
	return list
}

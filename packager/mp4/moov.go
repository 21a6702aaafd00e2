package mp4

import (
	"math"
	"time"

	"github.com/Eyevinn/mp4ff/mp4"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// movie is moov in the making.
type movie struct {
	moov      *mp4.MoovBox
	tables    []*mp4.StblBox
	info      []TrackInfo
	timescale uint32
	duration  uint64
}

func newMovie(o *Options, tracks []*TrackWriter, list []*packager.Track) *movie {
	m := &movie{moov: mp4.NewMoovBox(), timescale: movieTimescale(list)}
	quickTime := o.Brand == "mov"
	mvhd := mp4.CreateMvhd()
	mvhd.Timescale, mvhd.NextTrackID = m.timescale, uint32(len(tracks)+1)
	mvhd.CreationTime = since1904(o.CreationTime)
	mvhd.ModificationTime = mvhd.CreationTime
	m.moov.AddChild(mvhd)
	enabled := enabledTracks(list)
	for i, t := range tracks {
		p := t.table.presentation()
		edits, length := p.edits(t.stream.track.Timescale, m.timescale)
		h := &header{
			id: uint32(i + 1), created: mvhd.CreationTime, movieDuration: length, mediaDuration: uint64(t.table.mediaDuration()),
			enabled: enabled[i], quickTime: quickTime,
		}
		conf, r := t.stream.conf, t.table.rates()
		stbl := t.table.stbl(sampleEntry(&t.stream.track, conf, r, quickTime), conf.Roll)
		m.moov.AddChild(newTrak(&t.stream.track, h, edits, stbl))
		m.tables = append(m.tables, stbl)
		m.info = append(m.info, trackInfo(h.id, t, p, r))
		m.duration = max(m.duration, length)
	}
	mvhd.Duration = m.duration
	if m.duration > math.MaxUint32 || mvhd.CreationTime > math.MaxUint32 {
		mvhd.Version = 1
	}
	if udta := userData(o, quickTime); udta != nil {
		m.moov.AddChild(udta)
	}
	return m
}

func trackInfo(id uint32, t *TrackWriter, p presentation, r rates) TrackInfo {
	track := &t.stream.track
	return TrackInfo{
		ID: id, Type: track.Type, Codec: track.Codec, CodecString: t.stream.conf.Name,
		Samples: int64(len(t.table.sizes)), Bytes: t.table.bytes,
		Duration: rendition.Rational{Num: 1, Den: int64(track.Timescale)}.Duration(p.duration),
		Bitrate:  int64(r.average), MaxBitrate: int64(r.peak),
	}
}

// enabledTracks says which tracks play unless the viewer chooses others: of
// each type the one marked Default, else the first. All video tracks are enabled.
func enabledTracks(tracks []*packager.Track) []bool {
	on := make([]bool, len(tracks))
	chosen := -1
	for i, t := range tracks {
		if t.Type == rendition.Video {
			on[i] = true
		} else if chosen < 0 || t.Default && !tracks[chosen].Default {
			chosen = i
		}
	}
	if chosen >= 0 {
		on[chosen] = true
	}
	return on
}

// setOffsets puts the chunk offset boxes in place for media that begins at
// start, and returns the parts of the file in order.
func (m *movie) setOffsets(tracks []*TrackWriter, order []place, start int64, wide bool) []part {
	offsets := make([][]int64, len(tracks))
	for i, t := range tracks {
		offsets[i] = make([]int64, len(t.table.chunks))
	}
	parts := make([]part, 0, len(order))
	for _, p := range order {
		c := tracks[p.track].table.chunks[p.chunk]
		offsets[p.track][p.chunk] = start
		parts = append(parts, part{at: start, offset: c.offset, size: c.size, spool: &tracks[p.track].spool})
		start += c.size
	}
	for i, stbl := range m.tables {
		replaceOffsets(stbl, offsets[i], wide)
	}
	return parts
}

func replaceOffsets(stbl *mp4.StblBox, offsets []int64, wide bool) {
	var box mp4.Box
	if wide {
		b := &mp4.Co64Box{ChunkOffset: make([]uint64, len(offsets))}
		for i, o := range offsets {
			b.ChunkOffset[i] = uint64(o)
		}
		box = b
	} else {
		b := &mp4.StcoBox{ChunkOffset: make([]uint32, len(offsets))}
		for i, o := range offsets {
			b.ChunkOffset[i] = uint32(o)
		}
		box = b
	}
	for i, c := range stbl.Children {
		if c.Type() == "stco" || c.Type() == "co64" {
			stbl.Children[i] = box
			return
		}
	}
	stbl.AddChild(box)
}

func since1904(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	return uint64(max(0, t.Unix()+mp4.EpochDiffS))
}

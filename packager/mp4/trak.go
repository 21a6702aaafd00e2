package mp4

import (
	"math"
	"strings"

	"github.com/Eyevinn/mp4ff/mp4"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/internal/lang"
)

// header is what trak's header boxes say beside the track itself.
type header struct {
	id            uint32
	created       uint64 // seconds since 1904
	movieDuration uint64 // in movie ticks; 0 in fragmented files
	mediaDuration uint64 // in media ticks; 0 in fragmented files
	enabled       bool   // the player starts with it
	quickTime     bool
}

// newTrak builds trak around a sample table.
func newTrak(t *packager.Track, h *header, edits *mp4.ElstBox, stbl *mp4.StblBox) *mp4.TrakBox {
	trak := &mp4.TrakBox{}
	trak.AddChild(trackHeader(t, h))
	if edits != nil {
		edts := &mp4.EdtsBox{}
		edts.AddChild(edits)
		trak.AddChild(edts)
	}
	mdia := &mp4.MdiaBox{}
	mdhd := &mp4.MdhdBox{CreationTime: h.created, ModificationTime: h.created, Timescale: t.Timescale, Duration: h.mediaDuration}
	if h.mediaDuration > math.MaxUint32 || h.created > math.MaxUint32 {
		mdhd.Version = 1
	}
	mdhd.SetLanguage(lang.ISO639(t.Language))
	mdia.AddChild(mdhd)
	mdia.AddChild(handler(t, h.quickTime))
	if strings.Contains(t.Language, "-") && lang.BCP47(t.Language) != "" {
		mdia.AddChild(mp4.CreateElng(lang.BCP47(t.Language)))
	}
	mdia.AddChild(mediaInfo(t, h.quickTime, stbl))
	trak.AddChild(mdia)
	if t.Title != "" {
		udta := &mp4.UdtaBox{}
		udta.AddChild(rawBox("name", []byte(t.Title)...))
		trak.AddChild(udta)
	}
	return trak
}

// trackHeader is tkhd (ISO/IEC 14496-12 clause 8.3.2): the size in square
// pixels before rotation, and the rotation as a matrix.
func trackHeader(t *packager.Track, h *header) *mp4.TkhdBox {
	tkhd := mp4.CreateTkhd()
	tkhd.TrackID, tkhd.Duration = h.id, h.movieDuration
	tkhd.CreationTime, tkhd.ModificationTime = h.created, h.created
	if h.movieDuration > math.MaxUint32 || h.created > math.MaxUint32 {
		tkhd.Version = 1
	}
	tkhd.Flags = 2 // in movie
	if h.enabled {
		tkhd.Flags |= 1
	}
	if t.Type == rendition.Audio {
		tkhd.Volume, tkhd.AlternateGroup = 0x0100, 1
		return tkhd
	}
	width := float64(t.Width)
	if !t.SampleAspect.IsZero() {
		width *= t.SampleAspect.Float64()
	}
	w, hgt := int32(min(math.Round(width), math.MaxInt16*2))<<16, int32(t.Height)<<16
	tkhd.Width, tkhd.Height = mp4.Fixed32(uint32(w)), mp4.Fixed32(uint32(hgt))
	const one, w0 = 1 << 16, 1 << 30
	switch t.Rotation {
	case 90:
		tkhd.Matrix = [9]int32{0, one, 0, -one, 0, 0, hgt, 0, w0}
	case 180:
		tkhd.Matrix = [9]int32{-one, 0, 0, 0, -one, 0, w, hgt, w0}
	case 270:
		tkhd.Matrix = [9]int32{0, -one, 0, one, 0, 0, 0, w, w0}
	}
	return tkhd
}

func handler(t *packager.Track, quickTime bool) *mp4.HdlrBox {
	b := &mp4.HdlrBox{HandlerType: "vide", Name: "VideoHandler"}
	if t.Type == rendition.Audio {
		b.HandlerType, b.Name = "soun", "SoundHandler"
	}
	if t.Title != "" && len(t.Title) < 200 {
		b.Name = t.Title
	}
	if quickTime {
		counted(b, "mhlr")
	}
	return b
}

// counted gives hdlr its QuickTime form: a component type and a counted name.
func counted(b *mp4.HdlrBox, component string) {
	b.PreDefined = uint32(component[0])<<24 | uint32(component[1])<<16 | uint32(component[2])<<8 | uint32(component[3])
	b.Name, b.LacksNullTermination = string([]byte{byte(len(b.Name))})+b.Name, true
}

func mediaInfo(t *packager.Track, quickTime bool, stbl *mp4.StblBox) *mp4.MinfBox {
	minf := mp4.NewMinfBox()
	if t.Type == rendition.Video {
		minf.AddChild(mp4.CreateVmhd())
	} else {
		minf.AddChild(mp4.CreateSmhd())
	}
	if quickTime {
		data := &mp4.HdlrBox{HandlerType: "url ", Name: "DataHandler"}
		counted(data, "dhlr")
		minf.AddChild(data)
	}
	dinf := &mp4.DinfBox{}
	dinf.AddChild(mp4.CreateDref())
	minf.AddChild(dinf)
	minf.AddChild(stbl)
	return minf
}

// brands are the compatible brands that the codecs of a file ask for.
func brands(list []string, tracks ...*packager.Track) []string {
	has := map[rendition.Codec]bool{}
	for _, t := range tracks {
		has[t.Codec] = true
	}
	if has[rendition.H264] {
		list = append(list, "avc1")
	}
	if has[rendition.AV1] {
		list = append(list, "av01")
	}
	return list
}

// rollGroup describes with "roll" how many samples before a seek target an audio
// decoder must be fed (ISO/IEC 14496-12 clause 10.1); nil when none.
func rollGroup(distance int16) *mp4.SgpdBox {
	if distance == 0 {
		return nil
	}
	return &mp4.SgpdBox{
		Version: 1, GroupingType: "roll", DefaultLength: 2,
		SampleGroupEntries: []mp4.SampleGroupEntry{&mp4.RollSampleGroupEntry{RollDistance: distance}},
	}
}

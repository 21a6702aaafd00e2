package mp4

import (
	"encoding/binary"
	"math"

	"github.com/Eyevinn/mp4ff/mp4"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/internal/codec"
)

// rates fills btrt (ISO/IEC 14496-12 clause 8.5.2) and esds.
type rates struct {
	buffer, peak, average uint32
}

// rawBox is a box whose payload is ready.
func rawBox(name string, payload ...byte) mp4.Box {
	return mp4.CreateUnknownBox(name, uint64(8+len(payload)), payload)
}

// sampleEntry describes the samples of a track in stsd.
func sampleEntry(t *packager.Track, c *codec.Config, r rates, quickTime bool) mp4.Box {
	if t.Type == rendition.Video {
		return visualEntry(t, c, r, quickTime)
	}
	return audioEntry(t, c, r, quickTime)
}

func visualEntry(t *packager.Track, c *codec.Config, r rates, quickTime bool) mp4.Box {
	e := mp4.CreateVisualSampleEntryBox(c.Entry, uint16(t.Width), uint16(t.Height), rawBox(c.Box, c.Payload...))
	e.CompressorName = ""
	if colr := colorBox(t.Color, quickTime); colr != nil {
		e.AddChild(colr)
	}
	if sar := t.SampleAspect; !sar.IsZero() {
		e.AddChild(&mp4.PaspBox{HSpacing: uint32(sar.Num), VSpacing: uint32(sar.Den)})
	}
	if t.MasteringDisplay != nil {
		e.AddChild(masteringBox(t.MasteringDisplay))
	}
	if cll := t.ContentLight; cll != nil {
		e.AddChild(mp4.CreateClliBox(clamp16(float64(cll.MaxCLL)), clamp16(float64(cll.MaxFALL))))
	}
	if r != (rates{}) {
		e.AddChild(&mp4.BtrtBox{BufferSizeDB: r.buffer, MaxBitrate: r.peak, AvgBitrate: r.average})
	}
	return e
}

// colorBox returns colr (ISO/IEC 14496-12 clause 12.1.5), nil when nothing is known.
func colorBox(c rendition.Color, quickTime bool) mp4.Box {
	primaries, transfer, matrix, full := codec.CICP(c)
	if primaries == 2 && transfer == 2 && matrix == 2 && c.Range == "" {
		return nil
	}
	kind := mp4.ColorTypeOnScreenColors
	if quickTime {
		kind = mp4.QuickTimeColorParameters
	}
	return &mp4.ColrBox{
		ColorType: kind, ColorPrimaries: primaries, TransferCharacteristics: transfer, MatrixCoefficients: matrix, FullRangeFlag: full,
	}
}

// masteringBox returns mdcv: green, blue, red in units of 0.00002, luminance in
// units of 0.0001 cd/m2 (ISO/IEC 14496-12 clause 12.1.7).
func masteringBox(m *rendition.MasteringDisplay) mp4.Box {
	x := func(v [2]float64) uint16 { return clamp16(v[0] * 50000) }
	y := func(v [2]float64) uint16 { return clamp16(v[1] * 50000) }
	return mp4.CreateMdcvBox([3]uint16{x(m.Green), x(m.Blue), x(m.Red)}, [3]uint16{y(m.Green), y(m.Blue), y(m.Red)},
		x(m.WhitePoint), y(m.WhitePoint), clamp32(m.MaxLuminance*10000), clamp32(m.MinLuminance*10000))
}

func clamp16(v float64) uint16 { return uint16(min(max(math.Round(v), 0), math.MaxUint16)) }
func clamp32(v float64) uint32 { return uint32(min(max(math.Round(v), 0), math.MaxUint32)) }

func audioEntry(t *packager.Track, c *codec.Config, r rates, quickTime bool) mp4.Box {
	rate := uint16(0) // a rate that 16 bits do not hold stands in the configuration alone
	if t.SampleRate <= math.MaxUint16 {
		rate = uint16(t.SampleRate)
	}
	conf := rawBox(c.Box, c.Payload...)
	if c.Box == "esds" {
		conf = rawBox("esds", esdsPayload(c, r)...)
	}
	e := mp4.CreateAudioSampleEntryBox(c.Entry, uint16(t.Channels), 16, rate, nil)
	if quickTime && c.Entry == "mp4a" {
		// QuickTime File Format, sound sample description version 1: the
		// decoder configuration lies in a wave atom.
		e.QuickTimeVersion, e.CompressionID = 1, -2
		e.QuickTimeV1 = &mp4.QuickTimeV1SoundDescription{SamplesPerPacket: 1024, BytesPerSample: 2}
		wave := &mp4.WaveBox{RawTail: make([]byte, 8)}
		wave.RawTail[3] = 8 // terminator atom
		wave.Children = []mp4.Box{rawBox("frma", []byte("mp4a")...), rawBox("mp4a", 0, 0, 0, 0), conf}
		conf = wave
	}
	// Not through AddChild, which wants the library's own types for these boxes.
	e.Children = append(e.Children, conf)
	if r != (rates{}) && !quickTime {
		e.AddChild(&mp4.BtrtBox{BufferSizeDB: r.buffer, MaxBitrate: r.peak, AvgBitrate: r.average})
	}
	return e
}

// esdsPayload is an ES_Descriptor (ISO/IEC 14496-1 clause 7.2.6.5) with the
// decoder configuration and the fixed SL configuration of MP4.
func esdsPayload(c *codec.Config, r rates) []byte {
	dec := []byte{c.ObjectType, 0x15} // audio stream
	dec = append(dec, byte(r.buffer>>16), byte(r.buffer>>8), byte(r.buffer))
	dec = binary.BigEndian.AppendUint32(dec, r.peak)
	dec = binary.BigEndian.AppendUint32(dec, r.average)
	if len(c.Specific) > 0 {
		dec = append(dec, descriptor(5, c.Specific)...)
	}
	es := append([]byte{0, 0, 0}, descriptor(4, dec)...)
	es = append(es, descriptor(6, []byte{2})...)
	return append([]byte{0, 0, 0, 0}, descriptor(3, es)...)
}

// descriptor writes the length in 4 bytes, as most writers do and all readers take.
func descriptor(tag byte, body []byte) []byte {
	n := len(body)
	return append([]byte{tag, byte(n>>21) | 0x80, byte(n>>14) | 0x80, byte(n>>7) | 0x80, byte(n) & 0x7f}, body...)
}

package codec

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/Eyevinn/mp4ff/av1"
)

// OBU types of the AV1 bitstream specification, clause 6.2.2.
const (
	obuSequenceHeader    = 1
	obuTemporalDelimiter = 2
	obuPadding           = 15
)

// obu is one open bitstream unit: raw is all its bytes, payload without the header.
type obu struct {
	kind    byte
	raw     []byte
	payload []byte
	sized   bool
}

// SplitOBUs calls yield with each unit of a low-overhead bitstream (clause 5.2).
// Only the last may lack a size.
func SplitOBUs(data []byte, yield func(kind byte, raw, payload []byte, sized bool) error) error {
	for n := 0; len(data) > 0; n++ {
		if n > maxNALUnits {
			return fmt.Errorf("more than %d OBUs in one sample", maxNALUnits)
		}
		u, err := nextOBU(data)
		if err != nil {
			return err
		}
		if err := yield(u.kind, u.raw, u.payload, u.sized); err != nil {
			return err
		}
		data = data[len(u.raw):]
	}
	return nil
}

func nextOBU(data []byte) (obu, error) {
	head := data[0]
	if head&0x80 != 0 {
		return obu{}, errors.New("the forbidden bit of an OBU header is set")
	}
	u := obu{kind: head >> 3 & 0xf, sized: head&2 != 0}
	pos := 1
	if head&4 != 0 { // extension
		pos++
	}
	if pos > len(data) {
		return obu{}, errors.New("the sample ends inside an OBU header")
	}
	size := uint64(len(data) - pos)
	if u.sized {
		var n int
		if size, n = leb128(data[pos:]); n == 0 {
			return obu{}, errors.New("the sample ends inside an OBU size")
		}
		pos += n
	}
	if size > uint64(len(data)-pos) {
		return obu{}, fmt.Errorf("an OBU of %d bytes is longer than the %d bytes left of its sample", size, len(data)-pos)
	}
	end := pos + int(size)
	u.raw, u.payload = data[:end], data[pos:end]
	return u, nil
}

// leb128 reads an unsigned little-endian base 128 number of at most 8 bytes
// (clause 4.10.5). n is 0 when there is none.
func leb128(data []byte) (v uint64, n int) {
	for i := range min(8, len(data)) {
		v |= uint64(data[i]&0x7f) << (7 * i)
		if data[i]&0x80 == 0 {
			return v, i + 1
		}
	}
	return 0, 0
}

// appendSized appends an OBU with a size field.
func appendSized(dst []byte, raw, payload []byte, sized bool) []byte {
	if sized {
		return append(dst, raw...)
	}
	head := len(raw) - len(payload)
	dst = append(dst, raw[0]|2)
	dst = append(dst, raw[1:head]...)
	for size := uint64(len(payload)); ; size >>= 7 {
		if size < 0x80 {
			dst = append(dst, byte(size))
			break
		}
		dst = append(dst, byte(size)|0x80)
	}
	return append(dst, payload...)
}

func parseAV1(in *Input) (*Config, error) {
	data := in.Config
	if len(data) >= 4 && data[0] == 0x81 { // a record: marker and version 1
		data = data[4:]
	}
	if len(data) == 0 {
		if in.First == nil {
			return nil, ErrNeedSample
		}
		data = in.First
	}
	var seq *av1.SequenceHeader
	var units []byte
	err := SplitOBUs(data, func(kind byte, raw, payload []byte, sized bool) error {
		if kind != obuSequenceHeader || seq != nil {
			return nil
		}
		units = appendSized(nil, raw, payload, sized)
		var err error
		seq, err = av1.ParseSequenceHeader(payload)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read sequence header: %w", err)
	}
	if seq == nil {
		return nil, errors.New("neither the configuration nor the first sample has a sequence header")
	}
	return &Config{Entry: "av01", Box: "av1C", Payload: av1Record(seq, in.Config, units), Name: av1Name(seq), convert: appendAV1}, nil
}

// av1Record is the AV1CodecConfigurationRecord of the AV1 ISOBMFF binding,
// clause 2.3: the caller's when it is one with a sequence header, else built.
func av1Record(seq *av1.SequenceHeader, config, units []byte) []byte {
	if len(config) > 4 && config[0] == 0x81 {
		return bytes.Clone(config)
	}
	rec := av1.CodecConfRecFromSequenceHeader(seq, units)
	w := bytes.Buffer{}
	// A bytes.Buffer takes every write, and the record has a fixed form.
	_ = rec.Encode(&w)
	return w.Bytes()
}

// av1Name is the codecs parameter of the AV1 ISOBMFF binding, clause 5. The
// color fields stand there only when they say something other than the default;
// a stream whose colors are unspecified says nothing.
func av1Name(s *av1.SequenceHeader) string {
	tier := 'M'
	if s.SeqTier0 == 1 {
		tier = 'H'
	}
	name := fmt.Sprintf("av01.%d.%02d%c.%02d", s.SeqProfile, s.SeqLevelIdx0, tier, s.BitDepth)
	color := [3]byte{s.ColorPrimaries, s.TransferCharacteristics, s.MatrixCoefficients}
	plain := color == [3]byte{1, 1, 1} || color == [3]byte{2, 2, 2}
	if plain && !s.MonoChrome && !s.ColorRange && s.SubsamplingX == 1 && s.SubsamplingY == 1 && s.ChromaSamplePosition == 0 {
		return name
	}
	return fmt.Sprintf("%s.%d.%d%d%d.%02d.%02d.%02d.%d", name, digit(s.MonoChrome), s.SubsamplingX, s.SubsamplingY,
		s.ChromaSamplePosition, color[0], color[1], color[2], digit(s.ColorRange))
}

func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// appendAV1 drops temporal delimiters and padding (AV1 ISOBMFF binding, clause
// 2.4) and gives every unit a size.
func appendAV1(dst, sample []byte) ([]byte, error) {
	start := len(dst)
	err := SplitOBUs(sample, func(kind byte, raw, payload []byte, sized bool) error {
		if kind != obuTemporalDelimiter && kind != obuPadding {
			dst = appendSized(dst, raw, payload, sized)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(dst) == start {
		return nil, errors.New("the sample holds no picture")
	}
	return dst, nil
}

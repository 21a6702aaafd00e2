package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// maxNALUnits bounds the NAL units of one sample; a picture has a few slices
// per macroblock row at the very most.
const maxNALUnits = 1 << 16

var startCode = []byte{0, 0, 1}

// hasStartCode reports whether data is in Annex B form (ITU-T H.264 Annex B).
func hasStartCode(data []byte) bool {
	return bytes.HasPrefix(data, startCode) || bytes.HasPrefix(data, []byte{0, 0, 0, 1})
}

// SplitAnnexB calls yield with each NAL unit of a byte stream, without start
// codes and trailing zeros. Empty units are left out.
func SplitAnnexB(data []byte, yield func(nal []byte) error) error {
	if !hasStartCode(data) {
		if len(bytes.Trim(data, "\x00")) == 0 {
			return nil
		}
		return errors.New("no Annex B start code at the beginning of the sample")
	}
	rest := data[bytes.Index(data, startCode)+3:]
	for n := 0; ; n++ {
		if n > maxNALUnits {
			return fmt.Errorf("more than %d NAL units in one sample", maxNALUnits)
		}
		end := bytes.Index(rest, startCode)
		nal := rest
		if end >= 0 {
			nal = rest[:end]
		}
		if nal = bytes.TrimRight(nal, "\x00"); len(nal) > 0 {
			if err := yield(nal); err != nil {
				return err
			}
		}
		if end < 0 {
			return nil
		}
		rest = rest[end+3:]
	}
}

// splitLengths calls yield with each NAL unit of a sample whose units follow
// lengths of size bytes (ISO/IEC 14496-15 clause 5.3.3).
func splitLengths(data []byte, size int, yield func(nal []byte) error) error {
	for n := 0; len(data) > 0; n++ {
		if n > maxNALUnits {
			return fmt.Errorf("more than %d NAL units in one sample", maxNALUnits)
		}
		if len(data) < size {
			return errors.New("the sample ends inside a NAL unit's length")
		}
		length := uint64(0)
		for _, b := range data[:size] {
			length = length<<8 | uint64(b)
		}
		data = data[size:]
		if length > uint64(len(data)) {
			return fmt.Errorf("a NAL unit of %d bytes is longer than the %d bytes left of its sample", length, len(data))
		}
		if length > 0 {
			if err := yield(data[:length]); err != nil {
				return err
			}
		}
		data = data[length:]
	}
	return nil
}

// nalClass says what a NAL unit is to the converter.
type nalClass int

const (
	nalKeep         nalClass = iota
	nalDrop                  // access unit delimiter, filler
	nalParameterSet          // lies in the sample entry, not in samples
)

// nalConverter turns samples into MP4's form: 4-byte lengths, no delimiters and
// no parameter sets that the sample entry holds already.
type nalConverter struct {
	lengthSize int // 0: Annex B
	classify   func(nal []byte) nalClass
	sets       [][]byte
	// inBand is set for good when a parameter set differs from those of the
	// sample entry: from there on every set must stay where it is, or a later
	// picture would be decoded with the wrong one.
	inBand bool
}

func (c *nalConverter) appendSample(dst, sample []byte) ([]byte, error) {
	start := len(dst)
	err := c.split(sample, func(nal []byte) error {
		switch c.classify(nal) {
		case nalDrop:
			return nil
		case nalParameterSet:
			if !c.inBand && containsBytes(c.sets, nal) {
				return nil
			}
			c.inBand = true
		}
		dst = binary.BigEndian.AppendUint32(dst, uint32(len(nal)))
		dst = append(dst, nal...)
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

func (c *nalConverter) split(sample []byte, yield func([]byte) error) error {
	if c.lengthSize == 0 {
		return SplitAnnexB(sample, yield)
	}
	return splitLengths(sample, c.lengthSize, yield)
}

func containsBytes(list [][]byte, b []byte) bool {
	for _, x := range list {
		if bytes.Equal(x, b) {
			return true
		}
	}
	return false
}

// collectNALs returns copies of the distinct NAL units of an Annex B stream for
// which want is true. It stops at maxParameterSets.
func collectNALs(data []byte, want func(nal []byte) bool) ([][]byte, error) {
	var list [][]byte
	err := SplitAnnexB(data, func(nal []byte) error {
		if !want(nal) || containsBytes(list, nal) {
			return nil
		}
		if len(list) >= maxParameterSets || len(nal) > maxParameterSetBytes {
			return fmt.Errorf("parameter sets are over the limit (%d sets of %d bytes)", maxParameterSets, maxParameterSetBytes)
		}
		list = append(list, bytes.Clone(nal))
		return nil
	})
	return list, err
}

const (
	// maxParameterSets is VPS, SPS and PPS together: H.264 numbers 32 SPS and
	// 256 PPS, of which avcC counts 31 and 255.
	maxParameterSets = 31
	// maxParameterSetBytes is what the 16-bit lengths of the records hold.
	maxParameterSetBytes = 65535
)

// unescape removes emulation prevention bytes (ITU-T H.264 clause 7.4.1).
func unescape(nal []byte) []byte {
	out := make([]byte, 0, len(nal))
	zeros := 0
	for _, b := range nal {
		if zeros >= 2 && b == 3 {
			zeros = 0
			continue
		}
		if b == 0 {
			zeros++
		} else {
			zeros = 0
		}
		out = append(out, b)
	}
	return out
}

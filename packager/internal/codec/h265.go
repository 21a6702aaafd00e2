package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"github.com/Eyevinn/mp4ff/hevc"
)

// NAL unit types of ITU-T H.265 table 7-1.
const (
	hevcVPS    = 32
	hevcSPS    = 33
	hevcPPS    = 34
	hevcAUD    = 35
	hevcFiller = 38
)

func hevcType(nal []byte) byte { return nal[0] >> 1 & 0x3f }

func classifyHEVC(nal []byte) nalClass {
	switch hevcType(nal) {
	case hevcAUD, hevcFiller:
		return nalDrop
	case hevcVPS, hevcSPS, hevcPPS:
		return nalParameterSet
	default:
		return nalKeep
	}
}

func parseH265(in *Input) (*Config, error) {
	data := in.Config
	if len(data) == 0 && hasStartCode(in.First) {
		data = in.First
	}
	if len(data) == 0 {
		if in.First == nil {
			return nil, ErrNeedSample
		}
		return nil, errors.New("no parameter sets: neither the configuration nor the first sample has an SPS")
	}
	conv := &nalConverter{classify: classifyHEVC}
	var record []byte
	var err error
	if hasStartCode(data) {
		record, conv.sets, err = hevcRecord(data)
	} else {
		record, conv.sets, conv.lengthSize, err = readHEVCRecord(data)
	}
	if err != nil {
		return nil, err
	}
	return &Config{Entry: "hvc1", Box: "hvcC", Payload: record, convert: conv.appendSample, Name: hevcName(record)}, nil
}

// hevcRecord builds an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 clause
// 8.3.3.1) from parameter sets in Annex B form.
func hevcRecord(data []byte) (record []byte, sets [][]byte, err error) {
	sets, err = collectNALs(data, func(nal []byte) bool { return classifyHEVC(nal) == nalParameterSet })
	if err != nil {
		return nil, nil, err
	}
	byType := map[byte][][]byte{}
	for _, nal := range sets {
		byType[hevcType(nal)] = append(byType[hevcType(nal)], nal)
	}
	for _, t := range []byte{hevcVPS, hevcSPS, hevcPPS} {
		if len(byType[t]) == 0 {
			return nil, nil, errors.New("a VPS, SPS or PPS is missing in the parameter sets")
		}
	}
	// profile_tier_level() follows the 2 header bytes and one byte of ids.
	raw := unescape(byType[hevcSPS][0])
	if len(raw) < 15 {
		return nil, nil, errors.New("the SPS is shorter than its profile_tier_level")
	}
	sps, err := hevc.ParseSPSNALUnit(byType[hevcSPS][0])
	if err != nil {
		return nil, nil, fmt.Errorf("read SPS: %w", err)
	}
	record = append([]byte{1}, raw[3:15]...)
	record = append(record, 0xf0, 0, 0xfc, 0xfc|sps.ChromaFormatIDC&3, 0xf8|sps.BitDepthLumaMinus8&7, 0xf8|sps.BitDepthChromaMinus8&7,
		0, 0, // average frame rate unspecified
		(raw[2]>>1&7+1)<<3|raw[2]&1<<2|3, // temporal layers, nested, 4-byte lengths
		3)
	for _, t := range []byte{hevcVPS, hevcSPS, hevcPPS} {
		record = append(record, 0x80|t)
		record = binary.BigEndian.AppendUint16(record, uint16(len(byType[t])))
		record = appendSets(record, byType[t])
	}
	return record, sets, nil
}

// readHEVCRecord reads the parameter sets and the length size of a record. The
// record that comes back announces 4-byte lengths and complete arrays, as hvc1 asks.
func readHEVCRecord(data []byte) (record []byte, sets [][]byte, lengthSize int, err error) {
	if len(data) < 23 || data[0] != 1 {
		return nil, nil, 0, errors.New("neither Annex B parameter sets nor an HEVCDecoderConfigurationRecord")
	}
	if lengthSize = int(data[21]&3) + 1; lengthSize == 3 {
		return nil, nil, 0, errors.New("an HEVCDecoderConfigurationRecord with 3-byte lengths is not valid")
	}
	record = append([]byte(nil), data...)
	record[21] |= 3
	rest := data[23:]
	hasSPS := false
	for range int(data[22]) {
		if len(rest) < 3 {
			return nil, nil, 0, errors.New("the HEVCDecoderConfigurationRecord ends inside an array")
		}
		at := len(data) - len(rest)
		t := rest[0] & 0x3f
		if t == hevcVPS || t == hevcSPS || t == hevcPPS {
			record[at] |= 0x80
		}
		before := len(sets)
		if sets, rest, err = readSets(sets, rest[3:], int(binary.BigEndian.Uint16(rest[1:]))); err != nil {
			return nil, nil, 0, err
		}
		hasSPS = hasSPS || t == hevcSPS && len(sets) > before
	}
	if !hasSPS {
		return nil, nil, 0, errors.New("the HEVCDecoderConfigurationRecord has no SPS")
	}
	return record, sets, lengthSize, nil
}

// hevcName is the codecs parameter of ISO/IEC 14496-15 annex E.3, read from the
// general profile, tier and level of a configuration record.
func hevcName(record []byte) string {
	var b strings.Builder
	b.WriteString("hvc1.")
	if space := record[1] >> 6; space > 0 {
		b.WriteByte('A' + space - 1)
	}
	tier := 'L'
	if record[1]&0x20 != 0 {
		tier = 'H'
	}
	fmt.Fprintf(&b, "%d.%X.%c%d", record[1]&0x1f, bits.Reverse32(binary.BigEndian.Uint32(record[2:])), tier, record[12])
	constraints := record[6:12]
	for len(constraints) > 0 && constraints[len(constraints)-1] == 0 {
		constraints = constraints[:len(constraints)-1]
	}
	for _, c := range constraints {
		fmt.Fprintf(&b, ".%X", c)
	}
	return b.String()
}

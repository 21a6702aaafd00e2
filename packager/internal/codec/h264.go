package codec

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/Eyevinn/mp4ff/avc"
)

// NAL unit types of ITU-T H.264 table 7-1.
const (
	avcSPS    = 7
	avcPPS    = 8
	avcAUD    = 9
	avcFiller = 12
	avcSPSExt = 13
)

func classifyAVC(nal []byte) nalClass {
	switch nal[0] & 0x1f {
	case avcAUD, avcFiller:
		return nalDrop
	case avcSPS, avcPPS, avcSPSExt:
		return nalParameterSet
	default:
		return nalKeep
	}
}

func parseH264(in *Input) (*Config, error) {
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
	conv := &nalConverter{classify: classifyAVC}
	var record []byte
	var err error
	if hasStartCode(data) {
		record, conv.sets, err = avcRecord(data)
	} else {
		record, conv.sets, conv.lengthSize, err = readAVCRecord(data)
	}
	if err != nil {
		return nil, err
	}
	return &Config{
		Entry: "avc1", Box: "avcC", Payload: record, convert: conv.appendSample,
		Name: fmt.Sprintf("avc1.%02x%02x%02x", record[1], record[2], record[3]),
	}, nil
}

// avcRecord builds an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 clause
// 5.3.3.1) from parameter sets in Annex B form.
func avcRecord(data []byte) (record []byte, sets [][]byte, err error) {
	sets, err = collectNALs(data, func(nal []byte) bool { return classifyAVC(nal) == nalParameterSet })
	if err != nil {
		return nil, nil, err
	}
	var byType [16][][]byte
	for _, nal := range sets {
		t := nal[0] & 0x0f
		byType[t] = append(byType[t], nal)
	}
	if len(byType[avcSPS]) == 0 || len(byType[avcPPS]) == 0 {
		return nil, nil, errors.New("no SPS or no PPS in the parameter sets")
	}
	first := byType[avcSPS][0]
	if len(first) < 4 {
		return nil, nil, errors.New("the SPS is shorter than 4 bytes")
	}
	record = []byte{1, first[1], first[2], first[3], 0xff, 0xe0 | byte(len(byType[avcSPS]))}
	record = appendSets(record, byType[avcSPS])
	record = append(record, byte(len(byType[avcPPS])))
	record = appendSets(record, byType[avcPPS])
	switch first[1] {
	case 66, 77, 88: // no chroma format: these profiles are 4:2:0 with 8 bits
		return record, sets, nil
	}
	sps, err := avc.ParseSPSNALUnit(first, false)
	if err != nil {
		return nil, nil, fmt.Errorf("read SPS: %w", err)
	}
	record = append(record, 0xfc|sps.ChromaFormatIDC&3, 0xf8|byte(sps.BitDepthLumaMinus8)&7,
		0xf8|byte(sps.BitDepthChromaMinus8)&7, byte(len(byType[avcSPSExt])))
	return appendSets(record, byType[avcSPSExt]), sets, nil
}

func appendSets(record []byte, sets [][]byte) []byte {
	for _, nal := range sets {
		record = binary.BigEndian.AppendUint16(record, uint16(len(nal)))
		record = append(record, nal...)
	}
	return record
}

// readAVCRecord reads the parameter sets and the length size of a record. The
// record that comes back announces 4-byte lengths, as samples have after conversion.
func readAVCRecord(data []byte) (record []byte, sets [][]byte, lengthSize int, err error) {
	if len(data) < 7 || data[0] != 1 {
		return nil, nil, 0, errors.New("neither Annex B parameter sets nor an AVCDecoderConfigurationRecord")
	}
	lengthSize = int(data[4]&3) + 1
	if lengthSize == 3 {
		return nil, nil, 0, errors.New("an AVCDecoderConfigurationRecord with 3-byte lengths is not valid")
	}
	rest := data[6:]
	if sets, rest, err = readSets(sets, rest, int(data[5]&0x1f)); err != nil {
		return nil, nil, 0, err
	}
	if len(rest) == 0 || len(sets) == 0 {
		return nil, nil, 0, errors.New("the AVCDecoderConfigurationRecord has no SPS or ends before its PPS")
	}
	if sets, _, err = readSets(sets, rest[1:], int(rest[0])); err != nil {
		return nil, nil, 0, err
	}
	record = append([]byte(nil), data...)
	record[4] |= 3
	return record, sets, lengthSize, nil
}

// readSets appends n units, each behind a 16-bit length, to sets.
func readSets(sets [][]byte, data []byte, n int) ([][]byte, []byte, error) {
	for range n {
		if len(data) < 2 {
			return nil, nil, errors.New("the configuration record ends inside a parameter set")
		}
		length := int(binary.BigEndian.Uint16(data))
		if data = data[2:]; length > len(data) {
			return nil, nil, errors.New("the configuration record ends inside a parameter set")
		}
		if length > 0 {
			sets = append(sets, append([]byte(nil), data[:length]...))
		}
		data = data[length:]
	}
	return sets, data, nil
}

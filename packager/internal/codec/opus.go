package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// parseOpus makes the payload of dOps ("Encapsulation of Opus in ISO Base Media
// File Format", clause 4.3.2) from an OpusHead (RFC 7845 clause 5.1) or takes it as it is.
func parseOpus(in *Input) (*Config, error) {
	if len(in.Config) == 0 {
		return nil, errors.New("no OpusHead or dOps payload in the configuration")
	}
	payload, err := opusSpecific(in.Config)
	if err != nil {
		return nil, err
	}
	// 80 ms of decoding make the output converge (clause 3.6): four frames of 20 ms.
	return &Config{Entry: "Opus", Box: "dOps", Payload: payload, Name: "opus", Channels: int(payload[1]), SampleRate: 48000, Roll: -4}, nil
}

func opusSpecific(data []byte) ([]byte, error) {
	var p []byte
	if rest, ok := bytes.CutPrefix(data, []byte("OpusHead")); ok {
		if len(rest) < 11 || rest[0]>>4 != 0 {
			return nil, errors.New("the OpusHead is shorter than 19 bytes or of an unknown version")
		}
		p = []byte{0, rest[1]}
		p = binary.BigEndian.AppendUint16(p, binary.LittleEndian.Uint16(rest[2:]))
		p = binary.BigEndian.AppendUint32(p, binary.LittleEndian.Uint32(rest[4:]))
		p = binary.BigEndian.AppendUint16(p, binary.LittleEndian.Uint16(rest[8:]))
		p = append(p, rest[10:]...)
	} else {
		p = bytes.Clone(data)
	}
	if len(p) < 11 || p[0] != 0 || p[1] == 0 {
		return nil, errors.New("the dOps payload is shorter than 11 bytes, of an unknown version or without channels")
	}
	want := 11
	if p[10] != 0 {
		want = 13 + int(p[1])
	} else if p[1] > 2 {
		return nil, errors.New("opus with more than 2 channels needs a channel mapping table")
	}
	if len(p) < want {
		return nil, errors.New("the channel mapping table of opus ends early")
	}
	return p[:want], nil
}

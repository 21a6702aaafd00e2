package codec

import (
	"errors"
	"fmt"

	"github.com/Eyevinn/mp4ff/vp9"
)

// parseVP9 follows "VP Codec ISO Media File Format Binding" 1.0.
func parseVP9(in *Input) (*Config, error) {
	record, err := vp9Record(in)
	if err != nil {
		return nil, err
	}
	return &Config{Entry: "vp09", Box: "vpcC", Payload: append([]byte{1, 0, 0, 0}, record...), Name: vp9Name(record)}, nil
}

// vp9Record returns a VPCodecConfigurationRecord of 8 bytes.
func vp9Record(in *Input) ([]byte, error) {
	data := in.Config
	if len(data) >= 12 && data[0] == 1 && data[1] == 0 && data[2] == 0 && data[3] == 0 {
		data = data[4:] // with the version and flags of its box
	}
	switch {
	case len(data) >= 8:
		if data[0] > 3 || data[2]>>4 < 8 || data[2]>>4 > 12 {
			return nil, errors.New("the VPCodecConfigurationRecord has an unknown profile or bit depth")
		}
		record := append([]byte(nil), data[:6]...)
		return append(record, 0, 0), nil
	case len(data) > 0:
		return nil, errors.New("the VPCodecConfigurationRecord is shorter than 8 bytes")
	case in.First == nil:
		return nil, ErrNeedSample
	}
	h, err := vp9.ParseFrameHeader(in.First)
	if err != nil {
		return nil, fmt.Errorf("read frame header: %w", err)
	}
	if !h.KeyFrame {
		return nil, errors.New("the first sample is not a key frame")
	}
	primaries, transfer, matrix := h.CICP()
	if p, t, m, _ := CICP(in.Color); p != 2 || t != 2 || m != 2 {
		primaries, transfer, matrix = byte(p), byte(t), byte(m)
	}
	width, height := uint32(max(in.Width, int(h.Width))), uint32(max(in.Height, int(h.Height)))
	level := vp9.Level(width, height, in.FrameRate)
	return []byte{
		h.Profile, level, h.BitDepth<<4 | h.VpcCChromaSubsampling()<<1 | byte(digit(h.ColorRange)),
		primaries, transfer, matrix, 0, 0,
	}, nil
}

// vp9Name gives the color fields only when one of them is not the default of
// the binding: 4:2:0, BT.709, limited range. Unspecified colors say nothing.
func vp9Name(r []byte) string {
	name := fmt.Sprintf("vp09.%02d.%02d.%02d", r[0], r[1], r[2]>>4)
	chroma, full := r[2]>>1&7, r[2]&1
	color := [3]byte{r[3], r[4], r[5]}
	plain := color == [3]byte{1, 1, 1} || color == [3]byte{2, 2, 2}
	if plain && chroma <= 1 && full == 0 {
		return name
	}
	return fmt.Sprintf("%s.%02d.%02d.%02d.%02d.%02d", name, chroma, r[3], r[4], r[5], full)
}

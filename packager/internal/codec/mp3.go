package codec

import "errors"

// parseMP3 reads the header of the first frame (ISO/IEC 11172-3 clause 2.4.1.3).
func parseMP3(in *Input) (*Config, error) {
	if in.First == nil {
		return nil, ErrNeedSample
	}
	h := in.First
	if len(h) < 4 || h[0] != 0xff || h[1]&0xe0 != 0xe0 || h[1]>>3&3 == 1 || h[1]>>1&3 != 1 || h[2]>>4 == 15 || h[2]>>2&3 == 3 {
		return nil, errors.New("the first sample does not begin with an MPEG layer III frame")
	}
	// Object types of ISO/IEC 14496-1 table 5: MPEG-1 audio, and MPEG-2 audio for half rates.
	objectType, shift := byte(0x6b), 0
	switch h[1] >> 3 & 3 {
	case 2:
		objectType, shift = 0x69, 1
	case 0:
		objectType, shift = 0x69, 2
	}
	channels := 2
	if h[3]>>6 == 3 {
		channels = 1
	}
	rate := [...]int{44100, 48000, 32000}[h[2]>>2&3] >> shift
	return &Config{Entry: "mp4a", Box: "esds", ObjectType: objectType, Name: "mp4a.40.34", Channels: channels, SampleRate: rate}, nil
}

package codec

import (
	"bytes"
	"errors"
)

// streamInfoBytes is the size of a STREAMINFO block (RFC 9639 clause 8.2).
const streamInfoBytes = 34

// parseFLAC makes dfLa ("Encapsulation of FLAC in ISO Base Media File Format",
// clause 3.3.2) from a STREAMINFO block, a FLAC header or a dfLa payload.
func parseFLAC(in *Input) (*Config, error) {
	info := in.Config
	info = bytes.TrimPrefix(info, []byte("fLaC"))
	if len(info) >= 8+streamInfoBytes && bytes.HasPrefix(info, []byte{0, 0, 0, 0}) {
		info = info[4:] // version and flags of dfLa
	}
	if len(info) >= 4+streamInfoBytes && info[0]&0x7f == 0 && info[3] == streamInfoBytes {
		info = info[4:]
	}
	if len(info) < streamInfoBytes {
		return nil, errors.New("no STREAMINFO block in the configuration")
	}
	info = info[:streamInfoBytes]
	r := &bitReader{data: info, pos: 80}
	rate, channels := int(r.read(20)), int(r.read(3))+1
	if rate == 0 {
		return nil, errors.New("the STREAMINFO block has no sample rate")
	}
	payload := append([]byte{0, 0, 0, 0, 0x80, 0, 0, streamInfoBytes}, info...)
	return &Config{Entry: "fLaC", Box: "dfLa", Payload: payload, Name: "fLaC", Channels: channels, SampleRate: rate}, nil
}

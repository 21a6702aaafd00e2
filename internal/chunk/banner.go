package chunk

import (
	"bytes"

	"github.com/rendition-sdk/rendition"
)

// SEI that x264 and x265 put in front of a stream's first picture to say what
// they are: user_data_unregistered, payload type 5 (ISO/IEC 14496-10 clause
// D.1.7 and 23008-2 clause D.2.7).
const userData = 5

// withoutBanner returns an access unit, or parameter sets, in Annex B form without
// its encoder's banner: a stream has one at its start, and the joined chunks one as
// well. It lists the fullness of the rate buffer, which is another in each chunk.
func withoutBanner(codec rendition.Codec, data []byte) []byte {
	var out []byte
	for rest := data; len(rest) > 0; {
		unit := nextUnit(rest)
		rest = rest[len(unit):]
		if isBanner(codec, unit) {
			if out == nil {
				out = bytes.Clone(data[:len(data)-len(rest)-len(unit)])
			}
			continue
		}
		if out != nil {
			out = append(out, unit...)
		}
	}
	if out == nil {
		return data
	}
	return out
}

var startCode = []byte{0, 0, 1}

// nextUnit is the NAL unit at the beginning of b with its start code.
func nextUnit(b []byte) []byte {
	begin := bytes.Index(b, startCode)
	if begin < 0 {
		return b
	}
	n := bytes.Index(b[begin+3:], startCode)
	if n < 0 {
		return b
	}
	end := begin + 3 + n
	if b[end-1] == 0 { // of a start code of four bytes
		end--
	}
	return b[:end]
}

func isBanner(codec rendition.Codec, unit []byte) bool {
	i := bytes.Index(unit, startCode)
	if i < 0 {
		return false
	}
	nal := unit[i+3:]
	switch codec {
	case rendition.H264:
		return len(nal) > 2 && nal[0]&0x1f == 6 && nal[1] == userData
	case rendition.H265:
		return len(nal) > 3 && nal[0]>>1&0x3f == 39 && nal[2] == userData
	default:
		return false
	}
}

//go:build cgo

package av

import (
	"math"

	"github.com/rendition-sdk/rendition"
)

// Joint is what the encode of a part is to be told, so that its ends are what
// they would be in the middle of the whole.
type Joint struct {
	// Better is how many steps of the quantizer the first picture must be better
	// than the encoder would make it.
	Better float64
	// Ahead is how many pictures behind the last one the encoder looks at before it
	// decides on that.
	Ahead int
}

// lookahead of x264 and x265 in pictures, by preset, as far as it is of use: more
// changes nothing that can be measured, and each costs a little.
var lookahead = [10]int{0, 0, 10, 20, 20, 20, 20, 20, 20, 20}

// Joint returns that of an encoder with these options.
func (o *VideoEncoderOptions) Joint() Joint {
	ahead := lookahead[presetSpeed(o.Preset)]
	if ahead == 0 || o.CRF < 0 || (o.Codec != rendition.H264 && o.Codec != rendition.H265) {
		return Joint{}
	}
	// The presets that look ahead weigh blocks by what refers to them (mbtree,
	// cutree). With that, a key frame is better than the pictures before it by the
	// encoders' ipratio of 1.4, but for the first of all: nothing is before it.
	return Joint{Better: 6 * math.Log2(1.4), Ahead: ahead}
}

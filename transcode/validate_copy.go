package transcode

import (
	"slices"

	"github.com/rendition-sdk/rendition"
)

// encodeInstead is what a person does when a copy does not work out.
const encodeInstead = `remove it, or encode: codec %q`

// copyFields reports settings of an encode beside codec "copy".
func (v *validator) copyFields(at string, crf *int, preset string, fps rendition.Rational, c container) {
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"crf", crf != nil}, {"preset", preset != ""}, {"fps", fps != rendition.Rational{}},
	} {
		if f.set {
			v.invalid(fieldPath(at, f.name), "does not go with codec \"copy\", which takes the coded picture as it is; "+encodeInstead, c.video[0])
		}
	}
}

// copyStart reports a clip of a copy that does not begin with the source.
func (v *validator) copyStart(at string, start Time, c container) {
	if start > 0 {
		v.invalid(fieldPath(at, "start"),
			"does not go with codec \"copy\", which can only begin where the source does; "+encodeInstead, c.video[0])
	}
}

// hlsCopy checks how a copy goes with the rest of a presentation.
func (v *validator) hlsCopy(at string, o *HLSOutput) {
	isCopy := func(r Rung) bool { return r.withDefaults(o).Codec == rendition.CodecCopy }
	copies := o.Ladder.Auto && o.Codec == rendition.CodecCopy || slices.ContainsFunc(o.Ladder.Rungs, isCopy)
	if !copies {
		return
	}
	v.copyStart(at, o.Start, hlsContainer)
	if !slices.ContainsFunc(o.Ladder.Rungs, func(r Rung) bool { return !isCopy(r) }) {
		v.copyFields(at, o.CRF, o.Preset, rendition.Rational{}, hlsContainer)
	}
}

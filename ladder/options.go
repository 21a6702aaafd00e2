package ladder

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/rendition-sdk/rendition"
)

// Options steer Auto. The zero value, and nil, mean an H.264 ladder with every
// rung that the source can fill.
type Options struct {
	// Codec of every rung: H264, H265, VP8, VP9 or AV1. Empty means the Base's,
	// H264 without one. It must agree with Base where that names a codec.
	Codec rendition.Codec
	// HDR takes the rates and profile for high dynamic range, where the codec
	// has such a built-in ladder (H265). It says what will be encoded: the source's own
	// range does not set it, since it may be mapped to standard range.
	HDR bool
	// MaxHeight is the largest short side in pixels; 0 means no limit.
	MaxHeight int
	// MinHeight is the smallest short side in pixels; 0 means no limit. A source
	// below it gets one rung all the same.
	MinHeight int
	// MaxRungs is the most rungs; 0 means no limit. The largest always stays,
	// the rest are spread over the ladder with the smallest among them.
	MaxRungs int
	// MaxFPS is the highest frame rate in frames per second of any rung; zero
	// means 60, the most that Apple's clause 1.15 allows.
	MaxFPS rendition.Rational
	// UniformFPS gives every rung the frame rate of the largest one. Otherwise
	// rungs that the base limits to 30 frames per second (Apple's small ones)
	// show every second picture of a 60 frames per second source.
	UniformFPS bool
	// Base is the ladder to bend instead of the built-in one: valid, of one
	// codec. Peak and buffer keep their ratios to the bitrate.
	Base Ladder
}

// withDefaults returns a copy that is checked and complete. The error joins
// one *rendition.Error of kind InvalidJob for each problem.
func (o *Options) withDefaults() (Options, error) {
	var opt Options
	if o != nil {
		opt = *o
	}
	err := errors.Join(opt.problems()...)
	if err != nil {
		return Options{}, err
	}
	if opt.MaxFPS.IsZero() {
		opt.MaxFPS = rendition.Rational{Num: 60, Den: 1}
	}
	for _, r := range opt.Base {
		opt.Codec = cmp.Or(opt.Codec, r.Codec)
	}
	opt.Codec = cmp.Or(opt.Codec, rendition.H264)
	if len(opt.Base) == 0 {
		opt.Base = builtin(opt.Codec, opt.HDR)
		return opt, nil
	}
	opt.Base = slices.Clone(opt.Base)
	for i := range opt.Base {
		opt.Base[i].Codec = opt.Codec
	}
	return opt, nil
}

func (o *Options) problems() []error {
	var list []error
	add := func(key, format string, args ...any) {
		list = append(list, problem("ladder: auto", key, format, args...))
	}
	if o.Codec != "" && !slices.Contains(codecs(), o.Codec) {
		add("codec", "got %q, allowed: %s", o.Codec, codecList())
	}
	for _, f := range []struct {
		key   string
		value int
	}{{"max_height", o.MaxHeight}, {"min_height", o.MinHeight}, {"max_rungs", o.MaxRungs}} {
		if f.value < 0 {
			add(f.key, "got %d, allowed: 0 (no limit) or more", f.value)
		}
	}
	if o.MaxHeight > 0 && o.MaxHeight < minDimension {
		add("max_height", "got %d, allowed: 0 (no limit) or %d and more", o.MaxHeight, minDimension)
	}
	if o.MaxHeight > 0 && o.MinHeight > o.MaxHeight {
		add("min_height", "got %d, allowed: at most max_height, which is %d", o.MinHeight, o.MaxHeight)
	}
	if badFPS(o.MaxFPS) {
		add("max_fps", "got %s, allowed: 0 (60) or up to %d", o.MaxFPS, maxFPS)
	}
	return append(list, o.baseProblems()...)
}

func (o *Options) baseProblems() []error {
	if o.Base == nil {
		return nil
	}
	base, want := slices.Clone(o.Base), o.Codec
	for _, r := range base {
		want = cmp.Or(want, r.Codec)
	}
	var list []error
	for i := range base {
		if c := base[i].Codec; c != "" && c != want {
			list = append(list, problem("ladder: auto", fmt.Sprintf("base[%d].codec", i),
				"got %q, allowed: %q like the rest; call auto once for each codec", c, want))
		}
		base[i].Codec = cmp.Or(base[i].Codec, want)
	}
	if err := Validate(base); err != nil {
		list = append(list, err)
	}
	return list
}

package ladder

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition"
)

const (
	// MaxRungs is the most rungs a valid ladder has.
	MaxRungs = 64
	maxFPS   = 1000
)

// Validate reports everything that is wrong with a ladder at once: an errors.Join
// of one *rendition.Error of kind InvalidJob for each problem, each with the field as Key
// ("ladder[2].width"), what was given and what is allowed. It returns nil for a
// ladder that can be encoded: from 1 to MaxRungs rungs, even sizes from 2 to
// MaxDimension, rates that make sense, and, among the rungs of one codec, bitrates that
// rise, sizes that do not fall, and one aspect ratio (to rounding).
func Validate(l Ladder) error {
	v := &validator{}
	switch {
	case len(l) == 0:
		v.add("ladder", "got no rungs, allowed: 1 to %d", MaxRungs)
	case len(l) > MaxRungs:
		v.add("ladder", "got %d rungs, allowed: 1 to %d", len(l), MaxRungs)
		return errors.Join(v.list...)
	}
	for i, r := range l {
		v.rung(fmt.Sprintf("ladder[%d]", i), r)
	}
	v.order(l)
	return errors.Join(v.list...)
}

type validator struct{ list []error }

func (v *validator) add(key, format string, args ...any) {
	v.list = append(v.list, problem("ladder: validate", key, format, args...))
}

func problem(op, key, format string, args ...any) error {
	return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: key, Err: fmt.Errorf(format, args...)}
}

// rung checks one rung by itself.
func (v *validator) rung(path string, r Rung) {
	v.side(path+".width", r.Width)
	v.side(path+".height", r.Height)
	if r.Bitrate < minBitrate || r.Bitrate > maxBitrate {
		v.add(path+".bitrate", "got %d, allowed: %d to %d bits per second", r.Bitrate, minBitrate, int64(maxBitrate))
	}
	switch {
	case r.MaxBitrate < 0 || r.MaxBitrate > 0 && r.MaxBitrate < r.Bitrate:
		v.add(path+".max_bitrate", "got %d, allowed: 0 or at least the bitrate, %d", r.MaxBitrate, r.Bitrate)
	case r.MaxBitrate > maxPeak:
		v.add(path+".max_bitrate", "got %d, allowed: at most %d", r.MaxBitrate, int64(maxPeak))
	}
	switch {
	case r.BufferSize < 0 || r.BufferSize > maxBuffer:
		v.add(path+".buffer_size", "got %d, allowed: 0 to %d bits", r.BufferSize, int64(maxBuffer))
	case r.BufferSize > 0 && r.MaxBitrate == 0:
		v.add(path+".buffer_size", "got %d without max_bitrate, allowed: both or neither", r.BufferSize)
	}
	if badFPS(r.FPS) {
		v.add(path+".fps", "got %s, allowed: 0 (the source's) or up to %d", r.FPS, maxFPS)
	}
	v.codec(path, r)
}

func (v *validator) side(path string, n int) {
	if n < minDimension || n > MaxDimension || n%2 != 0 {
		v.add(path, "got %d, allowed: an even number from %d to %d", n, minDimension, MaxDimension)
	}
}

func (v *validator) codec(path string, r Rung) {
	if r.Codec == "" {
		return
	}
	if !slices.Contains(codecs(), r.Codec) {
		v.add(path+".codec", "got %q, allowed: %s", r.Codec, codecList())
		return
	}
	allowed := profiles(r.Codec)
	if r.Profile != "" && !slices.Contains(allowed, r.Profile) {
		v.add(path+".profile", "got %q, allowed for %s: %s", r.Profile, r.Codec, strings.Join(append(allowed, "empty"), ", "))
	}
}

// order checks each rung against the one of the same codec before it.
func (v *validator) order(l Ladder) {
	last := map[rendition.Codec]int{}
	for i, r := range l {
		j, ok := last[r.Codec]
		last[r.Codec] = i
		if !ok {
			continue
		}
		path, below := fmt.Sprintf("ladder[%d]", i), l[j]
		if r.Bitrate <= below.Bitrate {
			v.add(path+".bitrate", "got %d, allowed: more than ladder[%d].bitrate, which is %d", r.Bitrate, j, below.Bitrate)
		}
		switch {
		case r.Width < below.Width || r.Height < below.Height:
			v.add(path, "got %dx%d, allowed: no smaller than ladder[%d], which is %dx%d", r.Width, r.Height, j, below.Width, below.Height)
		case !sameAspect(r, below):
			v.add(path, "got %dx%d, allowed: the aspect ratio of ladder[%d], which is %dx%d", r.Width, r.Height, j, below.Width, below.Height)
		}
	}
}

// sameAspect allows each side to be up to 2 pixels off, the cost of even sizes.
func sameAspect(a, b Rung) bool {
	if min(a.Width, a.Height, b.Width, b.Height) <= 0 {
		return true // reported elsewhere
	}
	aw, ah, bw, bh := float64(a.Width), float64(a.Height), float64(b.Width), float64(b.Height)
	return math.Abs(aw*bh-bw*ah) <= 2*(aw+ah+bw+bh)
}

func badFPS(r rendition.Rational) bool {
	f := r.Float64()
	return f < 0 || f > maxFPS || r.Num < 0 || r.Den < 0
}

func codecs() []rendition.Codec {
	return []rendition.Codec{rendition.H264, rendition.H265, rendition.VP8, rendition.VP9, rendition.AV1}
}

func codecList() string {
	var names []string
	for _, c := range codecs() {
		names = append(names, string(c))
	}
	return strings.Join(names, ", ")
}

func profiles(codec rendition.Codec) []string {
	switch codec {
	case rendition.H264:
		return []string{"baseline", "main", "high", "high10"}
	case rendition.H265:
		return []string{"main", "main10"}
	case rendition.VP9:
		return []string{"0", "2"}
	case rendition.AV1:
		return []string{"main"}
	default:
		return nil
	}
}

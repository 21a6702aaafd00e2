//go:build cgo

package av

import (
	"log/slog"

	"github.com/asticode/go-astiav"

	"github.com/rendition-sdk/rendition"
)

// animationFormat is how one animated format is written.
type animationFormat struct {
	encoder, pixels string
	options         map[string]string
}

var animationFormats = map[string]animationFormat{
	"gif":  {"gif", "pal8", nil},
	"webp": {"libwebp_anim", "yuv420p", map[string]string{"quality": "75"}},
}

// AnimationFilters is the end of a filter chain that feeds an animation
// encoder. A GIF's palette is made for the clip, which is held in memory for it.
func AnimationFilters(format string) string {
	if format == "gif" {
		return "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle"
	}
	return "format=yuv420p"
}

// NewAnimationEncoder opens an encoder of format "gif" or "webp" for frames
// like first, whose times are in timeBase.
func NewAnimationEncoder(format string, first *Frame, timeBase rendition.Rational, logger *slog.Logger) (*Encoder, error) {
	a := animationFormats[format]
	enc, codec, err := newEncoder(a.encoder, logger)
	if err != nil {
		return nil, err
	}
	enc.tb = timeBase
	enc.cc.SetWidth(first.Width())
	enc.cc.SetHeight(first.Height())
	enc.cc.SetPixelFormat(astiav.FindPixelFormatByName(a.pixels))
	enc.cc.SetTimeBase(astiav.NewRational(int(timeBase.Num), int(timeBase.Den)))
	rate := timeBase.Inv()
	enc.cc.SetFramerate(astiav.NewRational(int(rate.Num), int(rate.Den)))
	enc.cc.SetThreadCount(1)
	if err := enc.open(codec, a.options); err != nil {
		enc.Close()
		return nil, err
	}
	return enc, nil
}

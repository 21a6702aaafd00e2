//go:build cgo

package encode

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rendition-sdk/rendition"
)

// firstFilters makes the source's picture upright, square and of s's size.
func (r *run) firstFilters(b *branch, s *size) string {
	src := &r.spec.Media.Streams[b.stream]
	return pictureFilters(src.Video, s.width, s.height, b.toneMap, b.pixelFormat, b.color)
}

// nextFilters makes s's size out of the next larger one.
func nextFilters(b *branch, s *size) string {
	return fmt.Sprintf("scale=%d:%d:flags=bicubic,format=%s", s.width, s.height, b.pixelFormat)
}

// pictureFilters is the chain from a decoded picture of v to an upright one of
// width x height in pixelFormat. It scales first: what comes after it is then
// done on the fewest pixels.
func pictureFilters(v *rendition.VideoInfo, width, height int, toneMap bool, pixelFormat string, color rendition.Color) string {
	w, h := width, height
	if v.Rotation%180 != 0 {
		w, h = h, w
	}
	scale := fmt.Sprintf("scale=%d:%d:flags=bicubic", w, h)
	switch {
	case toneMap:
	case isRGB(v.PixelFormat):
		matrix := "bt709"
		if color.Matrix == "smpte170m" || color.Matrix == "bt470bg" {
			matrix = "bt601"
		}
		scale += ":out_range=tv:out_color_matrix=" + matrix
	default:
		scale += ":out_range=tv"
	}
	var chain []string
	switch {
	case toneMap:
		chain = append(chain, scale, toneMapFilters(v.Color))
	case w == v.Width && h == v.Height && pixelFormat == v.PixelFormat && v.Color.Range != "pc":
		// Nothing to scale or convert: the picture is passed on, not copied.
	default:
		chain = append(chain, scale)
	}
	chain = append(chain, "format="+pixelFormat)
	chain = append(chain, turnFilters(v)...)
	return strings.Join(append(chain, "setsar=1"), ",")
}

// turnFilters make a picture upright.
func turnFilters(v *rendition.VideoInfo) []string {
	var chain []string
	if v.Mirrored {
		chain = append(chain, "hflip")
	}
	switch v.Rotation {
	case 90:
		chain = append(chain, "transpose=clock")
	case 180:
		chain = append(chain, "hflip", "vflip")
	case 270:
		chain = append(chain, "transpose=cclock")
	}
	return chain
}

// toneMapFilters turn PQ or HLG into BT.709 standard range: to linear light,
// to BT.709 primaries, highlights rolled off by the Hable curve, and back.
func toneMapFilters(c rendition.Color) string {
	primaries, matrix, transfer := cmp.Or(c.Primaries, "bt2020"), cmp.Or(c.Matrix, "bt2020nc"), c.Transfer
	if !c.IsHDR() { // known by its metadata alone
		transfer = "smpte2084"
	}
	return fmt.Sprintf("setparams=color_primaries=%s:color_trc=%s:colorspace=%s,", primaries, transfer, matrix) +
		"zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0," +
		"zscale=t=bt709:m=bt709:r=tv"
}

// isRGB reports whether a pixel format of FFmpeg's name has no YUV matrix.
func isRGB(format string) bool {
	for _, part := range []string{"rgb", "bgr", "gbr", "pal8", "mono"} {
		if strings.Contains(format, part) {
			return true
		}
	}
	return false
}

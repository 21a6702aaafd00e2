package transcode

import (
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition"
)

// The names that a standard-range output may carry on from its source; others
// are left out, because players guess better than a wrong label says.
var (
	knownPrimaries = []string{"bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "bt2020", "smpte432"}
	knownTransfers = []string{
		"bt709", "gamma22", "gamma28", "smpte170m", "smpte240m", "iec61966-2-1", "bt2020-10", "bt2020-12",
	}
	knownMatrices = []string{"bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "bt2020nc"}
)

// isHDR says that the picture is PQ or HLG. Dolby Vision counts when its base layer is.
func isHDR(v *rendition.VideoInfo) bool {
	return v.Color.IsHDR() || v.HDR == "hdr10" || v.HDR == "hdr10+" || v.HDR == "hlg"
}

// isDeep says that the picture has at least 10 bits.
func isDeep(v *rendition.VideoInfo) bool {
	if v.BitDepth > 0 {
		return v.BitDepth >= 10
	}
	return slices.ContainsFunc([]string{"p10", "p12", "p14", "p16"}, func(s string) bool { return strings.Contains(v.PixelFormat, s) })
}

// setFormat chooses pixel format and color of a rendition:
//
//   - H.264 has 8 bits; high dynamic range is mapped to BT.709.
//   - H.265 and AV1 have 10 bits where the source has, and keep its range.
//   - VP9 keeps high dynamic range in 10 bits (profile 2); else it has 8.
func (r *VideoRendition) setFormat(v *rendition.VideoInfo) {
	hdr := isHDR(v)
	r.ToneMap = hdr && r.Codec == rendition.H264
	r.PixelFormat = "yuv420p"
	switch r.Codec {
	case rendition.H265, rendition.AV1:
		if hdr || isDeep(v) {
			r.PixelFormat = "yuv420p10le"
		}
	case rendition.VP9:
		if hdr {
			r.PixelFormat = "yuv420p10le"
		}
	}
	switch {
	case r.ToneMap:
		r.Color = rendition.Color{Primaries: "bt709", Transfer: "bt709", Matrix: "bt709", Range: "tv"}
	case hdr:
		r.Color = hdrColor(v)
	case v.Color.Matrix == "gbr" || strings.Contains(v.PixelFormat, "rgb") || strings.Contains(v.PixelFormat, "bgr"):
		// The encode graph turns RGB into BT.709, and says so.
		r.Color = rendition.Color{Primaries: "bt709", Transfer: "bt709", Matrix: "bt709", Range: "tv"}
	default:
		r.Color = standardColor(v.Color)
	}
}

// hdrColor is the source's color with the gaps filled by what HDR10 and HLG have.
func hdrColor(v *rendition.VideoInfo) rendition.Color {
	c := v.Color
	c.Range = "tv"
	if c.Primaries == "" {
		c.Primaries = "bt2020"
	}
	if c.Matrix == "" {
		c.Matrix = "bt2020nc"
	}
	if !c.IsHDR() {
		c.Transfer = "smpte2084"
		if v.HDR == "hlg" {
			c.Transfer = "arib-std-b67"
		}
	}
	return c
}

func standardColor(c rendition.Color) rendition.Color {
	known := func(name string, list []string) string {
		if slices.Contains(list, name) {
			return name
		}
		return ""
	}
	return rendition.Color{
		Primaries: known(c.Primaries, knownPrimaries), Transfer: known(c.Transfer, knownTransfers),
		Matrix: known(c.Matrix, knownMatrices), Range: "tv",
	}
}

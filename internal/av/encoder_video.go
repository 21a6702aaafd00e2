//go:build cgo

package av

//#include <libavcodec/avcodec.h>
import "C"

import (
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"

	"github.com/asticode/go-astiav"

	"github.com/rendition-sdk/rendition"
)

// VideoEncoderOptions are the settings of one video encode. All that changes
// the coded bytes is here, nothing comes from the machine.
type VideoEncoderOptions struct {
	Codec         rendition.Codec
	Width, Height int
	// FrameRate is constant; frames' timestamps count frames.
	FrameRate   rendition.Rational
	PixelFormat string
	Color       rendition.Color
	// CRF is the constant quality, -1 for Bitrate instead.
	CRF int
	// Bitrate, MaxBitrate in bits per second, BufferSize in bits; 0 unset.
	Bitrate, MaxBitrate, BufferSize int64
	// BufferInit is how full the rate buffer is at the start, in percent of
	// BufferSize; 0 is the encoder's default.
	BufferInit int
	// Preset is in x264's names.
	Preset  string
	Profile string
	// KeyFrameInterval in frames: a closed group of pictures begins at each multiple.
	KeyFrameInterval int
	Threads          int
	// MasteringDisplay and ContentLight are written into HDR10 streams.
	MasteringDisplay *rendition.MasteringDisplay
	ContentLight     *rendition.ContentLight
	// Logger receives the encoder's messages; nil discards them.
	Logger *slog.Logger
}

// videoEncoders names FFmpeg's encoder of each codec.
var videoEncoders = map[rendition.Codec]string{
	rendition.H264: "libx264", rendition.H265: "libx265", rendition.VP9: "libvpx-vp9", rendition.AV1: "libsvtav1",
}

// NewVideoEncoder opens an encoder.
func NewVideoEncoder(o VideoEncoderOptions) (*Encoder, error) {
	name := videoEncoders[o.Codec]
	if o.Codec == rendition.AV1 {
		quietSVT()
	}
	e, codec, err := newEncoder(name, o.Logger)
	if err != nil {
		return nil, err
	}
	pixels := astiav.FindPixelFormatByName(o.PixelFormat)
	e.tb = o.FrameRate.Inv()
	e.cc.SetWidth(o.Width)
	e.cc.SetHeight(o.Height)
	e.cc.SetPixelFormat(pixels)
	e.cc.SetSampleAspectRatio(astiav.NewRational(1, 1))
	e.cc.SetTimeBase(astiav.NewRational(int(e.tb.Num), int(e.tb.Den)))
	e.cc.SetFramerate(astiav.NewRational(int(o.FrameRate.Num), int(o.FrameRate.Den)))
	e.cc.SetGopSize(o.KeyFrameInterval)
	e.cc.SetThreadCount(o.Threads)
	setColor(e.cc, o.Color)
	setRate(e.cc, &o)
	if err := e.open(codec, videoOptions(&o)); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

func setRate(cc *astiav.CodecContext, o *VideoEncoderOptions) {
	if o.CRF < 0 {
		cc.SetBitRate(o.Bitrate)
	}
	// SVT-AV1 takes a limit only together with a constant quality; libvpx takes
	// one beside a constant quality as its "constrained quality", in vpxOptions.
	if (o.Codec == rendition.AV1 && o.CRF < 0) || (o.Codec == rendition.VP9 && o.CRF >= 0) {
		return
	}
	cc.SetRateControlMaxRate(o.MaxBitrate)
	buffer := min(o.BufferSize, math.MaxInt32)
	cc.SetRateControlBufferSize(int(buffer))
	if o.BufferInit > 0 {
		c := (*C.AVCodecContext)(cc.UnsafePointer())
		c.rc_initial_buffer_occupancy = C.int(buffer * int64(o.BufferInit) / 100)
	}
}

func videoOptions(o *VideoEncoderOptions) map[string]string {
	switch o.Codec {
	case rendition.H265:
		return x265Options(o)
	case rendition.VP9:
		return vpxOptions(o)
	case rendition.AV1:
		return svtOptions(o)
	default:
		return x264Options(o)
	}
}

func x264Options(o *VideoEncoderOptions) map[string]string {
	m := map[string]string{
		"preset":       o.Preset,
		"keyint_min":   strconv.Itoa(o.KeyFrameInterval),
		"sc_threshold": "0",
		"forced-idr":   "1",
	}
	if o.Profile != "" {
		m["profile"] = o.Profile
	}
	if o.CRF >= 0 {
		m["crf"] = strconv.Itoa(o.CRF)
	}
	if asm := x264Kernels(); asm != "" {
		m["x264-params"] = "asm=" + asm
	}
	return m
}

func x265Options(o *VideoEncoderOptions) map[string]string {
	// x265 sizes its pool by the machine unless told; frame-threads changes
	// the output, so both come from the settings.
	params := []string{
		fmt.Sprintf("keyint=%d:min-keyint=%d:scenecut=0:open-gop=0:log-level=error", o.KeyFrameInterval, o.KeyFrameInterval),
		fmt.Sprintf("pools=%d:frame-threads=%d", o.Threads, max(1, min(o.Threads, 3))),
	}
	if o.BufferInit > 0 {
		params = append(params, fmt.Sprintf("vbv-init=%.2f", float64(o.BufferInit)/100))
	}
	if o.Color.Transfer == "smpte2084" {
		params = append(params, "hdr10=1:repeat-headers=0")
		if m := o.MasteringDisplay; m != nil {
			params = append(params, "master-display="+masterDisplay(m, 50000, 10000))
		}
		if l := o.ContentLight; l != nil {
			params = append(params, fmt.Sprintf("max-cll=%d,%d", l.MaxCLL, l.MaxFALL))
		}
	}
	m := map[string]string{"preset": o.Preset, "forced-idr": "1", "x265-params": strings.Join(params, ":")}
	if o.Profile != "" {
		m["profile"] = o.Profile
	}
	if o.CRF >= 0 {
		m["crf"] = strconv.Itoa(o.CRF)
	}
	return m
}

// presetSpeed is the place of an x264 preset name, 0 for ultrafast to 9 for placebo.
func presetSpeed(preset string) int {
	names := []string{"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo"}
	for i, n := range names {
		if n == preset {
			return i
		}
	}
	return 5
}

func vpxOptions(o *VideoEncoderOptions) map[string]string {
	cpuUsed := [...]int{8, 7, 6, 5, 4, 3, 2, 1, 0, 0}
	m := map[string]string{
		"deadline":     "good",
		"cpu-used":     strconv.Itoa(cpuUsed[presetSpeed(o.Preset)]),
		"keyint_min":   strconv.Itoa(o.KeyFrameInterval),
		"row-mt":       "1",
		"tile-columns": strconv.Itoa(max(0, min(4, int(math.Log2(float64(o.Width)/256))))),
		"auto-alt-ref": "1",
	}
	if o.CRF >= 0 {
		m["crf"] = strconv.Itoa(o.CRF)
		m["b"] = strconv.FormatInt(o.MaxBitrate, 10) // constrained quality; 0 is unconstrained
	}
	return m
}

func svtOptions(o *VideoEncoderOptions) map[string]string {
	preset := [...]int{12, 11, 10, 10, 9, 8, 6, 4, 2, 1} // 13 is for debugging
	params := []string{fmt.Sprintf("scd=0:lp=%d", o.Threads)}
	if o.Color.Transfer == "smpte2084" {
		if m := o.MasteringDisplay; m != nil {
			params = append(params, "mastering-display="+masterDisplay(m, 1, 1))
		}
		if l := o.ContentLight; l != nil {
			params = append(params, fmt.Sprintf("content-light=%d,%d", l.MaxCLL, l.MaxFALL))
		}
	}
	m := map[string]string{
		"preset":        strconv.Itoa(preset[presetSpeed(o.Preset)]),
		"svtav1-params": strings.Join(params, ":"),
	}
	if o.CRF >= 0 {
		m["crf"] = strconv.Itoa(o.CRF)
	}
	return m
}

// masterDisplay writes m in the form G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min) that
// x265 and SVT-AV1 share, in units of 1/chroma and 1/luma.
func masterDisplay(m *rendition.MasteringDisplay, chroma, luma float64) string {
	num := func(v, unit float64) string {
		if unit == 1 {
			return strconv.FormatFloat(v, 'f', 4, 64)
		}
		return strconv.FormatInt(int64(math.Round(v*unit)), 10)
	}
	point := func(p [2]float64) string { return "(" + num(p[0], chroma) + "," + num(p[1], chroma) + ")" }
	return "G" + point(m.Green) + "B" + point(m.Blue) + "R" + point(m.Red) + "WP" + point(m.WhitePoint) +
		"L(" + num(m.MaxLuminance, luma) + "," + num(m.MinLuminance, luma) + ")"
}

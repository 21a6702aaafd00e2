//go:build cgo

package av

//#include <libavutil/pixdesc.h>
//#include <libavutil/mastering_display_metadata.h>
//#include <libavutil/dovi_meta.h>
//#include "shim.h"
import "C"

import (
	"unsafe"

	"github.com/rendition-sdk/rendition"
)

// videoInfo maps the picture parameters of st.
func (in *Input) videoInfo(st *C.AVStream, tags map[string]string) *rendition.VideoInfo {
	par := st.codecpar
	v := &rendition.VideoInfo{
		Width: int(par.width), Height: int(par.height), HasBFrames: par.video_delay > 0,
		FieldOrder: fieldOrder(par.field_order),
		FrameRate:  rate(st.avg_frame_rate), BaseFrameRate: rate(st.r_frame_rate),
		Color: rendition.Color{
			Primaries: colorName(C.av_color_primaries_name(par.color_primaries)),
			Transfer:  colorName(C.av_color_transfer_name(par.color_trc)),
			Matrix:    colorName(C.av_color_space_name(par.color_space)),
			Range:     colorName(C.av_color_range_name(par.color_range)),
		},
	}
	v.Color.ChromaLocation = colorName(C.av_chroma_location_name(par.chroma_location))
	if sar := C.av_guess_sample_aspect_ratio(in.fc, st, nil); sar.num > 0 && sar.den > 0 {
		v.SampleAspect = rational(sar)
	}
	if st.disposition&C.AV_DISPOSITION_ATTACHED_PIC != 0 {
		v.FrameRate, v.BaseFrameRate = rendition.Rational{}, rendition.Rational{}
	}
	if v.FrameRate.IsZero() {
		v.FrameRate = v.BaseFrameRate
	}
	if desc := C.av_pix_fmt_desc_get(C.enum_AVPixelFormat(par.format)); desc != nil {
		v.PixelFormat = C.GoString(desc.name)
		v.BitDepth = int(desc.comp[0].depth)
		v.HasAlpha = desc.flags&C.AV_PIX_FMT_FLAG_ALPHA != 0
	}
	if tags["alpha_mode"] == "1" { // VP8 and VP9 carry it beside the picture
		v.HasAlpha = true
	}
	sideData(par, v)
	v.DisplayAspect = displayAspect(v)
	return v
}

// sideData maps what the container says beside the codec's own parameters.
func sideData(par *C.AVCodecParameters, v *rendition.VideoInfo) {
	if par.nb_coded_side_data <= 0 {
		return
	}
	for _, sd := range unsafe.Slice(par.coded_side_data, int(par.nb_coded_side_data)) {
		data := unsafe.Pointer(sd.data)
		switch size := uintptr(sd.size); {
		case data == nil:
		case sd._type == C.AV_PKT_DATA_DISPLAYMATRIX && size >= 36:
			v.Rotation, v.Mirrored, _ = turn([9]int32(unsafe.Slice((*int32)(data), 9)))
		case sd._type == C.AV_PKT_DATA_MASTERING_DISPLAY_METADATA && size >= unsafe.Sizeof(C.AVMasteringDisplayMetadata{}):
			v.MasteringDisplay = masteringDisplay((*C.AVMasteringDisplayMetadata)(data))
		case sd._type == C.AV_PKT_DATA_CONTENT_LIGHT_LEVEL && size >= unsafe.Sizeof(C.AVContentLightMetadata{}):
			v.ContentLight = contentLight((*C.AVContentLightMetadata)(data))
		case sd._type == C.AV_PKT_DATA_DOVI_CONF && size >= unsafe.Sizeof(C.AVDOVIDecoderConfigurationRecord{}):
			v.DolbyVision = dolbyVision((*C.AVDOVIDecoderConfigurationRecord)(data))
		}
	}
}

func masteringDisplay(m *C.AVMasteringDisplayMetadata) *rendition.MasteringDisplay {
	if m.has_primaries == 0 && m.has_luminance == 0 {
		return nil
	}
	point := func(p [2]C.AVRational) [2]float64 { return [2]float64{float(p[0]), float(p[1])} }
	return &rendition.MasteringDisplay{
		Red: point(m.display_primaries[0]), Green: point(m.display_primaries[1]), Blue: point(m.display_primaries[2]),
		WhitePoint: point(m.white_point), MinLuminance: float(m.min_luminance), MaxLuminance: float(m.max_luminance),
	}
}

func contentLight(l *C.AVContentLightMetadata) *rendition.ContentLight {
	if l.MaxCLL == 0 && l.MaxFALL == 0 { // CTA-861.3: zero is unknown
		return nil
	}
	return &rendition.ContentLight{MaxCLL: int(l.MaxCLL), MaxFALL: int(l.MaxFALL)}
}

func dolbyVision(d *C.AVDOVIDecoderConfigurationRecord) *rendition.DolbyVision {
	return &rendition.DolbyVision{
		Profile: int(d.dv_profile), Level: int(d.dv_level), RPU: d.rpu_present_flag != 0, EnhancementLay: d.el_present_flag != 0,
		BaseLayer: d.bl_present_flag != 0, CompatibilityID: int(d.dv_bl_signal_compatibility_id),
	}
}

func fieldOrder(f C.enum_AVFieldOrder) string {
	switch f {
	case C.AV_FIELD_PROGRESSIVE:
		return "progressive"
	case C.AV_FIELD_TT:
		return "tt"
	case C.AV_FIELD_BB:
		return "bb"
	case C.AV_FIELD_TB:
		return "tb"
	case C.AV_FIELD_BT:
		return "bt"
	default:
		return ""
	}
}

// colorName turns libav's words for "not said" into nothing.
func colorName(s *C.char) string {
	switch name := text(s); name {
	case "unknown", "unspecified", "reserved":
		return ""
	default:
		return name
	}
}

func rate(r C.AVRational) rendition.Rational {
	if r.num <= 0 || r.den <= 0 {
		return rendition.Rational{}
	}
	return rational(r)
}

func float(r C.AVRational) float64 { return rational(r).Float64() }

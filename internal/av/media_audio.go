//go:build cgo

package av

//#include <libavutil/channel_layout.h>
//#include <libavutil/samplefmt.h>
//#include "shim.h"
import "C"

import (
	"cmp"

	"github.com/rendition-sdk/rendition"
)

// audioInfo maps the sound parameters of a stream.
func audioInfo(par *C.AVCodecParameters) *rendition.AudioInfo {
	a := &rendition.AudioInfo{
		SampleRate: int(par.sample_rate), Channels: int(par.ch_layout.nb_channels),
		SampleFormat:   text(C.av_get_sample_fmt_name(C.enum_AVSampleFormat(par.format))),
		InitialPadding: int(par.initial_padding),
	}
	if par.ch_layout.order != C.AV_CHANNEL_ORDER_UNSPEC {
		var name [128]C.char
		if C.av_channel_layout_describe(&par.ch_layout, &name[0], C.size_t(len(name))) > 0 {
			a.Layout = rendition.ChannelLayout(text(&name[0]))
		}
	}
	if desc := C.avcodec_descriptor_get(par.codec_id); desc != nil && desc.props&C.AV_CODEC_PROP_LOSSLESS != 0 {
		a.BitDepth = cmp.Or(int(par.bits_per_raw_sample), int(C.av_get_bits_per_sample(par.codec_id)), int(par.bits_per_coded_sample))
	}
	return a
}

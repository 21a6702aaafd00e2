//go:build cgo

package av

//#include <libavutil/channel_layout.h>
//#include <libavutil/frame.h>
//#include <libavutil/samplefmt.h>
import "C"

import "github.com/asticode/go-astiav"

// Silence returns a frame of silent sound in the form of like: its sample
// format, rate and channels. Its time is not set.
func Silence(like *Frame, samples int) (*Frame, error) {
	f := NewFrame()
	from, to := like.c(), f.c()
	to.format, to.sample_rate, to.nb_samples = from.format, from.sample_rate, C.int(samples)
	ret := C.av_channel_layout_copy(&to.ch_layout, &from.ch_layout)
	if ret >= 0 {
		ret = C.av_frame_get_buffer(to, 0)
	}
	if ret >= 0 {
		ret = C.av_samples_set_silence(to.extended_data, 0, to.nb_samples, to.ch_layout.nb_channels, int32(to.format))
	}
	if ret < 0 {
		f.Free()
		return nil, wrap("frame: silence", astiav.Error(ret))
	}
	return f, nil
}

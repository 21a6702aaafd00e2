//go:build cgo

package av

//#include <string.h>
//#include <libavcodec/avcodec.h>
//#include <libavutil/channel_layout.h>
//#include <libavutil/mem.h>
import "C"

import (
	"unsafe"

	"github.com/asticode/go-astiav"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// codecIDs are libav's numbers of the codecs that a Track can carry.
var codecIDs = map[rendition.Codec]astiav.CodecID{
	rendition.H264: astiav.CodecIDH264, rendition.H265: astiav.CodecIDHevc, rendition.VP9: astiav.CodecIDVp9,
	rendition.AV1: astiav.CodecIDAv1, rendition.AAC: astiav.CodecIDAac, rendition.Opus: astiav.CodecIDOpus,
	rendition.MP3: astiav.CodecIDMp3, rendition.AC3: astiav.CodecIDAc3, rendition.EAC3: astiav.CodecIDEac3,
	rendition.FLAC: astiav.CodecIDFlac, rendition.Vorbis: astiav.CodecIDVorbis, rendition.VP8: astiav.CodecIDVp8,
}

// StreamOfTrack makes an output stream of a packager's track, for containers
// that only libavformat writes.
func StreamOfTrack(t packager.Track) (OutputStream, error) {
	params := astiav.AllocCodecParameters()
	if params == nil {
		return OutputStream{}, wrap("output stream", errNoMemory)
	}
	c := cParameters(params)
	c.codec_id = C.enum_AVCodecID(codecIDs[t.Codec])
	if len(t.Config) > 0 {
		c.extradata = (*C.uint8_t)(C.av_mallocz(C.size_t(len(t.Config) + C.AV_INPUT_BUFFER_PADDING_SIZE)))
		if c.extradata == nil {
			params.Free()
			return OutputStream{}, wrap("output stream", errNoMemory)
		}
		C.memcpy(unsafe.Pointer(c.extradata), unsafe.Pointer(&t.Config[0]), C.size_t(len(t.Config)))
		c.extradata_size = C.int(len(t.Config))
	}
	c.bit_rate = C.int64_t(t.Bitrate)
	if t.Type == rendition.Audio {
		c.codec_type = C.AVMEDIA_TYPE_AUDIO
		c.sample_rate = C.int(t.SampleRate)
		c.initial_padding = C.int(t.EncoderDelay)
		C.av_channel_layout_default(&c.ch_layout, C.int(t.Channels))
	} else {
		c.codec_type = C.AVMEDIA_TYPE_VIDEO
		c.width, c.height = C.int(t.Width), C.int(t.Height)
		c.sample_aspect_ratio = cRational(t.SampleAspect)
		setParamsColor(c, t.Color)
		if err := addSideData(c, &t); err != nil {
			params.Free()
			return OutputStream{}, err
		}
	}
	s := outputStreamOf(params, rendition.Rational{Num: 1, Den: int64(t.Timescale)})
	s.FrameRate, s.Language, s.Title, s.Default = t.FrameRate, t.Language, t.Title, t.Default
	return s, nil
}

// StreamOf makes an output stream of an open encoder.
func StreamOf(e *Encoder) (OutputStream, error) { return outputStreamOfEncoder(e.cc) }

// setParamsColor writes color's names into c; unknown names stay unspecified.
func setParamsColor(c *C.AVCodecParameters, color rendition.Color) {
	primaries, transfer, matrix, rng, chroma := colorNumbers(color)
	c.color_primaries = C.enum_AVColorPrimaries(primaries)
	c.color_trc = C.enum_AVColorTransferCharacteristic(transfer)
	c.color_space = C.enum_AVColorSpace(matrix)
	c.color_range = C.enum_AVColorRange(rng)
	c.chroma_location = C.enum_AVChromaLocation(chroma)
}

// WriteSample writes one sample of stream i, whose times are those of the
// Track that the stream was made of.
func (o *Output) WriteSample(i int, s packager.Sample) error {
	p := NewPacket()
	defer p.Free()
	if err := p.p.FromData(s.Data); err != nil {
		return wrap("write sample", err)
	}
	p.p.SetPts(s.PTS)
	p.p.SetDts(s.DTS)
	p.p.SetDuration(s.Duration)
	if s.Key {
		p.p.SetFlags(p.p.Flags().Add(astiav.PacketFlagKey))
	}
	return o.WritePacket(i, p)
}

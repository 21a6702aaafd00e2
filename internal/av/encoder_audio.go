//go:build cgo

package av

import (
	"log/slog"

	"github.com/asticode/go-astiav"

	"github.com/rendition-sdk/rendition"
)

// AudioEncoderOptions are the settings of one audio encode.
type AudioEncoderOptions struct {
	Codec rendition.Codec
	// Bitrate in bits per second.
	Bitrate    int64
	SampleRate int
	Channels   int
	// Logger receives the encoder's messages; nil discards them.
	Logger *slog.Logger
}

// audioFormat is what an encoder takes.
type audioFormat struct{ encoder, sampleFormat string }

var audioEncoders = map[rendition.Codec]audioFormat{
	rendition.AAC:  {"aac", "fltp"},
	rendition.Opus: {"libopus", "flt"},
	rendition.MP3:  {"libmp3lame", "fltp"},
}

// AudioSampleFormat is FFmpeg's name of the sample format that the encoder of
// codec takes.
func AudioSampleFormat(codec rendition.Codec) string { return audioEncoders[codec].sampleFormat }

// AudioLayout is the channel layout used for a number of channels.
func AudioLayout(channels int) string {
	switch channels {
	case 1:
		return "mono"
	case 6:
		return "5.1"
	case 8:
		return "7.1"
	default:
		return "stereo"
	}
}

// NewAudioEncoder opens an encoder. Its frames have FrameSize samples.
func NewAudioEncoder(o AudioEncoderOptions) (*Encoder, error) {
	f := audioEncoders[o.Codec]
	e, codec, err := newEncoder(f.encoder, o.Logger)
	if err != nil {
		return nil, err
	}
	layout := astiav.ChannelLayoutStereo
	switch o.Channels {
	case 1:
		layout = astiav.ChannelLayoutMono
	case 6:
		layout = astiav.ChannelLayout5Point1Back
	case 8:
		layout = astiav.ChannelLayout7Point1
	}
	e.tb = rendition.Rational{Num: 1, Den: int64(o.SampleRate)}
	e.cc.SetBitRate(o.Bitrate)
	e.cc.SetSampleRate(o.SampleRate)
	e.cc.SetChannelLayout(layout)
	setSampleFormat(e.cc, f.sampleFormat)
	e.cc.SetTimeBase(astiav.NewRational(1, o.SampleRate))
	e.cc.SetThreadCount(1)
	if err := e.open(codec, nil); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

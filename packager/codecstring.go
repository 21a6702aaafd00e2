package packager

import (
	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager/internal/codec"
)

// CodecString returns the RFC 6381 codecs parameter of a track, such as
// "avc1.64001f", "hvc1.1.6.L93.B0", "av01.0.04M.08", "vp09.00.31.08" or
// "mp4a.40.2". It reads Codec and Config, and for VP9 Width, Height, FrameRate
// and Color.
//
// Errors: InvalidInput when Config cannot be read or is empty where the codec
// needs it (see CodecStringOf), Unsupported for a codec that has no name.
func CodecString(t Track) (string, error) {
	return CodecStringOf(t, nil)
}

// CodecStringOf is CodecString for a track whose Config may be empty: first is
// its first sample, from which the configuration is read then.
func CodecStringOf(t Track, first []byte) (string, error) {
	if name := codec.FixedName(t.Codec); name != "" {
		return name, nil
	}
	if len(t.Config) > MaxConfigBytes || len(first) > MaxSampleBytes {
		return "", &rendition.Error{
			Kind: rendition.Quota, Op: "packager: codec string", Key: string(t.Codec),
			Hint: "the configuration or the first sample is over MaxConfigBytes or MaxSampleBytes",
		}
	}
	c, err := codec.Parse(&codec.Input{
		Codec: t.Codec, Config: t.Config, First: first, Width: t.Width, Height: t.Height,
		FrameRate: t.FrameRate.Float64(), Color: t.Color, SampleRate: t.SampleRate, Channels: t.Channels,
	})
	if err != nil {
		return "", err
	}
	return c.Name, nil
}

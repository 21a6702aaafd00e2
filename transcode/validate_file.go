package transcode

import (
	"slices"

	"github.com/rendition-sdk/rendition"
)

func (v *validator) file(at string, o *FileOutput) {
	c, ok := findContainer(o.Container)
	if !ok {
		v.word(fieldPath(at, "container"), o.Container, containerNames())
		c, _ = findContainer("mkv") // the rest is checked as far as it can be
	}
	switch {
	case len(c.video) == 0 && o.Video != nil && *o.Video:
		v.invalid(fieldPath(at, "video"), "%s holds sound only; remove the field or use mp4", c.name)
	case len(c.video) == 0:
		v.noVideoFields(at, o, c.name+" holds sound only")
	case o.Video != nil && !*o.Video:
		v.noVideoFields(at, o, "video is false")
	default:
		v.videoFields(at, o, c)
	}
	v.times(at, o.Start, o.Duration)
	if o.Audio == nil {
		return
	}
	audio := fieldPath(at, "audio")
	v.audio(audio, o.Audio, c)
	silent := o.Audio.Codec == codecNone
	if silent && (len(c.video) == 0 || o.Video != nil && !*o.Video) {
		v.invalid(fieldPath(audio, "codec"), `is "none" in an output without video; nothing would be left`)
	}
}

func (v *validator) videoFields(at string, o *FileOutput, c container) {
	codec := o.Codec
	if codec == "" {
		codec = c.video[0]
	}
	v.codec(at, codec, c)
	v.size(at, o.Width, o.Height)
	if codec == rendition.CodecCopy {
		v.copyFields(at, o.CRF, o.Preset, o.FPS, c)
		v.copyStart(at, o.Start, c)
		v.quality(at, codec, nil, o.Bitrate, o.MaxBitrate)
		return
	}
	v.fps(at, o.FPS, MaxFPS)
	v.quality(at, codec, o.CRF, o.Bitrate, o.MaxBitrate)
	v.word(fieldPath(at, "preset"), o.Preset, presets)
}

// noVideoFields reports settings of a picture that there will not be.
func (v *validator) noVideoFields(at string, o *FileOutput, why string) {
	for _, f := range []struct {
		name, instead string
		set           bool
	}{
		{"codec", "; use audio.codec for the sound", o.Codec != ""},
		{"width", "", o.Width != 0},
		{"height", "", o.Height != 0},
		{"crf", "", o.CRF != nil},
		{"bitrate", "; use audio.bitrate for the sound", o.Bitrate != 0},
		{"max_bitrate", "", o.MaxBitrate != 0},
		{"preset", "", o.Preset != ""},
		{"fps", "", o.FPS != rendition.Rational{}},
	} {
		if f.set {
			v.invalid(fieldPath(at, f.name), "is for video, but %s; remove it%s", why, f.instead)
		}
	}
}

// codec checks a video codec against its container.
func (v *validator) codec(at string, codec rendition.Codec, c container) {
	at = fieldPath(at, "codec")
	switch _, known := findVideoCodec(codec); {
	case codec == rendition.CodecCopy:
	case !known:
		v.invalid(at, "%s is no video codec of this SDK; %s", quote(string(codec)), suggest(string(codec), c.video))
	case !slices.Contains(c.video, codec):
		v.invalid(at, "%s does not go into %s; allowed: %s", codec, c.name, oneOf(c.video))
	}
}

// quality checks crf, bitrate and max_bitrate and how they go together.
func (v *validator) quality(at string, codec rendition.Codec, crf *int, bitrate, highest Bitrate) {
	if crf != nil {
		c, ok := findVideoCodec(codec)
		if ok && (*crf < c.minCRF || *crf > c.maxCRF) {
			v.invalid(fieldPath(at, "crf"), "must be %d to %d for %s, got %d", c.minCRF, c.maxCRF, codec, *crf)
		}
		if bitrate != 0 {
			v.invalid(fieldPath(at, "bitrate"), "does not go with crf; remove one, or use max_bitrate to cap the crf")
		}
	}
	v.rate(at, "bitrate", bitrate, MinVideoBitrate, MaxVideoBitrate)
	v.rate(at, "max_bitrate", highest, MinVideoBitrate, MaxVideoBitrate)
	if bitrate > 0 && highest > 0 && highest < bitrate {
		v.invalid(fieldPath(at, "max_bitrate"), "must be at least bitrate, which is %s, got %s", bitrate, highest)
	}
}

func (v *validator) rate(at, name string, b, lowest, highest Bitrate) {
	if b != 0 && (b < lowest || b > highest) {
		v.invalid(fieldPath(at, name), "must be %s to %s bits per second, got %s", lowest, highest, b)
	}
}

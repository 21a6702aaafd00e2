package transcode

import (
	"slices"

	"github.com/rendition-sdk/rendition"
)

// audio checks one sound track against its container.
func (v *validator) audio(at string, a *AudioSettings, c container) {
	codec := a.Codec
	if codec == "" {
		codec = c.audio[0]
	}
	if codec == rendition.CodecCopy || codec == codecNone {
		v.noAudioFields(at, a, codec)
		return
	}
	known, ok := findAudioCodec(codec)
	switch {
	case !ok:
		allowed := append(slices.Clone(c.audio), rendition.CodecCopy, codecNone)
		v.invalid(fieldPath(at, "codec"), "%s is no audio codec to encode; %s", quote(string(codec)), suggest(string(codec), allowed))
		return
	case !slices.Contains(c.audio, codec):
		v.invalid(fieldPath(at, "codec"), "%s does not go into %s; allowed: %s", codec, c.name, oneOf(c.audio))
	}
	switch {
	case !slices.Contains([]int{0, 1, 2, 6}, a.Channels):
		v.invalid(fieldPath(at, "channels"), "must be 1, 2 or 6, got %d", a.Channels)
	case a.Channels > known.maxChannels:
		v.invalid(fieldPath(at, "channels"), "must be 1 or 2 for %s, got %d", codec, a.Channels)
	}
	channels := a.Channels
	if channels <= 0 || channels > known.maxChannels {
		channels = min(2, known.maxChannels)
	}
	v.rate(at, "bitrate", a.Bitrate, known.minBitrate, known.maxBitrate*Bitrate(channels))
	v.language(at, a.Language)
}

// noAudioFields reports settings that mean nothing for a copy or for silence.
func (v *validator) noAudioFields(at string, a *AudioSettings, codec rendition.Codec) {
	if a.Bitrate != 0 {
		v.invalid(fieldPath(at, "bitrate"), "does not go with codec %q; remove it", codec)
	}
	if a.Channels != 0 {
		v.invalid(fieldPath(at, "channels"), "does not go with codec %q; remove it", codec)
	}
	if codec == codecNone && a.Language != "" {
		v.invalid(fieldPath(at, "language"), "does not go with codec %q; remove it", codec)
	}
	v.language(at, a.Language)
}

func (v *validator) language(at, tag string) {
	if len(tag) > 35 || len(tag) == 1 {
		v.invalid(fieldPath(at, "language"), `must be a language tag such as "en" or "deu", got %s`, quote(tag))
	}
}

package transcode

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
)

// sound returns the ID of the encode or copy that a asks for, empty when there
// is to be no sound or the source has none. False means a problem was reported.
func (p *planner) sound(at string, a *AudioSettings, c container, clip Clip) (string, bool) {
	asked := a != nil
	if !asked {
		a = &AudioSettings{}
	}
	if a.Codec == codecNone {
		return "", true
	}
	if len(p.sounds) == 0 {
		if asked && (a.Codec != "" || a.Language != "") {
			p.warn("%s: the source has no sound; it is left out", at)
		}
		return "", true
	}
	s := p.pickSound(at, a.Language)
	if s == nil {
		return "", false
	}
	r := AudioRendition{Stream: s.Index, Language: s.Language, Title: s.Title, Clip: clip}
	if info := s.Audio; info != nil {
		r.Channels, r.SampleRate = info.Channels, info.SampleRate
	}
	if a.Codec == rendition.CodecCopy {
		if !slices.Contains(c.copy, s.Codec) {
			p.invalid(fieldPath(at, "codec"), "copy: the source's sound is %s, and %s takes a copy of %s; use codec %q instead",
				s.Codec, c.name, oneOf(c.copy), c.audio[0])
			return "", false
		}
		r.Codec, r.Copy = s.Codec, true
		return p.addAudio(r), true
	}
	r.encode(a, c)
	return p.addAudio(r), true
}

// encode completes a rendition that is not a copy. Sound is never upmixed.
func (a *AudioRendition) encode(s *AudioSettings, c container) {
	a.Codec = s.Codec
	if a.Codec == "" {
		a.Codec = c.audio[0]
	}
	codec, _ := findAudioCodec(a.Codec)
	a.Channels = outputChannels(a.Channels, s.Channels)
	a.SampleRate = codec.sampleRate(a.SampleRate)
	a.Bitrate = int64(s.Bitrate)
	if a.Bitrate == 0 {
		a.Bitrate = codec.defaultBitrate(a.Channels)
	}
	a.Bitrate = min(a.Bitrate, int64(codec.maxBitrate)*int64(a.Channels))
}

// outputChannels is 1, 2 or 6: what is asked, or stereo, but not more than the source has.
func outputChannels(source, asked int) int {
	if source <= 0 {
		source = 2 // not known before decoding
	}
	if asked == 0 {
		asked = 2
	}
	switch n := min(source, asked); {
	case n >= 6:
		return 6
	case n >= 2:
		return 2
	default:
		return 1
	}
}

// pickSound returns the track in a language, the default one for none. It
// reports a language that is not there.
func (p *planner) pickSound(at, language string) *rendition.Stream {
	if language == "" {
		p.warnMono()
		return p.sounds[0]
	}
	for _, s := range p.sounds {
		if sameLanguage(s.Language, language) {
			return s
		}
	}
	var have []string
	for _, s := range p.sounds {
		if s.Language != "" && !slices.Contains(have, s.Language) {
			have = append(have, s.Language)
		}
	}
	if len(have) == 0 {
		p.invalid(fieldPath(at, "language"), "the source has no sound in %s, its tracks name no language; remove the field", quote(language))
		return nil
	}
	p.invalid(fieldPath(at, "language"), "the source has no sound in %s; there is %s", quote(language), oneOf(have))
	return nil
}

// warnMono tells about a source that spreads its channels over mono tracks.
func (p *planner) warnMono() {
	for _, s := range p.sounds {
		if s.Audio == nil || s.Audio.Channels != 1 {
			return
		}
	}
	if len(p.sounds) > 1 {
		p.warn("the source has %d mono sound tracks; outputs take the first one alone", len(p.sounds))
	}
}

// addAudio returns the ID of r in the plan, adding it where it is new.
func (p *planner) addAudio(r AudioRendition) string {
	for _, have := range p.plan.Audio {
		r.ID = have.ID
		if have == r {
			return have.ID
		}
	}
	r.ID = "a" + strconv.Itoa(len(p.plan.Audio))
	p.plan.Audio = append(p.plan.Audio, r)
	return r.ID
}

// languageNames are the ISO 639-1 codes of common languages with their ISO
// 639-2 codes, which containers use.
var languageNames = map[string][]string{
	"ar": {"ara"}, "bg": {"bul"}, "cs": {"ces", "cze"}, "da": {"dan"}, "de": {"deu", "ger"}, "el": {"ell", "gre"}, "en": {"eng"},
	"es": {"spa"}, "et": {"est"}, "fa": {"fas", "per"}, "fi": {"fin"}, "fr": {"fra", "fre"}, "he": {"heb"}, "hi": {"hin"},
	"hr": {"hrv"}, "hu": {"hun"}, "id": {"ind"}, "is": {"isl", "ice"}, "it": {"ita"}, "ja": {"jpn"}, "ko": {"kor"}, "lt": {"lit"},
	"lv": {"lav"}, "ms": {"msa", "may"}, "nl": {"nld", "dut"}, "no": {"nor"}, "pl": {"pol"}, "pt": {"por"}, "ro": {"ron", "rum"},
	"ru": {"rus"}, "sk": {"slk", "slo"}, "sl": {"slv"}, "sr": {"srp"}, "sv": {"swe"}, "th": {"tha"}, "tr": {"tur"},
	"uk": {"ukr"}, "vi": {"vie"}, "zh": {"zho", "chi"},
}

// sameLanguage compares two tags by their language, in either ISO 639 form.
func sameLanguage(a, b string) bool {
	norm := func(tag string) string {
		tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
		for short, long := range languageNames {
			if slices.Contains(long, tag) {
				return short
			}
		}
		return tag
	}
	return a != "" && norm(a) == norm(b)
}

package transcode

import (
	"slices"

	"github.com/rendition-sdk/rendition"
)

// videoCodec is what a video codec takes.
type videoCodec struct {
	codec          rendition.Codec
	minCRF, maxCRF int
	defaultCRF     int
}

// videoCodecs in the order messages list them. CRF 0 of H.264 is a lossless
// profile that players do not decode, so it starts at 1.
var videoCodecs = []videoCodec{
	{rendition.H264, 1, 51, 23},
	{rendition.H265, 0, 51, 26},
	{rendition.VP9, 0, 63, 32},
	{rendition.AV1, 1, 63, 32},
}

func findVideoCodec(c rendition.Codec) (videoCodec, bool) {
	for _, v := range videoCodecs {
		if v.codec == c {
			return v, true
		}
	}
	return videoCodec{}, false
}

// codecNone leaves the sound out.
const codecNone rendition.Codec = "none"

// container is what a container holds.
type container struct {
	name string
	// video is what may be encoded into it, the default first; empty for sound only.
	video []rendition.Codec
	// audio is what may be encoded into it, the default first; copy is what
	// may be copied into it.
	audio, copy []rendition.Codec
}

// containers in the order messages list them; the first is the default.
var containers = []container{
	{
		"mp4",
		[]rendition.Codec{rendition.H264, rendition.H265, rendition.AV1, rendition.VP9},
		[]rendition.Codec{rendition.AAC, rendition.Opus, rendition.MP3},
		[]rendition.Codec{rendition.AAC, rendition.Opus, rendition.MP3, rendition.AC3, rendition.EAC3},
	},
	{
		"mov",
		[]rendition.Codec{rendition.H264, rendition.H265},
		[]rendition.Codec{rendition.AAC},
		[]rendition.Codec{rendition.AAC},
	},
	{"m4a", nil, []rendition.Codec{rendition.AAC}, []rendition.Codec{rendition.AAC}},
	{
		"webm",
		[]rendition.Codec{rendition.VP9, rendition.AV1},
		[]rendition.Codec{rendition.Opus},
		[]rendition.Codec{rendition.Opus, rendition.Vorbis},
	},
	{
		"mkv",
		[]rendition.Codec{rendition.H264, rendition.H265, rendition.VP9, rendition.AV1},
		[]rendition.Codec{rendition.AAC, rendition.Opus, rendition.MP3},
		[]rendition.Codec{
			rendition.AAC, rendition.Opus, rendition.MP3, rendition.AC3, rendition.EAC3, rendition.FLAC, rendition.Vorbis,
		},
	},
	{"mp3", nil, []rendition.Codec{rendition.MP3}, []rendition.Codec{rendition.MP3}},
	{"ogg", nil, []rendition.Codec{rendition.Opus}, []rendition.Codec{rendition.Opus, rendition.Vorbis}},
}

// hlsContainer is what the fragments of an HLS presentation hold.
var hlsContainer = container{
	"hls",
	[]rendition.Codec{rendition.H264, rendition.H265, rendition.AV1},
	[]rendition.Codec{rendition.AAC, rendition.Opus},
	[]rendition.Codec{rendition.AAC, rendition.Opus, rendition.AC3, rendition.EAC3},
}

// findContainer returns a container by name, the first for an empty name.
func findContainer(name string) (container, bool) {
	for _, c := range containers {
		if c.name == name || name == "" {
			return c, true
		}
	}
	return container{}, false
}

func containerNames() []string {
	names := make([]string, len(containers))
	for i, c := range containers {
		names[i] = c.name
	}
	return names
}

// presets are x264's names, fast to slow.
var presets = []string{
	"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
}

// audioCodec is what an audio codec takes.
type audioCodec struct {
	codec       rendition.Codec
	maxChannels int
	// minBitrate and maxBitrate in bits per second, maxBitrate for each channel.
	minBitrate, maxBitrate Bitrate
	// mono, stereo and surround are default bitrates.
	mono, stereo, surround int64
	// rates are the sample rates that are kept; others become 44100 or 48000.
	rates []int
}

// audioCodecs. The default of HLS's stereo AAC is 128 kbit/s; Opus reaches the
// same with less, MP3 with more.
var audioCodecs = []audioCodec{
	{rendition.AAC, 6, 16_000, 256_000, 96_000, 128_000, 384_000, []int{22050, 24000, 32000, 44100, 48000}},
	{rendition.Opus, 6, 6_000, 255_000, 64_000, 112_000, 256_000, []int{48000}},
	{rendition.MP3, 2, 32_000, 160_000, 96_000, 192_000, 192_000, []int{32000, 44100, 48000}},
}

func findAudioCodec(c rendition.Codec) (audioCodec, bool) {
	for _, a := range audioCodecs {
		if a.codec == c {
			return a, true
		}
	}
	return audioCodec{}, false
}

// defaultBitrate by number of channels.
func (a audioCodec) defaultBitrate(channels int) int64 {
	switch {
	case channels <= 1:
		return a.mono
	case channels == 2:
		return a.stereo
	default:
		return a.surround
	}
}

// sampleRate keeps a rate the codec has; others become 44100 when they are
// multiples of 11025, else 48000.
func (a audioCodec) sampleRate(source int) int {
	switch {
	case slices.Contains(a.rates, source):
		return source
	case source > 0 && source%11025 == 0 && slices.Contains(a.rates, 44100):
		return 44100
	default:
		return 48000
	}
}

package transcode_test

import (
	"time"

	"github.com/rendition-sdk/rendition"
)

// newMedia is a source of a minute with one picture and the given sound.
func newMedia(v rendition.VideoInfo, sound ...rendition.Stream) *rendition.Media {
	m := &rendition.Media{Name: "talk.mp4", Duration: time.Minute, DurationSeconds: 60}
	m.Streams = append(m.Streams, rendition.Stream{Type: rendition.Video, Codec: rendition.H264, Video: &v})
	m.Streams = append(m.Streams, sound...)
	for i := range m.Streams {
		m.Streams[i].Index = i
	}
	return m
}

func soundStream(codec rendition.Codec, channels, rate int, language string) rendition.Stream {
	return rendition.Stream{
		Type: rendition.Audio, Codec: codec, Language: language, Audio: &rendition.AudioInfo{Channels: channels, SampleRate: rate},
	}
}

func fps(num, den int64) rendition.Rational { return rendition.Rational{Num: num, Den: den} }

// landscape is 1080p at 30 with stereo AAC.
func landscape() *rendition.Media {
	return newMedia(rendition.VideoInfo{
		Width: 1920, Height: 1080, FrameRate: fps(30, 1), BaseFrameRate: fps(30, 1), BitDepth: 8, PixelFormat: "yuv420p",
		Color: rendition.Color{Primaries: "bt709", Transfer: "bt709", Matrix: "bt709", Range: "tv"},
	}, soundStream(rendition.AAC, 2, 48000, "eng"))
}

// phone is a portrait clip of variable rate.
func phone() *rendition.Media {
	return newMedia(rendition.VideoInfo{
		Width: 1920, Height: 1080, Rotation: 90, FrameRate: fps(30020, 1000), BaseFrameRate: fps(90000, 1), VariableFrameRate: true, BitDepth: 8,
	}, soundStream(rendition.AAC, 1, 44100, ""))
}

func hdr10() *rendition.Media {
	return newMedia(rendition.VideoInfo{
		Width: 3840, Height: 2160, FrameRate: fps(24000, 1001), BaseFrameRate: fps(24000, 1001), BitDepth: 10, PixelFormat: "yuv420p10le",
		HDR: "hdr10", Color: rendition.Color{Primaries: "bt2020", Transfer: "smpte2084", Matrix: "bt2020nc", Range: "tv"},
	}, soundStream(rendition.EAC3, 6, 48000, "eng"), soundStream(rendition.AAC, 2, 48000, "deu"))
}

// broadcast is 1080i with eight mono tracks.
func broadcast() *rendition.Media {
	sound := make([]rendition.Stream, 8)
	for i := range sound {
		sound[i] = soundStream("pcm_s24le", 1, 48000, "")
	}
	return newMedia(rendition.VideoInfo{
		Width: 1920, Height: 1080, FrameRate: fps(50, 1), BaseFrameRate: fps(50, 1), FieldOrder: "tt", BitDepth: 8,
		Color: rendition.Color{Primaries: "reserved", Transfer: "bt709", Matrix: "gbr", Range: "pc"},
	}, sound...)
}

func audioOnly() *rendition.Media {
	m := newMedia(rendition.VideoInfo{}, soundStream(rendition.FLAC, 2, 96000, ""))
	m.Streams = m.Streams[1:]
	m.Streams[0].Index = 0
	return m
}

func silent() *rendition.Media {
	return newMedia(rendition.VideoInfo{Width: 1280, Height: 720, FrameRate: fps(25, 1), BaseFrameRate: fps(25, 1)})
}

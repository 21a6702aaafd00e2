package transcode_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

func plan(t *testing.T, m *rendition.Media, outputs ...transcode.Output) *transcode.Plan {
	t.Helper()
	p, err := transcode.NewPlan(&transcode.Job{Outputs: outputs}, m)
	require.NoError(t, err)
	return p
}

func hlsOf(heights ...int) *transcode.HLSOutput {
	return &transcode.HLSOutput{Ladder: transcode.Heights(heights...)}
}

// A file and a rung with the same settings are one encode, sound included.
func TestPlanSharesEncodes(t *testing.T) {
	t.Parallel()
	p := plan(t, landscape(), &transcode.FileOutput{Height: 720}, hlsOf(1080, 720, 480), &transcode.FileOutput{Height: 720, Container: "mov"})
	require.Len(t, p.Video, 3)
	require.Len(t, p.Audio, 1)
	require.Equal(t, "v0", p.Files[0].Video)
	require.Equal(t, "v0", p.Files[1].Video)
	require.Equal(t, []transcode.HLSTrack{
		{Rendition: "v1", Name: "1080p", Default: true}, {Rendition: "v0", Name: "720p"}, {Rendition: "v2", Name: "480p"},
	}, p.HLS[0].Video)
	require.Equal(t, []transcode.HLSTrack{{Rendition: "a0", Name: "audio_eng", Label: "eng", Default: true}}, p.HLS[0].Audio)
	require.Equal(t, []string{"a0"}, p.Files[0].Audio)
	require.Empty(t, p.Warnings)
	require.Equal(t, transcode.VideoRendition{
		ID: "v0", Codec: rendition.H264, Width: 1280, Height: 720, FrameRate: fps(30, 1), PixelFormat: "yuv420p",
		Color: rendition.Color{Primaries: "bt709", Transfer: "bt709", Matrix: "bt709", Range: "tv"},
		CRF:   23, MaxBitrate: p.Video[0].MaxBitrate, BufferSize: 2 * p.Video[0].MaxBitrate, Preset: "medium", KeyFrameInterval: 60, Threads: 1,
	}, p.Video[0])
	require.Positive(t, p.Video[0].MaxBitrate)
	require.Equal(t, transcode.AudioRendition{
		ID: "a0", Stream: 1, Codec: rendition.AAC, Bitrate: 128_000, Channels: 2, SampleRate: 48000, Language: "eng",
	}, p.Audio[0])
}

// Another clip, preset or quality is another encode.
func TestPlanKeepsDifferentEncodesApart(t *testing.T) {
	t.Parallel()
	p := plan(t, landscape(), &transcode.FileOutput{Height: 720}, &transcode.FileOutput{Height: 720, Preset: "slow"},
		&transcode.FileOutput{Height: 720, CRF: transcode.CRF(20)}, &transcode.FileOutput{Height: 720, Duration: transcode.Seconds(5)},
		&transcode.FileOutput{Height: 720, Duration: transcode.Seconds(60)})
	require.Len(t, p.Video, 4)
	require.Len(t, p.Audio, 2)
	require.Equal(t, "v0", p.Files[4].Video, "a clip that reaches the end is the whole")
}

func TestPlanIsDeterministic(t *testing.T) {
	t.Parallel()
	job, err := transcode.ParseJob([]byte(serviceJob))
	require.NoError(t, err)
	want, err := transcode.NewPlan(job, landscape())
	require.NoError(t, err)
	for range 20 {
		got, err := transcode.NewPlan(job, landscape())
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	data, err := json.Marshal(want)
	require.NoError(t, err)
	require.NotEmpty(t, data)
}

func TestPlanNeverUpscales(t *testing.T) {
	t.Parallel()
	p := plan(t, silent(), hlsOf(2160, 1080, 720, 480), &transcode.FileOutput{Height: 1080}, &transcode.GIFOutput{Duration: transcode.Seconds(1), Width: 4000})
	require.Equal(t, []string{
		"outputs[0].ladder[0]: the source is smaller; left out, since another rung is 1280x720 already",
		"outputs[0].ladder[1]: the source is smaller; left out, since another rung is 1280x720 already",
	}, p.Warnings)
	require.Len(t, p.Video, 2)
	require.Equal(t, "v0", p.Files[0].Video, "720p of the ladder is what 1080p of the file became")
	require.Equal(t, 1280, p.Video[0].Width)
	require.Equal(t, 1280, p.Animations[0].Width)

	p = plan(t, silent(), hlsOf(2160, 1440))
	require.Len(t, p.HLS[0].Video, 1, "at least one rung stays")
	require.Equal(t, "720p", p.HLS[0].Video[0].Name)
	require.Len(t, p.Warnings, 1)

	p = plan(t, silent(), &transcode.HLSOutput{Ladder: transcode.Ladder{Rungs: []transcode.Rung{
		{Height: 720, Bitrate: 3_000_000}, {Height: 1080, Bitrate: 5_000_000}, {Height: 720, Bitrate: 1_000_000}, {Width: 1280, Bitrate: 1_000_000},
	}}})
	require.Len(t, p.HLS[0].Video, 2, "two qualities of one size are meant")
	require.Equal(t, "720p_2", p.HLS[0].Video[1].Name)
	require.Equal(t, []string{
		"outputs[0].ladder[1]: the source is smaller; left out, since another rung is 1280x720 already",
		"outputs[0].ladder[3]: is the same encode as outputs[0].ladder[2]; left out",
	}, p.Warnings)
}

func TestPlanSizes(t *testing.T) {
	t.Parallel()
	anamorphic := newMedia(rendition.VideoInfo{Width: 360, Height: 576, SampleAspect: fps(2, 1), FrameRate: fps(25, 1)})
	odd := newMedia(rendition.VideoInfo{Width: 161, Height: 121, FrameRate: fps(25, 1)})
	for name, c := range map[string]struct {
		media         *rendition.Media
		width, height int
		w, h          int
	}{
		"portrait phone":   {phone(), 0, 720, 720, 1280},
		"odd":              {odd, 0, 0, 160, 120},
		"wide pixels":      {anamorphic, 0, 0, 720, 576},
		"width":            {landscape(), 640, 0, 640, 360},
		"box":              {landscape(), 640, 640, 640, 360},
		"keeps the source": {hdr10(), 0, 0, 3840, 2160},
		"8K is not there":  {landscape(), 0, 4320, 1920, 1080},
	} {
		v := plan(t, c.media, &transcode.FileOutput{Width: c.width, Height: c.height}).Video[0]
		require.Equal(t, [2]int{c.w, c.h}, [2]int{v.Width, v.Height}, name)
	}
}

func TestPlanFrameRate(t *testing.T) {
	t.Parallel()
	r := func(n, d int64) rendition.Rational { return fps(n, d) }
	for name, c := range map[string]struct {
		v        rendition.VideoInfo
		want     rendition.Rational
		interval int
		segment  rendition.Rational
	}{
		"base near average":  {rendition.VideoInfo{FrameRate: r(2999, 100), BaseFrameRate: r(30, 1)}, r(30, 1), 60, r(6, 1)},
		"ntsc":               {rendition.VideoInfo{FrameRate: r(30000, 1001), BaseFrameRate: r(30000, 1001)}, r(30000, 1001), 60, r(6006, 1000)},
		"film":               {rendition.VideoInfo{FrameRate: r(24000, 1001), BaseFrameRate: r(24000, 1001)}, r(24000, 1001), 48, r(6006, 1000)},
		"base is a timebase": {rendition.VideoInfo{FrameRate: r(29968, 1000), BaseFrameRate: r(90000, 1)}, r(30000, 1001), 60, r(6006, 1000)},
		"unreduced":          {rendition.VideoInfo{FrameRate: r(50, 2), BaseFrameRate: r(50, 2)}, r(25, 1), 50, r(6, 1)},
		"slow":               {rendition.VideoInfo{FrameRate: r(1, 1), BaseFrameRate: r(1, 1)}, r(1, 1), 2, r(6, 1)},
		"ten":                {rendition.VideoInfo{FrameRate: r(10, 1), BaseFrameRate: r(10, 1)}, r(10, 1), 20, r(6, 1)},
		"12.5":               {rendition.VideoInfo{FrameRate: r(25, 2), BaseFrameRate: r(25, 2)}, r(25, 2), 25, r(6, 1)},
		"slides":             {rendition.VideoInfo{FrameRate: r(1, 10), BaseFrameRate: r(1, 10)}, r(1, 10), 1, r(10, 1)},
		"slow motion":        {rendition.VideoInfo{FrameRate: r(240, 1), BaseFrameRate: r(240, 1)}, r(120, 1), 240, r(6, 1)},
		"vfr phone":          {rendition.VideoInfo{FrameRate: r(30020, 1000), VariableFrameRate: true}, r(30, 1), 60, r(6, 1)},
		"vfr ntsc":           {rendition.VideoInfo{FrameRate: r(29965, 1000), VariableFrameRate: true}, r(30000, 1001), 60, r(6006, 1000)},
		"vfr screen":         {rendition.VideoInfo{FrameRate: r(1234, 100), VariableFrameRate: true}, r(24, 1), 48, r(6, 1)},
		"vfr fast":           {rendition.VideoInfo{FrameRate: r(144, 1), VariableFrameRate: true}, r(60, 1), 120, r(6, 1)},
		"fields":             {rendition.VideoInfo{FrameRate: r(50, 1), BaseFrameRate: r(50, 1), FieldOrder: "tt"}, r(25, 1), 50, r(6, 1)},
		"ntsc fields":        {rendition.VideoInfo{FrameRate: r(60000, 1001), BaseFrameRate: r(60000, 1001), FieldOrder: "bb"}, r(30000, 1001), 60, r(6006, 1000)},
		"unknown":            {rendition.VideoInfo{}, r(25, 1), 50, r(6, 1)},
		"absurd":             {rendition.VideoInfo{FrameRate: r(90000, 1), BaseFrameRate: r(90000, 1)}, r(25, 1), 50, r(6, 1)},
		"no average":         {rendition.VideoInfo{BaseFrameRate: r(24, 1)}, r(24, 1), 48, r(6, 1)},
	} {
		c.v.Width, c.v.Height = 640, 480
		p := plan(t, newMedia(c.v), hlsOf(480))
		require.Equal(t, c.want, p.Video[0].FrameRate, name)
		require.Equal(t, c.interval, p.Video[0].KeyFrameInterval, name)
		require.Equal(t, rendition.NewRational(c.segment.Num, c.segment.Den), p.HLS[0].SegmentDuration, name)
		require.Equal(t, c.v.FieldOrder != "", p.Video[0].Deinterlace, name)
		if name == "unknown" || name == "absurd" {
			require.Equal(t, []string{"the source's frame rate is not known; outputs have 25"}, p.Warnings)
		} else {
			require.Empty(t, p.Warnings, name)
		}
	}
}

func TestPlanSegmentDuration(t *testing.T) {
	t.Parallel()
	for target, want := range map[transcode.Time]rendition.Rational{
		0: fps(6, 1), transcode.Seconds(1): fps(2, 1), transcode.Seconds(4): fps(4, 1), transcode.Seconds(9.5): fps(10, 1),
	} {
		o := hlsOf(720)
		o.SegmentDuration = target
		require.Equal(t, want, plan(t, landscape(), o).HLS[0].SegmentDuration)
	}
}

func TestPlanAskedFrameRate(t *testing.T) {
	t.Parallel()
	for asked, want := range map[rendition.Rational]rendition.Rational{
		{}: fps(30, 1), fps(0, 1): fps(30, 1), fps(50, 2): fps(25, 1), fps(120, 1): fps(120, 1),
	} {
		require.Equal(t, want, plan(t, landscape(), &transcode.FileOutput{FPS: asked}).Video[0].FrameRate)
	}
}

func TestPlanRungRatesAlign(t *testing.T) {
	t.Parallel()
	ladder := transcode.Ladder{Rungs: []transcode.Rung{{Height: 720}, {Height: 480, FPS: fps(15, 1)}}}
	p := plan(t, landscape(), &transcode.HLSOutput{Ladder: ladder})
	require.Equal(t, 60, p.Video[0].KeyFrameInterval)
	require.Equal(t, 30, p.Video[1].KeyFrameInterval)
}

func TestPlanQuality(t *testing.T) {
	t.Parallel()
	type rate struct {
		crf              int
		rate, peak, size int64
	}
	of := func(o *transcode.FileOutput) rate {
		v := plan(t, landscape(), o).Video[0]
		return rate{v.CRF, v.Bitrate, v.MaxBitrate, v.BufferSize}
	}
	require.Equal(t, rate{-1, 2_000_000, 3_000_000, 6_000_000}, of(&transcode.FileOutput{Bitrate: 2_000_000}))
	require.Equal(t, rate{-1, 2_000_000, 2_000_000, 4_000_000}, of(&transcode.FileOutput{Bitrate: 2_000_000, MaxBitrate: 2_000_000}))
	require.Equal(t, rate{20, 0, 0, 0}, of(&transcode.FileOutput{CRF: transcode.CRF(20)}))
	require.Equal(t, rate{20, 0, 3_000_000, 6_000_000}, of(&transcode.FileOutput{CRF: transcode.CRF(20), MaxBitrate: 3_000_000}))
	require.Equal(t, rate{23, 0, 3_000_000, 6_000_000}, of(&transcode.FileOutput{MaxBitrate: 3_000_000}))
	for codec, crf := range map[rendition.Codec]int{rendition.H264: 23, rendition.H265: 26, rendition.VP9: 32, rendition.AV1: 32} {
		got := of(&transcode.FileOutput{Codec: codec})
		require.Equal(t, crf, got.crf)
		require.Positive(t, got.peak)
		require.Equal(t, 2*got.peak, got.size)
	}
}

func TestPlanColor(t *testing.T) {
	t.Parallel()
	of := func(m *rendition.Media, codec rendition.Codec) transcode.VideoRendition {
		return plan(t, m, &transcode.FileOutput{Container: "mkv", Codec: codec, Height: 720}).Video[0]
	}
	bt709 := rendition.Color{Primaries: "bt709", Transfer: "bt709", Matrix: "bt709", Range: "tv"}
	pq := rendition.Color{Primaries: "bt2020", Transfer: "smpte2084", Matrix: "bt2020nc", Range: "tv"}

	v := of(hdr10(), rendition.H264)
	require.True(t, v.ToneMap)
	require.Equal(t, bt709, v.Color)
	require.Equal(t, "yuv420p", v.PixelFormat)
	for _, codec := range []rendition.Codec{rendition.H265, rendition.AV1, rendition.VP9} {
		v = of(hdr10(), codec)
		require.False(t, v.ToneMap)
		require.Equal(t, pq, v.Color)
		require.Equal(t, "yuv420p10le", v.PixelFormat)
	}

	deep := landscape()
	deep.Streams[0].Video.BitDepth, deep.Streams[0].Video.PixelFormat = 0, "yuv422p10le"
	require.Equal(t, "yuv420p10le", of(deep, rendition.H265).PixelFormat)
	require.Equal(t, "yuv420p", of(deep, rendition.VP9).PixelFormat)
	require.Equal(t, "yuv420p", of(deep, rendition.H264).PixelFormat)

	require.Equal(t, rendition.Color{Primaries: "bt709", Transfer: "bt709", Matrix: "bt709", Range: "tv"},
		of(broadcast(), rendition.H264).Color, "a GBR matrix means that the graph makes BT.709 of it")
	odd := landscape()
	odd.Streams[0].Video.Color = rendition.Color{Primaries: "reserved", Transfer: "bt709", Matrix: "ictcp"}
	require.Equal(t, rendition.Color{Transfer: "bt709", Range: "tv"}, of(odd, rendition.H264).Color, "what is odd is left out")

	dv := hdr10()
	dv.Streams[0].Video.DolbyVision = &rendition.DolbyVision{Profile: 5}
	p := plan(t, dv, &transcode.FileOutput{})
	require.Equal(t, []string{"the source is Dolby Vision profile 5, which has no standard base layer; colors will be wrong"}, p.Warnings)
}

func TestPlanThreadsFollowTheSize(t *testing.T) {
	t.Parallel()
	for height, want := range map[int]int{240: 1, 360: 1, 480: 2, 720: 2, 1080: 3, 2160: 6} {
		require.Equal(t, want, plan(t, hdr10(), &transcode.FileOutput{Height: height, Codec: rendition.H265}).Video[0].Threads)
	}
	of := func(c rendition.Codec, o *transcode.FileOutput) int {
		o.Codec, o.Height = c, 1080
		return plan(t, hdr10(), o).Video[0].Threads
	}
	for _, c := range []rendition.Codec{rendition.H264, rendition.AV1} {
		require.Equal(t, 1, of(c, &transcode.FileOutput{}), "capped, %s is the same each time with one thread alone", c)
	}
	crf := 23
	require.Equal(t, 3, of(rendition.H264, &transcode.FileOutput{CRF: &crf}))
	require.Equal(t, 3, of(rendition.AV1, &transcode.FileOutput{Bitrate: 2_000_000}))
}

func TestPlanAudio(t *testing.T) {
	t.Parallel()
	type sound struct {
		codec          rendition.Codec
		bitrate        int64
		channels, rate int
	}
	of := func(in rendition.Stream, container string, a *transcode.AudioSettings) sound {
		m := landscape()
		m.Streams[1] = in
		m.Streams[1].Index = 1
		r := plan(t, m, &transcode.FileOutput{Container: container, Audio: a}).Audio[0]
		return sound{r.Codec, r.Bitrate, r.Channels, r.SampleRate}
	}
	require.Equal(t, sound{rendition.AAC, 96_000, 1, 44100}, of(soundStream(rendition.MP3, 1, 44100, ""), "mp4", nil))
	require.Equal(t, sound{rendition.AAC, 128_000, 2, 48000}, of(soundStream(rendition.FLAC, 6, 96000, ""), "mp4", nil))
	require.Equal(t, sound{rendition.AAC, 128_000, 2, 44100}, of(soundStream(rendition.FLAC, 2, 88200, ""), "mp4", nil))
	require.Equal(t, sound{rendition.AAC, 384_000, 6, 48000}, of(soundStream(rendition.FLAC, 8, 48000, ""), "mp4", &transcode.AudioSettings{Channels: 6}))
	require.Equal(t, sound{rendition.AAC, 128_000, 2, 48000}, of(soundStream(rendition.FLAC, 4, 8000, ""), "mp4", &transcode.AudioSettings{Channels: 6}))
	require.Equal(t, sound{rendition.AAC, 256_000, 1, 22050}, of(soundStream(rendition.FLAC, 1, 22050, ""), "mp4", &transcode.AudioSettings{Bitrate: 400_000}))
	require.Equal(t, sound{rendition.Opus, 112_000, 2, 48000}, of(soundStream(rendition.AAC, 2, 44100, ""), "webm", nil))
	require.Equal(t, sound{rendition.MP3, 192_000, 2, 44100}, of(soundStream(rendition.AAC, 2, 11025, ""), "mp3", nil))
	require.Equal(t, sound{rendition.Opus, 64_000, 1, 48000}, of(soundStream(rendition.AAC, 1, 44100, ""), "ogg", nil))
}

func TestPlanAudioTracks(t *testing.T) {
	t.Parallel()
	p := plan(t, hdr10(),
		&transcode.FileOutput{Audio: &transcode.AudioSettings{Language: "de"}},
		&transcode.FileOutput{Audio: &transcode.AudioSettings{Codec: rendition.CodecCopy}},
		&transcode.FileOutput{Audio: &transcode.AudioSettings{Codec: "none"}},
		&transcode.HLSOutput{Ladder: transcode.AutoLadder(), Audio: []transcode.AudioSettings{{}, {Language: "de"}, {Codec: "copy"}}})
	require.Equal(t, 2, p.Audio[0].Stream)
	require.Equal(t, transcode.AudioRendition{
		ID: "a1", Stream: 1, Codec: rendition.EAC3, Copy: true, Channels: 6, SampleRate: 48000, Language: "eng",
	}, p.Audio[1])
	require.Empty(t, p.Files[2].Audio)
	require.Equal(t, []transcode.HLSTrack{
		{Rendition: "a2", Name: "audio_eng", Label: "eng", Default: true},
		{Rendition: "a0", Name: "audio_deu", Label: "deu"},
		{Rendition: "a1", Name: "audio_eng_2", Label: "eng"},
	}, p.HLS[0].Audio)
	require.Equal(t, []string{"the source has 8 mono sound tracks; outputs take the first one alone"}, plan(t, broadcast(), hlsOf(720)).Warnings)
}

func TestPlanSilentSource(t *testing.T) {
	t.Parallel()
	p := plan(t, silent(), &transcode.FileOutput{}, hlsOf(480))
	require.Empty(t, p.Audio)
	require.Empty(t, p.Warnings)
	p = plan(t, silent(), &transcode.FileOutput{Audio: &transcode.AudioSettings{Codec: rendition.AAC}})
	require.Equal(t, []string{"outputs[0].audio: the source has no sound; it is left out"}, p.Warnings)
}

func TestPlanAudioOnlySource(t *testing.T) {
	t.Parallel()
	for _, container := range []string{"mp4", "m4a", "mp3", "webm", "mkv", "ogg", "mov"} {
		p := plan(t, audioOnly(), &transcode.FileOutput{Container: container})
		require.Empty(t, p.Video)
		require.Equal(t, "output_0."+container, p.Files[0].Path)
		require.Equal(t, []string{"a0"}, p.Files[0].Audio)
	}
	require.Equal(t, []string{"outputs[0]: the source has no video; the file has sound alone"}, plan(t, audioOnly(), &transcode.FileOutput{}).Warnings)
	no := false
	require.Empty(t, plan(t, landscape(), &transcode.FileOutput{Video: &no}).Video)
}

func TestPlanAutoLadder(t *testing.T) {
	t.Parallel()
	for _, m := range []*rendition.Media{landscape(), phone(), hdr10(), broadcast(), silent()} {
		p := plan(t, m, &transcode.HLSOutput{Ladder: transcode.AutoLadder()})
		require.NotEmpty(t, p.Video)
		grid := rendition.NewRational(int64(p.Video[0].KeyFrameInterval)*p.Video[0].FrameRate.Den, p.Video[0].FrameRate.Num)
		for i, v := range p.Video {
			require.Positive(t, v.MaxBitrate)
			require.Equal(t, 23, v.CRF)
			require.Equal(t, grid, rendition.NewRational(int64(v.KeyFrameInterval)*v.FrameRate.Den, v.FrameRate.Num))
			if i > 0 {
				require.Less(t, v.Width*v.Height, p.Video[i-1].Width*p.Video[i-1].Height)
			}
		}
	}
	p := plan(t, landscape(), &transcode.HLSOutput{Ladder: transcode.AutoLadder()}, &transcode.FileOutput{}, &transcode.FileOutput{Height: 720})
	require.Equal(t, p.HLS[0].Video[0].Rendition, p.Files[0].Video, "automatic rungs share encodes too")
	require.Equal(t, p.HLS[0].Video[1].Rendition, p.Files[1].Video)
	require.Equal(t, p.Video[0].MaxBitrate, plan(t, broadcast(), &transcode.HLSOutput{Ladder: transcode.AutoLadder()}).Video[0].MaxBitrate,
		"50 fields are 25 pictures")

	fast := landscape()
	fast.Streams[0].Video.FrameRate, fast.Streams[0].Video.BaseFrameRate = fps(60000, 1001), fps(60000, 1001)
	p = plan(t, fast, &transcode.HLSOutput{Ladder: transcode.AutoLadder()})
	require.Equal(t, fps(60000, 1001), p.Video[0].FrameRate)
	require.Equal(t, fps(30000, 1001), p.Video[len(p.Video)-1].FrameRate)
}

func TestPlanClips(t *testing.T) {
	t.Parallel()
	p := plan(t, landscape(), &transcode.FileOutput{Start: transcode.Seconds(50), Duration: transcode.Seconds(20)},
		&transcode.FileOutput{Start: transcode.Seconds(5), Duration: transcode.Seconds(10)},
		&transcode.GIFOutput{Start: transcode.Seconds(59), Duration: transcode.Seconds(3)})
	require.Equal(t, transcode.Clip{Start: 50 * time.Second}, p.Video[0].Clip)
	require.Equal(t, transcode.Clip{Start: 5 * time.Second, Duration: 10 * time.Second}, p.Video[1].Clip)
	require.Equal(t, p.Video[1].Clip, p.Audio[1].Clip)
	require.Equal(t, transcode.Clip{Start: 59 * time.Second, Duration: time.Second}, p.Animations[0].Clip)
	require.Equal(t, []string{
		"outputs[0].duration: the clip would end at 00:01:10; it ends with the source at 00:01:00",
		"outputs[2].duration: the clip would end at 00:01:02; it ends with the source at 00:01:00",
	}, p.Warnings)
}

func TestPlanStills(t *testing.T) {
	t.Parallel()
	p := plan(t, phone(), &transcode.ThumbnailsOutput{Interval: transcode.Seconds(25)}, &transcode.ThumbnailsOutput{Count: 3, Format: "png"},
		&transcode.ThumbnailsOutput{Times: []transcode.Time{transcode.Seconds(9), transcode.Seconds(2)}, Height: 360, Exact: true, Sprite: &transcode.Sprite{}},
		&transcode.ThumbnailsOutput{Count: 1, Sprite: &transcode.Sprite{Columns: 4, Rows: 2}})
	require.Equal(t, []transcode.ThumbnailTask{
		{Output: 0, Dir: "thumbs0/", Times: []time.Duration{0, 25 * time.Second, 50 * time.Second}, Width: 1080, Height: 1920, Format: "jpg", Quality: 80},
		{Output: 1, Dir: "thumbs1/", Times: []time.Duration{10 * time.Second, 30 * time.Second, 50 * time.Second}, Width: 1080, Height: 1920, Format: "png"},
		{
			Output: 2, Dir: "thumbs2/", Times: []time.Duration{2 * time.Second, 9 * time.Second}, Width: 360, Height: 640, Format: "jpg",
			Quality: 80, Exact: true, Sprite: &transcode.Sprite{Columns: 2, Rows: 1, Width: 160}, TileHeight: 284,
		},
		{
			Output: 3, Dir: "thumbs3/", Times: []time.Duration{30 * time.Second}, Width: 160, Height: 284, Format: "jpg",
			Quality: 80, Sprite: &transcode.Sprite{Columns: 1, Rows: 1, Width: 160}, TileHeight: 284,
		},
	}, p.Thumbnails)

	short := landscape()
	short.Duration = 40 * time.Millisecond
	require.Len(t, plan(t, short, &transcode.ThumbnailsOutput{Interval: transcode.Seconds(10)}).Thumbnails[0].Times, 1)
}

func TestPlanAnimation(t *testing.T) {
	t.Parallel()
	p := plan(t, hdr10(), &transcode.GIFOutput{Duration: transcode.Seconds(2)}, &transcode.GIFOutput{Duration: transcode.Seconds(2), Format: "webp", Height: 200, FPS: fps(24, 2)})
	require.Equal(t, []transcode.AnimationTask{
		{Output: 0, Path: "output_0.gif", Clip: transcode.Clip{Duration: 2 * time.Second}, Width: 480, Height: 270, FPS: fps(10, 1), Format: "gif", ToneMap: true},
		{Output: 1, Path: "output_1.webp", Clip: transcode.Clip{Duration: 2 * time.Second}, Width: 356, Height: 200, FPS: fps(12, 1), Format: "webp", ToneMap: true},
	}, p.Animations)
}

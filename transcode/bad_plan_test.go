package transcode_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// noSize is a source whose header gives no size.
func noSize() *rendition.Media {
	m := silent()
	m.Streams[0].Video.Width, m.Streams[0].Video.Height = 0, 0
	return m
}

func unknownCodec() *rendition.Media {
	m := silent()
	m.Streams[0].Codec = ""
	return m
}

func unknownDuration() *rendition.Media {
	m := silent()
	m.Duration = 0
	return m
}

// long is ten hours.
func long() *rendition.Media {
	m := landscape()
	m.Duration = 10 * time.Hour
	return m
}

// A video of music: a cover is no moving picture.
func cover() *rendition.Media {
	m := landscape()
	m.Streams[0].AttachedPicture = true
	return m
}

// picture is landscape with another picture.
func picture(change func(*rendition.VideoInfo)) *rendition.Media {
	m := landscape()
	change(m.Streams[0].Video)
	return m
}

func videoRate(m *rendition.Media, rate int64) *rendition.Media {
	m.Streams[0].Bitrate = rate
	return m
}

func copiedRung() *transcode.HLSOutput {
	return &transcode.HLSOutput{Ladder: transcode.Ladder{Rungs: []transcode.Rung{{Codec: "copy"}}}}
}

func TestBadPlans(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	const useVideo = " (use a source with video, or ask for a file with video false)"
	for _, c := range []struct {
		name   string
		media  *rendition.Media
		output transcode.Output
		text   string
		kind   rendition.Kind
	}{
		{"hls of sound", audioOnly(), hlsOf(720), "outputs[0]: the source has no video for an hls output" + useVideo, rendition.InvalidInput},
		{"hls of a cover", cover(), hlsOf(720), "outputs[0]: the source has no video for an hls output" + useVideo, rendition.InvalidInput},
		{"stills of sound", audioOnly(), &transcode.ThumbnailsOutput{Count: 1}, "outputs[0]: the source has no video for a thumbnails output" + useVideo, rendition.InvalidInput},
		{"gif of sound", audioOnly(), &transcode.GIFOutput{Duration: 1}, "outputs[0]: the source has no video for a gif output" + useVideo, rendition.InvalidInput},
		{"video true of sound", audioOnly(), &transcode.FileOutput{Video: &yes}, "outputs[0]: the source has no video for a file output" + useVideo, rendition.InvalidInput},
		{"nothing at all", &rendition.Media{Duration: time.Second}, &transcode.FileOutput{}, "outputs[0]: the source has no video for a file output" + useVideo, rendition.InvalidInput},
		{"sound of a silent source", silent(), &transcode.FileOutput{Video: &no}, "outputs[0]: the source has no sound for a file without video (use another source, or another output)", rendition.InvalidInput},
		{"mp3 of a silent source", silent(), &transcode.FileOutput{Container: "mp3"}, "outputs[0]: the source has no sound for a file without video (use another source, or another output)", rendition.InvalidInput},
		{"0x0", noSize(), &transcode.FileOutput{}, "outputs[0]: the source's video is 0x0 (check that the source plays)", rendition.InvalidInput},
		{"0x0 with auto ladder", noSize(), &transcode.HLSOutput{Ladder: transcode.AutoLadder()}, "outputs[0]: the source's video is 0x0 (check that the source plays)", rendition.InvalidInput},
		{"unknown codec", unknownCodec(), &transcode.FileOutput{}, "outputs[0]: the source's video codec is not known (convert the source to a common codec first)", rendition.InvalidInput},
		{"unknown duration", unknownDuration(), &transcode.ThumbnailsOutput{Count: 3}, "outputs[0]: the source's duration is not known (give times instead)", rendition.InvalidInput},
		{"start after the end", landscape(), &transcode.FileOutput{Start: transcode.Seconds(60)}, "outputs[0].start: is 00:01:00, but the source ends at 00:01:00", rendition.InvalidJob},
		{"hls start after the end", landscape(), &transcode.HLSOutput{Ladder: transcode.AutoLadder(), Start: transcode.Seconds(90)}, "outputs[0].start: is 00:01:30, but the source ends at 00:01:00", rendition.InvalidJob},
		{"gif start after the end", landscape(), &transcode.GIFOutput{Start: transcode.Seconds(61), Duration: 1}, "outputs[0].start: is 00:01:01, but the source ends at 00:01:00", rendition.InvalidJob},
		{"still after the end", landscape(), &transcode.ThumbnailsOutput{Times: []transcode.Time{transcode.Seconds(75)}}, "outputs[0].times[0]: is 00:01:15, but the source ends at 00:01:00", rendition.InvalidJob},
		{"too many stills", long(), &transcode.ThumbnailsOutput{Interval: transcode.Seconds(1)}, "outputs[0].interval: would make 36000 stills, at most 10000 are allowed; use 3.6s or more", rendition.InvalidJob},
		{"high sheet", phone(), &transcode.ThumbnailsOutput{Count: 1, Sprite: &transcode.Sprite{Rows: 100}}, "outputs[0].sprite: a sheet of 100 rows of 284 pixels is 28400 high, at most 16384 are allowed; use fewer rows or a smaller width", rendition.InvalidJob},
		{"large gif", landscape(), &transcode.GIFOutput{Duration: transcode.Seconds(10), Width: 1920, FPS: fps(25, 1)}, "outputs[0]: a preview of 250 frames of 1920x1080 has 518400000 pixels, at most 150000000 are allowed; use a smaller width, a lower fps or a shorter duration", rendition.InvalidJob},
		{"language", hdr10(), &transcode.FileOutput{Audio: &transcode.AudioSettings{Language: "fr"}}, `outputs[0].audio.language: the source has no sound in "fr"; there is eng or deu`, rendition.InvalidJob},
		{"language of untagged", phone(), &transcode.FileOutput{Audio: &transcode.AudioSettings{Language: "fr"}}, `outputs[0].audio.language: the source has no sound in "fr", its tracks name no language; remove the field`, rendition.InvalidJob},
		{"copy of pcm", broadcast(), &transcode.FileOutput{Audio: &transcode.AudioSettings{Codec: "copy"}}, `outputs[0].audio.codec: copy: the source's sound is pcm_s24le, and mp4 takes a copy of aac, opus, mp3, ac3 or eac3; use codec "aac" instead`, rendition.InvalidJob},
		{"copy of flac in hls", func() *rendition.Media { m := landscape(); m.Streams[1].Codec = "flac"; return m }(), &transcode.HLSOutput{Ladder: transcode.AutoLadder(), Audio: []transcode.AudioSettings{{Codec: "copy"}}}, `outputs[0].audio[0].codec: copy: the source's sound is flac, and hls takes a copy of aac, opus, ac3 or eac3; use codec "aac" instead`, rendition.InvalidJob},
		{"copied video of another codec", landscape(), &transcode.FileOutput{Container: "webm", Codec: "copy"}, `outputs[0].codec: copy: the source's video is h264, and webm takes a copy of vp9, av1 or vp8; encode it: codec "vp9"`, rendition.InvalidJob},
		{"copied video of another height", landscape(), &transcode.FileOutput{Codec: "copy", Height: 720}, `outputs[0].height: copy: the source is 1920x1080, and its short side is not 720; remove height, or encode it: codec "h264"`, rendition.InvalidJob},
		{"copied video of another width", phone(), &transcode.FileOutput{Codec: "copy", Width: 1080}, `outputs[0].width: copy: the source is 1080x1920, and its long side is not 1080; remove width, or encode it: codec "h264"`, rendition.InvalidJob},
		{"copied video over the peak", videoRate(landscape(), 8_123_456), &transcode.FileOutput{Codec: "copy", MaxBitrate: 8_000_000}, `outputs[0].max_bitrate: copy: the source's video has 8123456 bits per second, more than 8M; remove max_bitrate, or encode it: codec "h264"`, rendition.InvalidJob},
		{"copied video of unknown rate", landscape(), &transcode.FileOutput{Codec: "copy", Bitrate: 8_000_000}, `outputs[0].bitrate: copy: the bit rate of the source's video is not known; remove bitrate, or encode it: codec "h264"`, rendition.InvalidJob},
		{"copied video mirrored", picture(func(v *rendition.VideoInfo) { v.Mirrored = true }), &transcode.FileOutput{Codec: "copy"}, `outputs[0].codec: copy: the source's picture is mirrored by its container, and mp4 cannot say so; encode it: codec "h264"`, rendition.InvalidJob},
		{"copied Dolby Vision 5", picture(func(v *rendition.VideoInfo) { v.DolbyVision = &rendition.DolbyVision{Profile: 5} }), &transcode.FileOutput{Codec: "copy"}, `outputs[0].codec: copy: the source is Dolby Vision profile 5, whose picture is wrong without its metadata; encode it: codec "h264"`, rendition.InvalidJob},
		{"copied rung turned", phone(), &transcode.HLSOutput{Ladder: transcode.AutoLadder(), Codec: "copy"}, `outputs[0].codec: copy: the source is turned by 90 degrees by its container, which players of hls leave out; encode it: codec "h264"`, rendition.InvalidJob},
		{"copied rung interlaced", broadcast(), copiedRung(), `outputs[0].ladder[0].codec: copy: the source is interlaced, which hls does not take; encode it: codec "h264"`, rendition.InvalidJob},
		{"copied rung of ten bits", picture(func(v *rendition.VideoInfo) { v.PixelFormat = "yuv422p10le" }), copiedRung(), `outputs[0].ladder[0].codec: copy: the source's pixels are yuv422p10le, and players of hls take h264 as yuv420p or yuvj420p; encode it: codec "h264"`, rendition.InvalidJob},
		{"rates that do not align", landscape(), &transcode.HLSOutput{Ladder: transcode.Ladder{Rungs: []transcode.Rung{{Height: 720}, {Height: 480, FPS: fps(30000, 1001)}}}}, "outputs[0].ladder[1].fps: 30000/1001 frames per second cannot switch with 30/1 at the same key frames; use 30/1 or half of it", rendition.InvalidJob},
		{"invalid job", landscape(), &transcode.FileOutput{Height: 5}, "outputs[0].height: must be 16 to 8192, got 5", rendition.InvalidJob},
		{"typed nil", landscape(), (*transcode.FileOutput)(nil), "outputs[0]: is nil; leave the entry out", rendition.InvalidJob},
		{"foreign type", landscape(), foreignOutput{}, "outputs[0]: transcode_test.foreignOutput is no output of this package", rendition.InvalidJob},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := transcode.NewPlan(&transcode.Job{Outputs: transcode.Outputs{c.output}}, c.media)
			require.Nil(t, p)
			require.EqualError(t, err, "transcode: plan job: "+c.text)
			require.Equal(t, c.kind, rendition.KindOf(err))
			fault := rendition.FaultJob
			if c.kind == rendition.InvalidInput {
				fault = rendition.FaultInput
			}
			require.Equal(t, fault, rendition.FaultOf(err))
		})
	}
}

// foreignOutput is an Output of another package.
type foreignOutput struct{}

func (foreignOutput) Type() string { return "file" }

func TestPlanOfNothing(t *testing.T) {
	t.Parallel()
	_, err := transcode.NewPlan(nil, landscape())
	require.EqualError(t, err, "transcode: plan job: there is no job")
	_, err = transcode.NewPlan(&transcode.Job{}, nil)
	require.EqualError(t, err, "transcode: plan job: there is no media; probe the source first")
	require.ErrorIs(t, (*transcode.Job)(nil).Validate(), rendition.InvalidJob)
}

func TestPlanReportsAllOutputs(t *testing.T) {
	t.Parallel()
	_, err := transcode.NewPlan(&transcode.Job{Outputs: transcode.Outputs{hlsOf(720), &transcode.GIFOutput{Duration: 1}}}, audioOnly())
	require.Len(t, transcode.Problems(err), 2)
	require.Equal(t, rendition.InvalidInput, rendition.KindOf(err))
	require.Equal(t, rendition.FaultInput, rendition.FaultOf(err))
}

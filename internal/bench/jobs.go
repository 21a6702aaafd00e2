package main

import (
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// crf is the constant quality of every H.264 encode of all sides.
const crf = 23

// caps are the peak rates of the H.264 rungs by their height.
var caps = map[int]transcode.Bitrate{1080: 6_000_000, 720: 3_500_000, 480: 1_600_000, 360: 800_000}

// scaled is a height for clips that are not 1080 high, even.
func (o *options) scaled(height int) int { return height * o.height / 1080 / 2 * 2 }

// h264Job makes a ladder of these heights.
func h264Job(heights ...int) func(*options, string) *transcode.Job {
	return func(o *options, in string) *transcode.Job { return newJob(in, h264Ladder(o, heights...)) }
}

// newJob is a job without a place for its outputs: every run has its own.
func newJob(in string, outputs ...transcode.Output) *transcode.Job {
	return &transcode.Job{Input: transcode.Input{URL: in}, Outputs: outputs}
}

func h264Ladder(o *options, heights ...int) *transcode.HLSOutput {
	quality := crf
	out := &transcode.HLSOutput{Preset: o.preset, CRF: &quality, Audio: []transcode.AudioSettings{stereo()}}
	for _, h := range heights {
		out.Ladder.Rungs = append(out.Ladder.Rungs, transcode.Rung{Height: o.scaled(h), MaxBitrate: caps[h]})
	}
	return out
}

func stereo() transcode.AudioSettings {
	return transcode.AudioSettings{Codec: rendition.AAC, Bitrate: 128_000, Channels: 2}
}

// mixedJob has files with the settings of the ladder's rungs. A short clip has
// stills more often than every 10 s, so that there are some.
func mixedJob(o *options, in string) *transcode.Job {
	file := func(height int) *transcode.FileOutput {
		quality, sound := crf, stereo()
		return &transcode.FileOutput{Height: o.scaled(height), CRF: &quality, MaxBitrate: caps[height], Preset: o.preset, Audio: &sound}
	}
	length := time.Duration(o.seconds) * time.Second
	return newJob(in, file(1080), file(720), h264Ladder(o, 1080, 720, 480), stillsOutput(min(10*time.Second, length/4)),
		&transcode.GIFOutput{Start: transcode.Time(length / 12), Duration: transcode.Time(min(3*time.Second, length/2))})
}

func stillsJob(_ *options, in string) *transcode.Job { return newJob(in, stillsOutput(10*time.Second)) }

func stillsOutput(step time.Duration) *transcode.ThumbnailsOutput {
	return &transcode.ThumbnailsOutput{Interval: transcode.Time(step), Width: 640, Sprite: &transcode.Sprite{}}
}

func resumeJob(o *options, in string) *transcode.Job { return newJob(in, h264Ladder(o, 480, 360)) }

// codecJob leaves quality and caps to the codec's defaults.
func codecJob(codec rendition.Codec) func(*options, string) *transcode.Job {
	return func(o *options, in string) *transcode.Job {
		out := &transcode.HLSOutput{Codec: codec, Preset: o.preset, Audio: []transcode.AudioSettings{stereo()}}
		for _, h := range []int{720, 480, 360} {
			out.Ladder.Rungs = append(out.Ladder.Rungs, transcode.Rung{Height: o.scaled(h)})
		}
		return newJob(in, out)
	}
}

package transcode_test

import (
	"fmt"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

func ExampleNewJob() {
	job, err := transcode.NewJob("talk.mp4").To("out").
		File(&transcode.FileOutput{Height: 720}).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(1080, 720, 480)}).
		Thumbnails(&transcode.ThumbnailsOutput{Interval: transcode.Seconds(10), Sprite: &transcode.Sprite{}}).
		GIF(&transcode.GIFOutput{Start: transcode.Seconds(5), Duration: transcode.Seconds(3)}).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, out := range job.Outputs {
		fmt.Println(out.Type())
	}
	// Output:
	// file
	// hls
	// thumbnails
	// gif
}

func ExampleParseJob() {
	_, err := transcode.ParseJob([]byte(`{
	  "input":   {"url": "talk.mp4"},
	  "output":  {"url": "out"},
	  "outputs": [
	    {"type": "file", "video_codec": "h264", "height": 721},
	    {"type": "hls", "ladder": []}
	  ]
	}`))
	for _, p := range transcode.Problems(err) {
		fmt.Println(p.Key, "-", p.Err)
	}
	// Output:
	// outputs[0].video_codec - unknown field; did you mean "codec"?
	// outputs[0].height - must be even, got 721; use 720 or 722
	// outputs[1].ladder - is empty, and nothing would be made; give rungs such as [{"height": 720}], or "auto"
}

func ExampleNewPlan() {
	media := &rendition.Media{ // what probe.Probe finds in a source
		Name: "talk.mp4", Duration: 95 * time.Second,
		Streams: []rendition.Stream{
			{Index: 0, Type: rendition.Video, Codec: rendition.H264, Video: &rendition.VideoInfo{
				Width: 1280, Height: 720, FrameRate: rendition.NewRational(30000, 1001), BaseFrameRate: rendition.NewRational(30000, 1001),
			}},
			{Index: 1, Type: rendition.Audio, Codec: rendition.AAC, Language: "eng", Audio: &rendition.AudioInfo{Channels: 2, SampleRate: 44100}},
		},
	}
	job := &transcode.Job{Outputs: transcode.Outputs{
		&transcode.FileOutput{Height: 720},
		&transcode.HLSOutput{Ladder: transcode.Heights(1080, 720, 360)},
		&transcode.ThumbnailsOutput{Interval: transcode.Seconds(10), Sprite: &transcode.Sprite{Columns: 5, Rows: 5}},
		&transcode.GIFOutput{Start: transcode.Seconds(5), Duration: transcode.Seconds(3)},
	}}
	plan, err := transcode.NewPlan(job, media)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan)
	// Output:
	// source: talk.mp4, 00:01:35, h264 1280x720 29.97 fps, aac 2 ch
	//
	// id  encode                                       rate                            notes  used by
	// v0  h264 1280x720 29.97 fps, key frame every 60  crf 23, at most 6.75M, medium          output_0.mp4, hls1/720p
	// v1  h264 640x360 29.97 fps, key frame every 60   crf 23, at most 547500, medium         hls1/360p
	// a0  aac 2 ch 44100 Hz                            128k                            eng    output_0.mp4, hls1/audio_eng
	//
	// output  publishes
	// 0       output_0.mp4                               v0 + a0
	// 1       hls1/master.m3u8                           720p, 360p, audio_eng; segments of 6.006 s
	// 2       thumbs2/thumb_0001.jpg ... thumb_0010.jpg  160x90; sprites of 5x2 tiles of 160x90; thumbnails.vtt
	// 3       output_3.gif                               480x270 10 fps, 00:00:03 from 00:00:05
	//
	// warnings:
	// - outputs[1].ladder[0]: the source is smaller; left out, since another rung is 1280x720 already
}

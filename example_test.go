//go:build cgo

package rendition_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
	"github.com/rendition-sdk/rendition/probe"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/storage/opener"
	"github.com/rendition-sdk/rendition/transcode"
)

// clip puts a video of 4 seconds into a new bucket: gray pictures that grow
// lighter, uncompressed (YUV4MPEG2), 128x72 at 10 pictures a second.
func clip(ctx context.Context) (*storage.Bucket, error) {
	const width, height, pictures = 128, 72, 40
	var b bytes.Buffer
	fmt.Fprintf(&b, "YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n", width, height)
	for i := range pictures {
		b.WriteString("FRAME\n")
		b.Write(bytes.Repeat([]byte{byte(16 + 5*i)}, width*height))
		b.Write(bytes.Repeat([]byte{128}, width*height/2))
	}
	bucket := memstore.New(nil)
	w, err := bucket.NewWriter(ctx, "clip.y4m", nil)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return nil, err
	}
	return bucket, w.Close()
}

// What is in a source.
func Example_probe() {
	ctx := context.Background()
	bucket, err := clip(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	media, err := probe.Probe(ctx, bucket.Source("clip.y4m"))
	if err != nil {
		fmt.Println(err)
		return
	}
	video := media.VideoStream()
	fmt.Println(media.Container, video.Codec, media.Duration)
	fmt.Println(video.Video.Width, "x", video.Video.Height, "at", video.Video.FrameRate)
	// Output:
	// yuv4mpegpipe rawvideo 4s
	// 128 x 72 at 10/1
}

// Which renditions a source should get, for a clip from an upright phone.
func Example_ladder() {
	media := &rendition.Media{Streams: []rendition.Stream{{
		Type: rendition.Video, Codec: rendition.H264, Bitrate: 4_000_000,
		Video: &rendition.VideoInfo{Width: 1280, Height: 720, Rotation: 90, FrameRate: rendition.Rational{Num: 30, Den: 1}},
	}}}
	rungs, err := ladder.Auto(media, &ladder.Options{Codec: rendition.AV1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rungs {
		fmt.Printf("%dx%d, %d kbit/s\n", r.Width, r.Height, r.Bitrate/1000)
	}
	// Output:
	// 360x640, 120 kbit/s
	// 432x768, 250 kbit/s
	// 540x960, 500 kbit/s
	// 540x960, 760 kbit/s
	// 540x960, 1325 kbit/s
	// 720x1280, 2040 kbit/s
}

// A job that makes a file, an HLS ladder, thumbnails and a preview, and
// publishes them to a folder.
func Example_job() {
	job, err := transcode.NewJob("https://example.com/film.mov").To("./out").
		File(&transcode.FileOutput{Height: 1080}).
		File(&transcode.FileOutput{Container: "webm", Height: 480, CRF: transcode.CRF(34)}).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(1080, 720, 480)}).
		Thumbnails(&transcode.ThumbnailsOutput{Interval: transcode.Seconds(10), Sprite: &transcode.Sprite{Columns: 5, Rows: 5}}).
		GIF(&transcode.GIFOutput{Start: transcode.Seconds(90), Duration: transcode.Seconds(3)}).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, o := range job.Outputs {
		fmt.Println(i, o.Type())
	}
	// Output:
	// 0 file
	// 1 file
	// 2 hls
	// 3 thumbnails
	// 4 gif
}

// A job that cannot work is refused with every problem at once, before
// anything is opened.
func Example_problems() {
	_, err := transcode.NewJob("film.mp4").To("./out").
		File(&transcode.FileOutput{Height: 721}).
		HLS(&transcode.HLSOutput{Codec: rendition.VP9, Ladder: transcode.Heights(720)}).
		Build()
	for _, problem := range transcode.Problems(err) {
		fmt.Println(problem)
	}
	fmt.Printf("kind: %v, fault: %v, retryable: %v\n", rendition.KindOf(err), rendition.FaultOf(err), rendition.Retryable(err))
	// Output:
	// outputs[0].height: must be even, got 721; use 720 or 722
	// outputs[1].codec: vp9 does not go into hls; allowed: h264, h265 or av1
	// kind: invalid job, fault: job, retryable: false
}

// A job in JSON. docs/job.md lists the fields.
func Example_parseJob() {
	job, err := transcode.ParseJob([]byte(`{
		"input": {"url": "film.mp4"},
		"output": {"url": "file:///var/media/42"},
		"outputs": [{"type": "hls", "ladder": "auto", "codec": "h265"}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(job.Input.URL, job.Outputs[0].Type())

	_, err = transcode.ParseJob([]byte(`{
		"input": {"url": "film.mp4"},
		"output": {"url": "out"},
		"outputs": [{"type": "file", "hight": 720}]
	}`))
	fmt.Println(err)
	// Output:
	// film.mp4 hls
	// transcode: parse job: outputs[0].hight: unknown field; did you mean "height"?
}

// What a job would do to a source, without doing it. The file and the rung of
// the same size are one encode.
func Example_plan() {
	media := &rendition.Media{Name: "film.mov", Duration: 4e9, Streams: []rendition.Stream{{
		Type: rendition.Video, Codec: "prores",
		Video: &rendition.VideoInfo{Width: 1920, Height: 1080, FrameRate: rendition.Rational{Num: 24, Den: 1}, BitDepth: 10},
	}}}
	job, err := transcode.NewJob("film.mov").To("./out").
		File(&transcode.FileOutput{Height: 720}).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(720, 360)}).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := transcode.NewPlan(job, media)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan)
	// Output:
	// source: film.mov, 00:00:04, prores 1920x1080 24 fps
	//
	// id  encode                                    rate                            notes  used by
	// v0  h264 1280x720 24 fps, key frame every 48  crf 23, at most 6.75M, medium          output_0.mp4, hls1/720p
	// v1  h264 640x360 24 fps, key frame every 48   crf 23, at most 547500, medium         hls1/360p
	//
	// output  publishes
	// 0       output_0.mp4      v0
	// 1       hls1/master.m3u8  720p, 360p; segments of 6 s
}

// From a source in one bucket to results in another.
func Example_run() {
	ctx := context.Background()
	in, err := clip(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer in.Close()
	out := memstore.New(nil)
	defer out.Close()

	job, err := transcode.NewJob("").From(in.Source("clip.y4m")).ToBucket(out).
		File(nil).
		Thumbnails(&transcode.ThumbnailsOutput{Count: 2, Sprite: &transcode.Sprite{Columns: 2, Rows: 1}}).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := transcode.New(nil).Run(ctx, job, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range result.Files {
		fmt.Println(f.Role, f.Path)
	}
	// Output:
	// media output_0.mp4
	// sprite thumbs1/sprite_0001.jpg
	// image thumbs1/thumb_0001.jpg
	// image thumbs1/thumb_0002.jpg
	// vtt thumbs1/thumbnails.vtt
}

// A job that runs beside other work: events while it goes on, Progress at any
// time, Wait for its end.
func Example_progress() {
	ctx := context.Background()
	in, err := clip(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer in.Close()
	out := memstore.New(nil)
	defer out.Close()
	job, err := transcode.NewJob("").From(in.Source("clip.y4m")).ToBucket(out).GIF(nil).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	task, err := transcode.New(nil).Start(ctx, job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
		switch e := e.(type) {
		case transcode.StateEvent:
			fmt.Println(e.State)
		case transcode.PublishedEvent:
			fmt.Println("published", e.File.Path)
		}
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := task.Wait(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(task.Progress().Percent, "%")
	// Output:
	// queued
	// analyzing
	// encoding
	// finalizing
	// published output_0.gif
	// completed
	// 100 %
}

// A job that is ended early leaves nothing behind.
func Example_cancel() {
	ctx := context.Background()
	in, err := clip(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer in.Close()
	out := memstore.New(nil)
	defer out.Close()
	job, err := transcode.NewJob("").From(in.Source("clip.y4m")).ToBucket(out).File(nil).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	task, err := transcode.New(nil).Start(ctx, job, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	task.Cancel()
	_, err = task.Wait()
	fmt.Println(errors.Is(err, rendition.Canceled), task.Progress().State)
	for object, err := range out.List(ctx, nil) {
		fmt.Println("left over:", object.Key, err)
	}
	// Output:
	// true canceled
}

// A URL or path becomes a bucket and a key, or a bucket of all that lies below.
func Example_opener() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	open := opener.New(nil)
	folder, err := open.OpenBucket(ctx, filepath.Join(dir, "talks"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer folder.Close()
	w, err := folder.NewWriter(ctx, "42/notes.txt", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Fprint(w, "thank you")
	if err := w.Close(); err != nil { // now it is visible, complete
		fmt.Println(err)
		return
	}

	bucket, key, err := open.OpenObject(ctx, filepath.Join(dir, "talks", "42", "notes.txt"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	text, err := bucket.ReadAll(ctx, key, 0)
	fmt.Println(strings.ToUpper(string(text)), err)

	_, err = open.OpenBucket(ctx, "s3://bucket/talks")
	fmt.Println(err)
	// Output:
	// THANK YOU <nil>
	// storage: open: s3://bucket/talks: no driver for "s3" (known are plain paths, file:, http:, https:, mem:; the Opener of storage/all knows s3: too)
}

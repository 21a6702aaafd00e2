// Command quickstart makes files, an HLS ladder and pictures of one video:
//
//	go run ./examples/quickstart -in film.mp4 -out ./out
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/rendition-sdk/rendition/examples/internal/sample"
	"github.com/rendition-sdk/rendition/examples/internal/show"
	"github.com/rendition-sdk/rendition/transcode"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	in := flags.String("in", "", "the video, a path or URL (default: a clip that is drawn now)")
	out := flags.String("out", "./out", "the folder or URL to publish to")
	quiet := flags.Bool("quiet", false, "show no progress")
	if err := flags.Parse(args); err != nil {
		return err
	}
	input, remove, err := sample.Or(ctx, w, *in)
	if err != nil {
		return err
	}
	defer remove()
	job, err := transcode.NewJob(input).To(*out).
		File(&transcode.FileOutput{Height: 1080, Preset: "veryfast"}).File(&transcode.FileOutput{Height: 720, Preset: "veryfast"}).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(1080, 720, 480), Preset: "veryfast"}).
		Thumbnails(&transcode.ThumbnailsOutput{Interval: transcode.Seconds(2), Width: 640, Sprite: &transcode.Sprite{Columns: 5, Rows: 5}}).
		GIF(&transcode.GIFOutput{Duration: transcode.Seconds(3)}).
		Build()
	if err != nil {
		return err
	}
	progress := show.NewProgress(os.Stderr, *quiet)
	result, err := transcode.New(nil).Run(ctx, job, &transcode.RunOptions{OnEvent: progress.Event})
	progress.Close()
	if err != nil {
		return err
	}
	return show.Result(ctx, w, *out, result) // a tree here, and index.html beside the files
}

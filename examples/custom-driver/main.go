// Command custom-driver publishes to a store that the SDK does not know: a folder
// that holds each object compressed. Its driver is gzipfolder.go, and the SDK's own
// conformance suite says that it is right (main_test.go):
//
//	go run ./examples/custom-driver -in film.mp4 -out gzip:./out
//
// docs/storage-driver.md is the recipe.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/examples/internal/sample"
	"github.com/rendition-sdk/rendition/examples/internal/show"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/opener"
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
	flags := flag.NewFlagSet("custom-driver", flag.ContinueOnError)
	in := flags.String("in", "", "the video, a path or URL (default: a clip that is drawn now)")
	out := flags.String("out", "gzip:./out", "where to publish to: gzip: and a folder, or anything else that the SDK knows")
	quiet := flags.Bool("quiet", false, "show no progress")
	if err := flags.Parse(args); err != nil {
		return err
	}
	input, remove, err := sample.Or(ctx, w, *in)
	if err != nil {
		return err
	}
	defer remove()
	open := opener.New(nil)
	open.Schemes["gzip"] = openGzip
	job, err := transcode.NewJob(input).To(*out).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(360), Preset: "veryfast"}).
		Thumbnails(&transcode.ThumbnailsOutput{Interval: transcode.Seconds(2), Sprite: &transcode.Sprite{Columns: 5, Rows: 5}}).
		Build()
	if err != nil {
		return err
	}
	progress := show.NewProgress(os.Stderr, *quiet)
	result, err := transcode.New(&transcode.Config{Opener: open}).Run(ctx, job, &transcode.RunOptions{OnEvent: progress.Event})
	progress.Close()
	if err != nil {
		return err
	}
	return show.Tree(w, *out, result.Files)
}

// openGzip opens URLs of the scheme gzip: what follows is the folder of a destination.
func openGzip(_ context.Context, url string, target storage.Target) (*storage.Bucket, string, error) {
	if target == storage.TargetObject { // which part of it would be the folder?
		err := errors.New("gzip: is for destinations")
		return nil, "", &rendition.Error{Kind: rendition.Unsupported, Op: "gzipfolder: open", Err: err}
	}
	b, err := openGzipFolder(strings.TrimPrefix(url, "gzip:"))
	return b, "", err
}

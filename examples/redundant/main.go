// Command redundant publishes one video to several destinations, one of which
// breaks on the way, and makes that one whole again without encoding anew:
//
//	go run ./examples/redundant -in film.mp4 -out ./out/a,./out/b,./out/c
//
// Destinations are folders or URLs. The last one is broken on purpose: its disk
// seems to be full after -room bytes (-1: it stays good). The job wants -at-least
// destinations to be good, so it succeeds without it; Engine.Redeliver then copies
// from a good one what is missing.
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

	"github.com/rendition-sdk/rendition/examples/internal/sample"
	"github.com/rendition-sdk/rendition/examples/internal/show"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
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
	flags := flag.NewFlagSet("redundant", flag.ContinueOnError)
	in := flags.String("in", "", "the video, a path or URL (default: a clip that is drawn now)")
	out := flags.String("out", "./out/a,./out/b,./out/c", "the folders or URLs to publish to, with commas between")
	atLeast := flags.Int("at-least", 1, "how many destinations must be good for the job to succeed; 0 is all")
	room := flags.Int64("room", 200_000, "bytes that the last destination takes before it fails; -1 for any number")
	quiet := flags.Bool("quiet", false, "show no progress")
	if err := flags.Parse(args); err != nil {
		return err
	}
	input, remove, err := sample.Or(ctx, w, *in)
	if err != nil {
		return err
	}
	defer remove()
	buckets, closeAll, err := openAll(ctx, strings.Split(*out, ","))
	if err != nil {
		return err
	}
	defer closeAll()
	faults := faultstore.New()
	buckets[len(buckets)-1] = faults.Wrap(buckets[len(buckets)-1])
	faults.DiskFull(*room)

	job, err := transcode.NewJob(input).ToBucket(buckets...).AtLeast(*atLeast).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(720, 360), Preset: "veryfast"}).
		Thumbnails(&transcode.ThumbnailsOutput{Count: 5}).
		Build()
	if err != nil {
		return err
	}
	progress := show.NewProgress(os.Stderr, *quiet)
	engine := transcode.New(nil)
	result, err := engine.Run(ctx, job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
		progress.Event(e)
		if d, ok := e.(transcode.DestinationEvent); ok && !d.Final {
			fmt.Fprintf(w, "while encoding: destination %d failed\n", d.Destination.Index)
		}
	}})
	progress.Close()
	if err != nil {
		return err
	}
	table(w, "the job is done:", result.Destinations)

	faults.Reset() // somebody has made room
	again, err := engine.Redeliver(ctx, job, result, nil)
	if err != nil {
		return err
	}
	for _, d := range again.Destinations {
		result.Destinations[d.Index] = d // what a host would store
	}
	table(w, fmt.Sprintf("after the redelivery of %d files, %s:", again.Copied, show.Bytes(again.Bytes)), result.Destinations)
	return nil
}

// openAll opens a Bucket for each place.
func openAll(ctx context.Context, places []string) (list []*storage.Bucket, closeAll func(), err error) {
	open := opener.New(nil)
	closeAll = func() {
		for _, b := range list {
			_ = b.Close() // all that is in them is committed
		}
	}
	for _, place := range places {
		b, err := open.OpenBucket(ctx, place)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		list = append(list, b)
	}
	return list, closeAll, nil
}

// table lists how the destinations are.
func table(w io.Writer, title string, list []transcode.DestinationResult) {
	fmt.Fprintln(w, title)
	for _, d := range list {
		fmt.Fprintf(w, "  %-6s  %2d files  %8s  %s  %s\n", d.State, d.Files, show.Bytes(d.Bytes), d.Name, d.Error)
	}
}

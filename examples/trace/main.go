// Command trace runs a job and prints what took how long, as a tree:
//
//	go run ./examples/trace -in film.mp4 -out ./out
//
// With OpenTelemetry the package otelhook does the same to a backend
// (docs/observe.md).
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
	flags := flag.NewFlagSet("trace", flag.ContinueOnError)
	in := flags.String("in", "", "the video, a path or URL (default: a clip that is drawn now)")
	out := flags.String("out", "./out", "the folder or URL to publish to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	input, remove, err := sample.Or(ctx, w, *in)
	if err != nil {
		return err
	}
	defer remove()
	job, err := transcode.NewJob(input).To(*out).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(720, 480), Preset: "veryfast"}).
		Build()
	if err != nil {
		return err
	}
	t := &tree{}
	// Without a scratch store each run does the same work.
	_, err = transcode.New(&transcode.Config{Tracer: t, Scratch: "none"}).Run(ctx, job, nil)
	t.print(w) // of a job that failed too
	return err
}

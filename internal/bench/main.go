// Command bench measures the SDK against the ffmpeg program: one job with an
// HLS ladder of three rungs against one ffmpeg command that makes the same
// ladder with the same encoder settings. Both run alternately on the same
// source, each in a process of its own, and what is compared is the ratio of
// their wall time, processor time and peak memory in each pair.
//
//	go run ./internal/bench                             # print the table
//	go run ./internal/bench -o docs/performance.md      # and write it into the page
//	go run ./internal/bench -in film.mp4 -runs 5
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop has been called
	}
}

// options are the program's flags.
type options struct {
	in, media, page, preset, work string
	seconds, runs                 int
	keep                          bool
	child, out, profile           string
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.in, "in", "", "`clip` to encode; default: 1080p film, made once and kept in the user's cache")
	f.StringVar(&o.media, "media", os.Getenv("RENDITION_MEDIA"), "`folder` of real clips that the default clip is made of, if it is there")
	f.StringVar(&o.page, "o", "", "`page` whose measured part is replaced, such as docs/performance.md")
	f.StringVar(&o.preset, "preset", "veryfast", "x264 `preset` of both sides")
	f.StringVar(&o.work, "work", "", "`folder` for what is encoded; default: a temporary one")
	f.IntVar(&o.seconds, "seconds", 60, "`length` of the default clip")
	f.IntVar(&o.runs, "runs", 3, "`number` of paired runs")
	f.BoolVar(&o.keep, "keep", false, "leave what was encoded")
	f.StringVar(&o.child, "child", "", "run one job with this `source` and end (bench starts itself so)")
	f.StringVar(&o.out, "out", "", "`folder` that -child writes to")
	f.StringVar(&o.profile, "cpuprofile", "", "`file` for a CPU profile of -child")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	if o.runs < 1 || o.seconds < 1 {
		return nil, errors.New("-runs and -seconds must be at least 1")
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if o.child != "" {
		return runChild(ctx, o)
	}
	if o.in == "" {
		if o.in, err = defaultClip(ctx, o, stderr); err != nil {
			return err
		}
	}
	if o.work == "" {
		if o.work, err = os.MkdirTemp("", "rendition-bench-"); err != nil {
			return err
		}
		if !o.keep {
			defer func() { _ = os.RemoveAll(o.work) }()
		}
	}
	r, err := measure(ctx, o, stderr)
	if err != nil {
		return err
	}
	text := r.markdown()
	_, _ = fmt.Fprint(stdout, text)
	if o.page == "" {
		return nil
	}
	return replaceSection(o.page, text)
}

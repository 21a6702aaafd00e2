// Command bench measures the SDK against the ffmpeg program. A scenario is a
// job and the ffmpeg commands that make the same with the same encoder
// settings. All sides run by turns on the same source, each in processes of
// its own, and what is compared is the ratio of their wall time, processor
// time and peak memory within each run.
//
//	go run ./internal/bench                             # print the tables
//	go run ./internal/bench -o docs/performance.md      # and write them into the page
//	go run ./internal/bench -only ladder4,mixed -runs 1
//	go run ./internal/bench -height 240 -seconds 4      # small, to see that all of it runs
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
	in, media, cache, page, results, preset, work string
	only                                          []string
	height, seconds, runs                         int
	keep, estimate                                bool
	child, scratch, profile                       string
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	only := f.String("only", "", "`scenarios` to run, with commas: "+strings.Join(names(), ",")+"; default: all")
	f.StringVar(&o.in, "in", "", "`clip` to use in place of the default ones")
	f.StringVar(&o.media, "media", os.Getenv("RENDITION_MEDIA"), "`folder` of real clips that the default clips are made of, if it is there")
	f.StringVar(&o.cache, "cache", "", "`folder` that keeps the default clips; default: in the user's cache")
	f.StringVar(&o.page, "o", "", "`page` whose measured part is replaced, such as docs/performance.md")
	f.StringVar(&o.results, "results", "", "`file` that keeps what was measured; scenarios that are not run now come from it")
	f.StringVar(&o.preset, "preset", "veryfast", "`preset` of all encodes, in x264's names")
	f.StringVar(&o.work, "work", "", "`folder` for what is encoded; default: a temporary one")
	f.IntVar(&o.height, "height", 1080, "`pixels` of the default clips; rungs are scaled with them")
	f.IntVar(&o.seconds, "seconds", 60, "`length` of the default clips")
	f.IntVar(&o.runs, "runs", 5, "`number` of runs of each side")
	f.BoolVar(&o.keep, "keep", false, "leave what was encoded")
	f.StringVar(&o.child, "child", "", "run the job in this `file` and end (bench starts itself so)")
	f.StringVar(&o.scratch, "scratch", "", "`URL` where -child keeps what it needs to go on after it was killed")
	f.BoolVar(&o.estimate, "estimate", false, "print the estimate of the job of -child, and do not run it")
	f.StringVar(&o.profile, "cpuprofile", "", "`file` for a CPU profile of -child")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	return o, o.check(f.Args())
}

func (o *options) check(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q", rest[0])
	}
	if o.runs < 1 || o.seconds < 3 || o.height < 240 {
		return errors.New("-runs must be at least 1, -seconds 3 and -height 240")
	}
	return nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if o.child != "" {
		return runChild(ctx, o, stdout)
	}
	return benchmark(ctx, o, stdout, stderr)
}

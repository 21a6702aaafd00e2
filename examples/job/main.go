// Command job runs a transcoding job that a JSON file describes:
//
//	go run ./examples/job [-plan] [-estimate] [-quiet] [-workers N] [-scratch URL] [-max-memory BYTES] [-publish-while-encoding] job.json
//
// A file named - is standard input; testdata/job.json is an example, which takes
// clip.mp4 and publishes to the folder out. Paths in the job are relative to the
// working directory. Progress goes to standard error, as a bar when that is a
// terminal; the result goes to standard output as JSON. With -plan the job is
// not run: what it would do is printed. With -estimate a few seconds of the source
// are encoded, and what the job would take and make is printed, with -json as
// JSON. With -publish-while-encoding every hls
// output can be watched while the rest of it is encoded.
//
// A job that was interrupted goes on where it was when it is run again: finished
// chunks are kept in -scratch, a folder or a URL ("none" keeps nothing). -workers
// is how many chunks are encoded at a time and -max-memory about how much memory
// they may take; both are chosen by the machine when they are not given, and
// neither changes a byte of the result.
//
// The exit status is 0 only when everything the job asks for was published,
// 130 when it was interrupted, and 1 otherwise; then every problem is a line
// on standard error.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/examples/internal/show"
	"github.com/rendition-sdk/rendition/storage/all"
	"github.com/rendition-sdk/rendition/transcode"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	os.Exit(report(os.Stderr, err))
}

// run does what args say and writes the result, or the plan, to w.
func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("job", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "usage: job [flags] job.json   (- is standard input)")
		flags.PrintDefaults()
	}
	onlyPlan := flags.Bool("plan", false, "print what the job would do, and do nothing")
	onlyEstimate := flags.Bool("estimate", false, "print what the job would take and make, and publish nothing")
	asJSON := flags.Bool("json", false, "print the estimate as JSON")
	quiet := flags.Bool("quiet", false, "show no progress")
	config := &transcode.Config{Opener: all.New(nil)}
	flags.IntVar(&config.Workers, "workers", 0, "`number` of chunks encoded at a time; 0: as many as suit the machine")
	flags.StringVar(&config.Scratch, "scratch", "", "`URL` or folder for finished chunks; default: in the user's cache, none: nowhere")
	flags.Int64Var(&config.MaxMemory, "max-memory", 0, "`bytes` that encoders may take; 0: half of the machine's, -1: any")
	early := flags.Bool("publish-while-encoding", false, "let hls outputs be watched while they are encoded")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("give one job file, or - for standard input")
	}
	job, err := read(flags.Arg(0), os.Stdin)
	if err != nil {
		return err
	}
	if *early {
		publishEarly(job)
	}
	engine := transcode.New(config)
	switch {
	case *onlyPlan:
		plan, err := engine.Plan(ctx, job)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(w, plan)
		return err
	case *onlyEstimate:
		return estimate(ctx, engine, job, *asJSON, w)
	}
	progress := show.NewProgress(os.Stderr, *quiet)
	result, err := engine.Run(ctx, job, &transcode.RunOptions{OnEvent: progress.Event})
	progress.Close()
	if err != nil {
		return err
	}
	return writeJSON(w, result)
}

// estimate prints what job would take and make.
func estimate(ctx context.Context, engine *transcode.Engine, job *transcode.Job, asJSON bool, w io.Writer) error {
	e, err := engine.Estimate(ctx, job, nil)
	if err != nil {
		return err
	}
	if asJSON {
		return writeJSON(w, e)
	}
	_, err = fmt.Fprint(w, e)
	return err
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// publishEarly makes every presentation of job one that grows.
func publishEarly(job *transcode.Job) {
	for _, o := range job.Outputs {
		if hls, ok := o.(*transcode.HLSOutput); ok {
			hls.PublishWhileEncoding = true
		}
	}
}

// read reads the job in the file name, or in stdin when that is "-".
func read(name string, stdin io.Reader) (*transcode.Job, error) {
	if name == "-" {
		return transcode.ReadJob(stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return transcode.ReadJob(f)
}

// report writes a line to w for each problem in err and returns the exit status.
func report(w io.Writer, err error) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	list := transcode.Problems(err)
	for _, problem := range list {
		fmt.Fprintln(w, oneLine(problem))
	}
	if len(list) == 0 {
		fmt.Fprintln(w, oneLine(err))
	}
	if rendition.KindOf(err) == rendition.Canceled {
		return 130 // what a shell reports of a program that an interrupt ended
	}
	return 1
}

func oneLine(err error) string { return strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ") }

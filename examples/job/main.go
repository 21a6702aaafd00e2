// Command job runs a transcoding job that a JSON file describes:
//
//	go run ./examples/job [-plan] [-quiet] job.json
//
// A file named - is standard input; testdata/job.json is an example, which takes
// clip.mp4 and publishes to the folder out. Paths in the job are relative to the
// working directory. Progress goes to standard error, as a bar when that is a
// terminal; the result goes to standard output as JSON. With -plan the job is
// not run: what it would do is printed.
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
		fmt.Fprintln(flags.Output(), "usage: job [-plan] [-quiet] job.json   (- is standard input)")
		flags.PrintDefaults()
	}
	onlyPlan := flags.Bool("plan", false, "print what the job would do, and do nothing")
	quiet := flags.Bool("quiet", false, "show no progress")
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
	engine := transcode.New(nil)
	if *onlyPlan {
		plan, err := engine.Plan(ctx, job)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(w, plan)
		return err
	}
	progress := show.NewProgress(os.Stderr, *quiet)
	result, err := engine.Run(ctx, job, &transcode.RunOptions{OnEvent: progress.Event})
	progress.Close()
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(result)
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

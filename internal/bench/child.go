package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime/pprof"
	"syscall"
	"time"

	"github.com/rendition-sdk/rendition/transcode"
)

// moment is what the measured process prints on its way, as a line of JSON:
// when it enters a state, and how much of the source it has encoded.
type moment struct {
	State transcode.State `json:"state"`
	// Wall and CPU are the times since the process began.
	Wall time.Duration `json:"wall"`
	CPU  time.Duration `json:"cpu"`
	// Part of the source that is encoded, 0 to 1.
	Part float64 `json:"part,omitempty"`
}

// runChild is the measured process of our side: a program that does the job
// and nothing else but to say how far it is.
func runChild(ctx context.Context, o *options, stdout io.Writer) (err error) {
	data, err := os.ReadFile(o.child)
	if err != nil {
		return err
	}
	job, err := transcode.ParseJob(data)
	if err != nil {
		return err
	}
	if o.estimate {
		return printEstimate(ctx, o, job, stdout)
	}
	if o.profile != "" {
		stop, err := profile(o.profile)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	_, err = transcode.New(childConfig(o)).Run(ctx, job, &transcode.RunOptions{OnEvent: reporter(stdout)})
	return err
}

// reporter prints states and progress.
func reporter(w io.Writer) func(transcode.Event) {
	began, out := time.Now(), json.NewEncoder(w)
	return func(e transcode.Event) {
		m := moment{Wall: time.Since(began), CPU: processorTime()}
		switch e := e.(type) {
		case transcode.StateEvent:
			m.State = e.State
		case transcode.ProgressEvent:
			m.State = e.Progress.State
			if e.Progress.Total > 0 {
				m.Part = e.Progress.Media.Seconds() / e.Progress.Total.Seconds()
			}
		default:
			return
		}
		_ = out.Encode(m) // when the parent is gone, nobody wants to know
	}
}

// processorTime is what this process has used so far, 0 when it is not known.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func profile(path string) (stop func() error, err error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

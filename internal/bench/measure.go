package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/rendition-sdk/rendition/transcode"
)

// measure runs a scenario on each of its clips.
func (s *scenario) measure(ctx context.Context, o *options, log io.Writer) (*result, error) {
	r := &result{
		Machine: fmt.Sprintf("%d cores (%s/%s)", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH),
		Peer:    firstLine(ctx, "ffmpeg", "-version"),
	}
	for _, c := range s.clips(o) {
		in, err := c.path(ctx, o, log)
		if err != nil {
			return nil, err
		}
		m, err := s.onClip(ctx, o, in, log)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(in), err)
		}
		r.Clips = append(r.Clips, m)
	}
	return r, nil
}

// onClip runs all sides by turns and compares what the last runs made.
func (s *scenario) onClip(ctx context.Context, o *options, in string, log io.Writer) (*clipResult, error) {
	job := s.job(o, in)
	job.Output = transcode.Destination{URL: filepath.Join(o.work, "plan")}
	plan, err := transcode.New(nil).Plan(ctx, job)
	if err != nil {
		return nil, err
	}
	if plan.Media.VideoStream() == nil {
		return nil, fmt.Errorf("the source has no picture")
	}
	if err := warm(in); err != nil {
		return nil, err
	}
	r := describe(in, plan)
	trials := make([]*trial, len(s.sides))
	for i := range trials {
		dir := filepath.Join(o.work, s.name, fmt.Sprint(i))
		trials[i] = &trial{plan: plan, job: job, in: in, dir: dir, scratch: dir + ".scratch"}
	}
	for i := range o.runs {
		costs, err := s.turn(ctx, trials, i, log)
		if err != nil {
			return nil, err
		}
		r.Runs = append(r.Runs, costs)
	}
	if err := s.compare(ctx, r, trials); err != nil {
		return nil, err
	}
	if o.keep {
		return r, nil
	}
	return r, os.RemoveAll(filepath.Join(o.work, s.name))
}

// turn runs every side once. Who begins changes from turn to turn, so that
// nobody always runs on a machine that another one has warmed up.
func (s *scenario) turn(ctx context.Context, trials []*trial, n int, log io.Writer) ([]usage, error) {
	costs := make([]usage, len(s.sides))
	for i := range s.sides {
		k := (i + n) % len(s.sides)
		u, err := s.sides[k].cost(ctx, trials[k])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.sides[k].name, err)
		}
		_, _ = fmt.Fprintf(log, "%s, %s, run %d: %s: %s\n", s.name, filepath.Base(trials[k].in), n+1, s.sides[k].name, u)
		costs[k] = u
	}
	return costs, nil
}

// cost runs the steps of a side in an empty folder and adds what they cost.
func (s side) cost(ctx context.Context, t *trial) (sum usage, err error) {
	for _, dir := range []string{t.dir, t.scratch} {
		if err := os.RemoveAll(dir); err != nil {
			return sum, err
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return sum, err
		}
	}
	steps, err := s.steps(t)
	if err != nil {
		return sum, err
	}
	for _, run := range steps {
		u, err := run(ctx)
		if err != nil {
			return sum, err
		}
		sum = sum.then(u)
	}
	return sum, nil
}

// warm reads the source once, so that no run pays for the disk.
func warm(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(io.Discard, f)
	return err
}

// firstLine is the first line that a program prints; empty when it does not run.
func firstLine(ctx context.Context, program string, args ...string) string {
	out, err := exec.CommandContext(ctx, program, args...).Output()
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return line
}

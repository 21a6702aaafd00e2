package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/rendition-sdk/rendition/transcode"
)

// usage is what one process cost.
type usage struct {
	wall, cpu time.Duration
	memory    int64 // peak resident bytes
}

// pair is one run of each side, one after the other on the same machine.
type pair struct{ ours, peer usage }

// measure runs the pairs, in alternating order, and compares what they made.
func measure(ctx context.Context, o *options, log io.Writer) (*report, error) {
	plan, err := transcode.New(nil).Plan(ctx, ladderJob(o.in, filepath.Join(o.work, "plan"), o.preset))
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r := &report{options: o, plan: plan, version: firstLine(ctx, "ffmpeg", "-version")}
	if err := warm(o.in); err != nil {
		return nil, err
	}
	for i := range o.runs {
		p, err := onePair(ctx, o, plan, self, i)
		if err != nil {
			return nil, err
		}
		_, _ = fmt.Fprintf(log, "run %d: rendition %s, ffmpeg %s\n", i+1, p.ours, p.peer)
		r.pairs = append(r.pairs, p)
	}
	r.rungs, err = compare(ctx, o, plan)
	return r, err
}

func onePair(ctx context.Context, o *options, plan *transcode.Plan, self string, i int) (p pair, err error) {
	ours, peer := filepath.Join(o.work, "rendition"), filepath.Join(o.work, "ffmpeg")
	for _, dir := range []string{ours, peer} {
		if err := os.RemoveAll(dir); err != nil {
			return p, err
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return p, err
		}
	}
	args, err := peerArgs(plan, o.in, peer)
	if err != nil {
		return p, err
	}
	runs := []func() error{
		func() error {
			p.ours, err = cost(ctx, self, "-child", o.in, "-out", ours, "-preset", o.preset)
			return err
		},
		func() error {
			p.peer, err = cost(ctx, "ffmpeg", args...)
			return err
		},
	}
	if i%2 == 1 {
		runs[0], runs[1] = runs[1], runs[0]
	}
	for _, run := range runs {
		if err := run(); err != nil {
			return p, err
		}
	}
	return p, nil
}

// cost runs a program and says what it cost.
func cost(ctx context.Context, program string, args ...string) (usage, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	text := &bytes.Buffer{}
	cmd.Stderr = text
	began := time.Now()
	err := cmd.Run()
	u := usage{wall: time.Since(began)}
	if err != nil {
		return u, fmt.Errorf("%s: %w\n%s", filepath.Base(program), err, text)
	}
	s := cmd.ProcessState
	u.cpu = s.UserTime() + s.SystemTime()
	if ru, ok := s.SysUsage().(*syscall.Rusage); ok {
		u.memory = int64(ru.Maxrss) * 1024 //nolint:unconvert // it has 32 bits on some systems
		if runtime.GOOS == "darwin" {
			u.memory = int64(ru.Maxrss) //nolint:unconvert // counted in bytes there; 32 bits on some systems
		}
	}
	return u, nil
}

func (u usage) String() string {
	return fmt.Sprintf("%.2f s wall, %.2f s cpu, %d MB", u.wall.Seconds(), u.cpu.Seconds(), u.memory>>20)
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

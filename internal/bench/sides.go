package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/rendition-sdk/rendition/transcode"
)

// step is one process of a side.
type step func(context.Context) (usage, error)

// The sides. Names are for the tables.
var (
	ours       = side{"rendition", func(t *trial) ([]step, error) { return t.run() }}
	oneCommand = side{"ffmpeg, one command", func(t *trial) ([]step, error) {
		return commands(t, ffmpeg(t.plan, t.in, t.dir))
	}}
	teeCommand = side{"ffmpeg, one command with tee", func(t *trial) ([]step, error) {
		return commands(t, ffmpegTee(t.plan, t.in, t.dir))
	}}
	ourThreads = side{"ffmpeg, one command with our threads", func(t *trial) ([]step, error) {
		return commands(t, ffmpegPinned(t.plan, t.in, t.dir))
	}}
	keyFramesOnly = side{"ffmpeg, -skip_frame nokey", func(t *trial) ([]step, error) {
		return commands(t, ffmpeg(t.plan, t.in, t.dir, "-skip_frame", "nokey"))
	}}
	eachRung   = side{"ffmpeg, a command for each rung", func(t *trial) ([]step, error) { return separate(t, byRung(t.plan)) }}
	eachOutput = side{"ffmpeg, a command for each output", func(t *trial) ([]step, error) { return separate(t, byOutput(t.plan)) }}

	uninterrupted    = side{"uninterrupted", func(t *trial) ([]step, error) { return t.run("-scratch", t.scratch) }}
	killedAndResumed = side{"killed at 50 % and run again", func(t *trial) ([]step, error) {
		first, err := t.child(0.5, "-scratch", t.scratch)
		if err != nil {
			return nil, err
		}
		second, err := t.child(0, "-scratch", t.scratch)
		return []step{first, second}, err
	}}
)

// called is the side under another name.
func (s side) called(name string) side {
	s.name = name
	return s
}

// run is our job as a single process.
func (t *trial) run(flags ...string) ([]step, error) {
	s, err := t.child(0, flags...)
	return []step{s}, err
}

// child is a process of our own that runs the job; it is killed when more than
// the part killAt of the source is encoded, if that is not 0.
func (t *trial) child(killAt float64, flags ...string) (step, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file, err := t.jobFile()
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (usage, error) {
		phase := &encodePhase{}
		p := &process{program: self, args: append([]string{"-child", file}, flags...)}
		p.watch = func(m moment, kill func()) {
			phase.add(m)
			if killAt > 0 && m.State == transcode.StateEncoding && m.Part >= killAt {
				kill()
			}
		}
		u, err := p.cost(ctx)
		if killAt > 0 {
			if err == nil {
				return u, fmt.Errorf("the job ended before it could be killed at %.0f %%; use a longer clip", killAt*100)
			}
			if errors.Is(err, errKilled) {
				err = nil
			}
		}
		u.Busy = phase.busy()
		return u, err
	}, err
}

// jobFile writes the job for a process of our own.
func (t *trial) jobFile() (string, error) {
	job := *t.job
	job.Output = transcode.Destination{URL: t.dir}
	data, err := json.Marshal(&job)
	if err != nil {
		return "", err
	}
	file := t.dir + ".json"
	return file, os.WriteFile(file, data, 0o600)
}

// commands are runs of the ffmpeg program.
func commands(t *trial, list ...[]string) ([]step, error) {
	if err := makeFolders(t.plan, t.dir); err != nil {
		return nil, err
	}
	var steps []step
	for _, args := range list {
		steps = append(steps, func(ctx context.Context) (usage, error) {
			return (&process{program: "ffmpeg", args: args}).cost(ctx)
		})
	}
	return steps, nil
}

// separate is a command for each of the plans.
func separate(t *trial, plans []*transcode.Plan) ([]step, error) {
	var list [][]string
	for _, p := range plans {
		list = append(list, ffmpeg(p, t.in, t.dir))
	}
	return commands(t, list...)
}

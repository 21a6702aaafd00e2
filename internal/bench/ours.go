package main

import (
	"context"
	"errors"
	"os"
	"runtime/pprof"

	"github.com/rendition-sdk/rendition/transcode"
)

// crf is the constant quality of every rung of both sides.
const crf = 23

// ladderJob is the job that is measured.
func ladderJob(in, out, preset string) *transcode.Job {
	quality := crf
	return &transcode.Job{
		Input:  transcode.Input{URL: in},
		Output: transcode.Destination{URL: out},
		Outputs: transcode.Outputs{&transcode.HLSOutput{
			Preset: preset, CRF: &quality,
			Ladder: transcode.Ladder{Rungs: []transcode.Rung{
				{Height: 1080, MaxBitrate: 6_000_000},
				{Height: 720, MaxBitrate: 3_500_000},
				{Height: 480, MaxBitrate: 1_600_000},
			}},
			Audio: []transcode.AudioSettings{{Codec: "aac", Bitrate: 128_000, Channels: 2}},
		}},
	}
}

// runChild is the measured process of our side: a program that does the job
// and nothing else.
func runChild(ctx context.Context, o *options) (err error) {
	if o.out == "" {
		return errors.New("-child needs -out")
	}
	if o.profile != "" {
		f, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return errors.Join(err, f.Close())
		}
		defer func() {
			pprof.StopCPUProfile()
			err = errors.Join(err, f.Close())
		}()
	}
	_, err = transcode.New(nil).Run(ctx, ladderJob(o.child, o.out, o.preset), nil)
	return err
}

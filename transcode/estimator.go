package transcode

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/sched"
)

const (
	// stretchLength is about how long a stretch is: a key-frame interval of most
	// encodes.
	stretchLength = 2 * time.Second
	// calibrationShare is the part of a job that calibration may be, in time and in
	// media.
	calibrationShare = 0.03
	// minCalibration is how long it may take in any case.
	minCalibration = 3 * time.Second
	minStretches   = 5
	maxStretches   = 30
	// firstStretches are encoded however long they take.
	firstStretches = 3
)

// estimator is one Estimate at work.
type estimator struct {
	engine *Engine
	opts   EstimateOptions
	source rendition.Source
	plan   *Plan
	turns  *sched.Job
	out    *Estimate

	analysis chunk.Timing
	video    []*videoGroup
	flows    map[string]flow // by rendition ID
	sound    chunk.Timing    // of all sound
	pictures chunk.Timing    // of all stills and previews
	images   map[int]float64 // their bytes, by output
	chunks   int             // of the video
	off      float64         // see Estimate.Uncertainty
}

// flow is what comes of one rendition.
type flow struct {
	length         float64 // seconds
	bytes, samples float64 // per second
}

func (f flow) size() float64 { return f.bytes * f.length }

func newEstimator(e *Engine, src rendition.Source, plan *Plan, opts *EstimateOptions) *estimator {
	r := &estimator{
		engine: e, source: src, plan: plan, out: &Estimate{Plan: plan},
		turns: e.work.Join(nil), flows: map[string]flow{}, images: map[int]float64{},
	}
	if opts != nil {
		r.opts = *opts
	}
	if e.work.Stats().Running > 0 {
		r.note("other jobs were running: CPU and elapsed time are too high")
	}
	return r
}

// note tells a person something once.
func (r *estimator) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(r.out.Notes, text) {
		r.out.Notes = append(r.out.Notes, text)
	}
}

// calibrate measures all that the plan asks for.
func (r *estimator) calibrate(ctx context.Context) error {
	if err := r.measureVideo(ctx); err != nil {
		return err
	}
	if err := r.measureSound(ctx); err != nil {
		return err
	}
	if err := r.measureStills(ctx); err != nil {
		return err
	}
	if err := r.measureAnimations(ctx); err != nil {
		return err
	}
	return r.countChunks(ctx)
}

// spec is an encode graph without work.
func (r *estimator) spec() *encode.Spec {
	return &encode.Spec{Source: r.source, Media: r.plan.Media, Logger: r.engine.cfg.Logger, Gate: r.turns.Gate}
}

// length is how many seconds of the source a clip has.
func (r *estimator) length(c Clip) float64 {
	if c.Duration > 0 {
		return c.Duration.Seconds()
	}
	return max(0, (r.plan.Media.Duration - c.Start).Seconds())
}

// timed runs an encode graph under a lease.
func (r *estimator) timed(ctx context.Context, spec *encode.Spec) (chunk.Timing, error) {
	lease, err := r.turns.Acquire(ctx, sched.Request{Cores: 1})
	if err != nil {
		return chunk.Timing{}, err
	}
	defer lease.Release()
	timer := chunk.StartTimer()
	_, err = encode.Run(ctx, spec)
	return timer(), err
}

// scaled is t, but for its fixed part, times n.
func scaled(t, fixed chunk.Timing, n float64) chunk.Timing {
	grow := func(all, part time.Duration) time.Duration {
		part = min(part, all)
		return part + time.Duration(float64(all-part)*n)
	}
	return chunk.Timing{Wall: grow(t.Wall, fixed.Wall), CPU: grow(t.CPU, fixed.CPU), Guessed: t.Guessed || fixed.Guessed}
}

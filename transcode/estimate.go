package transcode

import (
	"context"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/probe"
)

// Estimate is what a job is expected to cost.
type Estimate struct {
	// Elapsed is the wall time on this engine and machine when nothing else runs
	// there and nothing is left of an earlier run.
	Elapsed Time `json:"elapsed"`
	// CPU is the processor time of all cores together.
	CPU Time `json:"cpu"`
	// Memory is about how many bytes encoders hold at the most.
	Memory int64 `json:"memory"`
	// Size is how many bytes are published: the sum of Outputs.
	Size int64 `json:"size"`
	// Uncertainty is how far Size and CPU may well be off, as a share: twice the
	// standard error of what the stretches differ by, and never below 0.1.
	Uncertainty float64 `json:"uncertainty"`
	// Outputs has the bytes of each output of the job.
	Outputs []OutputEstimate `json:"outputs"`
	// Renditions are the encodes behind them.
	Renditions []RenditionEstimate `json:"renditions"`
	// Calibrated is how much of the source's video was encoded to find this out,
	// Took how long it took, probing included.
	Calibrated Time `json:"calibrated"`
	Took       Time `json:"took"`
	// Notes are what a person should know about these numbers, as sentences.
	Notes []string `json:"notes,omitempty"`
	// Plan is what was estimated.
	Plan *Plan `json:"-"`
}

// OutputEstimate is what one output is expected to publish.
type OutputEstimate struct {
	// Output is the index in Job.Outputs.
	Output int `json:"output"`
	// Size in bytes, of all of its files.
	Size int64 `json:"size"`
}

// RenditionEstimate is what one encode is expected to make.
type RenditionEstimate struct {
	// ID is the rendition's in the Plan.
	ID     string              `json:"id"`
	Type   rendition.MediaType `json:"type"`
	Codec  rendition.Codec     `json:"codec"`
	Width  int                 `json:"width,omitempty"`
	Height int                 `json:"height,omitempty"`
	// Bitrate is the average in bits per second, Size the coded bytes.
	Bitrate int64 `json:"bitrate"`
	Size    int64 `json:"size"`
}

// EstimateOptions are the options of Estimate. A nil pointer means the defaults.
type EstimateOptions struct {
	// Stretches is how many stretches of about 2 seconds of video are encoded at the
	// most. Default 3 % of the job's length, but 5 to 30.
	Stretches int
	// Limit is how long the calibration may take: when it has passed, only the
	// first 3 stretches are still begun. Default 3 % of the expected job, but at
	// least 3 seconds.
	Limit time.Duration
}

// Estimate says what job will take and make, from a calibration: some stretches
// of its source, spread over it, are encoded as a run would encode them, and
// what comes of it is thrown away. Nothing is written. The stretches wait for
// their turn among the chunks of running jobs.
//
// CPU time is measured of the whole process while it calibrates: whatever else
// the process does in these seconds makes CPU and Elapsed come out too high.
// Sizes do not depend on it. A source that cannot be sought in is judged by its
// beginning. Errors are those of Plan and of Run.
func (e *Engine) Estimate(ctx context.Context, job *Job, opts *EstimateOptions) (*Estimate, error) {
	if err := job.Validate(); err != nil {
		return nil, err
	}
	timer := chunk.StartTimer()
	src, done, err := e.openInput(ctx, job)
	if err != nil {
		return nil, err
	}
	defer done()
	media, err := probe.Probe(ctx, src)
	if err != nil {
		return nil, err
	}
	plan, err := NewPlan(job, media)
	if err != nil {
		return nil, err
	}
	r := newEstimator(e, src, plan, opts)
	r.analysis = timer()
	defer r.turns.Close()
	if err := r.calibrate(ctx); err != nil {
		return nil, err
	}
	r.sum()
	r.out.Took = seconds(timer().Wall)
	return r.out, nil
}

package transcode

import (
	"context"
	"math"
	"runtime"

	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/internal/encode"
)

const (
	// busyShare is how much of the cores a job of many chunks keeps busy.
	busyShare = 0.95
	// publishSeconds is what verifying and publishing takes of a core for a byte:
	// writing, hashing, reading back.
	publishSeconds = 6e-9
)

// sum makes the estimate of all that was measured.
func (r *estimator) sum() {
	if r.plan.Media.Duration <= 0 {
		r.note("the source's length is not known: only what does not depend on it is counted")
	}
	r.sizes()
	r.renditions()
	publish := float64(r.out.Size) * publishSeconds
	var video, elapsed float64
	for _, g := range r.video {
		video += g.cpu * g.length
	}
	side := r.sound.CPU.Seconds() + r.pictures.CPU.Seconds()
	cpu := r.analysis.CPU.Seconds() + video + side + publish
	elapsed = max(r.sound.Wall.Seconds(), r.pictures.Wall.Seconds())
	if video > 0 {
		elapsed = max(elapsed, (video+side)/r.parallel())
	}
	r.out.CPU, r.out.Elapsed = Seconds(cpu), Seconds(r.analysis.Wall.Seconds()+elapsed+publish)
	r.out.CPU, r.out.Elapsed = seconds(r.out.CPU.Duration()), seconds(r.out.Elapsed.Duration())
}

// parallel is how many cores the job's video keeps busy, and sets the memory that
// so many pipelines take.
func (r *estimator) parallel() float64 {
	var all []*encode.Video
	for _, g := range r.video {
		all = append(all, g.specs...)
	}
	capacity := float64(runtime.GOMAXPROCS(0))
	need, memory := chunk.Need(r.plan.Media, all)
	side := math.Ceil(capacity / need)
	if n := r.engine.cfg.Workers; n > 0 {
		side = float64(n)
	}
	side = max(1, min(side, float64(r.chunks)))
	r.out.Memory = int64(side) * memory
	return min(capacity*busyShare, side*need)
}

// countChunks finds out in how many chunks the video is encoded.
func (r *estimator) countChunks(ctx context.Context) error {
	r.chunks = 1
	if len(r.video) == 0 {
		return nil
	}
	spec := r.spec()
	for i := range r.plan.Video {
		spec.Video = append(spec.Video, r.plan.Video[i].spec())
	}
	n, err := chunk.Count(ctx, spec, r.plan.cut())
	r.chunks = n
	return err
}

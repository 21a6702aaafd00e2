package transcode

import (
	"cmp"
	"context"
	"math"
	"time"

	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/internal/encode"
)

// videoGroup are the encodes of one clip of one stream: they are measured together,
// as they are decoded together.
type videoGroup struct {
	clip   Clip
	length float64 // seconds
	plans  []*VideoRendition
	specs  []*encode.Video
	cpu    float64 // seconds of each second
}

// measureVideo encodes stretches of every group.
func (r *estimator) measureVideo(ctx context.Context) error {
	for i := range r.plan.Video {
		if v := &r.plan.Video[i]; v.Copy {
			r.copied(v)
		} else {
			r.join(v)
		}
	}
	for _, g := range r.video {
		if err := r.measureGroup(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// join puts an encode into its group.
func (r *estimator) join(v *VideoRendition) {
	for _, g := range r.video {
		if g.clip == v.Clip && g.plans[0].Stream == v.Stream {
			g.plans, g.specs = append(g.plans, v), append(g.specs, v.spec())
			return
		}
	}
	r.video = append(r.video, &videoGroup{
		clip: v.Clip, length: r.length(v.Clip), plans: []*VideoRendition{v}, specs: []*encode.Video{v.spec()},
	})
}

func (r *estimator) measureGroup(ctx context.Context, g *videoGroup) error {
	began, spec := time.Now(), r.spec()
	spec.Video = g.specs
	m, err := chunk.Measure(ctx, &chunk.MeasureOptions{
		Spec: spec, Turns: r.turns,
		Stretches: encode.StretchOptions{Count: r.stretches(g), Length: stretchLength},
		Enough:    func(done time.Duration) bool { return r.enough(g, time.Since(began), done) },
	})
	if err != nil {
		return err
	}
	if m.FromStart {
		r.note("the source cannot be sought in: its beginning stands for all of it")
	}
	if m.Guessed {
		r.note("this system does not tell processor time: wall time stands for it")
	}
	if m.Length > 0 {
		g.cpu = m.CPU.Seconds() / m.Length.Seconds()
	}
	r.out.Calibrated += seconds(m.Length)
	for i, v := range g.plans {
		r.flows[v.ID] = videoFlow(v, m, i, g.length)
	}
	r.off = max(r.off, spreadOf(m, g.length))
	return nil
}

// stretches is how many are encoded of a group.
func (r *estimator) stretches(g *videoGroup) int {
	share := g.length * calibrationShare / stretchLength.Seconds()
	return cmp.Or(max(0, r.opts.Stretches), min(max(int(math.Ceil(share)), minStretches), maxStretches))
}

// enough says that a group has had its time.
func (r *estimator) enough(g *videoGroup, spent, done time.Duration) bool {
	if done < firstStretches*stretchLength*9/10 {
		return false
	}
	limit := r.opts.Limit
	if limit <= 0 {
		job := spent.Seconds() / done.Seconds() * g.length
		limit = max(minCalibration, time.Duration(job*calibrationShare*float64(time.Second)))
	}
	return spent > limit
}

// burst is how far a stretch may lie above the cap: its rate buffer was filled before
// it, which the whole does not have for every stretch.
const burst = 1.25

// videoFlow is what comes of the i-th video.
func videoFlow(v *VideoRendition, m *chunk.Measured, i int, length float64) flow {
	f := flow{length: length, samples: v.FrameRate.Float64()}
	if v.CRF < 0 {
		f.bytes = float64(v.Bitrate) / 8
		return f
	}
	var sum float64
	for _, s := range m.Stretches {
		bytes := float64(s.Bytes[i])
		if v.MaxBitrate > 0 {
			bytes = min(bytes, burst*float64(v.MaxBitrate)/8*s.Length.Seconds())
		}
		sum += bytes
	}
	if m.Length > 0 {
		f.bytes = sum / m.Length.Seconds()
	}
	if v.MaxBitrate > 0 {
		f.bytes = min(f.bytes, float64(v.MaxBitrate)/8)
	}
	return f
}

// copied is a video that is not encoded: the source's bytes.
func (r *estimator) copied(v *VideoRendition) {
	s := &r.plan.Media.Streams[v.Stream]
	rate := cmp.Or(s.Bitrate, r.plan.Media.Bitrate)
	r.flows[v.ID] = flow{length: r.length(v.Clip), bytes: float64(rate) / 8, samples: cmp.Or(v.FrameRate.Float64(), fallbackFPS)}
	if rate == 0 {
		r.note("the source's bit rate is not known: the size of what is copied is missing")
	}
}

// spreadOf is twice the standard error of the stretches' bytes, as a share of their
// mean, of what they do not hold of the whole.
func spreadOf(m *chunk.Measured, length float64) float64 {
	n := float64(len(m.Stretches))
	left := 1 - m.Length.Seconds()/max(length, 0.001)
	if left < 0.1 {
		return 0
	}
	if n < 2 {
		return 0.5
	}
	var sum, squares float64
	for _, s := range m.Stretches {
		var x float64
		for _, b := range s.Bytes {
			x += float64(b)
		}
		x /= s.Length.Seconds()
		sum, squares = sum+x, squares+x*x
	}
	mean := sum / n
	deviation := math.Sqrt(max(0, squares/n-mean*mean) * n / (n - 1))
	return 2 * deviation / math.Sqrt(n) * math.Sqrt(left) / max(mean, 1)
}

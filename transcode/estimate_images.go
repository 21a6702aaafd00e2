package transcode

import (
	"context"
	"time"

	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/internal/encode"
)

const (
	// sampleStills is how many stills are taken to know what all of a set are.
	sampleStills = 5
	// samplePreview is how much of a preview is made.
	samplePreview = time.Second
	// vttLine is about how many bytes an index of sprites has for each still.
	vttLine = 70
)

// measureStills takes some stills of every set.
func (r *estimator) measureStills(ctx context.Context) error {
	for i := range r.plan.Thumbnails {
		t := &r.plan.Thumbnails[i]
		n := len(t.Times)
		if n == 0 {
			continue
		}
		_, fixed, err := r.someStills(ctx, t, 1)
		if err != nil {
			return err
		}
		some := min(n, sampleStills)
		bytes, all, err := r.someStills(ctx, t, some)
		if err != nil {
			return err
		}
		r.images[t.Output] += bytes / float64(some) * float64(n)
		if t.Sprite != nil {
			r.images[t.Output] += vttLine * float64(n)
		}
		r.pictures = r.pictures.Plus(scaled(all, fixed, float64(n-1)/float64(max(some-1, 1))))
	}
	return nil
}

// someStills takes n of the stills of t, evenly spread, and a sheet of them.
func (r *estimator) someStills(ctx context.Context, t *ThumbnailTask, n int) (bytes float64, took chunk.Timing, err error) {
	count := func(_ context.Context, _ int, data []byte) error {
		bytes += float64(len(data))
		return nil
	}
	s := t.spec()
	s.Times = nil
	for i := range n {
		s.Times = append(s.Times, t.Times[(2*i+1)*len(t.Times)/(2*n)])
	}
	s.Still, s.Sheet = count, count
	if t.Sprite != nil {
		s.Columns, s.Rows = n, 1
	}
	spec := r.spec()
	spec.Stills = []*encode.Stills{s}
	took, err = r.timed(ctx, spec)
	return bytes, took, err
}

// measureAnimations makes the middle of every preview.
func (r *estimator) measureAnimations(ctx context.Context) error {
	for i := range r.plan.Animations {
		t := &r.plan.Animations[i]
		a, bytes := t.spec(), 0
		a.Data = func(_ context.Context, data []byte) error {
			bytes = len(data)
			return nil
		}
		times := 1.0
		if rest := a.Clip.Duration - samplePreview; rest > 0 {
			times = float64(a.Clip.Duration) / float64(samplePreview)
			a.Clip = encode.Clip{Start: a.Clip.Start + rest/2, Duration: samplePreview}
		}
		spec := r.spec()
		spec.Animations = []*encode.Animation{a}
		took, err := r.timed(ctx, spec)
		if err != nil {
			return err
		}
		r.images[t.Output] += float64(bytes) * times
		r.pictures = r.pictures.Plus(scaled(took, chunk.Timing{}, times))
	}
	return nil
}

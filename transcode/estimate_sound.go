package transcode

import (
	"context"
	"time"

	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// soundLong and soundShort are how much sound is made to measure it: the
// difference is what it costs by its length.
const (
	soundLong  = 15 * time.Second
	soundShort = time.Second
)

// measureSound makes some of the sound, out of the middle.
func (r *estimator) measureSound(ctx context.Context) error {
	byClip := map[Clip][]*AudioRendition{}
	for i := range r.plan.Audio {
		a := &r.plan.Audio[i]
		byClip[a.Clip] = append(byClip[a.Clip], a)
	}
	for clip, list := range byClip {
		if err := r.measureSoundOf(ctx, clip, list); err != nil {
			return err
		}
	}
	return nil
}

// measureSoundOf measures the sound of one clip.
func (r *estimator) measureSoundOf(ctx context.Context, clip Clip, list []*AudioRendition) error {
	m := &soundMeasure{est: r, start: clip.Start, list: list}
	total := r.length(clip)
	long := min(soundLong.Seconds(), max(total, soundShort.Seconds()))
	short := min(soundShort.Seconds(), long/2)
	if r.plan.Media.Seekable {
		m.start += Seconds(max(0, total-long) / 2).Duration()
	}
	fixed, err := m.run(ctx, short)
	if err != nil {
		return err
	}
	all, err := m.run(ctx, long)
	if err != nil {
		return err
	}
	r.sound = r.sound.Plus(scaled(all, fixed, (total-short)/(long-short)))
	for i, a := range list {
		r.flows[a.ID] = m.ends[i].flow(total, long)
	}
	return nil
}

// soundMeasure makes the beginning of some sound.
type soundMeasure struct {
	est   *estimator
	start time.Duration
	list  []*AudioRendition
	ends  []*soundEnd
}

func (m *soundMeasure) run(ctx context.Context, length float64) (chunk.Timing, error) {
	spec := m.est.spec()
	m.ends = nil
	for _, a := range m.list {
		e, end := a.spec(), &soundEnd{}
		e.Clip = encode.Clip{Start: m.start, Duration: Seconds(length).Duration()}
		e.Writers = []encode.SampleWriter{end}
		spec.Audio, m.ends = append(spec.Audio, e), append(m.ends, end)
	}
	return m.est.timed(ctx, spec)
}

// soundEnd counts samples.
type soundEnd struct{ samples, bytes int64 }

// Start implements encode.SampleWriter.
func (*soundEnd) Start(context.Context, packager.Track) error { return nil }

// WriteSample implements encode.SampleWriter.
func (e *soundEnd) WriteSample(_ context.Context, s packager.Sample) error {
	e.samples++
	e.bytes += int64(len(s.Data))
	return nil
}

// flow is what comes of a rendition of which a part was made.
func (e *soundEnd) flow(length, part float64) flow {
	return flow{length: length, bytes: float64(e.bytes) / part, samples: float64(e.samples) / part}
}

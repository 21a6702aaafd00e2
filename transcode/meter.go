package transcode

import (
	"context"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition/internal/encode"
)

// meter turns the encode graph's counters into progress.
type meter struct {
	run   *jobRun
	task  *Task
	spec  *encode.Spec
	total time.Duration
	began time.Time
	told  time.Duration // of media, to the hooks
	quit  chan struct{}
	done  sync.WaitGroup
}

func newMeter(r *jobRun) *meter {
	m := &meter{run: r, task: r.task, spec: r.spec, began: time.Now(), quit: make(chan struct{})}
	for _, v := range r.spec.Video {
		m.total = max(m.total, m.length(v.Clip))
	}
	for _, a := range r.spec.Audio {
		m.total = max(m.total, m.length(a.Clip))
	}
	return m
}

// length is how much media a clip holds.
func (m *meter) length(c encode.Clip) time.Duration {
	if c.Duration > 0 {
		return c.Duration
	}
	return max(0, m.spec.Media.Duration-c.Start)
}

func (m *meter) start(ctx context.Context) {
	m.done.Go(func() {
		tick := time.NewTicker(progressInterval)
		defer tick.Stop()
		for {
			select {
			case <-m.quit:
				m.report(ctx)
				return
			case <-tick.C:
				m.report(ctx)
			}
		}
	})
}

func (m *meter) stop() {
	close(m.quit)
	m.done.Wait()
}

func (m *meter) report(ctx context.Context) {
	media, share, frames := m.count()
	m.tell(ctx, media)
	wall := time.Since(m.began).Seconds()
	m.task.report(func(p *Progress) {
		p.Percent = encodeFrom + share*(encodeTo-encodeFrom)
		p.Media, p.Total = media, m.total
		if wall > 0 {
			p.Speed = media.Seconds() / wall
			p.FPS = float64(frames) / wall
		}
		if share > 0.01 {
			p.ETA = time.Duration(wall * (1 - share) / share * float64(time.Second)).Round(time.Second)
		}
	})
}

// tell tells the hooks what was read and encoded since the last time.
func (m *meter) tell(ctx context.Context, media time.Duration) {
	m.run.tellRead(ctx)
	m.run.hooks().add(ctx, CounterMedia, (media - m.told).Seconds())
	m.told = max(m.told, media)
}

// recordSpeed tells the hooks how fast all the encoding was.
func (m *meter) recordSpeed(ctx context.Context) {
	if wall := time.Since(m.began).Seconds(); wall > 0 && m.total > 0 {
		m.run.hooks().record(ctx, MeasureSpeed, m.total.Seconds()/wall)
	}
}

// count returns the media time that every encode has done, the share of all
// work, and the frames of the furthest encode.
func (m *meter) count() (media time.Duration, share float64, frames int64) {
	var sum float64
	n := 0
	media = -1
	add := func(c *encode.Counter, clip encode.Clip) {
		d := c.Encoded()
		if l := m.length(clip); l > 0 {
			d = min(d, l) // a chunk that is encoded again counts once
			sum += d.Seconds() / l.Seconds()
			n++
		}
		if media < 0 || d < media {
			media = d
		}
	}
	for _, v := range m.spec.Video {
		add(&v.Counter, v.Clip)
		frames = max(frames, int64(v.Counter.Encoded().Seconds()*v.FrameRate.Float64()+0.5))
	}
	for _, a := range m.spec.Audio {
		if len(m.spec.Video) == 0 { // next to picture, sound is no work
			add(&a.Counter, a.Clip)
		}
	}
	if n == 0 {
		return m.countStills()
	}
	return max(media, 0), sum / float64(n), frames
}

// countStills is count for jobs of images alone.
func (m *meter) countStills() (media time.Duration, share float64, frames int64) {
	total := 0
	for _, s := range m.spec.Stills {
		total += len(s.Times)
		frames += s.Done.Load()
	}
	if total > 0 {
		share = float64(frames) / float64(total)
	}
	return 0, share, frames
}

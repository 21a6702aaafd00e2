package transcode

import (
	"sync"
	"time"

	"github.com/rendition-sdk/rendition/internal/encode"
)

// meter turns the encode graph's counters into progress.
type meter struct {
	task  *Task
	spec  *encode.Spec
	total time.Duration
	began time.Time
	quit  chan struct{}
	done  sync.WaitGroup
}

func newMeter(r *jobRun) *meter {
	m := &meter{task: r.task, spec: r.spec, began: time.Now(), quit: make(chan struct{})}
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

func (m *meter) start() {
	m.done.Go(func() {
		tick := time.NewTicker(progressInterval)
		defer tick.Stop()
		for {
			select {
			case <-m.quit:
				m.report()
				return
			case <-tick.C:
				m.report()
			}
		}
	})
}

func (m *meter) stop() {
	close(m.quit)
	m.done.Wait()
}

func (m *meter) report() {
	media, share, frames := m.count()
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

// count returns the media time that every encode has done, the share of all
// work, and the frames of the furthest encode.
func (m *meter) count() (media time.Duration, share float64, frames int64) {
	var sum float64
	n := 0
	media = -1
	add := func(c *encode.Counter, clip encode.Clip) {
		d := c.Encoded()
		if media < 0 || d < media {
			media = d
		}
		if l := m.length(clip); l > 0 {
			sum += min(1, d.Seconds()/l.Seconds())
			n++
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

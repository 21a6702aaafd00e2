package chunk

import (
	"context"
	"time"

	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// clips encodes clips of a source whose key frames are not listed, one after the
// other. What is decoded before and behind them is taken off.
func (m *measuring) clips(ctx context.Context) (*Measured, error) {
	whole := m.spec.Video[0].Clip
	defer func() {
		for _, v := range m.spec.Video {
			v.Clip = whole
		}
	}()
	list := m.places(whole)
	for i := range list {
		if m.enough() {
			break
		}
		if err := m.clip(ctx, list[spread(i, len(list))]); err != nil {
			return nil, err
		}
	}
	m.out.CPU = time.Duration(float64(m.out.CPU) * m.wanted(m.more))
	return &m.out, nil
}

// places are where the clips lie: evenly, or one at the beginning where that is
// all that can be reached.
func (m *measuring) places(whole encode.Clip) []encode.Clip {
	o := m.o.Stretches
	length := m.spec.Media.Duration - whole.Start
	if whole.Duration > 0 {
		length = whole.Duration
	}
	all := time.Duration(o.Count) * o.Length
	if !m.spec.Media.Seekable || length <= 0 || length < all*3/2 {
		m.out.FromStart = length <= 0 || length >= all*3/2
		return []encode.Clip{{Start: whole.Start, Duration: all}}
	}
	var list []encode.Clip
	for i := range o.Count {
		at := time.Duration((float64(i) + 0.5) / float64(o.Count) * float64(length))
		list = append(list, encode.Clip{Start: whole.Start + at - o.Length/2, Duration: o.Length})
	}
	return list
}

// clip encodes one clip.
func (m *measuring) clip(ctx context.Context, c encode.Clip) error {
	lease, err := m.lease(ctx)
	if err != nil {
		return err
	}
	defer lease.Release()
	ends := make([]*pieceEnd, len(m.spec.Video))
	for i, v := range m.spec.Video {
		ends[i] = &pieceEnd{}
		v.Clip, v.Writers = c, []encode.SampleWriter{ends[i]}
	}
	timer := StartTimer()
	stats, err := encode.Run(ctx, m.spec)
	if err != nil {
		return err
	}
	took, s := timer(), Stretch{}
	for i, v := range m.spec.Video {
		s.add(v, ends[i].samples)
	}
	m.out.Timing = m.out.Plus(took)
	m.add(s)
	m.more += m.beside(stats, s.Length)
	return nil
}

// beside is how much was decoded before and behind a clip.
func (m *measuring) beside(stats *encode.Stats, length time.Duration) time.Duration {
	v := m.spec.Video[0]
	st, rate := stats.Streams[v.Stream], m.spec.Media.Streams[v.Stream].Video.FrameRate
	if st == nil || rate.Float64() <= 0 {
		return 0
	}
	return max(0, rate.Inv().Duration(int64(st.Frames))-length)
}

// pieceEnd keeps the sizes of samples.
type pieceEnd struct{ samples []packager.Sample }

// Start implements encode.SampleWriter.
func (*pieceEnd) Start(context.Context, packager.Track) error { return nil }

// WriteSample implements encode.SampleWriter.
func (e *pieceEnd) WriteSample(_ context.Context, s packager.Sample) error {
	e.samples = append(e.samples, s)
	return nil
}

// add notes the samples of the next video.
func (s *Stretch) add(v *encode.Video, samples []packager.Sample) {
	var bytes int64
	for i := range samples {
		bytes += int64(len(samples[i].Data))
	}
	s.Bytes, s.Samples = append(s.Bytes, bytes), append(s.Samples, int64(len(samples)))
	s.Length = max(s.Length, v.FrameRate.Inv().Duration(int64(len(samples))))
}

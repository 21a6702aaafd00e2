//go:build cgo

package encode

import (
	"fmt"
	"math"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
	"github.com/rendition-sdk/rendition/packager"
)

// wireAudio connects an audio task to its stream.
func (r *run) wireAudio(a *Audio) {
	if a.Copy {
		q := newQueue[*av.Packet](packetQueue)
		s := r.stream(a.Stream, a.Clip)
		s.copies = append(s.copies, q)
		r.spawn(func() error { return r.copyAudio(a, q) })
		return
	}
	q := r.frameQueue(a.Stream, a.Clip)
	r.spawn(func() error { return r.encodeAudio(a, q) })
}

// encodeAudio runs one audio encoder. Sound is laid on the source's clock:
// silence fills gaps and a late start, what overlaps is trimmed.
func (r *run) encodeAudio(a *Audio, in *queue[*av.Frame]) error {
	enc, err := av.NewAudioEncoder(av.AudioEncoderOptions{
		Codec: a.Codec, Bitrate: a.Bitrate, SampleRate: a.SampleRate, Channels: a.Channels, Logger: r.log,
	})
	if err != nil {
		return err
	}
	defer enc.Close()
	out := &sampleOut{run: r, writers: a.Writers, counter: &a.Counter, tick: 1 / float64(a.SampleRate)}
	if err := out.start(audioTrack(a, enc)); err != nil {
		return err
	}
	tb := r.in.TimeBase(a.Stream)
	// The source's sound may change its form; what is laid on the clock may not.
	form := av.NewGraph(formFilters(a), av.GraphOptions{TimeBase: tb})
	defer form.Close()
	graph := av.NewGraph(soundFilters(a, enc.FrameSize()), av.GraphOptions{TimeBase: rendition.Rational{Num: 1, Den: int64(a.SampleRate)}})
	defer graph.Close()
	write := func(p *av.Packet) error {
		return out.write(packager.Sample{PTS: p.PTS(), DTS: p.PTS(), Duration: p.Duration(), Key: true, Data: p.Data()})
	}
	encode := func(f *av.Frame) error {
		defer f.Free()
		return enc.Encode(f, write)
	}
	clock := &soundClock{
		rate: a.SampleRate, start: a.Clip.Start, length: a.Clip.Duration, total: r.spec.Media.Duration,
		put: func(f *av.Frame) error { return graph.Filter(f, encode) },
	}
	lay := func(f *av.Frame) error {
		defer f.Free()
		return clock.lay(f, float64(f.PTS())*form.TimeBase().Float64())
	}
	shift := durationTicks(tb, r.start+a.Clip.Start)
	err = in.each(r.ctx, func(f *av.Frame) error {
		defer f.Free()
		if r.outside(a, tb, f) {
			return nil
		}
		f.SetPTS(f.PTS() - shift)
		return form.Filter(f, lay)
	})
	if err != nil {
		return err
	}
	if err := form.Filter(nil, lay); err != nil {
		return err
	}
	if err := graph.Filter(nil, encode); err != nil {
		return err
	}
	return enc.Encode(nil, write)
}

// soundClock counts the samples of a track and fills its long gaps, so that a
// jump of the source's clock costs no memory. Short ones are the filter's work.
type soundClock struct {
	rate   int
	start  time.Duration // of the clip
	length time.Duration // of the clip; 0 for all
	total  time.Duration // of the source; 0 unknown
	next   int64         // where the next frame is expected
	put    func(*av.Frame) error
}

// lay puts f at a time in seconds from the clip's start, behind silence up to
// there. The frame stays the caller's.
func (c *soundClock) lay(f *av.Frame, at float64) error {
	gap := at - float64(c.next)/float64(c.rate)
	if gap > 1 {
		if err := c.allow(at, gap); err != nil {
			return err
		}
		if err := c.silence(f, int64(math.Round(at*float64(c.rate)))); err != nil {
			return err
		}
	}
	f.SetPTS(int64(math.Round(at * float64(c.rate))))
	c.next = max(c.next, f.PTS()+int64(f.Samples()))
	return c.put(f)
}

// allow refuses times that cannot be true.
func (c *soundClock) allow(at, gap float64) error {
	at += c.start.Seconds()
	if c.total > 0 && at > (c.total+maxOverrun).Seconds() || c.total <= 0 && gap > maxOverrun.Seconds() {
		return beyondEnd("sound", "heard", at)
	}
	return nil
}

// silence fills the samples up to end in frames of at most a second.
func (c *soundClock) silence(like *av.Frame, end int64) error {
	if c.length > 0 {
		end = min(end, int64(math.Ceil(c.length.Seconds()*float64(c.rate))))
	}
	for c.next < end {
		f, err := av.Silence(like, int(min(int64(c.rate), end-c.next)))
		if err != nil {
			return err
		}
		f.SetPTS(c.next)
		c.next += int64(f.Samples())
		err = c.put(f)
		f.Free()
		if err != nil {
			return err
		}
	}
	return nil
}

// outside reports whether f lies wholly before or after the clip.
func (r *run) outside(a *Audio, tb rendition.Rational, f *av.Frame) bool {
	at := r.time(tb, f.PTS()) - a.Clip.Start
	return at+tb.Duration(f.Duration()) <= 0 || (a.Clip.Duration > 0 && at >= a.Clip.Duration)
}

// soundFilters is the chain from decoded sound to the encoder's frames.
func soundFilters(a *Audio, frameSize int) string {
	chain := "aresample=async=1:first_pts=0," + formFilters(a)
	if a.Clip.Duration > 0 {
		chain += fmt.Sprintf(",atrim=end_sample=%d", int64(math.Round(a.Clip.Duration.Seconds()*float64(a.SampleRate))))
	}
	if frameSize > 0 {
		chain += fmt.Sprintf(",asetnsamples=n=%d:p=0", frameSize)
	}
	return chain
}

func audioTrack(a *Audio, enc *av.Encoder) packager.Track {
	return packager.Track{
		Type: rendition.Audio, Codec: a.Codec, Timescale: uint32(a.SampleRate), Config: enc.Config(),
		Language: a.Language, Title: a.Title, Default: true, SampleRate: a.SampleRate, Channels: a.Channels,
		EncoderDelay: int64(enc.InitialPadding()), Bitrate: a.Bitrate,
	}
}

// formFilters brings sound into the encoder's form.
func formFilters(a *Audio) string {
	return fmt.Sprintf("aformat=sample_fmts=%s:sample_rates=%d:channel_layouts=%s",
		av.AudioSampleFormat(a.Codec), a.SampleRate, av.AudioLayout(a.Channels))
}

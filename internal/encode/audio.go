//go:build cgo

package encode

import (
	"fmt"
	"math"

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
		r.group.Go(func() error { return r.copyAudio(a, q) })
		return
	}
	q := r.frameQueue(a.Stream, a.Clip)
	r.group.Go(func() error { return r.encodeAudio(a, q) })
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
	lay := func(f *av.Frame) error {
		defer f.Free()
		f.SetPTS(int64(math.Round(float64(f.PTS()) * form.TimeBase().Float64() * float64(a.SampleRate))))
		return graph.Filter(f, encode)
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

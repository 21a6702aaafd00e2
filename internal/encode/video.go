//go:build cgo

package encode

import (
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
	"github.com/rendition-sdk/rendition/packager"
)

// minTimescale keeps the tick of a video track fine enough to be told apart
// from sound's by players that round.
const minTimescale = 10000

// videoTimescale returns the ticks per second of a track of the given rate,
// and the ticks of one frame: both whole numbers, so that nothing drifts.
func videoTimescale(rate rendition.Rational) (timescale, frame int64) {
	timescale, frame = rate.Num, rate.Den
	for timescale < minTimescale {
		timescale, frame = timescale*2, frame*2
	}
	return timescale, frame
}

// videoEncode is one encode of a video, or of a piece of it.
type videoEncode struct {
	video      *Video
	bufferInit int
	writers    []SampleWriter
	counter    *Counter
	// live, if not nil, counts what is encoded but not yet written: then this is a
	// piece, and to the slot behind it, 0 for the end of the source.
	live *Counter
	to   int64
}

// encodeVideo runs one video encoder.
func (r *run) encodeVideo(e *videoEncode, in *queue[*av.Frame]) error {
	v := e.video
	src := r.spec.Media.Streams[v.Stream].Video
	opts := av.VideoEncoderOptions{
		Codec: v.Codec, Width: v.Width, Height: v.Height, FrameRate: v.FrameRate, PixelFormat: v.PixelFormat,
		Color: v.Color, CRF: v.CRF, Bitrate: v.Bitrate, MaxBitrate: v.MaxBitrate, BufferSize: v.BufferSize,
		BufferInit: e.bufferInit, Preset: v.Preset, Profile: v.Profile, KeyFrameInterval: v.KeyInterval, Threads: v.Threads, Logger: r.log,
	}
	if v.Color.IsHDR() {
		opts.MasteringDisplay, opts.ContentLight = src.MasteringDisplay, src.ContentLight
	}
	enc, err := av.NewVideoEncoder(opts)
	if err != nil {
		return err
	}
	defer enc.Close()
	timescale, frame := videoTimescale(v.FrameRate)
	out := &sampleOut{run: r, writers: e.writers, counter: e.counter, tick: 1 / float64(timescale)}
	if err := out.start(videoTrack(v, src, enc.Config(), timescale, &opts)); err != nil {
		return err
	}
	length := v.FrameRate.Inv().Duration(1)
	emit := func(p *av.Packet) error {
		if e.live != nil {
			e.live.AddEncoded(length)
		}
		return out.write(packager.Sample{
			PTS: p.PTS() * frame, DTS: p.DTS() * frame, Duration: frame, Key: p.Key(), Data: p.Data(),
		})
	}
	j := &joint{enc: enc, emit: emit}
	defer j.free()
	if e.live != nil { // a piece, of whose neighbors the encoder does not know
		j.Joint = opts.Joint()
		j.from = e.to - int64(j.Ahead) - 1
		if e.to == 0 { // nothing comes behind the last piece
			j.Ahead = 0
		}
	}
	err = in.each(r.ctx, func(f *av.Frame) error {
		defer f.Free()
		f.ForceKey(f.PTS()%int64(v.KeyInterval) == 0)
		return j.encode(f)
	})
	if err != nil {
		return err
	}
	return j.finish()
}

func videoTrack(v *Video, src *rendition.VideoInfo, config []byte, timescale int64, o *av.VideoEncoderOptions) packager.Track {
	if v.Codec == rendition.VP9 {
		config = nil // read from the first key frame
	}
	return packager.Track{
		Type: rendition.Video, Codec: v.Codec, Timescale: uint32(timescale), Config: config,
		Width: v.Width, Height: v.Height, SampleAspect: rendition.Rational{Num: 1, Den: 1}, FrameRate: v.FrameRate,
		Color: v.Color, MasteringDisplay: o.MasteringDisplay, ContentLight: o.ContentLight, Default: true,
	}
}

// sampleOut gives samples to all writers of a rendition and counts them.
type sampleOut struct {
	run     *run
	writers []SampleWriter
	counter *Counter
	tick    float64 // seconds
}

func (o *sampleOut) start(t packager.Track) error {
	for _, w := range o.writers {
		if err := w.Start(o.run.ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (o *sampleOut) write(s packager.Sample) error {
	for _, w := range o.writers {
		if err := w.WriteSample(o.run.ctx, s); err != nil {
			return err
		}
	}
	o.counter.add(len(s.Data), time.Duration(float64(s.PTS+s.Duration)*o.tick*float64(time.Second)))
	return nil
}

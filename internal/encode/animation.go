//go:build cgo

package encode

import (
	"math"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// animation makes a preview from the shared decode.
func (r *run) animation(a *Animation, in *queue[*av.Frame]) error {
	w := newAnimationWriter(r, a)
	defer w.close()
	tb := r.in.TimeBase(a.Stream)
	err := in.each(r.ctx, func(f *av.Frame) error {
		defer f.Free()
		return w.frame(f, r.time(tb, f.PTS()))
	})
	if err != nil {
		return err
	}
	return w.finish()
}

// animationTicks is the clock of an animation's frames while they are deinterlaced.
const animationTicks = 1_000_000

// animationWriter turns frames into an animated image. The frames to show are
// chosen before the filters, which may begin anew where the picture changes
// its shape.
type animationWriter struct {
	r      *run
	a      *Animation
	fields *av.Graph // deinterlaces; nil where there is nothing to do
	grid   rateGrid
	graph  *av.Graph
	enc    *av.Encoder
	out    *av.Output
	file   memoryFile
}

func newAnimationWriter(r *run, a *Animation) *animationWriter {
	w := &animationWriter{r: r, a: a}
	w.grid = rateGrid{fps: a.FPS.Float64(), limit: r.frameLimit(a.FPS)}
	if a.Clip.Duration > 0 {
		w.grid.end = max(1, int64(math.Round(a.Clip.Duration.Seconds()*w.grid.fps)))
	}
	if a.Deinterlace {
		w.fields = av.NewGraph("bwdif=mode=send_frame", av.GraphOptions{TimeBase: rendition.Rational{Num: 1, Den: animationTicks}})
	}
	desc := pictureFilters(r.spec.Media.Streams[a.Stream].Video, a.Width, a.Height, a.ToneMap, "yuv420p", rendition.Color{})
	desc += "," + av.AnimationFilters(a.Format)
	w.graph = av.NewGraph(desc, av.GraphOptions{TimeBase: a.FPS.Inv(), FrameRate: a.FPS})
	return w
}

// done reports that a frame at this time is after the clip.
func (w *animationWriter) done(at time.Duration) bool {
	return w.a.Clip.Duration > 0 && at >= w.a.Clip.Start+w.a.Clip.Duration
}

// frame takes the frame shown at a time; f stays the caller's.
func (w *animationWriter) frame(f *av.Frame, at time.Duration) error {
	if at < w.a.Clip.Start || w.done(at) {
		return nil
	}
	at -= w.a.Clip.Start
	if w.fields == nil {
		ref, err := f.Ref()
		if err != nil {
			return err
		}
		return w.grid.next(ref, at.Seconds(), 0, w.show)
	}
	f.SetPTS(at.Microseconds())
	f.SetDuration(0)
	return w.fields.Filter(f, w.progressive)
}

// progressive takes a deinterlaced frame.
func (w *animationWriter) progressive(f *av.Frame) error {
	return w.grid.next(f, float64(f.PTS())*w.fields.TimeBase().Float64(), 0, w.show)
}

// show makes f the animation's picture number slot.
func (w *animationWriter) show(f *av.Frame, slot int64) error {
	ref, err := f.Ref()
	if err != nil {
		return err
	}
	defer ref.Free()
	ref.SetPTS(slot)
	ref.SetDuration(1)
	return w.graph.Filter(ref, w.encode)
}

func (w *animationWriter) encode(f *av.Frame) error {
	defer f.Free()
	if w.enc == nil {
		if err := w.open(f); err != nil {
			return err
		}
	}
	return w.enc.Encode(f, w.write)
}

func (w *animationWriter) write(p *av.Packet) error { return w.out.WritePacket(0, p) }

func (w *animationWriter) open(first *av.Frame) error {
	enc, err := av.NewAnimationEncoder(w.a.Format, first, w.graph.TimeBase(), w.r.log)
	if err != nil {
		return err
	}
	w.enc = enc
	stream, err := av.StreamOf(enc)
	if err != nil {
		return err
	}
	opts := &av.OutputOptions{Muxer: map[string]string{"loop": "0"}} // for ever
	w.out, err = av.OpenOutput(w.r.ctx, &w.file, w.a.Format, []av.OutputStream{stream}, opts)
	return err
}

func (w *animationWriter) finish() error {
	if w.fields != nil {
		if err := w.fields.Filter(nil, w.progressive); err != nil {
			return err
		}
	}
	if err := w.hold(); err != nil {
		return err
	}
	if err := w.graph.Filter(nil, w.encode); err != nil {
		return err
	}
	if w.enc == nil {
		return nil // not one picture: the caller knows why
	}
	if err := w.enc.Encode(nil, w.write); err != nil {
		return err
	}
	if err := w.out.Close(); err != nil {
		return err
	}
	return w.a.Data(w.r.ctx, w.file.data)
}

// hold shows the last picture until the clip ends.
func (w *animationWriter) hold() error {
	if w.grid.held == nil || w.grid.end == 0 {
		return w.grid.flush(w.show)
	}
	return w.grid.fill(w.grid.end, w.show)
}

func (w *animationWriter) close() {
	w.grid.held.Free()
	if w.fields != nil {
		w.fields.Close()
	}
	w.graph.Close()
	w.enc.Close()
	if w.out != nil {
		w.out.Abort()
	}
}

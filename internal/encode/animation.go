//go:build cgo

package encode

import (
	"fmt"
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

// animationTicks is the clock of an animation's frames before its rate is made constant.
const animationTicks = 1000

// animationWriter turns frames into an animated image.
type animationWriter struct {
	r     *run
	a     *Animation
	graph *av.Graph
	enc   *av.Encoder
	out   *av.Output
	file  memoryFile
	last  int64
	held  *av.Frame // the last frame, shown until the clip ends
}

func newAnimationWriter(r *run, a *Animation) *animationWriter {
	desc := fmt.Sprintf("fps=%s:start_time=0,", a.FPS)
	if a.Deinterlace {
		desc = "bwdif=mode=send_frame," + desc
	}
	desc += pictureFilters(r.spec.Media.Streams[a.Stream].Video, a.Width, a.Height, a.ToneMap, "yuv420p", rendition.Color{})
	desc += "," + av.AnimationFilters(a.Format)
	graph := av.NewGraph(desc, av.GraphOptions{TimeBase: rendition.Rational{Num: 1, Den: animationTicks}})
	return &animationWriter{r: r, a: a, graph: graph, last: -1}
}

// done reports that a frame at this time is after the clip.
func (w *animationWriter) done(at time.Duration) bool {
	return w.a.Clip.Duration > 0 && at >= w.a.Clip.Start+w.a.Clip.Duration
}

func (w *animationWriter) frame(f *av.Frame, at time.Duration) error {
	if at < w.a.Clip.Start || w.done(at) {
		return nil
	}
	pts := (at - w.a.Clip.Start).Milliseconds()
	if pts <= w.last {
		return nil
	}
	w.last = pts
	f.SetPTS(pts)
	f.SetDuration(0)
	w.held.Free()
	var err error
	if w.held, err = f.Ref(); err != nil {
		return err
	}
	return w.graph.Filter(f, w.encode)
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
	if w.held != nil {
		end := w.a.Clip.Duration.Milliseconds()
		if end == 0 {
			end = w.last + int64(animationTicks/w.a.FPS.Float64())
		}
		w.held.SetPTS(max(w.last+1, end))
		if err := w.graph.Filter(w.held, w.encode); err != nil {
			return err
		}
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

func (w *animationWriter) close() {
	w.held.Free()
	w.graph.Close()
	w.enc.Close()
	if w.out != nil {
		w.out.Abort()
	}
}

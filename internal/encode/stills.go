//go:build cgo

package encode

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// stills takes pictures from the shared decode.
func (r *run) stills(s *Stills, in *queue[*av.Frame]) error {
	w := newStillWriter(r.ctx, s, r.spec.Media.Streams[s.Stream].Video, r.log)
	defer w.close()
	p := newPicker(s)
	defer p.close()
	tb := r.in.TimeBase(s.Stream)
	err := in.each(r.ctx, func(f *av.Frame) error {
		defer f.Free()
		if p.done() {
			return nil
		}
		return p.frame(f, r.time(tb, f.PTS()), w.still)
	})
	if err != nil {
		return err
	}
	if err := p.flush(w.still); err != nil {
		return err
	}
	return w.finish()
}

// stillWriter turns chosen frames into image files and sprite sheets.
type stillWriter struct {
	ctx   context.Context
	s     *Stills
	video *rendition.VideoInfo
	enc   *av.ImageEncoder
	tile  *av.Graph
	sheet *av.ImageEncoder
	tiles int64
	next  int // index of the next sheet
}

func newStillWriter(ctx context.Context, s *Stills, video *rendition.VideoInfo, log *slog.Logger) *stillWriter {
	w := &stillWriter{ctx: ctx, s: s, video: video, enc: av.NewImageEncoder(s.Format, s.Quality, log)}
	if s.Columns > 0 {
		w.sheet = av.NewImageEncoder(s.Format, s.Quality, log)
		desc := fmt.Sprintf("tile=%dx%d,%s", s.Columns, s.Rows, av.ImageFilters(s.Format))
		w.tile = av.NewGraph(desc, av.GraphOptions{TimeBase: rendition.Rational{Num: 1, Den: 1}})
	}
	return w
}

// still writes the picture f as number index; f stays the caller's.
func (w *stillWriter) still(index int, f *av.Frame) error {
	s := w.s
	if err := w.picture(f, s.Width, s.Height, av.ImageFilters(s.Format), func(out *av.Frame) error {
		data, err := w.enc.Encode(out)
		if err != nil {
			return err
		}
		return s.Still(w.ctx, index, data)
	}); err != nil {
		return err
	}
	defer s.Done.Add(1)
	if w.tile == nil {
		return nil
	}
	return w.picture(f, s.TileWidth, s.TileHeight, "null", func(out *av.Frame) error {
		out.SetPTS(w.tiles)
		w.tiles++
		return w.tile.Filter(out, w.writeSheet)
	})
}

// picture makes f upright, square and of the given size. Each picture has a
// graph of its own: single pictures far apart are no stream.
func (w *stillWriter) picture(f *av.Frame, width, height int, last string, emit func(*av.Frame) error) error {
	desc := pictureFilters(w.video, width, height, w.s.ToneMap, "yuv420p", rendition.Color{})
	if w.s.Deinterlace {
		desc = "bwdif=mode=send_frame:deint=all," + desc
	}
	if isRGB(w.video.PixelFormat) && w.s.Format == "png" && !w.s.ToneMap {
		desc = pictureFilters(w.video, width, height, false, "rgb24", rendition.Color{})
	}
	graph := av.NewGraph(desc+","+last, av.GraphOptions{TimeBase: rendition.Rational{Num: 1, Den: 1000}})
	defer graph.Close()
	done := false
	once := func(out *av.Frame) error {
		defer out.Free()
		if done {
			return nil
		}
		done = true
		return emit(out)
	}
	ref, err := f.Ref()
	if err != nil {
		return err
	}
	defer ref.Free()
	ref.SetPTS(0)
	if err := graph.Filter(ref, once); err != nil {
		return err
	}
	return graph.Filter(nil, once)
}

func (w *stillWriter) writeSheet(f *av.Frame) error {
	defer f.Free()
	data, err := w.sheet.Encode(f)
	if err != nil {
		return err
	}
	w.next++
	return w.s.Sheet(w.ctx, w.next-1, data)
}

// finish writes the last sheet, which may be partly empty.
func (w *stillWriter) finish() error {
	if w.tile == nil {
		return nil
	}
	return w.tile.Filter(nil, w.writeSheet)
}

func (w *stillWriter) close() {
	w.enc.Close()
	if w.tile != nil {
		w.tile.Close()
		w.sheet.Close()
	}
}

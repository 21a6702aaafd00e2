package transcode

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
)

// thumbnails plans one set of stills.
func (p *planner) thumbnails(i int, at string, o *ThumbnailsOutput) {
	if !p.needPicture(at, "a thumbnails") {
		return
	}
	times, ok := p.stillTimes(at, o)
	if !ok {
		return
	}
	v := p.picture.info
	t := ThumbnailTask{
		Output: i, Stream: p.picture.stream.Index, Dir: fmt.Sprintf("thumbs%d/", i), Times: times,
		Format: o.Format, Quality: o.Quality, Exact: o.Exact, Deinterlace: interlaced(v), ToneMap: isHDR(v),
	}
	if t.Format == "" {
		t.Format = imageFormats[0]
	}
	if t.Quality == 0 && t.Format != "png" {
		t.Quality = defaultQuality
	}
	t.Width, t.Height = ladder.Fit(v, o.Width, o.Height)
	if o.Sprite != nil && !p.tile(at, &t, o.Sprite) {
		return
	}
	if o.Sprite != nil && o.Width == 0 && o.Height == 0 {
		t.Width, t.Height = t.Sprite.Width, t.TileHeight
	}
	p.plan.Thumbnails = append(p.plan.Thumbnails, t)
}

// tile sets the grid; its width is that of the picture as shown, portrait or not.
func (p *planner) tile(at string, t *ThumbnailTask, s *Sprite) bool {
	t.Sprite = s.withDefaults()
	v := p.picture.info
	if w, h := v.DisplaySize(); h > w {
		t.Sprite.Width, t.TileHeight = ladder.Fit(v, 0, t.Sprite.Width)
	} else {
		t.Sprite.Width, t.TileHeight = ladder.Fit(v, t.Sprite.Width, 0)
	}
	if side := t.Sprite.Rows * t.TileHeight; side > MaxSheetSide {
		p.invalid(fieldPath(at, "sprite"),
			"a sheet of %d rows of %d pixels is %d high, at most %d are allowed; use fewer rows or a smaller width",
			t.Sprite.Rows, t.TileHeight, side, MaxSheetSide)
		return false
	}
	// Where one sheet holds all stills, it has no empty rows and columns.
	if n := len(t.Times); n < t.Sprite.Columns*t.Sprite.Rows {
		t.Sprite.Columns = min(t.Sprite.Columns, n)
		t.Sprite.Rows = (n + t.Sprite.Columns - 1) / t.Sprite.Columns
	}
	return true
}

// stillTimes turns interval, count or times into ascending times.
func (p *planner) stillTimes(at string, o *ThumbnailsOutput) ([]time.Duration, bool) {
	total := p.media.Duration
	if total <= 0 && o.Times == nil {
		p.input(at, "give times instead", "the source's duration is not known")
		return nil, false
	}
	switch {
	case o.Times != nil:
		return p.askedTimes(fieldPath(at, "times"), o.Times)
	case o.Interval > 0:
		step := o.Interval.Duration()
		n := (total + step - 1) / step
		if n > MaxThumbnails {
			p.invalid(fieldPath(at, "interval"), "would make %d stills, at most %d are allowed; use %s or more",
				n, MaxThumbnails, Time((total+MaxThumbnails-1)/MaxThumbnails).Duration().Round(time.Millisecond))
			return nil, false
		}
		times := make([]time.Duration, n)
		for i := range times {
			times[i] = time.Duration(i) * step
		}
		return times, true
	default:
		times := make([]time.Duration, o.Count)
		share := float64(total) / float64(o.Count)
		for i := range times {
			times[i] = min(time.Duration((float64(i)+0.5)*share), total-1)
		}
		return times, true
	}
}

func (p *planner) askedTimes(at string, asked []Time) ([]time.Duration, bool) {
	total, good := p.media.Duration, true
	times := make([]time.Duration, len(asked))
	for i, t := range asked {
		times[i] = t.Duration()
		if total > 0 && times[i] >= total {
			p.invalid(itemPath(at, i), "is %s, but the source ends at %s", t, shortTime(total))
			good = false
		}
	}
	slices.Sort(times)
	return times, good
}

// animation plans one animated preview.
func (p *planner) animation(i int, at string, o *GIFOutput) {
	if !p.needPicture(at, "a gif") {
		return
	}
	clip, ok := p.clip(at, o.Start, o.Duration)
	if !ok {
		return
	}
	if clip.Duration == 0 {
		clip.Duration = p.media.Duration - clip.Start
	}
	v := p.picture.info
	t := AnimationTask{
		Output: i, Stream: p.picture.stream.Index, Clip: clip, FPS: rendition.NewRational(o.FPS.Num, o.FPS.Den), Format: o.Format,
		Deinterlace: interlaced(v), ToneMap: isHDR(v),
	}
	if t.Format == "" {
		t.Format = animationFormats[0]
	}
	if t.FPS.IsZero() {
		t.FPS = rendition.Rational{Num: defaultAnimationFPS, Den: 1}
	}
	width := o.Width
	if o.Width == 0 && o.Height == 0 {
		width = defaultAnimationWidth
	}
	t.Width, t.Height = ladder.Fit(v, width, o.Height)
	frames := max(1, int64(math.Ceil(clip.Duration.Seconds()*t.FPS.Float64())))
	if n := int64(t.Width) * int64(t.Height) * frames; n > MaxAnimationPixels {
		p.invalid(at,
			"a preview of %d frames of %dx%d has %d pixels, at most %d are allowed; use a smaller width, a lower fps or a shorter duration",
			frames, t.Width, t.Height, n, MaxAnimationPixels)
		return
	}
	t.Path = fmt.Sprintf("output_%d.%s", i, t.Format)
	p.plan.Animations = append(p.plan.Animations, t)
}

package transcode

// imageFormats and animationFormats, the default first.
var (
	imageFormats     = []string{"jpg", "png", "webp"}
	animationFormats = []string{"gif", "webp"}
)

// defaultTileWidth and the others are what an output leaves open.
const (
	defaultTileWidth      = 160
	defaultSheetTiles     = 10
	defaultQuality        = 80
	defaultAnimationWidth = 480
	defaultAnimationFPS   = 10
)

func (v *validator) thumbnails(at string, o *ThumbnailsOutput) {
	given := 0
	for _, set := range []bool{o.Interval != 0, o.Count != 0, o.Times != nil} {
		if set {
			given++
		}
	}
	if given != 1 {
		v.invalid(at, "needs exactly one of interval, count and times, got %d", given)
	}
	if o.Interval != 0 && (o.Interval < MinThumbnailInterval || o.Interval > MaxTime) {
		v.invalid(fieldPath(at, "interval"), "must be %s to %s, got %s", MinThumbnailInterval, MaxTime, o.Interval)
	}
	if o.Count < 0 || o.Count > MaxThumbnails {
		v.invalid(fieldPath(at, "count"), "must be 1 to %d, got %d", MaxThumbnails, o.Count)
	}
	if o.Times != nil {
		v.stillTimes(fieldPath(at, "times"), o.Times)
	}
	v.size(at, o.Width, o.Height)
	v.word(fieldPath(at, "format"), o.Format, imageFormats)
	switch {
	case o.Quality != 0 && o.Format == "png":
		v.invalid(fieldPath(at, "quality"), "does not go with png, which is lossless; remove it")
	case o.Quality < 0 || o.Quality > 100:
		v.invalid(fieldPath(at, "quality"), "must be 1 to 100, got %d", o.Quality)
	}
	if o.Sprite != nil {
		v.sprite(fieldPath(at, "sprite"), o.Sprite)
	}
}

func (v *validator) stillTimes(at string, times []Time) {
	if len(times) == 0 || len(times) > MaxThumbnails {
		v.invalid(at, "must have 1 to %d entries, got %d", MaxThumbnails, len(times))
		return
	}
	first := map[Time]int{}
	for i, t := range times {
		if t < 0 || t > MaxTime {
			v.invalid(itemPath(at, i), "must be 0 to %s, got %s", MaxTime, t)
		}
		if j, ok := first[t]; ok {
			v.invalid(itemPath(at, i), "is the same time as %s; remove one", itemPath(at, j))
			continue
		}
		first[t] = i
	}
}

func (v *validator) sprite(at string, s *Sprite) {
	for _, f := range []struct {
		name string
		n    int
	}{{"columns", s.Columns}, {"rows", s.Rows}} {
		if f.n < 0 || f.n > MaxSpriteTiles {
			v.invalid(fieldPath(at, f.name), "must be 1 to %d, got %d", MaxSpriteTiles, f.n)
		}
	}
	v.side(at, "width", s.Width)
	full := s.withDefaults()
	if side := full.Columns * full.Width; side > MaxSheetSide && full.Columns <= MaxSpriteTiles && full.Width <= MaxDimension {
		v.invalid(at, "a sheet of %d columns of %d pixels is %d wide, at most %d are allowed; use fewer columns or a smaller width",
			full.Columns, full.Width, side, MaxSheetSide)
	}
}

// withDefaults returns a complete copy.
func (s *Sprite) withDefaults() *Sprite {
	c := *s
	if c.Columns == 0 {
		c.Columns = defaultSheetTiles
	}
	if c.Rows == 0 {
		c.Rows = defaultSheetTiles
	}
	if c.Width == 0 {
		c.Width = defaultTileWidth
	}
	return &c
}

func (v *validator) gif(at string, o *GIFOutput) {
	v.time(at, "start", o.Start)
	switch {
	case o.Duration == 0:
		v.invalid(fieldPath(at, "duration"), "is required, at most %s", MaxGIFDuration)
	case o.Duration < 0 || o.Duration > MaxGIFDuration:
		v.invalid(fieldPath(at, "duration"), "must be at most %s, got %s", MaxGIFDuration, o.Duration)
	}
	v.size(at, o.Width, o.Height)
	v.fps(at, o.FPS, MaxAnimationFPS)
	v.word(fieldPath(at, "format"), o.Format, animationFormats)
}

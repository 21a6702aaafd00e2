package ladder

import (
	"errors"
	"math"
	"slices"

	"github.com/rendition-sdk/rendition"
)

const (
	// minStep is the least factor between the bitrates of neighbors.
	minStep = 1.2
	// ownRung is how far the source's short side must lie above the largest
	// rung that fits, as a factor, to earn a rung of its own size.
	ownRung = 1.1
)

// Auto returns the ladder for one source: the rungs of the base ladder that
// the source can fill, in the source's shape, at rates it can pay for. The
// package documentation gives the rules. When the source lies between two rungs (804
// lines between 720 and 1080), the largest rung has the source's size.
//
// The ladder is not empty, satisfies Validate, and depends on nothing but the
// arguments, which are not changed. A source whose bitrate is unknown is not
// capped by it; one whose frame rate is unknown counts as 30.
//
// Errors: InvalidInput for a source without moving picture or without a size;
// InvalidJob for options, all problems joined.
func Auto(media *rendition.Media, o *Options) (Ladder, error) {
	opt, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	src, err := newSource(media, opt.Codec)
	if err != nil {
		return nil, err
	}
	sides := src.shortSides(&opt)
	rungs := make(Ladder, 0, len(sides))
	for _, s := range sides {
		rungs = append(rungs, src.rung(s, &opt))
	}
	if opt.UniformFPS {
		src.unify(rungs, sides, &opt)
	}
	return thin(spread(rungs), opt.MaxRungs), nil
}

// source is what Auto needs to know, lying down: width >= height.
type source struct {
	width, height int
	portrait      bool
	fps           float64
	rate          rendition.Rational
	variable      bool
	// ceiling is the most that a rung of full size may take; +Inf when unknown.
	ceiling float64
}

func newSource(media *rendition.Media, codec rendition.Codec) (*source, error) {
	bad := func(text, hint string) error {
		return &rendition.Error{Kind: rendition.InvalidInput, Op: "ladder: auto", Err: errors.New(text), Hint: hint}
	}
	if media == nil {
		return nil, bad("no media", "probe the source first")
	}
	stream := media.VideoStream()
	if stream == nil {
		return nil, bad("the source has no moving picture", "ask for audio outputs only")
	}
	v := stream.Video
	if v.Width <= 0 || v.Height <= 0 {
		return nil, bad("the source's picture has no size", "check that the source plays")
	}
	s := &source{variable: v.VariableFrameRate, ceiling: math.Inf(1)}
	s.width, s.height = Fit(v, 0, 0)
	if s.height > s.width {
		s.width, s.height, s.portrait = s.height, s.width, true
	}
	s.rate = v.FrameRate
	if s.rate.IsZero() {
		s.rate = v.BaseFrameRate
	}
	if s.rate.IsZero() || badFPS(s.rate) {
		s.rate = rendition.Rational{}
	}
	s.fps = s.rate.Float64()
	if rate := videoBitrate(media, stream); rate > 0 {
		s.ceiling = float64(rate) * relativeBits(codec) / relativeBits(stream.Codec)
	}
	return s, nil
}

// videoBitrate is the stream's own figure, else what the file's leaves after
// sound, else 0.
func videoBitrate(media *rendition.Media, stream *rendition.Stream) int64 {
	if stream.Bitrate >= minBitrate {
		return stream.Bitrate
	}
	rate := media.Bitrate
	if seconds := max(media.DurationSeconds, media.Duration.Seconds()); rate < minBitrate && media.Size > 0 && seconds > 0 {
		rate = int64(min(float64(media.Size)*8/seconds, maxBitrate))
	}
	for _, a := range media.AudioStreams() {
		if a.Bitrate > 0 && a.Bitrate < rate {
			rate -= a.Bitrate
		}
	}
	if rate < minBitrate {
		return 0
	}
	return rate
}

// side is a wish for one rung: its short side, and the base rung it stands for.
type side struct {
	short int
	base  Rung
}

// shortSides picks the base rungs that fit, and the source's own size where it
// lies well above them. Where it lies just above them (240 lines above 234) the
// top ones take its size. There is at least one.
func (s *source) shortSides(opt *Options) []side {
	limit := s.height
	if opt.MaxHeight > 0 {
		limit = min(limit, floorEven(opt.MaxHeight))
	}
	var list []side
	top := 0
	for _, r := range opt.Base {
		short := r.ShortSide()
		if short <= limit {
			top = max(top, short)
		}
		if short <= limit && short >= opt.MinHeight {
			list = append(list, side{short, r})
		}
	}
	largest := opt.Base[len(opt.Base)-1]
	between := limit > top && limit < largest.ShortSide()
	switch {
	case len(list) == 0 || between && float64(limit) > float64(top)*ownRung:
		list = append(list, side{limit, own(opt.Base, limit)})
	case between && limit == s.height:
		for i := range list {
			if list[i].short == top {
				list[i].short = limit // not worth a resize
			}
		}
	}
	return list
}

// own is a rung at a short side that the base does not have.
func own(base Ladder, short int) Rung {
	r := base[len(base)-1]
	bitrate := max(int64(interpolate(base, float64(short), shortOf, 2*pixelPower)), 1)
	r.MaxBitrate, r.BufferSize = scalePeak(r, bitrate)
	r.Bitrate, r.FPS = bitrate, rendition.Rational{}
	return r
}

func shortOf(r Rung) float64 { return float64(r.ShortSide()) }

// rung shapes one base rung to the source.
func (s *source) rung(w side, opt *Options) Rung {
	r := w.base
	r.Width, r.Height = fitLandscape(s.width, s.height, 0, w.short)
	if s.portrait {
		r.Width, r.Height = r.Height, r.Width
	}
	r.FPS = s.limitFPS(lower(w.base.FPS, opt.MaxFPS))
	return s.priced(r, w, opt)
}

// priced sets the rates of r for its FPS.
func (s *source) priced(r Rung, w side, opt *Options) Rung {
	base := float64(w.base.Bitrate)
	aspect := float64(s.width) / float64(s.height)
	baseLong := max(w.base.Width, w.base.Height)
	baseAspect := float64(baseLong) / float64(w.base.ShortSide())
	fps := s.fps
	if !r.FPS.IsZero() {
		fps = r.FPS.Float64()
	}
	want := base * math.Pow(aspect/baseAspect, pixelPower) * fpsFactor(opt.Codec, fps)
	have := s.ceiling * math.Pow(float64(w.short)/float64(s.height), 2*pixelPower)
	r.Bitrate = roundRate(min(want, have))
	r.MaxBitrate, r.BufferSize = scalePeak(w.base, r.Bitrate)
	return r
}

// unify gives all rungs the frame rate of the last.
func (s *source) unify(rungs Ladder, sides []side, opt *Options) {
	fps := rungs[len(rungs)-1].FPS
	for i := range rungs {
		rungs[i].FPS = fps
		rungs[i] = s.priced(rungs[i], sides[i], opt)
	}
}

// scalePeak keeps the ratios of base's peak and buffer at another bitrate;
// what base leaves open stays 0.
func scalePeak(base Rung, bitrate int64) (peak, buffer int64) {
	ratio := float64(bitrate) / float64(base.Bitrate)
	if base.MaxBitrate > 0 {
		peak = max(int64(min(math.Round(float64(base.MaxBitrate)*ratio), maxPeak)), bitrate)
	}
	if base.BufferSize > 0 {
		buffer = max(int64(min(math.Round(float64(base.BufferSize)*ratio), maxBuffer)), 1)
	}
	return peak, buffer
}

// lower returns the lesser rate; zero is no limit.
func lower(a, b rendition.Rational) rendition.Rational {
	if a.IsZero() || !b.IsZero() && b.Float64() < a.Float64() {
		return b
	}
	return a
}

// limitFPS returns the output rate for a limit, zero when the source is within
// it (29.97 is within 30, and 30.02 too). Every n-th picture is taken where that stays near the
// limit (50 for 30 gives 25, 59.94 gives 29.97); else, and for variable rates, the limit.
func (s *source) limitFPS(limit rendition.Rational) rendition.Rational {
	top := limit.Float64()
	if s.fps <= top*highFPS/30 {
		return rendition.Rational{}
	}
	n := int64(math.Ceil(s.fps / (top * 1.01)))
	if s.variable || s.fps/float64(n) < 0.75*top {
		return limit
	}
	return rendition.NewRational(s.rate.Num, s.rate.Den*n)
}

// spread drops rungs that lie too near to the next larger one.
func spread(rungs Ladder) Ladder {
	kept := Ladder{rungs[len(rungs)-1]}
	for _, r := range slices.Backward(rungs[:len(rungs)-1]) {
		if float64(r.Bitrate)*minStep <= float64(kept[len(kept)-1].Bitrate) {
			kept = append(kept, r)
		}
	}
	slices.Reverse(kept)
	return kept
}

// thin keeps n rungs, spread evenly, the last always and the first when n > 1.
func thin(rungs Ladder, n int) Ladder {
	if n <= 0 || len(rungs) <= n {
		return rungs
	}
	if n == 1 {
		return rungs[len(rungs)-1:]
	}
	kept := make(Ladder, n)
	for i := range n {
		kept[i] = rungs[(i*(len(rungs)-1)+(n-1)/2)/(n-1)]
	}
	return kept
}

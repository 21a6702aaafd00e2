//go:build cgo

package encode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// checkGrids proves that copied video has key frames where the segments of
// other renditions begin. It comes before anything is written.
func checkGrids(ctx context.Context, spec *Spec) error {
	for _, v := range spec.Video {
		if !v.Copy || len(v.Grids) == 0 {
			continue
		}
		keys, err := findKeys(ctx, spec, v)
		if err != nil {
			return err
		}
		for _, step := range v.Grids {
			if err := keys.meet(step.Float64()); err != nil {
				return &rendition.Error{
					Kind: rendition.InvalidInput, Op: opCopy, Key: spec.Source.Name(), Err: err,
					Hint: `encode that rung: give a codec other than "copy"; or choose another segment_duration, or copy without other rungs`,
				}
			}
		}
	}
	return nil
}

// keyFrames are the times of a stream's key frames in seconds, ascending.
type keyFrames struct {
	times []float64
	frame float64 // usual length of a picture
	end   float64
}

// meet compares the key frames with the multiples of step, in seconds.
func (k *keyFrames) meet(step float64) error {
	for n := 1.0; n*step < k.end-k.frame/2; n++ {
		at := n * step
		i := sort.SearchFloat64s(k.times, at-k.frame/2)
		if i == len(k.times) || k.times[i] > at+k.frame/2 {
			return fmt.Errorf("the picture to copy has no key frame at %s, where a segment of the other rungs begins; its key frames lie %s",
				secondsText(at), k.distance())
		}
	}
	return nil
}

// distance says how far key frames are from each other.
func (k *keyFrames) distance() string {
	if len(k.times) < 2 {
		return "at its beginning alone"
	}
	least, most := math.Inf(1), 0.0
	for i, t := range k.times[1:] {
		least, most = min(least, t-k.times[i]), max(most, t-k.times[i])
	}
	if most-least <= k.frame {
		return secondsText(least) + " apart"
	}
	return fmt.Sprintf("%s to %s apart", secondsText(least), secondsText(most))
}

// findKeys finds the key frames that v copies: in the demuxer's index where
// that lists all of them, else by reading the stream.
func findKeys(ctx context.Context, spec *Spec, v *Video) (*keyFrames, error) {
	in, err := av.OpenInput(ctx, spec.Source, &av.InputOptions{Logger: spec.Logger})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	for i := range in.Streams() {
		if i != v.Stream {
			in.Discard(i)
		}
	}
	k := &keyFrames{frame: 1.0 / 60}
	stream := &spec.Media.Streams[v.Stream]
	if rate := stream.Video.FrameRate.Float64(); rate > 0 {
		k.frame = 1 / rate
	}
	f := &keyFinder{ctx: ctx, in: in, stream: v.Stream, keys: k}
	// An index has decoding times. Pictures at an even rate are shown the same
	// time later, others are not.
	if ticks := in.KeyFrames(v.Stream); len(ticks) > 0 && in.IndexIsWhole(v.Stream) && !stream.Video.VariableFrameRate {
		err = f.fromIndex(ticks)
	} else {
		err = f.fromPackets(spec.Media.Container)
	}
	if err != nil {
		return nil, err
	}
	if end := v.Clip.Duration.Seconds(); end > 0 {
		k.end = min(k.end, end)
	}
	slices.Sort(k.times)
	return k, nil
}

// keyFinder fills keys.
type keyFinder struct {
	ctx    context.Context
	in     *av.Input
	stream int
	keys   *keyFrames
}

func (f *keyFinder) time(ticks int64) float64 {
	return float64(ticks)*f.in.TimeBase(f.stream).Float64() - f.in.StartTime().Seconds()
}

// fromIndex takes the times of the index, and from the first key frame how
// much later than decoded it is shown.
func (f *keyFinder) fromIndex(ticks []int64) error {
	delay := int64(0)
	err := f.each(func(p *av.Packet) bool {
		if !p.Key() || p.PTS() == av.NoTimestamp || p.DTS() == av.NoTimestamp {
			return true
		}
		delay = p.PTS() - p.DTS()
		return false
	})
	for _, t := range ticks {
		f.keys.times = append(f.keys.times, f.time(t+delay))
	}
	f.keys.end = f.time(f.in.Index(f.stream).Last+delay) + f.keys.frame
	return err
}

func (f *keyFinder) fromPackets(container string) error {
	fix := newDiscontinuity(container)
	return f.each(func(p *av.Packet) bool {
		fix.adjust(p, f.in.TimeBase(f.stream))
		if p.PTS() == av.NoTimestamp {
			return true
		}
		if p.Key() {
			f.keys.times = append(f.keys.times, f.time(p.PTS()))
		}
		f.keys.end = max(f.keys.end, f.time(p.PTS()+p.Duration()))
		return true
	})
}

// each calls take for the stream's packets until that wants no more.
func (f *keyFinder) each(take func(*av.Packet) bool) error {
	p := av.NewPacket()
	defer p.Free()
	for {
		if f.ctx.Err() != nil {
			return context.Cause(f.ctx)
		}
		err := f.in.ReadPacket(p)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if p.Stream() == f.stream && !take(p) {
			return nil
		}
	}
}

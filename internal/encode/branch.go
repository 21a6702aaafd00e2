//go:build cgo

package encode

import (
	"cmp"
	"slices"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// branch is a set of encodes that share everything but size and encoder
// settings: they take the same pictures at the same times.
type branch struct {
	branchKey
	// sizes are the distinct sizes, largest first; each is scaled from the one
	// before it, which costs a fraction of scaling each from the source.
	sizes []*size
}

type branchKey struct {
	stream      int
	rate        rendition.Rational
	deinterlace bool
	toneMap     bool
	pixelFormat string
	color       rendition.Color
	clip        Clip
	keys        int // distance of key frames
}

// size is one picture size of a branch and the encodes that use it.
type size struct {
	width, height int
	videos        []*Video
}

// branches groups the encodes.
func branches(videos []*Video) []*branch {
	var list []*branch
	for _, v := range videos {
		if v.Copy {
			continue
		}
		key := branchKey{v.Stream, v.FrameRate, v.Deinterlace, v.ToneMap, v.PixelFormat, v.Color, v.Clip, v.KeyInterval}
		i := slices.IndexFunc(list, func(b *branch) bool { return b.branchKey == key })
		if i < 0 {
			i = len(list)
			list = append(list, &branch{branchKey: key})
		}
		list[i].add(v)
	}
	for _, b := range list {
		slices.SortStableFunc(b.sizes, func(x, y *size) int { return cmp.Compare(y.width*y.height, x.width*x.height) })
	}
	return list
}

func (b *branch) add(v *Video) {
	for _, s := range b.sizes {
		if s.width == v.Width && s.height == v.Height {
			s.videos = append(s.videos, v)
			return
		}
	}
	b.sizes = append(b.sizes, &size{width: v.Width, height: v.Height, videos: []*Video{v}})
}

// wireBranch starts a branch: the constant rate, then the chain of sizes.
func (r *run) wireBranch(b *branch) error {
	in := r.frameQueue(b.stream, b.clip)
	even := r.newFrames()
	r.spawn(func() error {
		return feeding(r.constantRate(b, in, even), []*queue[*av.Frame]{even})
	})
	out := even
	for i, s := range b.sizes {
		from, desc := out, r.firstFilters(b, s)
		if i > 0 {
			desc = nextFilters(b, s)
		}
		var outs []*queue[*av.Frame]
		for _, v := range s.videos {
			q := r.newFrames()
			outs = append(outs, q)
			r.spawn(func() error {
				return r.encodeVideo(&videoEncode{video: v, writers: v.Writers, counter: &v.Counter}, q)
			})
		}
		if i < len(b.sizes)-1 {
			out = r.newFrames()
			outs = append(outs, out)
		}
		r.spawn(func() error { return r.scale(b, desc, from, outs) })
	}
	return nil
}

// scale runs one size of a branch.
func (r *run) scale(b *branch, desc string, in *queue[*av.Frame], outs []*queue[*av.Frame]) error {
	graph := av.NewGraph(desc, av.GraphOptions{TimeBase: b.rate.Inv(), FrameRate: b.rate})
	defer graph.Close()
	emit := func(f *av.Frame) error { return fanOut(r.ctx, f, outs) }
	err := in.each(r.ctx, func(f *av.Frame) error {
		defer f.Free()
		return graph.Filter(f, emit)
	})
	if err != nil {
		return err
	}
	return feeding(graph.Filter(nil, emit), outs)
}

//go:build cgo

package encode

import (
	"context"
	"math"
	"slices"
	"time"
)

// NewStretches is a Chunker to measure with: some of its chunks are short
// stretches spread over the video, and list says which. It takes what NewChunker
// refuses for being short or for its rate control. ctx covers the Chunker's whole
// life; the error is a *NotCutError where the source has no index of key frames.
func NewStretches(ctx context.Context, spec *Spec, o StretchOptions) (c *Chunker, list []int, err error) {
	if len(spec.Video) == 0 || !HasIndex(spec.Media) {
		return nil, nil, &NotCutError{"its container has no index of key frames"}
	}
	c = newChunker(ctx, spec)
	c.stream, c.branches = spec.Video[0].Stream, branches(spec.Video)
	if list, err = c.spread(o); err != nil {
		c.Close()
		return nil, nil, err
	}
	return c, list, nil
}

// spread fills in starts and returns the chunks that are stretches.
func (c *Chunker) spread(o StretchOptions) (list []int, err error) {
	in, err := c.input()
	if err != nil {
		return nil, err
	}
	defer c.release(in)
	for _, b := range c.branches {
		if c.grids[b], err = c.lay(in, b); err != nil {
			return nil, err
		}
	}
	if err := c.findKeys(in); err != nil {
		return nil, err
	}
	from, to := c.span()
	points := c.points(from, to, CutOptions{})
	g := c.grids[c.branches[0]]
	size := max(1, int(math.Round(o.Length.Seconds()*g.fps/float64(g.keys))))
	for _, j := range spreadStretches(points, c.usable(), size, o.Count) {
		if n := len(c.starts); n == 0 && j > 0 {
			c.starts = append(c.starts, points[0])
		}
		if n := len(c.starts); n == 0 || c.starts[n-1] < points[j] {
			c.starts = append(c.starts, points[j])
		}
		list = append(list, len(c.starts)-1)
		if j+size < len(points) {
			c.starts = append(c.starts, points[j+size])
		}
	}
	return list, nil
}

// RunUp is what chunk k costs beside its own length, as so much decoding: the way
// from the key frame before it, but for pictures that nothing refers to, and the
// opening of encoders.
func (c *Chunker) RunUp(k int) time.Duration {
	keys := c.usable()
	next, _ := slices.BinarySearch(keys, c.starts[k]+0.001)
	return seconds((c.starts[k]-keys[max(0, next-1)])*runUpShare + costOfChunk)
}

//go:build cgo

package encode

import (
	"fmt"
	"math"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// maxOverrun is how far past the source's duration frames may lie before its
// timestamps are taken for broken, and, where the duration is not known, how
// long one gap between them may be.
const maxOverrun = time.Hour

// constantRate turns frames at any times into frames 0, 1, 2 ... at a constant
// rate, repeating and leaving out as the times say, so that sound and picture
// stay together whatever the source's clock does. Output times count frames.
func (r *run) constantRate(b *branch, in, out *queue[*av.Frame]) error {
	c := r.newConstant(b, out)
	defer c.close()
	if err := in.each(r.ctx, c.take); err != nil {
		return err
	}
	return c.flush()
}

// constant is the front of a branch: decoded frames in, frames of a constant
// rate out, deinterlaced where that is asked for.
type constant struct {
	run    *run
	branch *branch
	grid   *rateGrid
	fields *av.Graph // deinterlaces; nil where there is nothing to do
	out    *queue[*av.Frame]
}

func (r *run) newConstant(b *branch, out *queue[*av.Frame]) *constant {
	c := &constant{run: r, branch: b, out: out, grid: &rateGrid{fps: b.rate.Float64(), limit: r.frameLimit(b.rate), end: b.lastSlot()}}
	if b.deinterlace {
		c.fields = av.NewGraph("bwdif=mode=send_frame", av.GraphOptions{TimeBase: r.in.TimeBase(b.stream)})
	}
	return c
}

// lastSlot is the slot behind the branch's clip, 0 where it goes to the end.
func (b *branch) lastSlot() int64 {
	return int64(math.Round(b.clip.Duration.Seconds() * b.rate.Float64()))
}

// take owns f.
func (c *constant) take(f *av.Frame) error {
	if c.fields == nil {
		return c.place(f, c.run.in.TimeBase(c.branch.stream))
	}
	defer f.Free()
	return c.fields.Filter(f, c.progressive)
}

// progressive takes a deinterlaced frame; bwdif counts in half ticks.
func (c *constant) progressive(f *av.Frame) error { return c.place(f, c.fields.TimeBase()) }

func (c *constant) place(f *av.Frame, tb rendition.Rational) error {
	at := c.run.time(tb, f.PTS()) - c.branch.clip.Start
	return c.grid.next(f, at.Seconds(), tb.Duration(f.Duration()).Seconds(), c.emit)
}

func (c *constant) emit(f *av.Frame, slot int64) error {
	ref, err := f.Ref()
	if err != nil {
		return err
	}
	ref.SetPTS(slot)
	ref.SetDuration(1)
	return c.out.send(c.run.ctx, ref)
}

// flush ends the source.
func (c *constant) flush() error {
	if c.fields != nil {
		if err := c.fields.Filter(nil, c.progressive); err != nil {
			return err
		}
	}
	return c.grid.flush(c.emit)
}

func (c *constant) close() {
	c.grid.held.Free()
	c.grid.held = nil
	if c.fields != nil {
		c.fields.Close()
	}
}

// frameLimit is the number of output frames beyond which the source's
// timestamps must be wrong; 0 where its duration is not known.
func (r *run) frameLimit(rate rendition.Rational) int64 {
	if r.spec.Media.Duration <= 0 {
		return 0
	}
	return int64((r.spec.Media.Duration + maxOverrun).Seconds() * rate.Float64())
}

// rateGrid is the state of constantRate. Each input frame fills the slots from
// its own time to the next frame's.
type rateGrid struct {
	fps    float64
	end    int64 // no slot from here on; 0 for no end
	limit  int64 // no true slot lies beyond it; 0 for not known
	held   *av.Frame
	first  bool
	origin float64 // time of the first frame
	base   int64   // slot of the first frame
	slot   int64   // next slot to fill
	until  float64 // end of the held frame
	done   bool

	heldSlot int64 // the held frame's own slot
}

// next takes f, which is shown at a time for a duration (both in seconds,
// duration 0 unknown), and emits the frame before it.
func (g *rateGrid) next(f *av.Frame, at, duration float64, emit func(*av.Frame, int64) error) error {
	if duration <= 0 {
		duration = 1 / g.fps
	}
	// The duration of a field is half a frame's: the first one is no reason to
	// take the frame for one that has passed.
	if g.done || at+max(duration, 1/g.fps) <= 0.5/g.fps {
		f.Free() // before the clip, or after it
		return nil
	}
	if !g.first {
		// The grid is laid on the first frame, so that a source whose times
		// all lie between two slots does not flicker between them.
		g.first, g.origin, g.base = true, at, max(0, int64(math.Round(at*g.fps)))
		if at < 0 {
			g.origin = 0
		}
		g.held, g.heldSlot = f, g.base
		g.until = at + duration
		return nil
	}
	if g.held != nil { // a chunk has nothing to show before its first frame
		if err := g.fill(g.slotOf(at), emit); err != nil {
			f.Free()
			return err
		}
		g.held.Free() // also of two frames for one slot: the later one stands
	}
	g.held, g.heldSlot = f, g.slotOf(at)
	g.until = max(at+duration, g.until)
	return nil
}

// full reports that all slots are filled.
func (g *rateGrid) full() bool { return g.end > 0 && g.slot >= g.end }

func (g *rateGrid) slotOf(at float64) int64 {
	return g.base + int64(math.Round((at-g.origin)*g.fps))
}

// fill emits the held frame for all slots before slot.
func (g *rateGrid) fill(slot int64, emit func(*av.Frame, int64) error) error {
	reach := slot
	if g.end > 0 {
		reach = min(slot, g.end)
	}
	known := g.limit > 0
	if known && reach > g.limit || !known && float64(reach-g.slot) > maxOverrun.Seconds()*g.fps {
		return beyondEnd("a frame", "shown", float64(slot)/g.fps)
	}
	for ; g.slot < slot; g.slot++ {
		if g.end > 0 && g.slot >= g.end {
			g.done = true
			return nil
		}
		if err := emit(g.held, g.slot); err != nil {
			return err
		}
	}
	return nil
}

// beyondEnd is the error of a source whose times, in seconds, cannot be true.
func beyondEnd(what, how string, at float64) error {
	return &rendition.Error{
		Kind: rendition.InvalidInput, Op: "encode",
		Err:  fmt.Errorf("%s claims to be %s at %.0f s, far beyond the source's length", what, how, at),
		Hint: "remux the source to repair its timestamps",
	}
}

// flush emits the last frame for as long as it is shown.
func (g *rateGrid) flush(emit func(*av.Frame, int64) error) error {
	if g.held == nil || g.done {
		return nil
	}
	return g.fill(max(g.slotOf(g.until), g.heldSlot+1), emit)
}

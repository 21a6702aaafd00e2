package main

import (
	"fmt"
	"math"
	"slices"
)

// quantity is one thing that a process costs.
type quantity int

const (
	wall quantity = iota
	cpu
	busy
	memory
)

func (q quantity) String() string {
	return [...]string{"wall time", "CPU time", "cores busy", "peak memory"}[q]
}

func (q quantity) of(u usage) float64 {
	return [...]float64{u.Wall.Seconds(), u.CPU.Seconds(), u.Busy, float64(u.Memory)}[q]
}

// target is what a scenario should reach.
type target struct {
	quantity quantity
	// peer is the side that ours is compared with; 0 for the value itself.
	peer  int
	limit float64
	least bool
	// near says that limit is how far the peer's may be from ours.
	near bool
}

// atMost asks for a ratio to a side.
func atMost(limit float64, q quantity, peer int) target { return target{q, peer, limit, false, false} }

// atLeast asks for a value of our own.
func atLeast(limit float64, q quantity) target { return target{q, 0, limit, true, false} }

// The limits between outputs that count as equal: shares of the peer's.
const (
	sizeLimit    = 0.01
	qualityLimit = 0.001
)

// verdict is a target and what became of it.
type verdict struct {
	what, against, measured, target string
	met                             bool
}

// verdicts judges a result.
func (s *scenario) verdicts(r *result) []verdict {
	var list []verdict
	for _, t := range s.targets {
		list = append(list, t.judge(s, r))
	}
	switch {
	case s.identical:
		return append(list, s.judgeBytes(r))
	case s.whole:
		return append(list, s.judgeWhole(r))
	}
	return append(list, s.judgeOutputs(r)...)
}

func (t target) judge(s *scenario, r *result) verdict {
	if t.near {
		return t.judgeNear(s, r)
	}
	var values []float64
	for _, c := range r.Clips {
		values = append(values, median(c.ratios(t.quantity, t.peer)))
	}
	v := median(values)
	d := verdict{what: t.quantity.String(), measured: fmt.Sprintf("%.3f", v), target: fmt.Sprintf("at most %.2f", t.limit), met: v <= t.limit}
	if t.least {
		d.target, d.met = fmt.Sprintf("at least %.2f", t.limit), v >= t.limit
	}
	if t.quantity == busy {
		d.what = "share of cores busy while encoding"
	}
	if t.peer > 0 {
		d.against = s.sides[t.peer].name
	}
	return d
}

// ratios are a quantity of ours over that of a peer, run by run; for peer 0
// the quantity itself.
func (c *clipResult) ratios(q quantity, peer int) []float64 {
	var list []float64
	for _, sides := range c.Runs {
		v := q.of(sides[0])
		if peer > 0 {
			v /= q.of(sides[peer])
		}
		list = append(list, v)
	}
	return list
}

func (s *scenario) judgeBytes(r *result) verdict {
	d := verdict{what: "all files", against: s.sides[1].name, measured: "the same bytes", target: "the same bytes", met: true}
	for _, c := range r.Clips {
		if c.Differs != "" {
			d.measured, d.met = "differ, first `"+c.Differs+"`", false
		}
	}
	return d
}

// judgeOutputs compares the video renditions with those of each peer; of each
// measure the worst one counts.
func (s *scenario) judgeOutputs(r *result) []verdict {
	var list []verdict
	for k, peer := range s.sides[1:] {
		size, ssim, xpsnr, videos := 0.0, 0.0, 0.0, 0
		for _, c := range r.Clips {
			for i, a := range c.Made[0] {
				if b := c.Made[k+1][i]; a.SSIM > 0 {
					videos++
					size = max(size, apart(float64(a.Bytes), float64(b.Bytes)))
					ssim, xpsnr = max(ssim, apart(a.SSIM, b.SSIM)), max(xpsnr, apart(a.XPSNR, b.XPSNR))
				}
			}
		}
		if videos == 0 {
			return nil // pictures of other frames cannot be compared
		}
		list = append(list, verdict{
			what: "size, SSIM and XPSNR of renditions, worst", against: peer.name,
			measured: fmt.Sprintf("%.2f, %.2f and %.2f %% apart", size*100, ssim*100, xpsnr*100),
			target:   fmt.Sprintf("at most %g, %g and %g %%", sizeLimit*100, qualityLimit*100, qualityLimit*100),
			met:      size <= sizeLimit && ssim <= qualityLimit && xpsnr <= qualityLimit,
		})
	}
	return list
}

// apart is how far a is from b, as a share of b.
func apart(a, b float64) float64 { return math.Abs(a/b - 1) }

func median(values []float64) float64 {
	list := slices.Sorted(slices.Values(values))
	n := len(list)
	if n%2 == 1 {
		return list[n/2]
	}
	return (list[n/2-1] + list[n/2]) / 2
}

package joins_test

import (
	"fmt"
	"slices"

	"github.com/rendition-sdk/rendition"
)

// How far chunks may be from the pass. They are shorter here than in jobs, so
// there are more joins, and each costs a little.
const (
	sizeOff  = 0.02  // of one clip
	ssimOff  = 0.001 // of the mean
	xpsnrOff = 0.3   // dB of the worst picture
	pulse    = 0.3   // dB at joins on average
	// heldBackOff is for a cap that always binds: what a chunk may take depends on
	// the chunk before it, which is not known when it begins.
	heldBackOff = 2.0
	// x265Off is what x265 may be off more: it keeps clear of the end of its buffer
	// from the first picture on, also where the cap does not bind (docs/joins.md).
	x265Off = 4
)

// comparison is what an encode in chunks is beside one in one pass.
type comparison struct {
	clip            string
	setting         *setting
	joins, repaired int
	frames, pieces  int // pictures of the pass, and of the chunks
	// size, ssim, and xpsnr are those of the chunks over those of the pass; ssim of
	// what is missing to 1 would be unfair to good pictures.
	size, ssim, xpsnr float64
	// before, after, first and last are how much better chunks are in the second
	// before a join, in that behind it, in the first picture behind it and in the
	// last one before it, in dB, on average.
	before, after, first, last float64
	// step is the average step at a join that the pass has not, whichever way, and
	// steepest the largest.
	step, steepest float64
	// worst is the worst picture within a second of a join, worstOfPass that of the
	// whole pass, low the value that 1 % of its pictures are below.
	worst, worstOfPass, low float64
	// buffer is the least that the rate buffer holds, over its size.
	buffer, bufferOfPass float64
	oneFrame             float64 // what flows in while one picture is shown
}

func compare(clip string, s *setting, pass, parts *made, one, many *scores) *comparison {
	c := &comparison{
		clip: clip, setting: s, joins: len(parts.joins), repaired: parts.repaired, frames: len(one.xpsnr), pieces: len(many.xpsnr),
		size: sum(many.bits) / sum(one.bits), ssim: mean(many.ssim) / mean(one.ssim), xpsnr: mean(many.xpsnr) / mean(one.xpsnr),
		worst: equalPictures, worstOfPass: slices.Min(one.xpsnr), low: percentile(one.xpsnr, 1),
	}
	v := pass.video
	fps, size, rate := v.FrameRate.Float64(), float64(v.BufferSize), float64(v.MaxBitrate)
	c.buffer = lowest(many.bits, size, rate, fps) / size
	c.bufferOfPass = lowest(one.bits, size, rate, fps) / size
	c.oneFrame = rate / fps / size
	if c.frames == c.pieces {
		c.atJoins(parts.joins, int(fps), one.xpsnr, many.xpsnr)
	}
	return c
}

// atJoins looks at a second each side of each join.
func (c *comparison) atJoins(joins []int, second int, one, many []float64) {
	better := func(from, to int) float64 { return mean(many[from:to]) - mean(one[from:to]) }
	n := float64(len(joins))
	for _, at := range joins {
		from, to := max(0, at-second), min(len(many), at+second)
		c.worst = min(c.worst, slices.Min(many[from:to]))
		before, after := better(from, at), better(at, to)
		c.before += before / n
		c.after += after / n
		c.last += better(at-1, at) / n
		c.first += better(at, at+1) / n
		step := max(after-before, before-after)
		c.step += step / n
		c.steepest = max(c.steepest, step)
	}
}

// heldBack says that the cap decides the quality of the pass, at least for a time:
// where it does, encoders use more than half of the buffer.
func (c *comparison) heldBack() bool { return c.bufferOfPass < 0.4 }

// problems are what somebody could notice.
func (c *comparison) problems() (list []string) {
	bad := func(is bool, format string, args ...any) {
		if is {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	if c.frames != c.pieces {
		return []string{fmt.Sprintf("%d pictures became %d", c.frames, c.pieces)}
	}
	more := 1.0
	if c.setting.codec == rendition.H265 {
		more = x265Off
	}
	worst := xpsnrOff * more
	if c.heldBack() {
		worst = heldBackOff
	} else {
		bad(c.repaired > 0, "%d chunks were encoded again although no cap binds", c.repaired)
		bad(outside(c.size, 1, sizeOff*more), "the size is %.3f of the pass", c.size)
		bad(max(-c.before, -c.after) > pulse*more, "pictures are %.2f dB better before joins and %.2f behind them", c.before, c.after)
	}
	bad(c.ssim < 1-ssimOff*more, "the mean SSIM is %.4f of the pass", c.ssim)
	bad(c.worst < c.worstOfPass-worst, "the worst picture at a join has %.1f dB, that of the pass %.1f", c.worst, c.worstOfPass)
	bad(c.buffer < min(c.bufferOfPass, 0)-c.oneFrame, "the rate buffer falls to %.3f, in the pass to %.3f", c.buffer, c.bufferOfPass)
	return list
}

func outside(x, want, off float64) bool { return x < want-off || x > want+off }

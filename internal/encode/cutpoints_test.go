package encode

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// grid of points that are step apart, and key frames at random.
func someSource(r *rand.Rand) (points, keys []float64, end float64, o CutOptions) {
	o.Target = time.Duration(1+r.IntN(20)) * time.Second
	step := 0.2 + r.Float64()*o.Target.Seconds()/4
	end = o.Target.Seconds() * (1.5 + r.Float64()*20)
	for t := r.Float64(); t < end; t += step {
		points = append(points, t)
	}
	for t := 0.0; t < end; t += 0.1 + r.Float64()*8 {
		keys = append(keys, t)
	}
	return points, keys, end, o
}

// TestCutPoints: whatever the source, chunks begin where they may, in order,
// are neither short nor long, and come out the same each time.
func TestCutPoints(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2000) {
		points, keys, end, o := someSource(rand.New(rand.NewPCG(seed, 1)))
		before := slices.Clone(points)
		list := cutPoints(points, keys, end, o)
		require.Equal(t, before, points)
		require.Equal(t, list, cutPoints(points, keys, end, o))
		require.Equal(t, points[0], list[0], "seed %d", seed)
		target := o.Target.Seconds()
		for i, p := range list {
			require.Contains(t, points, p)
			next := end
			if i+1 < len(list) {
				next = list[i+1]
				require.GreaterOrEqual(t, next-p, target/2, "seed %d", seed)
			}
			require.Greater(t, next, p, "seed %d: not ascending", seed)
			require.LessOrEqual(t, next-p, 2*target+1e-9, "seed %d", seed)
		}
		if len(list) > 1 {
			require.GreaterOrEqual(t, end-list[len(list)-1], target/4, "seed %d: a short rest belongs to the chunk before it", seed)
		}
	}
}

// TestCutPointsWithoutChoice: where points are far apart, chunks are as long as they have to be.
func TestCutPointsWithoutChoice(t *testing.T) {
	t.Parallel()
	o := CutOptions{Target: 10 * time.Second}
	require.Equal(t, []float64{0, 35, 80}, cutPoints([]float64{0, 35, 80}, []float64{0}, 100, o))
	require.Equal(t, []float64{0}, cutPoints([]float64{0}, []float64{0}, 100, o))
	require.Equal(t, []float64{0}, cutPoints([]float64{0, 2, 4}, []float64{0, 2, 4}, 6, o))
}

// TestCutPointsPreferKeyFrames: a run-up is decoded in vain.
func TestCutPointsPreferKeyFrames(t *testing.T) {
	t.Parallel()
	var points []float64
	for t := 0.0; t < 100; t += 2 {
		points = append(points, t)
	}
	keys := []float64{0, 12, 24, 36, 48, 60, 72, 84, 96}
	require.Equal(t, []float64{0, 12, 24, 36, 48, 60, 72, 84}, cutPoints(points, keys, 100, CutOptions{Target: 10 * time.Second}))
}

func TestGridBoundaries(t *testing.T) {
	t.Parallel()
	g := &frameGrid{fps: 25, origin: 0.5, base: 0, start: 2 * time.Second, keys: 50}
	for _, c := range []struct {
		at   float64
		slot int64
	}{
		{0, 0},
		{2.5, 0},
		{2.5 + 0.4/25, 0},  // less than half a frame behind a slot is the slot
		{2.5 + 0.6/25, 50}, // more is the next key frame
		{4.5, 50},
		{4.5 - 0.25/25, 50},
		{4.5 + 0.6/25, 100},
		{6.5, 100},
		{math.Inf(1), 0},
		{math.Inf(-1), 0},
	} {
		require.Equal(t, c.slot, g.boundary(c.at), "%v", c.at)
	}
	g.base = 7 // the first frame is not on the first slot
	require.Equal(t, int64(50), g.boundary(2.5))
	require.InDelta(t, 2.5, g.time(7), 1e-9)
	for slot := int64(0); slot < 1000; slot += 50 {
		require.Equal(t, slot, g.boundary(g.time(slot)))
	}
}

// TestSlotsMeet: chunks that meet in time meet in frames, and nothing of a branch is
// in two of them or in none.
func TestSlotsMeet(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		g := &frameGrid{fps: []float64{10, 23.976, 25, 29.97, 60}[r.IntN(5)], origin: r.Float64(), keys: 1 + r.Int64N(120), end: r.Int64N(5000)}
		at, next := math.Inf(-1), int64(0)
		for !math.IsInf(at, 1) {
			to := max(at, 0) + r.Float64()*20
			if to > 150 {
				to = math.Inf(1)
			}
			if s, ok := g.slots(at, to); ok {
				require.Equal(t, next, s.From, "seed %d", seed)
				next = s.To
			}
			at = to
		}
		require.Equal(t, g.end, next, "seed %d", seed)
	}
}

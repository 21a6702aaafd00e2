package encode

import (
	"math"
	"sort"
	"time"
)

// Costs of cutting, in seconds of decoding. A run-up is decoded and thrown
// away; a chunk has encoders to open and to empty.
const (
	costOfChunk  = 0.4
	costOfLength = 0.1  // of each second that a chunk is longer or shorter than it should be
	costOfExcess = 1000 // of each second that the last chunk is more than twice too long
	runUpShare   = 0.5  // most pictures of a run-up that nothing refers to are not decoded
)

// cutPoints chooses where chunks begin among points, ascending times in seconds
// at which a chunk may begin, the first of which does. It depends on nothing but
// its arguments: the cheapest set in which chunks are between half and twice
// target long, run-ups from the key frame before included.
//
// The last chunk goes from the last point to end.
func cutPoints(points, keys []float64, end float64, o CutOptions) []float64 {
	target := o.Target.Seconds()
	n := len(points)
	best := make([]float64, n) // cost of the cheapest way to begin a chunk at each point
	from := make([]int, n)
	for i := range best {
		best[i], from[i] = math.Inf(1), -1
	}
	best[0] = 0
	for i := 1; i < n; i++ {
		for j := i - 1; j >= 0; j-- {
			length := points[i] - points[j]
			if length > 2*target && j < i-1 {
				break
			}
			if length < target/2 {
				continue
			}
			if c := best[j] + lengthCost(length, target) + runUp(points[i], keys)*runUpShare + costOfChunk; c < best[i] {
				best[i], from[i] = c, j
			}
		}
	}
	last, cost := 0, math.Inf(1)
	for i := range n {
		length := end - points[i]
		if i > 0 && length < target/4 {
			break
		}
		if c := best[i] + lengthCost(length, target) + max(0, length-2*target)*costOfExcess; c < cost {
			last, cost = i, c
		}
	}
	var list []float64
	for i := last; i >= 0; i = from[i] {
		list = append(list, points[i])
	}
	sort.Float64s(list)
	return list
}

func lengthCost(length, target float64) float64 { return costOfLength * math.Abs(length-target) }

// runUp is how much lies between t and the key frame at or before it.
func runUp(t float64, keys []float64) float64 {
	i := sort.SearchFloat64s(keys, t+0.001) // the first key frame behind t
	if i == 0 {
		return t
	}
	return t - keys[i-1]
}

// seconds is t as a duration.
func seconds(t float64) time.Duration { return time.Duration(math.Round(t * float64(time.Second))) }

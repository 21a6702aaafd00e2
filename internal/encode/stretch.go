package encode

import (
	"math"
	"time"
)

// StretchOptions say which parts of a video NewStretches cuts out.
type StretchOptions struct {
	// Count is how many, Length about how long each is; it is rounded to whole
	// key-frame intervals, so that a stretch has as many key frames for its
	// length as the whole.
	Count  int
	Length time.Duration
}

// spreadStretches chooses stretches of size points each among points, ascending
// times in seconds: count of them, evenly spread, each where the key frame before
// is near, so that little is decoded that is not wanted. It returns the index of
// the first point of each; all of the points where they are hardly more.
func spreadStretches(points, keys []float64, size, count int) []int {
	var list []int
	n := len(points) - size // the last point goes on to an end that may come at once
	if n < size*count {
		for i := 0; i == 0 || i <= n; i += size {
			list = append(list, i)
		}
		return list
	}
	share := float64(n) / float64(count)
	for i := range count {
		// In the middle half of its share: a film's first seconds say little about it.
		low := int((float64(i) + 0.25) * share)
		high := max(low, int((float64(i)+0.75)*share)-size/2)
		if last := len(list) - 1; last >= 0 {
			low = max(low, list[last]+size)
		}
		list = append(list, nearKey(points, keys, low, min(max(low, high), n-1)))
	}
	return list
}

// nearKey is the point between two, by index, with the least to decode before it, of
// equals the one nearest to the middle.
func nearKey(points, keys []float64, low, high int) int {
	best, cost := low, math.Inf(1)
	for j := low; j <= high; j++ {
		off := math.Abs(float64(j) - float64(low+high)/2)
		if c := runUp(points[j], keys) + off*0.001; c < cost {
			best, cost = j, c
		}
	}
	return best
}

package encode

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStretchesLieAtKeyFramesAndApart(t *testing.T) {
	t.Parallel()
	var points []float64
	for i := range 30 {
		points = append(points, float64(2*i))
	}
	keys := []float64{0, 9.9, 20.5, 29.9, 41, 52}
	list := spreadStretches(points, keys, 1, 5)
	require.Equal(t, []int{1, 7, 15, 21, 26}, list)
	for i, j := range list[1:] {
		require.Greater(t, j, list[i])
	}
	require.Equal(t, []int{0, 2}, spreadStretches(points[:5], keys, 2, 5), "little more than all is all")
	require.Equal(t, []int{0}, spreadStretches(points[:1], keys, 1, 5))
}

func TestStretchesNeverOverlap(t *testing.T) {
	t.Parallel()
	for length := 1; length < 80; length++ {
		points := make([]float64, length)
		for i := range points {
			points[i] = float64(2 * i)
		}
		for count := 1; count < 9; count++ {
			for size := 1; size < 4; size++ {
				list := spreadStretches(points, []float64{0, 11, 37}, size, count)
				for i, j := range list {
					require.Less(t, j, length)
					if i > 0 {
						require.GreaterOrEqual(t, j, list[i-1]+size)
					}
				}
			}
		}
	}
}

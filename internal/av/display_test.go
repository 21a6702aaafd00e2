package av

import (
	"testing"

	"github.com/rendition-sdk/rendition"

	"github.com/stretchr/testify/require"
)

func TestTurn(t *testing.T) {
	t.Parallel()
	const one = 1 << 16
	tests := []struct {
		name     string
		m        [9]int32
		degrees  int
		mirrored bool
		exact    bool
	}{
		{"identity", [9]int32{one, 0, 0, 0, one, 0, 0, 0, 1 << 30}, 0, false, true},
		{"quarter clockwise", [9]int32{0, one, 0, -one, 0, 0, 0, 0, 1 << 30}, 90, false, true},
		{"half", [9]int32{-one, 0, 0, 0, -one, 0, 0, 0, 1 << 30}, 180, false, true},
		{"three quarters", [9]int32{0, -one, 0, one, 0, 0, 0, 0, 1 << 30}, 270, false, true},
		{"left-right", [9]int32{-one, 0, 0, 0, one, 0, 0, 0, 1 << 30}, 0, true, true},
		{"upside down in a mirror", [9]int32{one, 0, 0, 0, -one, 0, 0, 0, 1 << 30}, 180, true, true},
		{"transposed", [9]int32{0, one, 0, one, 0, 0, 0, 0, 1 << 30}, 270, true, true},
		{"scaled", [9]int32{0, 2 * one, 0, -2 * one, 0, 0, 0, 0, 1 << 30}, 90, false, true},
		{"45 degrees", [9]int32{46341, 46341, 0, -46341, 46341, 0, 0, 0, 1 << 30}, 90, false, false},
		{"nothing", [9]int32{}, 0, false, false},
	}
	for _, tt := range tests {
		degrees, mirrored, exact := turn(tt.m)
		require.Equal(t, tt.degrees, degrees, tt.name)
		require.Equal(t, tt.mirrored, mirrored, tt.name)
		require.Equal(t, tt.exact, exact, tt.name)
	}
}

func TestDisplayAspect(t *testing.T) {
	t.Parallel()
	v := &rendition.VideoInfo{Width: 720, Height: 576, SampleAspect: rendition.Rational{Num: 64, Den: 45}}
	require.Equal(t, rendition.Rational{Num: 16, Den: 9}, displayAspect(v))
	v.Rotation = 90
	require.Equal(t, rendition.Rational{Num: 9, Den: 16}, displayAspect(v))
}

package av

import (
	"math"

	"github.com/rendition-sdk/rendition"
)

// turn reads a display matrix (ISO/IEC 14496-12 6.2.2: rows a b u, c d v, x y w
// of a point's x and y): by how many degrees clockwise a player turns the
// picture, in quarter turns, and whether it flips it left-right before. exact
// is false when the matrix means another angle.
func turn(m [9]int32) (degrees int, mirrored, exact bool) {
	a, b, c, d := float64(m[0]), float64(m[1]), float64(m[3]), float64(m[4])
	if mirrored = a*d-b*c < 0; mirrored {
		a, b = -a, -b
	}
	if a == 0 && b == 0 {
		return 0, false, false
	}
	angle := math.Atan2(b, a) * 180 / math.Pi
	quarters := math.Round(angle / 90)
	return (int(quarters)*90 + 360) % 360, mirrored, math.Abs(angle-quarters*90) < 1
}

// displayAspect is width:height as a player shows the picture.
func displayAspect(v *rendition.VideoInfo) rendition.Rational {
	sar := v.SampleAspect
	if sar.IsZero() {
		sar = rendition.Rational{Num: 1, Den: 1}
	}
	dar := rendition.NewRational(int64(v.Width)*sar.Num, int64(v.Height)*sar.Den)
	if v.Rotation%180 != 0 {
		return dar.Inv()
	}
	return dar
}

package ladder_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
)

func TestFit(t *testing.T) {
	t.Parallel()
	sar := func(num, den int64) rendition.Rational { return rendition.Rational{Num: num, Den: den} }
	tests := []struct {
		name          string
		video         rendition.VideoInfo
		width, height int
		wantW, wantH  int
	}{
		{"source size", rendition.VideoInfo{Width: 1920, Height: 1080}, 0, 0, 1920, 1080},
		{"negative is not asked", rendition.VideoInfo{Width: 1920, Height: 1080}, -1, -5, 1920, 1080},
		{"height", rendition.VideoInfo{Width: 1920, Height: 1080}, 0, 720, 1280, 720},
		{"width", rendition.VideoInfo{Width: 1920, Height: 1080}, 640, 0, 640, 360},
		{"box, width limits", rendition.VideoInfo{Width: 1920, Height: 804}, 1280, 720, 1280, 536},
		{"box, height limits", rendition.VideoInfo{Width: 1440, Height: 1080}, 1280, 720, 960, 720},
		{"no upscaling", rendition.VideoInfo{Width: 640, Height: 360}, 0, 1080, 640, 360},
		{"no upscaling in a box", rendition.VideoInfo{Width: 640, Height: 360}, 1920, 1080, 640, 360},
		{"odd source", rendition.VideoInfo{Width: 853, Height: 479}, 0, 0, 852, 478},
		{"odd height asked", rendition.VideoInfo{Width: 1920, Height: 1080}, 0, 405, 718, 404},
		{"480 of 16:9", rendition.VideoInfo{Width: 1920, Height: 1080}, 0, 480, 854, 480},
		{"portrait turns the height", rendition.VideoInfo{Width: 1080, Height: 1920}, 0, 720, 720, 1280},
		{"portrait turns the width", rendition.VideoInfo{Width: 1080, Height: 1920}, 1280, 0, 720, 1280},
		{"portrait turns the box", rendition.VideoInfo{Width: 1080, Height: 1920}, 854, 480, 480, 854},
		{"rotated by metadata", rendition.VideoInfo{Width: 1920, Height: 1080, Rotation: 90}, 0, 720, 720, 1280},
		{"upside down", rendition.VideoInfo{Width: 1920, Height: 1080, Rotation: 180}, 0, 720, 1280, 720},
		{"anamorphic PAL", rendition.VideoInfo{Width: 720, Height: 576, SampleAspect: sar(64, 45)}, 0, 0, 1024, 576},
		{"narrow NTSC", rendition.VideoInfo{Width: 720, Height: 480, SampleAspect: sar(8, 9)}, 0, 240, 320, 240},
		{"tall strip", rendition.VideoInfo{Width: 16, Height: 4000}, 0, 0, 16, 4000},
		{"tall strip in a box", rendition.VideoInfo{Width: 16, Height: 4000}, 640, 360, 2, 640},
		{"retina screen", rendition.VideoInfo{Width: 3026, Height: 1386}, 0, 720, 1572, 720},
		{"square", rendition.VideoInfo{Width: 1080, Height: 1080}, 0, 480, 480, 480},
		{"one pixel", rendition.VideoInfo{Width: 1, Height: 1}, 0, 0, 2, 2},
		{"too wide for encoders", rendition.VideoInfo{Width: 40000, Height: 1000}, 0, 0, 16384, 410},
		{"hostile", rendition.VideoInfo{Width: math.MaxInt, Height: math.MaxInt}, 0, 0, 16384, 16384},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, h := ladder.Fit(&tt.video, tt.width, tt.height)
			require.Equal(t, [2]int{tt.wantW, tt.wantH}, [2]int{w, h})
		})
	}
	w, h := ladder.Fit(nil, 640, 360)
	require.Zero(t, w)
	require.Zero(t, h)
}

func TestFitProperties(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		v := rendition.VideoInfo{Width: 1 + rnd.IntN(5000), Height: 1 + rnd.IntN(5000), Rotation: 90 * rnd.IntN(4)}
		if rnd.IntN(2) == 0 {
			v.SampleAspect = rendition.Rational{Num: 1 + rnd.Int64N(64), Den: 1 + rnd.Int64N(64)}
		}
		checkFit(t, &v, rnd.IntN(6000)*rnd.IntN(2), rnd.IntN(6000)*rnd.IntN(2))
	}
}

func FuzzFit(f *testing.F) {
	f.Add(1920, 1080, int64(1), int64(1), 90, 0, 720)
	f.Add(16, 4000, int64(0), int64(0), 0, 640, 360)
	f.Add(math.MaxInt, 1, int64(math.MaxInt64), int64(1), 0, 1, 1)
	f.Fuzz(func(t *testing.T, width, height int, num, den int64, rotation, askW, askH int) {
		v := rendition.VideoInfo{Width: width, Height: height, SampleAspect: rendition.Rational{Num: num, Den: den}, Rotation: rotation}
		checkFit(t, &v, askW, askH)
	})
}

// checkFit asserts what Fit promises.
func checkFit(t *testing.T, v *rendition.VideoInfo, askW, askH int) {
	t.Helper()
	w, h := ladder.Fit(v, askW, askH)
	srcW, srcH := v.DisplaySize()
	if w%2 != 0 || h%2 != 0 || w < 2 || h < 2 || w > ladder.MaxDimension || h > ladder.MaxDimension {
		t.Fatalf("Fit(%+v, %d, %d) = %dx%d: not even or out of range", v, askW, askH, w, h)
	}
	if w > max(srcW, 2) || h > max(srcH, 2) {
		t.Fatalf("Fit(%+v, %d, %d) = %dx%d: larger than %dx%d", v, askW, askH, w, h, srcW, srcH)
	}
	if srcH > srcW {
		askW, askH = askH, askW
	}
	if askW > 0 && w > max(askW, 2) || askH > 0 && h > max(askH, 2) {
		t.Fatalf("Fit(%+v) = %dx%d: outside the box %dx%d", v, w, h, askW, askH)
	}
	if srcW > 1<<24 || srcH > 1<<24 {
		return // sides that no picture has; only bounds are promised
	}
	offW := math.Abs(float64(w) - float64(h)*float64(srcW)/float64(srcH))
	offH := math.Abs(float64(h) - float64(w)*float64(srcH)/float64(srcW))
	if offW > 2 && offH > 2 {
		t.Fatalf("Fit(%+v, %d, %d) = %dx%d: aspect is off", v, askW, askH, w, h)
	}
}

package clips_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// A picture's signature is a tiny gray copy, taken often enough to tell
// neighboring frames apart.
const (
	signatureSide = 32
	signatureRate = 50
	maxLagFrames  = 15
)

// Sound is compared as it is, in mono.
const (
	soundRate   = 8000
	maxLagSound = 100 * soundRate / 1000
	maxSound    = 20 * soundRate
)

// pictures decodes a file as a player shows it.
func pictures(t *testing.T, path string, f *facts) ([]byte, error) {
	t.Helper()
	return raw(t, "-i", path, "-map", fmt.Sprintf("0:%d", f.video.Index), "-vf",
		fmt.Sprintf("setpts=PTS-(%f)/TB,fps=%d:start_time=0,scale=%d:%d:flags=area,format=gray", f.start, signatureRate, signatureSide, signatureSide), "-f", "rawvideo", "-")
}

// sound decodes a file's sound.
func sound(t *testing.T, path string, f *facts) ([]float64, error) {
	t.Helper()
	data, err := raw(t, "-i", path, "-map", fmt.Sprintf("0:%d", f.audio.Index),
		"-af", fmt.Sprintf("asetpts=PTS-(%f)/TB,aresample=%d:async=1:first_pts=0", f.start, soundRate), "-ac", "1", "-f", "s16le", "-")
	if err != nil {
		return nil, err
	}
	samples := make([]float64, min(len(data)/2, maxSound))
	for i := range samples {
		samples[i] = float64(int16(binary.LittleEndian.Uint16(data[2*i:])))
	}
	return samples, nil
}

// raw runs ffmpeg with the file's own timestamps: left to itself it would count
// from the first one of the streams that are mapped.
func raw(t *testing.T, args ...string) ([]byte, error) {
	t.Helper()
	before := []string{"-nostdin", "-v", "fatal", "-copyts"}
	return exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), append(before, args...)...).Output()
}

// comparePictures returns how alike two films are at their best offset, 1
// being the same, and that offset: positive when got comes late.
func comparePictures(want, got []byte) (likeness float64, lag time.Duration) {
	const size = signatureSide * signatureSide
	n := min(len(want), len(got)) / size
	best, at := math.Inf(1), 0
	for _, l := range byDistance(min(maxLagFrames, n-1)) {
		from, to := max(0, -l), min(n, n-l)
		var sum float64
		for i := from * size; i < to*size; i++ {
			sum += math.Abs(float64(want[i]) - float64(got[i+l*size]))
		}
		// Nothing moves in some clips: the nearest of equals counts.
		if sum /= float64((to - from) * size); sum < best*0.98-0.01 {
			best, at = sum, l
		}
	}
	return correlation(gray(want, size, n, -at), gray(got, size, n, at)), time.Duration(at) * time.Second / signatureRate
}

// gray returns the part of a signature that overlaps another one which is off by l frames.
func gray(data []byte, size, n, l int) []float64 {
	list := make([]float64, 0, n*size)
	for _, b := range data[max(0, l)*size : (min(n, n+l))*size] {
		list = append(list, float64(b))
	}
	return list
}

// compareSound is comparePictures for sound.
func compareSound(want, got []float64) (likeness float64, lag time.Duration) {
	n := min(len(want), len(got))
	at := 0
	for _, l := range byDistance(min(maxLagSound, n-1)) {
		if c := correlation(want[max(0, -l):min(n, n-l)], got[max(0, l):min(n, n+l)]); c > likeness+0.001 {
			likeness, at = c, l
		}
	}
	return likeness, time.Duration(at) * time.Second / soundRate
}

// byDistance is 0, 1, -1, 2, -2 ... n, -n.
func byDistance(n int) []int {
	list := []int{0}
	for l := 1; l <= n; l++ {
		list = append(list, l, -l)
	}
	return list
}

// correlation is Pearson's, of two lists of one length; 1 for two silences.
func correlation(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	quiet := float64(len(x)) // a deviation of one level
	if xx <= quiet && yy <= quiet {
		return 1
	}
	return xy / math.Sqrt(xx*yy)
}

func mean(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	return sum / float64(max(len(x), 1))
}

func TestComparison(t *testing.T) {
	t.Parallel()
	const size = signatureSide * signatureSide
	film := make([]byte, 60*size)
	for i := range film {
		film[i] = byte(i/size*7 + i%size*i/size/3)
	}
	if like, lag := comparePictures(film, film); like < 0.999 || lag != 0 {
		t.Errorf("the same film: %f, %s", like, lag)
	}
	late := append(slices.Repeat(film[:size], 3), film...)
	if like, lag := comparePictures(film, late); like < 0.99 || lag != 3*time.Second/signatureRate {
		t.Errorf("a late film: %f, %s", like, lag)
	}
	noise := make([]float64, 4000)
	for i := range noise {
		noise[i] = math.Sin(float64(i*i)/1000) * 1000
	}
	if like, lag := compareSound(noise, append(make([]float64, 80), noise...)); like < 0.9 || lag != 10*time.Millisecond {
		t.Errorf("late sound: %f, %s", like, lag)
	}
}

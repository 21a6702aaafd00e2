package joins_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// equalPictures is the most that a picture counts, in dB: beyond nobody sees a
// difference, and a few black pictures would make all of a mean.
const equalPictures = 60

var (
	ssimOf  = regexp.MustCompile(`(?m)All:([0-9.]+)`)
	xpsnrOf = regexp.MustCompile(`(?m)XPSNR y: *(-?[0-9.]+|inf)`)
)

// scores are what each picture of a file is worth beside the source.
type scores struct {
	ssim, xpsnr []float64 // xpsnr of the luma, in dB
	bits        []float64 // of each packet, in decoding order
}

// measure compares a file with its source, picture by picture.
func measure(t *testing.T, source string, m *made) *scores {
	t.Helper()
	dir := t.TempDir()
	ssim, xpsnr := filepath.Join(dir, "ssim"), filepath.Join(dir, "xpsnr")
	// Pictures are numbered, so that the first meets the first. The last fps
	// changes nothing but tells the rate, which xpsnr divides by.
	numbered := fmt.Sprintf("settb=%s,setpts=N,fps=%s,split", m.video.FrameRate.Inv(), m.video.FrameRate)
	graph := fmt.Sprintf("[1:v:0]%s[r][s];[0:v:0]%s[o][p];[o][r]ssim=shortest=1:stats_file=%s[x];[p][s]xpsnr=shortest=1:stats_file=%s[y]",
		numbered, numbered, ssim, xpsnr)
	testenv.FFmpeg(t, "-xerror", "-i", m.path, "-i", source, "-filter_complex", graph, "-map", "[x]", "-map", "[y]", "-f", "null", "-")
	s := &scores{ssim: numbers(t, ssim, ssimOf), xpsnr: numbers(t, xpsnr, xpsnrOf)}
	for _, line := range testenv.Probe(t, m.path, "packet=size", "-select_streams", "v:0") {
		n, err := strconv.Atoi(strings.Trim(line, ","))
		require.NoError(t, err)
		s.bits = append(s.bits, float64(8*n))
	}
	return s
}

// numbers are what an expression finds in each line of a file.
func numbers(t *testing.T, path string, r *regexp.Regexp) (list []float64) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, m := range r.FindAllSubmatch(data, -1) {
		x, err := strconv.ParseFloat(string(m[1]), 64)
		require.NoError(t, err)
		list = append(list, min(x, equalPictures))
	}
	return list
}

func mean(list []float64) float64 { return sum(list) / float64(max(len(list), 1)) }

func sum(list []float64) (s float64) {
	for _, x := range list {
		s += x
	}
	return s
}

// percentile is the number below which p percent of a list are.
func percentile(list []float64, p float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[int(p/100*float64(len(sorted)-1))]
}

// lowest is the least that a rate buffer holds while packets of the given sizes
// leave it one frame apart: the leaky bucket that every cap promises, filled at
// rate and 90 % full when it begins, as encoders have it. All in bits.
func lowest(packets []float64, size, rate, fps float64) float64 {
	fill := 0.9 * size
	least := fill
	for _, bits := range packets {
		fill -= bits
		least = min(least, fill)
		fill = min(fill+rate/fps, size)
	}
	return least
}

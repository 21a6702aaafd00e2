package chunk

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// capped is a video of 10 frames and 1000 bytes a second with a buffer of 1000 bytes.
func capped() *encode.Video {
	return &encode.Video{VideoSettings: encode.VideoSettings{
		Codec: rendition.H264, MaxBitrate: 8000, BufferSize: 8000, FrameRate: rendition.Rational{Num: 10, Den: 1},
	}}
}

// frames are samples of the given sizes in bytes.
func frames(sizes ...int) (list []packager.Sample) {
	for _, n := range sizes {
		list = append(list, packager.Sample{Data: make([]byte, n)})
	}
	return list
}

func TestLedger(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		taken   [][]int
		percent int
		next    []int
		fits    bool
	}{
		{"nothing yet", nil, 1, []int{100000}, true},
		{"the first begins at 90 percent", [][]int{{100}}, 90, []int{900}, true},
		{"one byte too much", [][]int{{100}}, 90, []int{901}, false},
		{"it fills up", [][]int{{100, 0, 0, 0}}, 100, []int{1000}, true},
		{"and not over", [][]int{{0, 0, 0, 0, 0}}, 100, []int{1001}, false},
		{"it runs low", [][]int{{850}}, 15, []int{150, 100}, true},
		{"too much in the second frame", [][]int{{850}}, 15, []int{150, 101}, false},
		{"what recovers does not count", [][]int{{850}}, 15, []int{200, 0, 0, 0}, false},
		{"over the cap counts as empty", [][]int{{2000}}, 1, []int{1}, false},
		{"empty fits empty", [][]int{{2000}}, 1, []int{0}, true},
		{"several chunks", [][]int{{100, 100}, {300}, {100}}, 70, []int{700}, true},
	} {
		l := newLedger(capped())
		for _, sizes := range c.taken {
			l.take(frames(sizes...))
		}
		require.Equal(t, c.fits, l.fits(frames(c.next...)), c.name)
		require.Equal(t, c.percent, l.percent(), c.name)
	}
}

func TestLedgerIsForCappedVideo(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*encode.Video){
		func(v *encode.Video) { v.MaxBitrate = 0 },
		func(v *encode.Video) { v.BufferSize = 0 },
		func(v *encode.Video) { v.Codec = rendition.VP9 },
	} {
		v := capped()
		change(v)
		l := newLedger(v)
		require.Nil(t, l)
		l.take(frames(1 << 20))
		require.True(t, l.fits(frames(1<<20)))
		require.Zero(t, l.init(7))
	}
	l := newLedger(capped())
	require.Zero(t, l.init(0), "the first chunk begins as the encoder wants")
	require.Equal(t, chunkFullness, l.init(1))
}

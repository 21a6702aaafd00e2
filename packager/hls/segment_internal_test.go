package hls

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
)

func TestBandwidth(t *testing.T) {
	t.Parallel()
	seg := func(list ...[2]int64) (out []Segment) {
		var at int64
		for _, s := range list {
			out = append(out, Segment{Start: at, Duration: s[0], Bytes: s[1]})
			at += s[0]
		}
		return out
	}
	for _, c := range []struct {
		name          string
		list          []Segment
		peak, average int64
	}{
		{"even", seg([2]int64{6000, 6000}, [2]int64{6000, 6000}), 8001, 8001},
		{"busy one", seg([2]int64{6000, 6000}, [2]int64{6000, 12000}), 16001, 12001},
		// A short last segment counts with its neighbor only.
		{"short tail", seg([2]int64{6000, 6000}, [2]int64{100, 1000}), 9181, 9181},
		{"long tail", seg([2]int64{6000, 6000}, [2]int64{3000, 6000}), 16001, 10667},
		{"one short", seg([2]int64{500, 1000}), 16001, 16001},
		{"empty", nil, 0, 0},
	} {
		peak, average := bandwidth(c.list, 1000)
		require.Equal(t, c.peak, peak, "peak of %s", c.name)
		require.Equal(t, c.average, average, "average of %s", c.name)
	}
}

func TestExtinf(t *testing.T) {
	t.Parallel()
	list := []Segment{{Start: 0, Duration: 1}, {Start: 1, Duration: 1}, {Start: 2, Duration: 1}}
	require.Equal(t, []string{"0.333333", "0.333334", "0.333333"}, extinf(list, 3))
	require.Equal(t, []string{"0.000000001", "0.000000001", "0.000000001"}, extinf(list, 1_000_000_000))
	require.Equal(t, []string{"12.012000"}, extinf([]Segment{{Start: 500, Duration: 360360}}, 30000))
}

func TestTargetDuration(t *testing.T) {
	t.Parallel()
	require.EqualValues(t, 6, targetDuration([]Segment{{Duration: 6006}, {Duration: 100}}, 1000))
	require.EqualValues(t, 7, targetDuration([]Segment{{Duration: 6500}}, 1000))
	require.EqualValues(t, 1, targetDuration([]Segment{{Duration: 10}}, 1000))
}

func TestGrid(t *testing.T) {
	t.Parallel()
	g := &grid{step: rendition.Rational{Num: 6006, Den: 1000}, timescale: 30000, index: 1}
	require.EqualValues(t, 180180, g.next())
	g.pass(180180)
	require.EqualValues(t, 360360, g.next())
	g.pass(180180*100 + 5)
	require.EqualValues(t, 180180*101, g.next(), "a jump passes all boundaries before it")
	g.pass(-1)
	require.EqualValues(t, 180180*101, g.next())
}

func TestURI(t *testing.T) {
	t.Parallel()
	require.Equal(t, "720p/a_00001.m4s", uri("720p/a_00001.m4s"))
	require.Equal(t, "en%205.1/x%23y%3F.m3u8", uri("en 5.1/x#y?.m3u8"))
	require.Equal(t, "a%3Ab/c", uri("a:b/c"))
}

func TestArrange(t *testing.T) {
	t.Parallel()
	list := func() []variant {
		return []variant{{uri: "a", peak: 1, average: 1}, {uri: "c", peak: 9, average: 9}, {uri: "b", peak: 5, average: 4}}
	}
	names := func(v []variant) (s string) {
		for _, x := range v {
			s += x.uri
		}
		return s
	}
	require.Equal(t, "bca", names(arrange(list(), 5)))
	require.Equal(t, "cba", names(arrange(list(), -1)))
	require.Equal(t, "acb", names(arrange(list(), 0)), "the least when none is small enough")
}

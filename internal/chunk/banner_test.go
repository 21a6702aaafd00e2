package chunk

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
)

// unit is a NAL unit behind a start code of 3 or 4 bytes.
func unit(zeros int, nal ...byte) []byte { return append(append(make([]byte, zeros), 1), nal...) }

func join(units ...[]byte) []byte { return bytes.Join(units, nil) }

func TestBanner(t *testing.T) {
	t.Parallel()
	// SEI of user data, SEI of a buffering period, parameter sets, and a picture
	// whose bytes hold what looks like an SEI behind something that is no start code.
	banner264, period264 := unit(2, 6, 5, 200, 'x', '2', '6', '4'), unit(3, 6, 0, 1, 0x80)
	sps264, picture264 := unit(3, 0x67, 100, 0, 10), unit(2, 0x65, 0, 3, 1, 6, 5, 0x88)
	banner265, period265 := unit(2, 39<<1, 1, 5, 200, 'x'), unit(3, 39<<1, 1, 0, 1)
	vps265, picture265 := unit(3, 32<<1, 1, 2), unit(2, 19<<1, 1, 6, 5)
	suffix265 := unit(2, 40<<1, 1, 5, 16) // a suffix SEI is no banner
	for _, c := range []struct {
		name     string
		codec    rendition.Codec
		in, want []byte
	}{
		{"h264", rendition.H264, join(sps264, banner264, picture264), join(sps264, picture264)},
		{"first", rendition.H264, join(banner264, sps264, picture264), join(sps264, picture264)},
		{"last", rendition.H264, join(sps264, banner264), sps264},
		{"twice", rendition.H264, join(banner264, sps264, banner264, picture264), join(sps264, picture264)},
		{"other SEI", rendition.H264, join(sps264, period264, picture264), join(sps264, period264, picture264)},
		{"before other SEI", rendition.H264, join(banner264, period264, picture264), join(period264, picture264)},
		{"none", rendition.H264, picture264, picture264},
		{"alone", rendition.H264, banner264, []byte{}},
		{"nothing", rendition.H264, nil, nil},
		{"no start code", rendition.H264, []byte{6, 5, 1}, []byte{6, 5, 1}},
		{"cut", rendition.H264, unit(2, 6), unit(2, 6)},
		{"h265", rendition.H265, join(vps265, banner265, picture265), join(vps265, picture265)},
		{"h265 other SEI", rendition.H265, join(period265, banner265, suffix265, picture265), join(period265, suffix265, picture265)},
		{"not its codec", rendition.H265, join(sps264, banner264, picture264), join(sps264, banner264, picture264)},
		{"no banners", rendition.AV1, banner264, banner264},
	} {
		in := bytes.Clone(c.in)
		got := withoutBanner(c.codec, in)
		require.True(t, bytes.Equal(c.want, got), "%s: %x", c.name, got)
		require.Equal(t, c.in, in, "%s: what other writers hold is not changed", c.name)
	}
}

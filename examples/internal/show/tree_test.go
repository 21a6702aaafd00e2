package show

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/transcode"
)

func TestTree(t *testing.T) {
	t.Parallel()
	files := []transcode.PublishedFile{
		{Path: "output_0.mp4", Role: transcode.RoleMedia, Size: 4_214_000, Width: 1920, Height: 1080, Codecs: "avc1.640028,mp4a.40.2"},
		{Path: "hls1/master.m3u8", Role: transcode.RoleMaster, Size: 812, Codecs: "avc1.640028"},
		{Path: "hls1/720p/init.mp4", Role: transcode.RoleInit, Size: 745},
	}
	for i := range 24 {
		files = append(files, transcode.PublishedFile{Path: fmt.Sprintf("hls1/720p/%05d.m4s", i), Role: transcode.RoleSegment, Size: 512_500})
	}
	for i := range 2 {
		files = append(files, transcode.PublishedFile{Path: fmt.Sprintf("thumbs2/%d.jpg", i), Role: transcode.RoleImage, Size: 9000})
	}
	var out bytes.Buffer
	require.NoError(t, Tree(&out, "out", files))
	require.Equal(t, `out
├── hls1/
│   ├── 720p/
│   │   ├── init.mp4         745 B
│   │   └── … 24 segments  12.3 MB
│   └── master.m3u8          812 B  avc1.640028
├── thumbs2/
│   ├── 0.jpg              9.00 kB
│   └── 1.jpg              9.00 kB
└── output_0.mp4           4.21 MB  1920x1080  avc1.640028,mp4a.40.2
29 files, 16.5 MB
`, out.String())
}

func TestTreeOfNothing(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, Tree(&out, "out", nil))
	require.Equal(t, "out\n0 files, 0 B\n", out.String())
}

func TestBytes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.00 kB", 9_994: "9.99 kB", 9_995: "10.0 kB", 99_949: "99.9 kB", 99_950: "100 kB",
		999_499: "999 kB", 999_500: "1.00 MB", 1 << 62: "4.61 EB",
	} {
		require.Equal(t, want, Bytes(n), "%d", n)
	}
}

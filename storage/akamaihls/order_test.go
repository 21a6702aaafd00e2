package akamaihls

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	text := "#EXTM3U\r\n#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"1@0\"\r\n#EXT-X-KEY:METHOD=AES-128,URI=\"../k/key%201.bin\"\r\n" +
		"#EXTINF:2,\r\nseg 1.ts\r\n./a/../seg2.ts?x=1\r\n/abs/seg3.ts\r\nhttps://host/seg4.ts\r\n\r\np.m3u8\r\n#EXT-X-MEDIA:URI=\"audio.m3u8\"\r\n../../../up.ts"
	require.Equal(t, []string{"v/init.mp4", "k/key 1.bin", "v/seg 1.ts", "v/seg2.ts", "v/audio.m3u8", "up.ts"}, named("v/p.m3u8", text))
}

func FuzzNamed(f *testing.F) {
	f.Add("v/p.m3u8", "#EXT-X-MAP:URI=\"a\"\nb\n../c")
	f.Fuzz(func(t *testing.T, key, text string) {
		if storage.ValidateKey(key) != nil {
			return
		}
		for _, k := range named(key, text) {
			if k == key || strings.HasPrefix(k, "../") {
				t.Errorf("%q names %q", key, k)
			}
		}
	})
}

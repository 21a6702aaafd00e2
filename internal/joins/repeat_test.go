package joins_test

import (
	"crypto/sha256"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
)

// TestSameAgain encodes in chunks twice, with as many threads as jobs give a picture of
// this size, and wants the same bytes.
func TestSameAgain(t *testing.T) {
	src := source(t, clips[0], 4)
	for _, s := range []setting{
		{name: "H.264", codec: rendition.H264, crf: 23, bitrate: 600_000, preset: "veryfast", threads: 1},
		{name: "H.265", codec: rendition.H265, crf: 26, bitrate: 500_000, preset: "ultrafast", threads: 2},
		{name: "VP9", codec: rendition.VP9, crf: 32, bitrate: 500_000, preset: "ultrafast", threads: 2},
		{name: "AV1", codec: rendition.AV1, crf: 32, bitrate: 400_000, preset: "ultrafast", threads: 1},
	} {
		t.Run(s.name, func(t *testing.T) {
			s.width, s.height = 854, 480
			sum := func() [32]byte {
				data, err := os.ReadFile(transcode(t, src, &s, false).path)
				require.NoError(t, err)
				return sha256.Sum256(data)
			}
			require.Equal(t, sum(), sum())
		})
	}
}

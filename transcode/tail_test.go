package transcode_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// TestShortLastSegmentOfSound: sound that goes on for a frame behind a whole number
// of segments has a last segment of which alone a decoder gives nothing.
func TestShortLastSegmentOfSound(t *testing.T) {
	t.Parallel()
	for _, seconds := range []int{10, 20, 60} {
		clip := testenv.Generate(t, fmt.Sprintf("in%d.mp4", seconds), "-f", "lavfi", "-i", "testsrc2=size=96x54:rate=5",
			"-f", "lavfi", "-i", "sine=r=16000", "-t", strconv.Itoa(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
		job := &transcode.Job{
			Input: transcode.Input{URL: clip}, Output: transcode.Destination{Bucket: memstore.New(nil)},
			Outputs: transcode.Outputs{&transcode.HLSOutput{
				Ladder: transcode.Heights(46), Preset: "ultrafast", SegmentDuration: transcode.Time(2 * time.Second),
			}},
		}
		_, err := transcode.New(nil).Run(t.Context(), job, nil)
		require.NoError(t, err, "%d seconds", seconds)
	}
}

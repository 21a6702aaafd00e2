//go:build cgo

package encode_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/testenv"
)

// garbageClip is the environment variable that makes TestGarbageInMemory encode the clip
// it names and print what comes of it.
const garbageClip = "RENDITION_GARBAGE_CLIP"

// TestGarbageInMemory encodes in processes whose fresh memory is filled with different
// bytes (glibc's MALLOC_PERTURB_). The encoders must not look at them.
func TestGarbageInMemory(t *testing.T) {
	if clip := os.Getenv(garbageClip); clip != "" {
		printSums(t, clip)
		return
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "in.mp4")
	out, err := exec.Command(testenv.Program(t, "ffmpeg"), "-v", "error", "-f", "lavfi", "-i",
		"testsrc2=size=854x480:rate=30:duration=3,noise=alls=12:allf=t", "-c:v", "libx264", "-preset", "ultrafast", path).CombinedOutput()
	require.NoError(t, err, string(out))
	sums := map[string]string{}
	for _, fill := range []string{"0", "165", "90"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestGarbageInMemory$", "-test.v")
		cmd.Env = append(os.Environ(), garbageClip+"="+path, "MALLOC_PERTURB_="+fill)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		for line := range strings.SplitSeq(string(out), "\n") {
			codec, sum, ok := strings.Cut(line, " sum ")
			if !ok {
				continue
			}
			if first, seen := sums[codec]; seen {
				require.Equal(t, first, sum, "%s, memory filled with %s", codec, fill)
			}
			sums[codec] = sum
		}
	}
	require.Len(t, sums, 4)
}

func printSums(t *testing.T, clip string) {
	t.Helper()
	for _, codec := range []rendition.Codec{rendition.H264, rendition.H265, rendition.VP9, rendition.AV1} {
		kept := &keptSamples{}
		b := open(t, clip)
		v := b.video(854, 480, kept)
		v.Codec, v.Preset, v.KeyInterval, v.MaxBitrate, v.BufferSize = codec, "veryfast", 30, 2_000_000, 4_000_000
		_, err := encode.Run(t.Context(), b.spec)
		require.NoError(t, err)
		h := sha256.New()
		for _, s := range kept.list {
			_, _ = h.Write(s.Data)
		}
		fmt.Printf("%s sum %x\n", codec, h.Sum(nil))
	}
}

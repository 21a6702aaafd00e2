//go:build cgo

package encode_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage/filestore"
)

// TestCheckOfShortSound has sound that ends long before the last seconds.
func TestCheckOfShortSound(t *testing.T) {
	t.Parallel()
	src := filestore.Source(testenv.Generate(t, "in.mkv",
		"-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=12", "-f", "lavfi", "-i", "sine=duration=3",
		"-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"))
	want := encode.Expect{Video: 1, Audio: 1, Duration: 12 * time.Second, Tolerance: 200 * time.Millisecond}
	require.NoError(t, encode.Check(t.Context(), src, want))
	want.Duration = 20 * time.Second
	require.ErrorContains(t, encode.Check(t.Context(), src, want), "it ends at")
	want.Audio = 0
	require.ErrorContains(t, encode.Check(t.Context(), src, want), "tracks")
}

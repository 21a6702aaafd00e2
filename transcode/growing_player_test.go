package transcode_test

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// TestPlayerFollowsGrowingPresentation starts a player when the first
// multivariant playlist appears, holds the job until the player has asked for
// more, and wants every frame to arrive.
func TestPlayerFollowsGrowingPresentation(t *testing.T) {
	t.Parallel()
	input, ffmpeg := longClip(t), testenv.Program(t, "ffmpeg")
	bucket, faults, hold := memstore.New(nil), faultstore.New(), make(chan struct{})
	faults.Add(faultstore.Rule{Op: faultstore.NewUpload, Nth: 20, Times: -1, Wait: hold})
	var mu sync.Mutex
	asked := map[string]int{} // how often an open media playlist was served
	release := sync.OnceFunc(func() { close(hold) })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := bucket.ReadAll(r.Context(), strings.TrimPrefix(r.URL.Path, "/"), 0)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		if path.Ext(r.URL.Path) == ".m3u8" && strings.Contains(string(data), "EVENT") && !strings.Contains(string(data), "ENDLIST") {
			mu.Lock()
			asked[r.URL.Path]++
			if asked[r.URL.Path] == 2 {
				release()
			}
			mu.Unlock()
		}
		_, _ = w.Write(data)
	}))
	t.Cleanup(server.Close)

	file := filepath.Join(t.TempDir(), "played.mp4")
	var played sync.WaitGroup
	var output []byte
	var playErr error
	play := sync.OnceFunc(func() {
		played.Go(func() {
			defer release()
			output, playErr = exec.CommandContext(t.Context(), ffmpeg, "-v", "error", "-y", "-prefer_x_start", "1",
				"-i", server.URL+"/hls0/master.m3u8", "-map", "0", "-c", "copy", file).CombinedOutput()
		})
	})
	job := &transcode.Job{
		Input: transcode.Input{URL: input}, Output: transcode.Destination{Bucket: faults.Wrap(bucket)}, Outputs: growingOutputs(144),
	}
	_, err := transcode.New(nil).Run(t.Context(), job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
		if p, ok := e.(transcode.PublishedEvent); ok && p.File.Role == transcode.RoleMaster {
			play()
		}
	}})
	require.NoError(t, err)
	played.Wait()
	require.NoError(t, playErr, string(output))
	require.Equal(t, []string{"600"}, testenv.Probe(t, file, "stream=nb_frames", "-select_streams", "v"))
}

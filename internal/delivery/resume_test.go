//go:build cgo

package delivery_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/transcode"
)

// TestKilledJobGoesOnWithScratchInS3 kills the process of a job, as a power cut does, and runs it again
// in another one. Both keep their chunks in S3 alone.
func TestKilledJobGoesOnWithScratchInS3(t *testing.T) {
	t.Parallel()
	at := s3(t)
	o := opener(nil, nil)
	source := testenv.Generate(t, "long.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=90",
		"-c:v", "libx264", "-preset", "ultrafast", "-g", "50")
	data, err := os.ReadFile(source)
	require.NoError(t, err)
	put(t, o, at("in/long.mp4"), data)
	j, err := transcode.NewJob(at("in/long.mp4")).To(at("out")).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(180, 90), Preset: "medium"}).Build()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "job.json")
	require.NoError(t, os.WriteFile(file, jobJSON(at("in/long.mp4"), at("out")), 0o600))
	program := buildJob(t)
	run := func() *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), program, "-quiet", "-workers", "1", "-scratch", at("scratch"), file)
		cmd.Stderr = os.Stderr
		return cmd
	}

	first := run()
	require.NoError(t, first.Start())
	waitForChunks(t, o, at("scratch"), 3)
	require.NoError(t, first.Process.Kill())
	_ = first.Wait() // killed
	for name := range tree(t, o, at("out")) {
		require.NotContains(t, name, ".m3u8", "what is not finished looks finished")
	}

	out, err := run().Output()
	require.NoError(t, err)
	var result transcode.Result
	require.NoError(t, json.Unmarshal(out, &result))
	require.GreaterOrEqual(t, result.Chunks.Kept, 3)
	require.Empty(t, tree(t, o, at("scratch")), "chunks are left of a job that has ended")

	j.Output.URL = at("undisturbed")
	_, err = transcode.New(&transcode.Config{Opener: o, Scratch: "none"}).Run(t.Context(), j, nil)
	require.NoError(t, err)
	require.Equal(t, tree(t, o, at("undisturbed")), tree(t, o, at("out")))
}

// jobJSON is the same job as a file.
func jobJSON(in, out string) []byte {
	text, _ := json.Marshal(map[string]any{ // strings and numbers
		"input": map[string]any{"url": in}, "output": map[string]any{"url": out},
		"outputs": []any{map[string]any{"type": "hls", "ladder": []any{map[string]any{"height": 180}, map[string]any{"height": 90}}, "preset": "medium"}},
	})
	return text
}

func buildJob(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "job")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "github.com/rendition-sdk/rendition/examples/job").CombinedOutput()
	require.NoError(t, err, string(out))
	return program
}

// waitForChunks waits until n chunks are kept.
func waitForChunks(t *testing.T, o *storage.Opener, url string, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		chunks := 0
		for name := range tree(t, o, url) {
			if strings.HasSuffix(name, ".chunk") {
				chunks++
			}
		}
		return chunks >= n
	}, time.Minute, 20*time.Millisecond)
}

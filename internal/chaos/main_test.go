//go:build cgo

package chaos_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/opener"
	"github.com/rendition-sdk/rendition/transcode"
)

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		os.Exit(childMain())
	}
	leak.Main(m)
}

// makeClip makes a clip of picture and sound with a key frame each second: small
// pictures, and few of them, so that many chunks cost little.
func makeClip(t *testing.T, name, size string, seconds int) string {
	t.Helper()
	return makeClipOf(t, "gradients=seed=1:speed=0.01", name, size, seconds)
}

// busy is a picture that is held back by the cap of its rate, so that chunks are
// encoded again to fit behind each other.
const busy = "testsrc2=duration=1000"

func makeClipOf(t *testing.T, picture, name, size string, seconds int) string {
	t.Helper()
	path, length := filepath.Join(t.TempDir(), name), strconv.Itoa(seconds)
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), "-nostdin", "-v", "error",
		"-f", "lavfi", "-i", picture+":r=5:s="+size, "-f", "lavfi", "-i", "sine=r=16000:d=40", "-t", length,
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "5", "-c:a", "aac", "-b:a", "32k", path).CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}

// jobOn is a job with a file and a presentation of the same encode.
func jobOn(clip string) *transcode.Job {
	return &transcode.Job{
		Input: transcode.Input{URL: clip},
		Outputs: transcode.Outputs{
			&transcode.FileOutput{Preset: "ultrafast", Height: 90},
			&transcode.HLSOutput{Preset: "ultrafast", SegmentDuration: transcode.Time(2 * time.Second), Ladder: transcode.Heights(90)},
		},
	}
}

// into sends a job to a bucket.
func into(job *transcode.Job, b *storage.Bucket) *transcode.Job {
	job.Output.Bucket = b
	return job
}

// tree reads a whole bucket.
func tree(t *testing.T, b *storage.Bucket) map[string]string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	files := map[string]string{}
	for obj, err := range b.List(ctx, nil) {
		require.NoError(t, err)
		data, err := b.ReadAll(ctx, obj.Key, 0)
		require.NoError(t, err)
		files[obj.Key] = string(data)
	}
	return files
}

// requireSame compares two trees without printing them.
func requireSame(t *testing.T, want, got map[string]string) {
	t.Helper()
	for name, data := range want {
		there, ok := got[name]
		require.True(t, ok, "%s is missing", name)
		require.True(t, data == there, "%s differs: %d bytes and %d", name, len(data), len(there))
	}
	for name := range got {
		_, ok := want[name]
		require.True(t, ok, "%s is too much", name)
	}
	require.NotEmpty(t, want)
}

// run runs a job on an engine of its own.
func run(t *testing.T, job *transcode.Job, cfg *transcode.Config) (*transcode.Result, error) {
	t.Helper()
	return transcode.New(cfg).Run(t.Context(), job, nil)
}

// logged is a log that can be read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("libav: ")) {
		return len(p), nil // encoders talk a lot
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logged) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// openerWith knows files, and with open one scheme more.
func openerWith(open storage.OpenFunc) *storage.Opener {
	o := opener.New(nil)
	o.Schemes["test"] = open
	return o
}

// number returns the one behind name= in the last line of text that has it, -1 for none.
func number(text, name string) int {
	at := strings.LastIndex(text, " "+name+"=")
	if at < 0 {
		return -1
	}
	digits, _, _ := strings.Cut(text[at+len(name)+2:], "\n")
	n, err := strconv.Atoi(strings.Fields(digits)[0])
	if err != nil {
		return -1
	}
	return n
}

// eventually waits for something to become true.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	require.Eventually(t, is, time.Minute, time.Millisecond, what)
}

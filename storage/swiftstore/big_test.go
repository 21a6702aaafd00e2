package swiftstore_test

import (
	"bytes"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
)

var (
	big        = flag.Bool("big", false, "upload and read 5 GiB")
	throughput = flag.Bool("throughput", false, "compare with rclone")
)

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestBig moves 5 GiB through a few parts of memory.
func TestBig(t *testing.T) {
	if !*big {
		t.Skip("takes 5 GiB of disk and some minutes: give -big")
	}
	proxy := servers.StartSwift(t).StartProxy(t, nil)
	a := login(t, proxy)
	container := a.newContainer(t)
	b := open(t, container, options(proxy))
	const size = 5 << 30
	began := time.Now()
	w, err := b.NewWriter(t.Context(), "big.mp4", nil)
	require.NoError(t, err)
	_, err = io.Copy(w, io.LimitReader(zeros{}, size))
	require.NoError(t, err)
	_, err = w.Write([]byte("end"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	t.Logf("up: %.0f MiB/s, peak of memory %d MiB", size/1048576/time.Since(began).Seconds(), peak(t))

	o, err := b.Stat(t.Context(), "big.mp4")
	require.NoError(t, err)
	require.Equal(t, int64(size+3), o.Size)
	r, err := b.Open(t.Context(), "big.mp4", nil)
	require.NoError(t, err)
	defer r.Close()
	for _, off := range []int64{0, 1, 8<<20 - 5, 1 << 30, 4<<30 + 12345, size - 10} {
		_, err = r.Seek(off, io.SeekStart)
		require.NoError(t, err)
		got := make([]byte, 10)
		_, err = io.ReadFull(r, got)
		require.NoError(t, err)
		require.Equal(t, make([]byte, 10), got)
	}
	tail, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "end", string(tail))
	began = time.Now()
	_, err = r.Seek(0, io.SeekStart)
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, r)
	require.NoError(t, err)
	require.Equal(t, int64(size+3), n)
	t.Logf("down: %.0f MiB/s, peak of memory %d MiB", size/1048576/time.Since(began).Seconds(), peak(t))
	require.Less(t, peak(t), 200)
	require.NoError(t, b.Delete(t.Context(), "big.mp4"))
	require.Empty(t, a.names(t, container+"_segments"))
}

// peak is the most memory this process has had, in MiB.
func peak(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	for line := range bytes.Lines(text) {
		var kib int
		if n, _ := fmt.Sscanf(string(line), "VmHWM: %d kB", &kib); n == 1 {
			return kib / 1024
		}
	}
	return 0
}

// TestThroughput moves 1 GiB up and down, in turns with rclone.
func TestThroughput(t *testing.T) {
	if !*throughput {
		t.Skip("takes some minutes: give -throughput")
	}
	rclone := testenv.Program(t, "rclone")
	proxy := servers.StartSwift(t).StartProxy(t, nil)
	container := login(t, proxy).newContainer(t)
	b := open(t, container, options(proxy))
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	const size = 1 << 30
	f, err := os.Create(file)
	require.NoError(t, err)
	_, err = io.Copy(f, io.LimitReader(rand.Reader, size))
	require.NoError(t, err)
	require.NoError(t, f.Close())

	program := func(args ...string) {
		config := []string{
			"--config=/dev/null", "--swift-auth=" + proxy.AuthURL, "--swift-user=" + proxy.User, "--swift-key=" + proxy.Key,
			"--swift-auth-version=1", "--ignore-times",
		}
		out, err := exec.CommandContext(t.Context(), rclone, append(config, args...)...).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	seconds := func(do func()) float64 {
		began := time.Now()
		do()
		return time.Since(began).Seconds()
	}
	var up, down []float64
	for range 5 {
		ours := seconds(func() { upload(t, b, file) })
		theirs := seconds(func() { program("copyto", file, ":swift:"+container+"/theirs") })
		up = append(up, theirs/ours)
		oursDown := seconds(func() { download(t, b, filepath.Join(dir, "down")) })
		theirsDown := seconds(func() { program("copyto", ":swift:"+container+"/theirs", filepath.Join(dir, "theirs")) })
		down = append(down, theirsDown/oursDown)
		require.NoError(t, os.Remove(filepath.Join(dir, "down")))
		require.NoError(t, os.Remove(filepath.Join(dir, "theirs")))
		t.Logf("up %.2f s, rclone %.2f s; down %.2f s, rclone %.2f s", ours, theirs, oursDown, theirsDown)
	}
	slices.Sort(up)
	slices.Sort(down)
	t.Logf("rclone's time by ours, median of 5 (1 GiB): up %.2f, down %.2f", up[2], down[2])
}

func upload(t *testing.T, b *storage.Bucket, file string) {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	w, err := b.NewWriter(t.Context(), "ours", nil)
	require.NoError(t, err)
	_, err = io.Copy(w, f)
	require.NoError(t, err)
	require.NoError(t, w.Close())
}

func download(t *testing.T, b *storage.Bucket, file string) {
	t.Helper()
	f, err := os.Create(file)
	require.NoError(t, err)
	defer f.Close()
	r, err := b.Open(t.Context(), "ours", &storage.ReadOptions{MaxRange: 64 << 20}) // for bulk; the default is for seeking
	require.NoError(t, err)
	defer r.Close()
	_, err = io.Copy(f, r)
	require.NoError(t, err)
}

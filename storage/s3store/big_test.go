package s3store

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
)

var big = flag.Bool("big", false, "store an object of 5 GiB, which takes its space on disk and a few minutes")

// TestBig writes 5 GiB through a Bucket, reads them back, and looks at this process's memory.
func TestBig(t *testing.T) {
	if !*big {
		t.Skip("takes minutes and 5 GiB of disk: give -big")
	}
	const size, limit = 5<<30 + 12345, 200 << 20
	p := newPeer(t, servers.StartMinIO(t), nil)
	b := p.open(t, p.bucket(t), nil)
	resetPeak(t)

	began := time.Now()
	w, err := b.NewWriter(t.Context(), "big", nil)
	require.NoError(t, err)
	_, err = io.Copy(w, io.LimitReader(&counter{}, size))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	t.Logf("written: %.0f MiB/s, peak RSS %d MiB", rate(size, began), peakRSS(t)>>20)

	began = time.Now()
	r, err := b.Open(t.Context(), "big", nil)
	require.NoError(t, err)
	defer r.Close()
	require.Equal(t, int64(size), r.Size())
	sum := sha256.New()
	n, err := io.Copy(sum, r)
	require.NoError(t, err)
	require.Equal(t, int64(size), n)
	require.True(t, bytes.Equal(sum.Sum(nil), w.SHA256()))
	t.Logf("read: %.0f MiB/s, peak RSS %d MiB", rate(size, began), peakRSS(t)>>20)

	for _, off := range []int64{0, 3 << 30, 4<<30 + 1, size - 100} {
		got, want := make([]byte, 100), make([]byte, 100)
		_, err := r.Seek(off, io.SeekStart)
		require.NoError(t, err)
		_, err = io.ReadFull(r, got)
		require.NoError(t, err)
		_, _ = (&counter{off}).Read(want)
		require.Equal(t, want, got, "offset %d", off)
	}
	began = time.Now()
	require.NoError(t, b.Copy(t.Context(), "copy", "big"), "beyond what one request copies")
	o, err := b.Stat(t.Context(), "copy")
	require.NoError(t, err)
	require.Equal(t, int64(size), o.Size)
	t.Logf("copied by the server: %.0f MiB/s", rate(size, began))
	require.Less(t, peakRSS(t), int64(limit))
}

func rate(size int64, began time.Time) float64 {
	return float64(size) / (1 << 20) / time.Since(began).Seconds()
}

// counter gives bytes that depend on their offset.
type counter struct{ pos int64 }

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		at := c.pos + int64(i)
		p[i] = byte(at ^ at>>13 ^ at>>27)
	}
	c.pos += int64(len(p))
	return len(p), nil
}

// resetPeak begins the measurement of peakRSS anew.
func resetPeak(t *testing.T) {
	t.Helper()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600); err != nil {
		t.Logf("the peak is that of the whole test: %v", err)
	}
}

// peakRSS is the most memory that this process has had in RAM, in bytes.
func peakRSS(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	for line := range strings.Lines(string(status)) {
		var kib int64
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kib); err == nil {
			return kib << 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}

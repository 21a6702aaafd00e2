//go:build cgo

package probe_test

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage/httpstore"

	"github.com/stretchr/testify/require"
)

const gigabyte = 1 << 30

// A file of 1 GB with its moov at the end, over HTTP: little of it is read.
func TestBigFileOverHTTP(t *testing.T) {
	t.Parallel()
	tests := map[string]func(t *testing.T) []string{
		"generated": func(*testing.T) []string {
			return []string{"-f", "lavfi", "-i", "testsrc2=s=128x72:r=30:d=300", "-f", "lavfi", "-i", "sine=d=300", "-c:v", "mpeg4", "-c:a", "aac"}
		},
		"film": func(t *testing.T) []string {
			return []string{"-i", testenv.Clip(t, "film/bbb_480p_h264-aac51_30s.mp4"), "-c", "copy"}
		},
		"4k": func(t *testing.T) []string {
			return []string{"-i", testenv.Clip(t, "natural/changi_4k-portrait_2160x3840_hevc_9s.mp4"), "-c", "copy"}
		},
	}
	for name, args := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overHTTP(t, generate(t, "small.mp4", args(t)...))
		})
	}
}

func overHTTP(t *testing.T, clip file) {
	t.Helper()
	big := enlarge(t, string(clip))
	want := probed(t, clip)

	var sent atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := os.Open(big)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer func() { _ = f.Close() }()
		http.ServeContent(&counting{w, &sent}, r, "big.mp4", time.Unix(1, 0), f)
	}))
	client := server.Client()
	bucket, key, err := httpstore.OpenURL(t.Context(), server.URL+"/big.mp4", &httpstore.Options{Client: client})
	require.NoError(t, err)
	m := probed(t, bucket.Source(key))
	require.NoError(t, bucket.Close())
	client.CloseIdleConnections()
	server.Close()

	require.Greater(t, m.Size, int64(gigabyte))
	require.Equal(t, want.Duration, m.Duration)
	require.Equal(t, want.Streams, m.Streams)
	require.Less(t, sent.Load(), int64(2_000_000), "bytes that the server sent")
	t.Logf("sent %d bytes of %d", sent.Load(), m.Size)
}

// enlarge copies an MP4 with moov at its end into a file with a gigabyte of nothing before the moov.
func enlarge(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	mdat := bytes.Index(data, []byte("mdat")) - 4
	size := binary.BigEndian.Uint32(data[mdat:])
	moov := mdat + int(size)
	require.Equal(t, "moov", string(data[moov+4:moov+8]))
	binary.BigEndian.PutUint32(data[mdat:], size+gigabyte)

	big := filepath.Join(t.TempDir(), "big.mp4")
	f, err := os.Create(big)
	require.NoError(t, err)
	_, err = f.Write(data[:moov])
	require.NoError(t, err)
	_, err = f.WriteAt(data[moov:], int64(moov)+gigabyte)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	return big
}

// counting counts the bytes of a response's body.
type counting struct {
	http.ResponseWriter
	sent *atomic.Int64
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.sent.Add(int64(n))
	return n, err
}

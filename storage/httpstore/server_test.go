package httpstore_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/httpstore"
)

func TestMain(m *testing.M) { leak.Main(m) }

// server serves files below /files/ and can be told to misbehave.
type server struct {
	*httptest.Server

	mu       sync.Mutex
	files    map[string][]byte
	etag     string
	requests []*http.Request
	sent     int64
	// hook answers in place of the files when it returns true.
	hook func(w http.ResponseWriter, r *http.Request, n int) bool
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{files: map[string][]byte{}, etag: `"v1"`}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *server) put(path string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = data
}

func (s *server) setETag(v string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.etag = v
}

func (s *server) setHook(hook func(http.ResponseWriter, *http.Request, int) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	data, ok := s.files[r.URL.Path]
	etag, hook := s.etag, s.hook
	s.requests = append(s.requests, r.Clone(r.Context()))
	n := len(s.requests)
	s.mu.Unlock()
	w = &counting{ResponseWriter: w, s: s}
	if hook != nil && hook(w, r, n) {
		return
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("ETag", etag)
	http.ServeContent(w, r, r.URL.Path, time.Unix(1_700_000_000, 0), bytes.NewReader(data))
}

func (s *server) seen() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// counting counts the bytes of bodies.
type counting struct {
	http.ResponseWriter
	s *server
}

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.sent += int64(n)
	return n, err
}

func (c *counting) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func quick() *storage.Options { return &storage.Options{RetryDelay: time.Millisecond, Attempts: 3} }

func (s *server) open(t *testing.T, opts *httpstore.Options) *storage.Bucket {
	t.Helper()
	if opts == nil {
		opts = &httpstore.Options{}
	}
	if opts.Bucket == nil {
		opts.Bucket = quick()
	}
	b, err := httpstore.Open(t.Context(), s.URL+"/files", opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// pattern is bytes that tell where they are.
func pattern(n int) []byte {
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, "%08d", b.Len())
	}
	return []byte(b.String()[:n])
}

// noRanges serves data whole; without a length when chunked.
func noRanges(data []byte, chunked bool) func(http.ResponseWriter, *http.Request, int) bool {
	return func(w http.ResponseWriter, r *http.Request, _ int) bool {
		if !chunked {
			w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		}
		w.WriteHeader(http.StatusOK)
		if r.Method != http.MethodHead {
			_, _ = w.Write(data[:len(data)/2])
			_ = http.NewResponseController(w).Flush()
			_, _ = w.Write(data[len(data)/2:])
		}
		return true
	}
}

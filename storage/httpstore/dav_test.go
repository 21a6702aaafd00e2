package httpstore_test

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// davServer keeps what is PUT and forgets what is DELETEd, as RFC 9110 says: a request whose
// end does not come stores nothing. Names are flat.
type davServer struct {
	*httptest.Server

	mu     sync.Mutex
	files  map[string]file
	active map[string]int // PUTs going on
	seen   []*http.Request
	// hook answers in place of the files when it returns true.
	hook func(w http.ResponseWriter, r *http.Request, n int) bool
	// lengths makes it refuse what has no Content-Length, as S3 does.
	lengths bool
	version int
}

type file struct {
	data    []byte
	etag    string
	written time.Time
	header  http.Header
}

func newDAV(t *testing.T) *davServer {
	t.Helper()
	s := &davServer{files: map[string]file{}, active: map[string]int{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *davServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.seen = append(s.seen, r.Clone(r.Context()))
	n, hook := len(s.seen), s.hook
	f, ok := s.files[r.URL.Path]
	s.mu.Unlock()
	if hook != nil && hook(w, r, n) {
		return
	}
	switch {
	case r.Method == http.MethodPut:
		s.put(w, r)
	case !ok:
		http.NotFound(w, r)
	case r.Method == http.MethodDelete:
		s.mu.Lock()
		delete(s.files, r.URL.Path)
		s.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("ETag", f.etag)
		http.ServeContent(w, r, r.URL.Path, f.written, bytes.NewReader(f.data))
	}
}

func (s *davServer) put(w http.ResponseWriter, r *http.Request) {
	if s.lengths && r.ContentLength < 0 {
		http.Error(w, "<Error><Code>MissingContentLength</Code></Error>", http.StatusLengthRequired)
		return
	}
	s.count(r.URL.Path, 1)
	defer s.count(r.URL.Path, -1)
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if sum := r.Header.Get("Content-Md5"); sum != "" && sum != md5Of(data) {
		http.Error(w, "<Error><Code>BadDigest</Code></Error>", http.StatusBadRequest)
		return
	}
	s.store(r.URL.Path, data, r.Header)
	w.WriteHeader(http.StatusCreated)
}

func md5Of(data []byte) string {
	sum := md5.Sum(data)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (s *davServer) store(path string, data []byte, header http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	s.files[path] = file{data: data, etag: fmt.Sprintf(`"%d"`, s.version), written: time.Now(), header: header}
}

func (s *davServer) count(path string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active[path] += n
}

// unfinished lists the PUTs below a path that go on after a while.
func (s *davServer) unfinished(prefix string) []string {
	var open []string
	for range 100 {
		open = nil
		s.mu.Lock()
		for path, n := range s.active {
			if n > 0 && strings.HasPrefix(path, prefix) {
				open = append(open, path)
			}
		}
		s.mu.Unlock()
		if open == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	slices.Sort(open)
	return open
}

func (s *davServer) get(path string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[path]
	return f.data, ok
}

func (s *davServer) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

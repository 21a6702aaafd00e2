package akamaihls_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
)

// ingest is an entry point that checks the rules: a playlist comes after all it names, bodies have a length,
// connections are kept.
type ingest struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	files    map[string][]byte // by path
	order    []string
	methods  map[string]int
	opened   int
	open     int
	most     int // of open
	requests int
	broken   []string // rules that were broken
	// hook answers in place of the ingest when it returns true.
	hook func(w http.ResponseWriter, r *http.Request, n int) bool
}

func newIngest(t *testing.T) *ingest {
	t.Helper()
	s := &ingest{t: t, files: map[string][]byte{}, methods: map[string]int{}}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ConnState = s.count
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *ingest) count(_ net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.opened++
		s.open++
		s.most = max(s.most, s.open)
	case http.StateClosed:
		s.open--
	}
}

func (s *ingest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests++
	s.methods[r.Method]++
	n, hook := s.requests, s.hook
	s.mu.Unlock()
	if hook != nil && hook(w, r, n) {
		return
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Method {
	case http.MethodDelete:
		if _, ok := s.files[r.URL.Path]; !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		delete(s.files, r.URL.Path)
	case http.MethodPut, http.MethodPost:
		if r.ContentLength != int64(len(data)) {
			s.broken = append(s.broken, "no length: "+r.URL.Path)
		}
		if strings.HasSuffix(r.URL.Path, ".m3u8") {
			s.check(r.URL.Path, string(data))
		}
		s.files[r.URL.Path] = data
		s.order = append(s.order, r.URL.Path)
		w.WriteHeader(http.StatusCreated)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// check notes what a playlist names and has not arrived.
func (s *ingest) check(playlist, text string) {
	for _, line := range strings.Fields(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if _, ok := s.files[path.Join(path.Dir(playlist), line)]; !ok {
			s.broken = append(s.broken, fmt.Sprintf("%s names %s, which is not there", playlist, line))
		}
	}
}

func (s *ingest) get(p string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.files[p]
	return data, ok
}

func (s *ingest) faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.broken)
}

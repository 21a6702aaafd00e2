package scratch

import (
	"strings"
	"sync"
)

// Hold keeps Put and Clean of this Store from removing entries whose keys begin
// with prefix, until release is called; calling it again does nothing. A job
// holds what it will get: without that, its own first entries are the oldest
// and make room for its last ones. Other processes do not know of it, and
// neither does Remove.
func (s *Store) Hold(prefix string) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[prefix]++
	return sync.OnceFunc(func() { s.release(prefix) })
}

func (s *Store) release(prefix string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[prefix]--; s.held[prefix] == 0 {
		delete(s.held, prefix)
	}
	s.room.full = false // perhaps not any more
}

// isHeld is called with mu.
func (s *Store) isHeld(key string) bool {
	for prefix := range s.held {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

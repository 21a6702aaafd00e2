package scratch_test

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/scratch"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/filestore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

func TestMain(m *testing.M) { leak.Main(m) }

const key = "v1/0123abcd/4567cdef/000000-000300"

// clock is a clock that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// memory returns a Store in memory on the clock, and the Bucket below it.
func memory(c *clock, o scratch.Options) (*scratch.Store, *storage.Bucket) {
	b := memstore.New(&memstore.Options{Now: c.Now, Bucket: &storage.Options{Attempts: 2, RetryDelay: time.Millisecond}})
	o.Now = c.Now
	return scratch.New(b, &o), b
}

func folder(t *testing.T, dir string) *storage.Bucket {
	t.Helper()
	b, err := filestore.Open(t.Context(), dir, &filestore.Options{Bucket: &storage.Options{RetryDelay: time.Millisecond}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func put(t *testing.T, s *scratch.Store, key string, size int) {
	t.Helper()
	require.NoError(t, s.Put(t.Context(), key, make([]byte, size)))
}

// keys lists what is in the Store.
func keys(t *testing.T, s *scratch.Store) []string {
	t.Helper()
	sizes, err := s.List(context.WithoutCancel(t.Context()), "")
	require.NoError(t, err)
	list := []string{}
	for k := range sizes {
		list = append(list, k)
	}
	return list
}

// overhead is what an entry of a key with one letter takes beside its payload.
const overhead = 8 + 4 + 4 + 8 + 1 + 32

func logger(w *bytes.Buffer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

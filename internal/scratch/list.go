package scratch

import (
	"context"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition/storage"
)

// entry is an entry as a listing shows it.
type entry struct {
	key  string
	size int64     // in the store; 0 when the store does not tell
	time time.Time // when it was written; zero when the store does not tell
}

// List returns the keys that begin with prefix, each with the bytes that its
// entry takes in the store (the payload and some hundred bytes more; 0 where the
// store does not tell). It is one listing, however many there are. A key that
// is listed may be gone, or turn out to be damaged, when it is got.
func (s *Store) List(ctx context.Context, prefix string) (map[string]int64, error) {
	list, err := s.list(ctx, prefix)
	if err != nil {
		return nil, err
	}
	sizes := make(map[string]int64, len(list))
	for _, e := range list {
		sizes[e.key] = e.size
	}
	return sizes, nil
}

func (s *Store) list(ctx context.Context, prefix string) ([]entry, error) {
	var list []entry
	for o, err := range s.bucket.List(ctx, &storage.ListOptions{Prefix: prefix}) {
		if err != nil {
			return nil, err
		}
		// A prefix such as "a.chu" is that of an object and of no key.
		if key, ours := keyOf(o.Key); ours && strings.HasPrefix(key, prefix) {
			list = append(list, entry{key: key, size: max(o.Size, 0), time: o.ModTime})
		}
	}
	return list, nil
}

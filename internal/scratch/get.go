package scratch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// readTries is how often an entry is read that another process replaces
// meanwhile.
const readTries = 3

// wholeRange is the first range that is asked for: an entry is read to its end,
// so there is no reason to begin small.
const wholeRange = 8 << 20

// Get returns the payload of an entry, which belongs to the caller. Kind
// NotFound when there is none, when it is removed while it is read, and when
// it is damaged in any way: then it is removed, and the Logger is told why. So
// a caller has to be ready to do the work again for each key that it gets,
// whatever List said. Never kind Integrity.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	name, err := object(key)
	if err != nil {
		return nil, err
	}
	for range readTries {
		var payload []byte
		payload, err = s.read(ctx, key, name)
		if err == nil {
			return payload, nil
		}
		if rendition.KindOf(err) != rendition.Integrity { // that was the object changing underneath, so it is whole again
			break
		}
	}
	if !errors.Is(err, errDamaged) && rendition.KindOf(err) != rendition.Integrity {
		return nil, err
	}
	s.discard(ctx, key, name, err)
	return nil, fail(rendition.NotFound, "get", key, fmt.Errorf("what was there was no good and is removed: %w", errDamaged))
}

func (s *Store) read(ctx context.Context, key, name string) ([]byte, error) {
	r, err := s.bucket.Open(ctx, name, &storage.ReadOptions{FirstRange: wholeRange})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return decode(r, r.Size(), key)
}

// discard removes a damaged entry. Where that fails, it is there to be found
// damaged again or to be replaced.
func (s *Store) discard(ctx context.Context, key, name string, why error) {
	attrs := []slog.Attr{slog.String("key", key), slog.String("error", why.Error())}
	if err := s.bucket.Delete(ctx, name); err != nil {
		attrs = append(attrs, slog.String("delete", err.Error()))
	}
	s.opts.Logger.LogAttrs(ctx, slog.LevelWarn, "scratch: damaged entry", attrs...)
}

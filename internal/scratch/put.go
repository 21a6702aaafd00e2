package scratch

import (
	"context"
	"fmt"

	"github.com/rendition-sdk/rendition"
)

// Put stores parts, one behind the other, as the entry of key. It becomes
// visible when it is whole; when Put fails, nothing of it stays and an entry
// that was there is untouched. An entry that is there is written again: a
// caller that does not want that looks with List first. The parts are not kept.
//
// Where Limit would be exceeded, the oldest entries that nobody holds (Hold) are
// removed first. Kind Quota when that does not make room enough, when the
// payload has more than MaxEntryBytes, and when the store itself is full.
func (s *Store) Put(ctx context.Context, key string, parts ...[]byte) error {
	name, err := object(key)
	if err != nil {
		return err
	}
	var length int64
	for _, p := range parts {
		length += int64(len(p))
	}
	if length > MaxEntryBytes {
		return fail(rendition.Quota, "put", key, fmt.Errorf("%d bytes in one entry; at most %d are allowed", length, int64(MaxEntryBytes)))
	}
	size := entrySize(key, length)
	if err := s.reserve(ctx, key, size); err != nil {
		return err
	}
	err = s.write(ctx, name, header(key, length), parts)
	s.settle(size, err == nil)
	return err
}

func (s *Store) write(ctx context.Context, name string, head []byte, parts [][]byte) error {
	w, err := s.bucket.NewWriter(ctx, name, nil)
	if err != nil {
		return err
	}
	for _, p := range append([][]byte{head}, parts...) {
		if _, err = w.Write(p); err != nil {
			break
		}
	}
	if err == nil {
		_, err = w.Write(w.SHA256())
	}
	if err != nil {
		_ = w.Abort() // the error that matters is the one of the write
		return err
	}
	return w.Close()
}

package storage

import (
	"context"

	"github.com/rendition-sdk/rendition"
)

// Source returns one object as media to read. It does not look whether the
// object is there: Open does. The Bucket must stay open while it is used.
func (b *Bucket) Source(key string) rendition.Source { return &source{bucket: b, key: key} }

type source struct {
	bucket *Bucket
	key    string
}

func (s *source) Name() string { return s.bucket.Name() + s.key }

func (s *source) Open(ctx context.Context) (rendition.SourceReader, error) {
	r, err := s.bucket.Open(ctx, s.key, nil)
	if err != nil {
		return nil, err // not r: a nil *Reader in the interface would not be nil
	}
	return r, nil
}

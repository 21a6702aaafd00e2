package transcode

import (
	"context"
	"sync/atomic"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// countedSource is a source that counts what is read of it. A read is often a
// few bytes, so the hooks are told now and then (jobRun.tellRead).
type countedSource struct {
	rendition.Source
	read *atomic.Int64
}

// objectReader is a reader that knows which version of an object it reads.
type objectReader interface{ Object() *storage.Object }

// Open implements rendition.Source.
func (s *countedSource) Open(ctx context.Context) (rendition.SourceReader, error) {
	reader, err := s.Source.Open(ctx)
	if err != nil {
		return nil, err
	}
	c := &countedReader{reader, s.read}
	if o, ok := reader.(objectReader); ok {
		return struct {
			*countedReader
			objectReader
		}{c, o}, nil
	}
	return c, nil
}

type countedReader struct {
	rendition.SourceReader
	read *atomic.Int64
}

// Read implements io.Reader.
func (r *countedReader) Read(b []byte) (int, error) {
	n, err := r.SourceReader.Read(b)
	r.read.Add(int64(n))
	return n, err
}

// count has the source count, where anybody wants to know.
func (r *jobRun) count(src rendition.Source) rendition.Source {
	if r.hooks().metrics == nil {
		return src
	}
	return &countedSource{src, &r.read}
}

// tellRead tells the hooks how much was read since the last time.
func (r *jobRun) tellRead(ctx context.Context) {
	r.hooks().add(ctx, CounterRead, float64(r.read.Swap(0)))
}

package rendition

import (
	"context"
	"io"
)

// Source is media that can be read, wherever it lies. A storage.Bucket makes
// one of any of its objects; a host application may write its own.
type Source interface {
	// Name is what messages call the source. It holds no secret.
	Name() string
	// Open returns a reader positioned at the first byte. Readers are
	// independent of each other; each is used by one goroutine at a time and
	// must be closed. ctx covers the whole life of the reader: when it ends,
	// a blocked Read returns with its error.
	Open(ctx context.Context) (SourceReader, error)
}

// SourceReader reads a Source from any offset. Read returns as soon as it has
// some bytes. Seek costs nothing by itself: bytes move when Read is called.
type SourceReader interface {
	io.ReadSeekCloser
	// Size is the length in bytes, -1 where it is not known; then Seek from
	// the end fails.
	Size() int64
}

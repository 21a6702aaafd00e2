package packager

import (
	"context"
	"io"
)

// Sink is where a packager's files go: a folder, a bucket, memory. It is
// defined here so that the packager depends on no storage. It is safe for
// concurrent use.
type Sink interface {
	// Create begins the file name, a relative slash-separated path. The file
	// is invisible until its Close succeeds.
	Create(ctx context.Context, name string, opts *FileOptions) (File, error)
}

// File is one file being written to a Sink.
type File interface {
	io.Writer
	// Close commits the file: afterwards it is complete and visible.
	Close() error
	// Abort throws the file away. After Close it does nothing.
	Abort() error
}

// FileOptions are hints of the packager for a file. The zero value is valid.
type FileOptions struct {
	// ContentType is the MIME type, such as "video/mp4".
	ContentType string
	// Immutable marks media segments and init segments, whose bytes never
	// change under their name, so that a cache may keep them for ever.
	Immutable bool
	// Growing marks a playlist that will be written again under its name, so that
	// a cache must ask for it each time.
	Growing bool
}

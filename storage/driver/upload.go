package driver

import (
	"context"
	"io"
)

// Upload is one object being written. The Bucket calls WritePart for every
// part, then Commit; or Abort at any point. Parts may be written concurrently
// unless Capabilities says SequentialParts; Commit and Abort come alone, after
// every WritePart has returned.
type Upload interface {
	// WritePart stores one part. After an error of kind Unavailable it is
	// called again with the same part, so it must be repeatable: whatever an
	// earlier try has left is replaced. It does not close part.Body, and keeps
	// it only when part.Last is set: that Body stays as it is until Commit or
	// Abort has returned, so that a store can put a small object in one request
	// when it commits.
	WritePart(ctx context.Context, part *Part) error

	// Commit makes the object visible, complete, in one step where the store
	// allows it. It is called after the part with Last has been written. It
	// may be called again after an error of kind Unavailable. The Info it
	// returns has at least Size, or -1 to have the check of the size left out.
	Commit(ctx context.Context) (*Info, error)

	// Abort removes everything that was stored: parts, temporary names. It is
	// called after any error and after a cancel (with a ctx of its own), at
	// most once, and not after a successful Commit. A failed Commit may have
	// left parts or a temporary name: Abort removes these too.
	Abort(ctx context.Context) error
}

// Part is a piece of an object. Every object has at least one part, and an
// empty object has one of size 0.
type Part struct {
	// Index counts from 0. Index 0 with Last is the whole object.
	Index int
	// Offset is where the part begins in the object, in bytes.
	Offset int64
	// Size in bytes. All parts but the last have UploadOptions.PartSize.
	Size int64
	// Last marks the last part; Offset+Size is the size of the object.
	Last bool
	// Body is the bytes: positioned at its start, exactly Size long, rewindable.
	Body io.ReadSeeker
}

// UploadOptions belongs to one NewUpload.
type UploadOptions struct {
	// PartSize in bytes, at least Capabilities.MinPartSize.
	PartSize int64
	// ContentType is never empty; CacheControl may be. Stores that keep none ignore them.
	ContentType  string
	CacheControl string
	// Metadata is user metadata; empty unless Capabilities says UserMetadata.
	Metadata map[string]string
}

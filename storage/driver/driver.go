package driver

import (
	"context"
	"io"
	"time"

	"github.com/rendition-sdk/rendition"
)

// Driver is one store as storage.Bucket sees it. All methods but Close are
// safe for concurrent use, honor ctx while they block, and return raw errors:
// the Bucket asks Classify and wraps them.
//
// Arguments are valid when they arrive: a key has passed storage.ValidateKey
// and MaxKeyBytes, an offset is not negative, an options pointer is not nil,
// and no method is called that Capabilities rules out.
type Driver interface {
	// Capabilities says what the store can do. It is plain data that does not
	// change after the driver was opened, and costs nothing to ask.
	Capabilities() Capabilities

	// OpenRange opens the bytes [off, off+length) of an object, or all from off
	// when length is -1. Length is never 0. ctx covers the life of the Body
	// too: when it ends, a blocked Read of the body returns.
	//
	// A range that reaches past the end is cut there. When off is at or past
	// the end the result is an empty Body whose Info has the object's size, not
	// an error. A key that is not there is an error of kind NotFound.
	OpenRange(ctx context.Context, key string, off, length int64, opts *ReadOptions) (*Body, error)

	// Stat describes one object; kind NotFound when it is not there.
	Stat(ctx context.Context, key string) (*Info, error)

	// ListPage returns one page of objects in ascending order of the bytes of
	// their keys. A prefix that matches nothing gives an empty page. Temporary
	// names (IsTempName) and uploads without a commit are not listed.
	ListPage(ctx context.Context, req *ListRequest) (*ListPage, error)

	// NewUpload begins an object. Nothing is visible under the key until
	// Commit succeeds, and what was there before stays readable until then.
	// ctx covers the call alone.
	NewUpload(ctx context.Context, key string, opts *UploadOptions) (Upload, error)

	// Delete removes an object. A key that is not there is success.
	Delete(ctx context.Context, key string) error

	// Classify gives the kind of an error that a method, a Body or an Upload
	// of this driver returned. DefaultKind serves for what it does not know.
	Classify(err error) rendition.Kind

	// Close frees what the driver holds. It is called once, after all calls
	// have returned.
	Close() error
}

// Copier is a Driver whose store copies objects by itself. Capabilities says
// ServerCopy.
type Copier interface {
	// Copy makes dst a copy of src, with its content type and metadata. Like
	// an upload it is invisible until it is complete. NotFound when src is missing.
	Copy(ctx context.Context, dst, src string) error
}

// Signer is a Driver that makes URLs which carry their own permission.
// Capabilities says SignedURL.
type Signer interface {
	// SignedURL returns a URL for one object that anyone may use until it expires.
	SignedURL(ctx context.Context, key string, opts *SignOptions) (string, error)
}

// Capabilities is what a store can do and where its limits are.
type Capabilities struct {
	// ReadOnly stores refuse NewUpload, Delete and Copy.
	ReadOnly bool
	// NoList stores cannot enumerate their objects.
	NoList bool
	// NoRead stores take objects and give none back: no OpenRange, Stat or Copy.
	NoRead bool
	// NoDelete stores cannot remove an object.
	NoDelete bool
	// AtomicReplace means that a reader sees the old object or the new one and
	// nothing between.
	AtomicReplace bool
	// ServerCopy means that the driver is a Copier.
	ServerCopy bool
	// SignedURL means that the driver is a Signer.
	SignedURL bool
	// ContentType means that content type and cache control are kept.
	ContentType bool
	// UserMetadata means that UploadOptions.Metadata is kept.
	UserMetadata bool
	// ConsistentList means that a listing shows every earlier commit and delete.
	ConsistentList bool
	// HasDirectories means that "a" and "a/b" cannot both be objects.
	HasDirectories bool
	// Retries means that the driver (its SDK) retries by itself, so that the
	// Bucket does not.
	Retries bool
	// SequentialParts means that an upload takes its parts in order, one at a time.
	SequentialParts bool
	// MinPartSize is the smallest part in bytes, the last one excepted; 0 is none.
	MinPartSize int64
	// MaxParts is the largest number of parts; 0 is none.
	MaxParts int
	// MaxObjectSize in bytes; 0 is none.
	MaxObjectSize int64
	// MaxKeyBytes is the longest key; 0 means the Bucket's own limit.
	MaxKeyBytes int
}

// Info describes an object.
type Info struct {
	// Key is the object's key, or in a listing with a delimiter the common
	// prefix, which then ends in the delimiter.
	Key string
	// Size in bytes; -1 when it is not known.
	Size int64
	// ModTime is when the object was last written; zero when it is not known.
	ModTime time.Time
	// ETag names this version of the object: another ETag means other bytes.
	// It is opaque and empty when the store has none.
	ETag string
	// ContentType and CacheControl as stored; empty when the store keeps none.
	ContentType  string
	CacheControl string
	// Metadata as stored; may be nil.
	Metadata map[string]string
	// IsPrefix marks a common prefix in a listing; then only Key is set.
	IsPrefix bool
}

// ReadOptions belongs to one OpenRange.
type ReadOptions struct {
	// Match is the version seen by an earlier call, or nil. A driver that can
	// ask its store for this version alone does so and returns ErrChanged when
	// it is gone. Others ignore it: the Bucket compares Info as well.
	Match *Info
}

// Body is the bytes of one OpenRange. Read may return fewer bytes than asked
// for as soon as it has some. The Bucket closes it, at any point.
type Body struct {
	io.ReadCloser
	// Info is the object the bytes belong to.
	Info Info
	// Length is how many bytes the body gives, -1 when that is not known. It
	// may differ from the length asked for; a body that ends before Length has
	// been cut and is resumed.
	Length int64
	// MaxSkip is not 0 when the store ignores ranges, so that a seek means to
	// read and drop: then the Bucket drops at most this many bytes in a body,
	// and OpenRange refuses an offset beyond it with kind Unsupported.
	MaxSkip int64
	// SeekTo, when not nil, moves the body to an offset of the object at no
	// cost, as in a local file. Such a body ends where the object ends.
	SeekTo func(off int64) error
}

// ListRequest asks for one page.
type ListRequest struct {
	// Prefix is what keys begin with; any string, not only whole elements.
	Prefix string
	// Delimiter is "" or "/". With "/" the keys that have one after Prefix are
	// folded into their common prefix.
	Delimiter string
	// PageSize is the largest number of entries to return, 1 or more. A driver
	// may return fewer.
	PageSize int
	// PageToken is "" for the first page, then the NextPageToken of the one before.
	PageToken string
}

// ListPage is one page of a listing.
type ListPage struct {
	Objects []Info
	// NextPageToken is "" on the last page.
	NextPageToken string
}

// SignOptions belongs to one SignedURL.
type SignOptions struct {
	// Method is "GET" or "PUT".
	Method string
	// Expiry is how long the URL works; positive.
	Expiry time.Duration
}

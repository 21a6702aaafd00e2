package storage

import (
	"maps"
	"time"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// Object describes one object of a Bucket.
type Object struct {
	// Key is the key within the Bucket; of a prefix it ends in a slash.
	Key string
	// Size in bytes; -1 when the store does not tell.
	Size int64
	// ModTime is when it was last written; zero when the store does not tell.
	ModTime time.Time
	// ETag names the version: another ETag means other bytes. Opaque; may be empty.
	ETag string
	// ContentType as stored, or by the key's extension where the store keeps none.
	ContentType string
	// CacheControl as stored; may be empty.
	CacheControl string
	// Metadata is user metadata; may be nil.
	Metadata map[string]string
	// IsPrefix marks what a delimiter folded; then only Key is set.
	IsPrefix bool
}

func (b *Bucket) object(info *driver.Info, key string) *Object {
	o := &Object{
		Key: key, Size: info.Size, ModTime: info.ModTime, ETag: info.ETag, ContentType: info.ContentType,
		CacheControl: info.CacheControl, Metadata: maps.Clone(info.Metadata), IsPrefix: info.IsPrefix,
	}
	if o.ContentType == "" && !o.IsPrefix {
		o.ContentType = contentType(key)
	}
	return o
}

// sameVersion says whether two descriptions can be of the same bytes. What one
// of them does not know cannot differ.
func sameVersion(a, b *driver.Info) bool {
	if a.Size >= 0 && b.Size >= 0 && a.Size != b.Size {
		return false
	}
	if a.ETag != "" && b.ETag != "" {
		return a.ETag == b.ETag
	}
	return a.ModTime.IsZero() || b.ModTime.IsZero() || a.ModTime.Equal(b.ModTime)
}

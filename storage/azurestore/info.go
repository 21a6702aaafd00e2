package azurestore

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// properties is what answers tell about a blob. The SDK's answers have the same
// fields in types of their own.
type properties struct {
	etag         *azcore.ETag
	modified     *time.Time
	contentType  *string
	cacheControl *string
	metadata     map[string]*string
}

// info describes a blob of the given size.
func (p *properties) info(key string, size int64) driver.Info {
	i := driver.Info{
		Key: key, Size: size, ContentType: printable(value(p.contentType)), CacheControl: printable(value(p.cacheControl)),
		ETag: quoted(string(value(p.etag))), Metadata: metadata(p.metadata),
	}
	if p.modified != nil {
		i.ModTime = p.modified.UTC()
	}
	return i
}

// itemInfo describes an entry of a listing.
func itemInfo(item *container.BlobItem) driver.Info {
	p := item.Properties
	if p == nil {
		return driver.Info{Key: value(item.Name), Size: -1}
	}
	all := properties{p.ETag, p.LastModified, p.ContentType, p.CacheControl, item.Metadata}
	size := int64(-1)
	if p.ContentLength != nil {
		size = *p.ContentLength
	}
	return all.info(value(item.Name), size)
}

// metadata is the user's, whose names lose their case in headers.
func metadata(m map[string]*string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]string, len(m))
	for name, v := range m {
		out[strings.ToLower(name)] = value(v)
	}
	return out
}

// isFolder says whether metadata marks a folder of an account with a
// hierarchical namespace.
func isFolder(m map[string]*string) bool {
	for name, v := range m {
		if strings.EqualFold(name, "hdi_isfolder") {
			is, err := strconv.ParseBool(value(v))
			return err == nil && is
		}
	}
	return false
}

// errFolder is what reads of a folder's name give.
var errFolder = &driver.Error{Kind: rendition.NotFound, Err: errors.New("there is a folder of that name, and no object")}

// quoted gives an ETag of a listing the quotes that it has in headers.
func quoted(etag string) string {
	etag = printable(etag)
	if etag == "" || strings.HasSuffix(etag, `"`) {
		return etag
	}
	return `"` + etag + `"`
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// printable bounds what a server says about itself.
func printable(s string) string {
	const limit = 256
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ToValidUTF8(s, "?")
}

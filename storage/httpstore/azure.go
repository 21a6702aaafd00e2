package httpstore

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// azureParts is how many blocks a blob may have.
const azureParts = 50_000

// azureUpload is a block blob put through a URL with a shared access signature: in one Put Blob when it
// has one part, else by Put Block and Put Block List, whose parameters are added to the URL.
// Blocks that were not committed are not visible; Azure drops them after a week, or when the blob
// is written again.
type azureUpload struct {
	site *site
	key  string
	opts driver.UploadOptions

	mu    sync.Mutex
	whole *driver.Part
	count int // of parts
	size  int64
}

func newAzureUpload(d *site, key string, opts *driver.UploadOptions) *azureUpload {
	return &azureUpload{site: d, key: key, opts: *opts}
}

func (u *azureUpload) WritePart(ctx context.Context, part *driver.Part) error {
	u.mu.Lock()
	u.count = max(u.count, part.Index+1)
	if part.Last {
		u.size = part.Offset + part.Size
	}
	u.mu.Unlock()
	if part.Index == 0 && part.Last {
		u.whole = part
		return nil
	}
	return u.done(u.site.send(ctx, &call{
		method: http.MethodPut, key: u.key, part: part, sum: true,
		query: "comp=block&blockid=" + url.QueryEscape(blockID(part.Index)),
	}))
}

// blockID is the same for every try of a part. All ids of a blob have the same length.
func blockID(index int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "rendition-%06d", index))
}

func (u *azureUpload) Commit(ctx context.Context) (*driver.Info, error) {
	c := &call{method: http.MethodPut, key: u.key, header: u.blobHeader(), sum: true}
	if u.whole != nil {
		c.header.Set("X-Ms-Blob-Type", "BlockBlob")
		c.part = u.whole
	} else {
		c.query = "comp=blocklist"
		list := u.blockList()
		c.part = &driver.Part{Size: int64(len(list)), Body: strings.NewReader(list)}
	}
	if err := u.done(u.site.send(ctx, c)); err != nil {
		return nil, err
	}
	return &driver.Info{Key: u.key, Size: u.size}, nil
}

func (u *azureUpload) blockList() string {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><BlockList>`)
	for i := range u.count {
		b.WriteString("<Latest>" + blockID(i) + "</Latest>")
	}
	b.WriteString("</BlockList>")
	return b.String()
}

func (u *azureUpload) blobHeader() http.Header {
	h := http.Header{"X-Ms-Blob-Content-Type": {u.opts.ContentType}}
	if u.opts.CacheControl != "" {
		h.Set("X-Ms-Blob-Cache-Control", u.opts.CacheControl)
	}
	return h
}

func (*azureUpload) done(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return wrote(resp)
}

// Abort leaves uncommitted blocks to Azure: no request removes them without touching the blob.
func (*azureUpload) Abort(context.Context) error { return nil }

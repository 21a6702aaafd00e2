package azurestore

import (
	"context"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// OpenRange makes one GET, of the version that was seen before (If-Match).
func (d *blobs) OpenRange(ctx context.Context, key string, off, length int64, opts *driver.ReadOptions) (*driver.Body, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	o := &blob.DownloadStreamOptions{Range: blob.HTTPRange{Offset: off, Count: max(length, 0)}, CPKInfo: d.cpk}
	if opts.Match != nil && opts.Match.ETag != "" {
		o.AccessConditions = match(opts.Match.ETag)
	}
	resp, err := d.client.NewBlobClient(key).DownloadStream(ctx, o)
	if err != nil {
		if _, status := codeOf(err); status == http.StatusRequestedRangeNotSatisfiable {
			return d.pastEnd(ctx, key, off, opts.Match)
		}
		return nil, d.fail(err)
	}
	if resp.Body == nil {
		return nil, broken("it has no body")
	}
	b, err := content(&resp, key, off, length)
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	return b, nil
}

func match(etag string) *blob.AccessConditions {
	tag := azcore.ETag(etag)
	return &blob.AccessConditions{ModifiedAccessConditions: &blob.ModifiedAccessConditions{IfMatch: &tag}}
}

// content makes the Body of an answer. On an error the caller closes the answer's.
func content(resp *blob.DownloadStreamResponse, key string, off, length int64) (*driver.Body, error) {
	if isFolder(resp.Metadata) {
		return nil, errFolder
	}
	p := properties{resp.ETag, resp.LastModified, resp.ContentType, resp.CacheControl, resp.Metadata}
	if resp.ContentLength == nil || *resp.ContentLength < 0 {
		return nil, broken("it does not tell its length")
	}
	n := *resp.ContentLength
	if resp.ContentRange == nil {
		if off > 0 || (length >= 0 && n > length) {
			return nil, broken("all bytes came in place of a range")
		}
		return &driver.Body{ReadCloser: newBody(resp.Body, n), Info: p.info(key, n), Length: n}, nil
	}
	r, err := parseContentRange(*resp.ContentRange)
	switch {
	case err != nil:
		return nil, err
	case r.first != off || (length >= 0 && r.size() > length):
		return nil, broken("bytes %d-%d came in place of %d bytes at %d", r.first, r.last, length, off)
	case r.size() != n:
		return nil, broken("Content-Length %d does not fit bytes %d-%d", n, r.first, r.last)
	}
	return &driver.Body{ReadCloser: newBody(resp.Body, n), Info: p.info(key, r.total), Length: n}, nil
}

// pastEnd is the answer to a range behind the end, which an empty blob has
// everywhere: the service does not describe the blob in it.
func (d *blobs) pastEnd(ctx context.Context, key string, off int64, seen *driver.Info) (*driver.Body, error) {
	info, err := d.Stat(ctx, key)
	switch {
	case err != nil:
		return nil, err
	case seen != nil && seen.ETag != "" && seen.ETag != info.ETag:
		return nil, driver.ErrChanged
	case info.Size > off:
		return nil, broken("it refuses a range at %d of %d bytes", off, info.Size)
	}
	return &driver.Body{ReadCloser: http.NoBody, Info: *info, Length: 0}, nil
}

// Stat asks for a blob's properties.
func (d *blobs) Stat(ctx context.Context, key string) (*driver.Info, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	resp, err := d.client.NewBlobClient(key).GetProperties(ctx, &blob.GetPropertiesOptions{CPKInfo: d.cpk})
	switch {
	case err != nil:
		return nil, d.fail(err)
	case isFolder(resp.Metadata):
		return nil, errFolder
	case resp.ContentLength == nil || *resp.ContentLength < 0:
		return nil, broken("it does not tell the size")
	}
	p := properties{resp.ETag, resp.LastModified, resp.ContentType, resp.CacheControl, resp.Metadata}
	info := p.info(key, *resp.ContentLength)
	return &info, nil
}

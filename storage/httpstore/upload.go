package httpstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/feed"
)

// NewUpload asks the server nothing: the first request is that of the first part, or Commit's.
func (d *site) NewUpload(_ context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	if err := d.mayWrite(key); err != nil {
		return nil, err
	}
	if d.sig.scheme == azureSAS {
		return newAzureUpload(d, key, opts), nil
	}
	u := &upload{site: d, key: key, opts: *opts, limit: max(d.opts.MaxPut, opts.PartSize)}
	if d.mode == WriteChunked {
		u.feed = feed.New(u.stream)
	}
	return u, nil
}

// mayWrite refuses what the signature of a URL is not for.
func (d *site) mayWrite(key string) error {
	switch {
	case d.mode == WriteNone:
		return errors.ErrUnsupported
	case d.only && key != d.key:
		err := errors.New("the signature of the URL is for one object, and this is another")
		return &driver.Error{Kind: rendition.Permission, Err: err, Hint: "sign a URL for each object, or set Options.Write"}
	}
	return nil
}

// upload is an object that is put in one request.
type upload struct {
	site  *site
	key   string
	opts  driver.UploadOptions
	limit int64
	feed  *feed.Feed   // nil where the length of the request must be known
	whole *driver.Part // the object, when it has one part
}

func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	switch {
	case part.Index == 0 && part.Last:
		u.whole = part
		return nil
	case u.feed == nil:
		return tooLarge(u.limit)
	}
	return u.feed.Write(ctx, part)
}

func tooLarge(limit int64) error {
	err := fmt.Errorf("the object has more than %d bytes, and one PUT of known length takes it whole, from memory", limit)
	return &driver.Error{
		Kind: rendition.Quota, Err: err,
		Hint: "raise MaxPut or PartSize (to 1 GiB at most), use WriteChunked where the server takes it, or a driver with multipart uploads",
	}
}

func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if u.whole != nil {
		return u.put(ctx)
	}
	if err := u.feed.Finish(ctx); err != nil {
		return nil, u.site.conflict(ctx, u.key, err)
	}
	return &driver.Info{Key: u.key, Size: -1}, nil
}

func (u *upload) put(ctx context.Context) (*driver.Info, error) {
	c := &call{method: http.MethodPut, key: u.key, header: u.site.objectHeader(&u.opts), part: u.whole}
	if u.site.sig.scheme == awsV4 {
		c.sum = true
	}
	resp, err := u.site.send(ctx, c)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if err := wrote(resp); err != nil {
		return nil, u.site.conflict(ctx, u.key, err)
	}
	return &driver.Info{Key: u.key, Size: -1, ETag: printable(resp.Header.Get("ETag"))}, nil
}

// stream is the one request of an object of several parts.
func (u *upload) stream(ctx context.Context, body io.Reader) error {
	resp, err := u.site.send(ctx, &call{method: http.MethodPut, key: u.key, header: u.site.objectHeader(&u.opts), stream: body})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return wrote(resp)
}

// Abort ends a chunked request without its last chunk, so that the server throws the object away. A PUT
// that failed has stored nothing.
func (u *upload) Abort(context.Context) error {
	if u.feed != nil {
		u.feed.Stop()
	}
	return nil
}

// objectHeader describes an object to the server. A signature of version 2 covers Content-Type
// even when it is absent, so that only the user's own Header can set it there.
func (d *site) objectHeader(opts *driver.UploadOptions) http.Header {
	h := http.Header{}
	if d.sig.scheme == awsV2 {
		return h
	}
	if d.opts.Header.Get("Content-Type") == "" {
		h.Set("Content-Type", opts.ContentType)
	}
	if opts.CacheControl != "" {
		h.Set("Cache-Control", opts.CacheControl)
	}
	return h
}

// Delete makes a DELETE. A URL that is signed for PUT cannot: kind Unsupported.
func (d *site) Delete(ctx context.Context, key string) error {
	if err := d.mayWrite(key); err != nil {
		return err
	}
	if d.sig.scheme != unsigned && !d.sig.remove {
		err := errors.New("the signature of the URL is not for deleting")
		return &driver.Error{Kind: rendition.Unsupported, Err: err, Hint: "delete the object with the store's own driver"}
	}
	resp, err := d.send(ctx, &call{method: http.MethodDelete, key: key})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone {
		return nil
	}
	return wrote(resp)
}

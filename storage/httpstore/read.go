package httpstore

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// OpenRange makes one GET.
func (d *site) OpenRange(ctx context.Context, key string, off, length int64, opts *driver.ReadOptions) (*driver.Body, error) {
	header := http.Header{}
	if off > 0 || length >= 0 {
		header.Set("Range", rangeHeader(off, length))
		if m := opts.Match; m != nil && strong(m.ETag) {
			header.Set("If-Range", m.ETag)
		}
	}
	resp, err := d.send(ctx, &call{method: http.MethodGet, key: key, header: header})
	if err != nil {
		return nil, err
	}
	body, err := d.body(ctx, resp, key, off, length, opts.Match)
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	return body, nil
}

func rangeHeader(off, length int64) string {
	if length < 0 {
		return fmt.Sprintf("bytes=%d-", off)
	}
	return fmt.Sprintf("bytes=%d-%d", off, off+length-1)
}

// strong says whether an ETag may stand in If-Range (RFC 9110 section 13.1.5).
func strong(etag string) bool { return len(etag) >= 2 && etag[0] == '"' }

// body makes the Body of an answer. On an error the caller closes the response.
func (d *site) body(ctx context.Context, resp *http.Response, key string, off, length int64, match *driver.Info) (*driver.Body, error) {
	if d.atFolder(resp) {
		return nil, errFolder
	}
	if enc := resp.Header.Get("Content-Encoding"); enc != "" && enc != "identity" && resp.StatusCode < 300 {
		err := fmt.Errorf("the server sends the file with content encoding %q", printable(enc))
		return nil, &driver.Error{Kind: rendition.Unsupported, Err: err}
	}
	info := describe(resp, key)
	switch resp.StatusCode {
	case http.StatusPartialContent:
		return partial(resp, info, off, length)
	case http.StatusRequestedRangeNotSatisfiable:
		return pastEnd(resp, info, off)
	case http.StatusOK:
		if match != nil && match.ETag != "" && info.ETag != "" && match.ETag != info.ETag {
			return nil, driver.ErrChanged
		}
		return d.whole(ctx, resp, info, off, length)
	default:
		return nil, statusError(resp)
	}
}

// partial is a 206: the range, if it is the one that was asked for.
func partial(resp *http.Response, info driver.Info, off, length int64) (*driver.Body, error) {
	first, last, total, err := parseContentRange(resp.Header.Get("Content-Range"))
	switch {
	case err != nil:
		return nil, err
	case first != off || (length >= 0 && last-first+1 > length):
		return nil, broken("bytes %d-%d came in place of %s", first, last, rangeHeader(off, length))
	case resp.ContentLength >= 0 && resp.ContentLength != last-first+1:
		return nil, broken("Content-Length %d does not fit bytes %d-%d", resp.ContentLength, first, last)
	}
	info.Size = total
	return &driver.Body{ReadCloser: newBody(resp, last-first+1), Info: info, Length: last - first + 1}, nil
}

// pastEnd is a 416: an empty body, if the object does end in front of off.
func pastEnd(resp *http.Response, info driver.Info, off int64) (*driver.Body, error) {
	info.Size = -1
	if total, ok := strings.CutPrefix(resp.Header.Get("Content-Range"), "bytes */"); ok {
		if n, err := strconv.ParseInt(total, 10, 64); err == nil && n >= 0 {
			info.Size = n
		}
	}
	if info.Size > off {
		return nil, broken("it refuses a range at %d of %d bytes", off, info.Size)
	}
	info.ContentType = "" // that of the error page
	return &driver.Body{ReadCloser: newBody(resp, 0), Info: info, Length: 0}, nil
}

// whole is a 200: the server does not do ranges, or was not asked for one.
func (d *site) whole(ctx context.Context, resp *http.Response, info driver.Info, off, length int64) (*driver.Body, error) {
	b := &driver.Body{Info: info, Length: -1}
	if off > 0 || length >= 0 {
		b.MaxSkip = max(d.opts.MaxSkip, 1)
	}
	if info.Size >= 0 {
		b.Length = max(info.Size-off, 0)
		off = min(off, info.Size)
	}
	if off > d.opts.MaxSkip {
		err := fmt.Errorf("the server has no range requests, and offset %d is beyond the %d bytes read in vain", off, d.opts.MaxSkip)
		return nil, &driver.Error{Kind: rendition.Unsupported, Err: err, Hint: "use a server with range requests, or copy the file to one"}
	}
	b.ReadCloser = newBody(resp, b.Length)
	n, err := io.CopyN(io.Discard, resp.Body, off)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err == io.EOF && info.Size < 0: //nolint:errorlint // CopyN returns the bare io.EOF
		b.Info.Size, b.Length = n, 0
	case err == io.EOF: //nolint:errorlint // as above
		return nil, io.ErrUnexpectedEOF
	case err != nil:
		return nil, err
	}
	return b, nil
}

// Stat makes a HEAD, or a GET of one byte where the server has no HEAD (signed
// URLs are often for GET alone).
func (d *site) Stat(ctx context.Context, key string) (*driver.Info, error) {
	resp, err := d.send(ctx, &call{method: http.MethodHead, key: key})
	if err != nil {
		return nil, err
	}
	resp.Body.Close()
	if d.atFolder(resp) {
		return nil, errFolder
	}
	switch resp.StatusCode {
	case http.StatusOK:
		info := describe(resp, key)
		return &info, nil
	case http.StatusNotFound, http.StatusGone, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return nil, statusError(resp)
	}
	b, err := d.OpenRange(ctx, key, 0, 1, &driver.ReadOptions{})
	if err != nil {
		return nil, err
	}
	b.Close()
	return &b.Info, nil
}

package swiftstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Stat makes a HEAD.
func (d *store) Stat(ctx context.Context, key string) (*driver.Info, error) {
	info, _, err := d.head(ctx, key)
	return info, err
}

func (d *store) head(ctx context.Context, key string) (*driver.Info, http.Header, error) {
	if err := d.checkKey(key); err != nil {
		return nil, nil, err
	}
	r := &request{method: http.MethodHead, container: d.container, key: key}
	resp, err := d.send(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	defer drain(resp)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, nil, d.statusError(ctx, r, resp)
	}
	info := describe(resp.Header, key, resp.ContentLength)
	return &info, resp.Header, nil
}

// OpenRange makes one GET. It compares the ETag that comes with it and sends no
// If-Match: for what COPY has made of a large object, Swift compares that with the
// ETag of the first one and refuses.
func (d *store) OpenRange(ctx context.Context, key string, off, length int64, opts *driver.ReadOptions) (*driver.Body, error) {
	if err := d.checkKey(key); err != nil {
		return nil, err
	}
	r := &request{method: http.MethodGet, container: d.container, key: key, header: map[string]string{}}
	if off > 0 || length >= 0 {
		r.header["Range"] = rangeHeader(off, length)
	}
	resp, err := d.send(ctx, r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusRequestedRangeNotSatisfiable {
		drain(resp)
		return d.pastEnd(ctx, key, off)
	}
	body, err := d.body(ctx, r, resp, off, length)
	if m := opts.Match; err == nil && m != nil && m.ETag != "" && body.Info.ETag != "" && m.ETag != body.Info.ETag {
		err = driver.ErrChanged
	}
	if err != nil {
		drain(resp)
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

// body makes the Body of an answer. On an error the caller closes the response.
func (d *store) body(ctx context.Context, r *request, resp *http.Response, off, length int64) (*driver.Body, error) {
	switch resp.StatusCode {
	case http.StatusOK:
		info := describe(resp.Header, r.key, resp.ContentLength)
		if off > 0 {
			return nil, broken("the server sent the whole object in place of %s", rangeHeader(off, length))
		}
		// An empty object, or a range that has all of it: Swift then leaves the range out. What is beyond is not read.
		n := info.Size
		if length >= 0 && n > length {
			n = length
		}
		return &driver.Body{ReadCloser: newBody(resp.Body, n), Info: info, Length: n}, nil
	case http.StatusPartialContent:
		first, last, total, err := parseContentRange(resp.Header.Get("Content-Range"))
		switch {
		case err != nil:
			return nil, err
		case first != off || (length >= 0 && last-first+1 > length):
			return nil, broken("bytes %d-%d came in place of %s", first, last, rangeHeader(off, length))
		}
		n := last - first + 1
		return &driver.Body{ReadCloser: newBody(resp.Body, n), Info: describe(resp.Header, r.key, total), Length: n}, nil
	}
	return nil, d.statusError(ctx, r, resp)
}

// pastEnd is the answer to a range behind the object's end: an empty body.
func (d *store) pastEnd(ctx context.Context, key string, off int64) (*driver.Body, error) {
	info, err := d.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	if info.Size > off {
		return nil, driver.ErrChanged // it has grown since the GET
	}
	return &driver.Body{ReadCloser: http.NoBody, Info: *info, Length: 0}, nil
}

// body counts what is left of an answer.
type body struct {
	rc   io.ReadCloser
	left int64 // -1 when the length is not known
}

func newBody(rc io.ReadCloser, length int64) *body { return &body{rc: rc, left: length} }

func (b *body) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	if b.left > 0 && int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.rc.Read(p)
	if b.left > 0 {
		b.left -= int64(n)
		if errors.Is(err, io.EOF) && b.left > 0 {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

func (b *body) Close() error {
	if b.left >= 0 && b.left <= maxDrain {
		_, _ = io.CopyN(io.Discard, b.rc, b.left+1) // +1 to see the end; a failure shows in the next request
	}
	return b.rc.Close()
}

func broken(format string, args ...any) error {
	return &driver.Error{Kind: rendition.Integrity, Err: fmt.Errorf("the server's answer is broken: "+format, args...)}
}

// parseContentRange reads "bytes first-last/total" (RFC 9110 section 14.4). Swift
// always tells the total.
func parseContentRange(s string) (first, last, total int64, err error) {
	unit, rest, _ := strings.Cut(s, " ")
	span, size, _ := strings.Cut(rest, "/")
	from, to, _ := strings.Cut(span, "-")
	var n [3]uint64
	for i, digits := range []string{from, to, size} {
		if n[i], err = strconv.ParseUint(digits, 10, 62); err != nil {
			break
		}
	}
	if err != nil || unit != "bytes" || n[1] < n[0] || n[1] >= n[2] {
		return 0, 0, 0, broken("its Content-Range does not name a range")
	}
	return int64(n[0]), int64(n[1]), int64(n[2]), nil
}

package httpstore

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// maxDrain is how much of a body's rest is read when it is closed, which keeps
// the connection for the next range. More costs more than a new connection.
const maxDrain = 64 << 10

// body counts what is left of a response.
type body struct {
	rc   io.ReadCloser
	left int64 // -1 when the length is not known
}

func newBody(resp *http.Response, length int64) *body { return &body{rc: resp.Body, left: length} }

func (b *body) Read(p []byte) (int, error) {
	n, err := b.rc.Read(p)
	if b.left >= 0 {
		b.left = max(b.left-int64(n), 0)
	}
	return n, err
}

func (b *body) Close() error {
	if b.left >= 0 && b.left <= maxDrain {
		_, _ = io.CopyN(io.Discard, b.rc, b.left+1) // +1 to see the end; a failure shows in the next request
	}
	return b.rc.Close()
}

// describe reads what the header of an answer tells. The size is that of a
// complete answer.
func describe(resp *http.Response, key string) driver.Info {
	info := driver.Info{
		Key: key, Size: resp.ContentLength, ETag: printable(resp.Header.Get("ETag")),
		ContentType: printable(resp.Header.Get("Content-Type")), CacheControl: printable(resp.Header.Get("Cache-Control")),
	}
	if t, err := http.ParseTime(resp.Header.Get("Last-Modified")); err == nil {
		info.ModTime = t
	}
	return info
}

// printable bounds what a server says about itself.
func printable(s string) string {
	const limit = 256
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ToValidUTF8(s, "?")
}

// parseContentRange reads "bytes first-last/total" (RFC 9110 section 14.4).
// total is -1 for "*".
func parseContentRange(s string) (first, last, total int64, err error) {
	bad := func() (int64, int64, int64, error) {
		return 0, 0, 0, broken("Content-Range %q", printable(s))
	}
	span, size, ok := strings.Cut(strings.TrimPrefix(s, "bytes "), "/")
	from, to, ok2 := strings.Cut(span, "-")
	if !ok || !ok2 || !strings.HasPrefix(s, "bytes ") {
		return bad()
	}
	total = -1
	var errs [3]error
	first, errs[0] = parseSize(from)
	last, errs[1] = parseSize(to)
	if size != "*" {
		total, errs[2] = parseSize(size)
	}
	for _, err := range errs {
		if err != nil {
			return bad()
		}
	}
	if last < first || (total >= 0 && last >= total) {
		return bad()
	}
	return first, last, total, nil
}

// parseSize reads digits alone; a size is less than 2^62, so that sums fit.
func parseSize(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 62)
	return int64(n), err
}

package azurestore

import (
	"io"
	"strconv"
	"strings"
)

// maxDrain is how much of a body's rest is read when it is closed, which keeps
// the connection for the next range. More costs more than a new connection.
const maxDrain = 64 << 10

// body counts what is left of an answer.
type body struct {
	rc   io.ReadCloser
	left int64
}

func newBody(rc io.ReadCloser, length int64) *body { return &body{rc: rc, left: length} }

func (b *body) Read(p []byte) (int, error) {
	n, err := b.rc.Read(p)
	b.left = max(b.left-int64(n), 0)
	return n, err
}

func (b *body) Close() error {
	if b.left <= maxDrain {
		_, _ = io.CopyN(io.Discard, b.rc, b.left+1) // +1 to see the end; a failure shows in the next request
	}
	return b.rc.Close()
}

// byteRange is a range of an object of total bytes; last is in it.
type byteRange struct{ first, last, total int64 }

func (r byteRange) size() int64 { return r.last - r.first + 1 }

// parseContentRange reads "bytes first-last/total" (RFC 9110 section 14.4); the
// service always tells the total.
func parseContentRange(s string) (byteRange, error) {
	span, total, ok := strings.Cut(strings.TrimPrefix(s, "bytes "), "/")
	first, last, ok2 := strings.Cut(span, "-")
	var r byteRange
	var errs [3]error
	r.first, errs[0] = parseSize(first)
	r.last, errs[1] = parseSize(last)
	r.total, errs[2] = parseSize(total)
	if !ok || !ok2 || !strings.HasPrefix(s, "bytes ") || errs != [3]error{} || r.last < r.first || r.last >= r.total {
		return byteRange{}, broken("Content-Range %q", printable(s))
	}
	return r, nil
}

// parseSize reads digits alone; a size is less than 2^62, so that sums fit.
func parseSize(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 62)
	return int64(n), err
}

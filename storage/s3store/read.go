package s3store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// OpenRange makes one GET with a Range and, when the version is known, If-Match.
func (d *store) OpenRange(ctx context.Context, key string, off, length int64, opts *driver.ReadOptions) (*driver.Body, error) {
	span := rangeHeader(off, length)
	in := &s3.GetObjectInput{Bucket: &d.bucket, Key: &key, Range: &span}
	if m := opts.Match; m != nil && m.ETag != "" {
		in.IfMatch = &m.ETag
	}
	var out *s3.GetObjectOutput
	err := d.do(ctx, func(ctx context.Context, c *s3.Client) (err error) {
		out, err = c.GetObject(ctx, in, with(d.heads.key))
		return err
	})
	switch {
	case codeOf(err) == "InvalidRange" || statusOf(err) == http.StatusRequestedRangeNotSatisfiable:
		return d.pastEnd(ctx, key, off, opts.Match)
	case err != nil:
		return nil, err
	}
	first, last, total, err := parseContentRange(aws.ToString(out.ContentRange))
	if err == nil && (first != off || (length >= 0 && last-first+1 > length)) {
		err = broken("bytes %d-%d came in place of %s", first, last, span)
	}
	if err != nil {
		out.Body.Close()
		return nil, err
	}
	n := last - first + 1
	return &driver.Body{ReadCloser: &body{rc: out.Body, left: n}, Length: n, Info: driver.Info{
		Key: key, Size: total, ModTime: aws.ToTime(out.LastModified), ETag: aws.ToString(out.ETag),
		ContentType: aws.ToString(out.ContentType), CacheControl: aws.ToString(out.CacheControl), Metadata: decodeMetadata(out.Metadata),
	}}, nil
}

// pastEnd is an empty body for an offset that the object does not reach.
func (d *store) pastEnd(ctx context.Context, key string, off int64, match *driver.Info) (*driver.Body, error) {
	info, err := d.Stat(ctx, key)
	switch {
	case err != nil:
		return nil, err
	case match != nil && match.ETag != "" && match.ETag != info.ETag:
		return nil, driver.ErrChanged
	case info.Size > off:
		return nil, broken("it refuses a range at %d of %d bytes", off, info.Size)
	}
	return &driver.Body{ReadCloser: io.NopCloser(strings.NewReader("")), Info: *info}, nil
}

// Stat makes a HEAD. Its failures have no body that says why, so that one other
// than "not found" is asked for again as a GET.
func (d *store) Stat(ctx context.Context, key string) (*driver.Info, error) {
	var out *s3.HeadObjectOutput
	err := d.do(ctx, func(ctx context.Context, c *s3.Client) (err error) {
		out, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &d.bucket, Key: &key}, with(d.heads.key))
		return err
	})
	switch codeOf(err) {
	case "BadRequest", "Forbidden", "Unauthorized":
		if why := d.why(ctx, key); why != nil {
			return nil, why
		}
	}
	if err != nil {
		return nil, err
	}
	return &driver.Info{
		Key: key, Size: aws.ToInt64(out.ContentLength), ModTime: aws.ToTime(out.LastModified), ETag: aws.ToString(out.ETag),
		ContentType: aws.ToString(out.ContentType), CacheControl: aws.ToString(out.CacheControl), Metadata: decodeMetadata(out.Metadata),
	}, nil
}

// why asks with a body for what a HEAD has refused without one.
func (d *store) why(ctx context.Context, key string) error {
	span := rangeHeader(0, 1)
	return d.do(ctx, func(ctx context.Context, c *s3.Client) error {
		out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &d.bucket, Key: &key, Range: &span}, with(d.heads.key))
		if err == nil {
			out.Body.Close()
		}
		return err
	})
}

func rangeHeader(off, length int64) string {
	if length < 0 {
		return fmt.Sprintf("bytes=%d-", off)
	}
	return fmt.Sprintf("bytes=%d-%d", off, off+length-1)
}

// maxDrain is how much of a body's rest is read when it is closed, which keeps
// the connection for the next range. More costs more than a new connection.
const maxDrain = 64 << 10

// body counts what is left of a range.
type body struct {
	rc   io.ReadCloser
	left int64
}

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

// parseContentRange reads "bytes first-last/total" (RFC 9110 section 14.4). An S3 server
// always knows the total.
func parseContentRange(s string) (first, last, total int64, err error) {
	span, size, ok := strings.Cut(strings.TrimPrefix(s, "bytes "), "/")
	from, to, ok2 := strings.Cut(span, "-")
	var errs [3]error
	first, errs[0] = parseSize(from)
	last, errs[1] = parseSize(to)
	total, errs[2] = parseSize(size)
	if !ok || !ok2 || !strings.HasPrefix(s, "bytes ") || errors.Join(errs[:]...) != nil || last < first || last >= total {
		return 0, 0, 0, broken("Content-Range %q", printable(s))
	}
	return first, last, total, nil
}

// parseSize reads digits alone; a size is less than 2^62, so that sums fit.
func parseSize(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 62)
	return int64(n), err
}

// broken is an answer against the rules of the protocol.
func broken(format string, args ...any) error {
	return &driver.Error{Kind: rendition.Integrity, Err: fmt.Errorf("the server's answer is broken: "+format, args...)}
}

// encodeMetadata makes values fit for a header (RFC 2047): S3 sends others back mangled.
func encodeMetadata(m map[string]string) (map[string]string, error) {
	if len(m) == 0 {
		return nil, nil
	}
	out := make(map[string]string, len(m))
	for key, value := range m {
		if !isToken(key) {
			return nil, &driver.Error{
				Kind: rendition.InvalidJob, Err: fmt.Errorf("metadata key %q", printable(key)),
				Hint: "use letters, digits and hyphens alone",
			}
		}
		out[key] = mime.QEncoding.Encode("utf-8", value)
	}
	return out, nil
}

func decodeMetadata(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]string, len(m))
	for key, value := range m {
		if text, err := new(mime.WordDecoder).DecodeHeader(value); err == nil {
			value = text
		}
		out[strings.ToLower(key)] = value
	}
	return out
}

// isToken says whether a metadata name can be part of a header's (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	for _, c := range []byte(s) {
		if !unreserved(c) && !strings.ContainsRune("!#$%&'*+^`|", rune(c)) {
			return false
		}
	}
	return s != ""
}

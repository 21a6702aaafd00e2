package s3store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// copiesAtOnce is how many parts of one copy the server makes at a time.
const copiesAtOnce = 4

// cleanupTimeout bounds the removal of what a failed copy has left.
const cleanupTimeout = 30 * time.Second

// Copy lets the server copy: in one request up to 5 GiB, else part by part.
func (d *store) Copy(ctx context.Context, dst, src string) error {
	var head *s3.HeadObjectOutput
	err := d.do(ctx, func(ctx context.Context, c *s3.Client) (err error) {
		head, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &d.bucket, Key: &src}, with(d.heads.key))
		return err
	})
	switch {
	case err != nil:
		return err
	case dst == src:
		return nil
	case aws.ToInt64(head.ContentLength) > d.copyLimit:
		return d.copyLarge(ctx, dst, src, head)
	}
	in := &s3.CopyObjectInput{
		Bucket: &d.bucket, Key: &dst, CopySource: d.copySource(src), CopySourceIfMatch: head.ETag,
	}
	if len(d.opts.Tags) > 0 {
		in.TaggingDirective = types.TaggingDirectiveReplace
	}
	return d.do(ctx, func(ctx context.Context, c *s3.Client) error {
		_, err := c.CopyObject(ctx, in, with(d.heads.create, d.heads.key, d.heads.source))
		return err
	})
}

// copyLarge copies in parts. What a failure leaves is removed.
func (d *store) copyLarge(ctx context.Context, dst, src string, head *s3.HeadObjectOutput) error {
	u := &upload{d: d, key: dst}
	in := &s3.CreateMultipartUploadInput{
		Bucket: &d.bucket, Key: &dst, Metadata: head.Metadata, ContentType: head.ContentType, CacheControl: head.CacheControl,
		ContentDisposition: head.ContentDisposition, ContentEncoding: head.ContentEncoding, ContentLanguage: head.ContentLanguage,
	}
	_, err := u.create(ctx, in)
	if err == nil {
		err = u.copyParts(ctx, src, head)
	}
	if err == nil {
		d.live.Delete(u.id)
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	if left := u.Abort(ctx); left != nil {
		err = errors.Join(err, fmt.Errorf("and the cleanup failed: %w", left))
	}
	return err
}

func (u *upload) copyParts(ctx context.Context, src string, head *s3.HeadObjectOutput) error {
	size := aws.ToInt64(head.ContentLength)
	step := max(u.d.copyPart, (size+maxParts-1)/maxParts)
	n := int((size + step - 1) / step)
	parts := make([]types.CompletedPart, n)
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(copiesAtOnce)
	for i := range n {
		group.Go(func() (err error) {
			if groupCtx.Err() != nil {
				return context.Cause(groupCtx)
			}
			off := int64(i) * step
			// Not groupCtx: a copy that is cut off goes on at the server, and would outlive the abort.
			parts[i], err = u.copyPart(ctx, src, head.ETag, int32(i)+1, rangeHeader(off, min(step, size-off))) //nolint:gosec // 10,000 at most
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return u.d.do(ctx, func(ctx context.Context, c *s3.Client) error {
		_, err := c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
			Bucket: &u.d.bucket, Key: &u.key, UploadId: &u.id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		}, with(u.d.heads.key))
		return err
	})
}

func (u *upload) copyPart(ctx context.Context, src string, etag *string, number int32, span string) (types.CompletedPart, error) {
	var out *s3.UploadPartCopyOutput
	err := u.d.do(ctx, func(ctx context.Context, c *s3.Client) (err error) {
		out, err = c.UploadPartCopy(ctx, &s3.UploadPartCopyInput{
			Bucket: &u.d.bucket, Key: &u.key, UploadId: &u.id, PartNumber: &number, CopySource: u.d.copySource(src),
			CopySourceRange: &span, CopySourceIfMatch: etag,
		}, with(u.d.heads.key, u.d.heads.source))
		return err
	})
	if err != nil {
		if statusOf(err) == 0 {
			u.cut.Store(true)
		}
		return types.CompletedPart{}, err
	}
	if out.CopyPartResult == nil {
		return types.CompletedPart{}, broken("a copied part without an ETag")
	}
	return types.CompletedPart{PartNumber: &number, ETag: out.CopyPartResult.ETag}, nil
}

// copySource is the header's form of a key: everything that could mean something else is
// percent-encoded, a plus among it.
func (d *store) copySource(key string) *string {
	const hex = "0123456789ABCDEF"
	var s strings.Builder
	s.WriteString(d.bucket)
	if strings.HasPrefix(d.bucket, "arn:") {
		s.WriteString("/object")
	}
	s.WriteByte('/')
	for _, c := range []byte(key) {
		if unreserved(c) || c == '/' {
			s.WriteByte(c)
			continue
		}
		s.WriteByte('%')
		s.WriteByte(hex[c>>4])
		s.WriteByte(hex[c&15])
	}
	return aws.String(s.String())
}

// unreserved is what a URL never encodes (RFC 3986 section 2.3).
func unreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == '~':
		return true
	}
	return false
}

var _ driver.Upload = (*upload)(nil)

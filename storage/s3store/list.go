package s3store

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// ListPage makes one ListObjectsV2. Keys come percent-encoded, because XML has no
// form for some characters that other programs put into keys.
func (d *store) ListPage(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	size := int32(min(req.PageSize, 1000)) //nolint:gosec // 1000 at most
	in := &s3.ListObjectsV2Input{Bucket: &d.bucket, MaxKeys: &size, EncodingType: types.EncodingTypeUrl}
	if req.Prefix != "" {
		in.Prefix = &req.Prefix
	}
	if req.Delimiter != "" {
		in.Delimiter = &req.Delimiter
	}
	if req.PageToken != "" {
		in.ContinuationToken = &req.PageToken
	}
	var out *s3.ListObjectsV2Output
	err := d.do(ctx, func(ctx context.Context, c *s3.Client) (err error) {
		out, err = c.ListObjectsV2(ctx, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return pageOf(out)
}

func pageOf(out *s3.ListObjectsV2Output) (*driver.ListPage, error) {
	page := &driver.ListPage{}
	encoded := out.EncodingType == types.EncodingTypeUrl
	for i := range out.Contents {
		o := &out.Contents[i]
		key, err := decodeKey(aws.ToString(o.Key), encoded)
		if err != nil {
			return nil, err
		}
		if storage.ValidateKey(key) != nil {
			continue // nobody can open it through a Bucket
		}
		page.Objects = append(page.Objects, driver.Info{
			Key: key, Size: aws.ToInt64(o.Size), ModTime: aws.ToTime(o.LastModified), ETag: aws.ToString(o.ETag),
		})
	}
	for i := range out.CommonPrefixes {
		key, err := decodeKey(aws.ToString(out.CommonPrefixes[i].Prefix), encoded)
		if err != nil {
			return nil, err
		}
		page.Objects = append(page.Objects, driver.Info{Key: key, IsPrefix: true})
	}
	slices.SortFunc(page.Objects, func(a, b driver.Info) int { return cmp.Compare(a.Key, b.Key) })
	if aws.ToBool(out.IsTruncated) {
		if page.NextPageToken = aws.ToString(out.NextContinuationToken); page.NextPageToken == "" {
			return nil, broken("a listing that goes on has no continuation token")
		}
	}
	return page, nil
}

func decodeKey(s string, encoded bool) (string, error) {
	if !encoded {
		return s, nil
	}
	key, err := url.QueryUnescape(s)
	if err != nil {
		return "", broken("a key of its listing, %q, is not percent-encoded", printable(s))
	}
	return key, nil
}

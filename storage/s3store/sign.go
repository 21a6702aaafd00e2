package s3store

import (
	"context"
	"fmt"
	"net/http"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// maxExpiry is as long as Signature Version 4 allows.
const maxExpiry = 7 * 24 * time.Hour

// SignedURL makes a presigned URL, for GET or PUT. It asks the server nothing, so that a region
// that was only guessed may be wrong in it: make a call before. A URL made with temporary
// credentials ends with them.
func (d *store) SignedURL(ctx context.Context, key string, opts *driver.SignOptions) (string, error) {
	if opts.Expiry > maxExpiry || opts.Expiry < time.Second {
		err := fmt.Errorf("a signed URL works for 1 second to 7 days, not %v", opts.Expiry)
		return "", &driver.Error{Kind: rendition.InvalidJob, Err: err}
	}
	p := s3.NewPresignClient(d.client.Load(), s3.WithPresignExpires(opts.Expiry))
	var req *v4.PresignedHTTPRequest
	var err error
	if opts.Method == http.MethodPut {
		req, err = p.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: &d.bucket, Key: &key})
	} else {
		req, err = p.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: &d.bucket, Key: &key})
	}
	if err != nil {
		return "", d.explain(err, "")
	}
	return req.URL, nil
}

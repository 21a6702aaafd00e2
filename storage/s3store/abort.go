package s3store

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/rendition-sdk/rendition"
)

// Abort drops the multipart upload, if one was begun. The Bucket does not repeat it, so that it repeats itself. When
// a part was cut off, it does so in any case: the server may store that part behind the first abort, and then has the
// upload again (https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html).
func (u *upload) Abort(ctx context.Context) error {
	u.whole = nil
	u.settle(ctx)
	var err error
	if u.id != "" {
		err = u.drop(ctx, u.id)
		for _, pause := range []time.Duration{100 * time.Millisecond, 300 * time.Millisecond, time.Second, 2 * time.Second} {
			again := err != nil && u.d.unavailable(err) || u.cut.Load() && pause < time.Second
			if !again || !sleep(ctx, pause) {
				break
			}
			err = u.drop(ctx, u.id)
		}
	}
	if len(u.lost) > 0 {
		err = errors.Join(err, u.sweep(ctx))
	}
	u.d.live.Delete(u.id)
	return err
}

func (d *store) unavailable(err error) bool { return d.Classify(err) == rendition.Unavailable }

// sleep waits and says whether ctx has let it.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// drop aborts one multipart upload; one that is gone is success.
func (u *upload) drop(ctx context.Context, id string) error {
	err := u.d.do(ctx, func(ctx context.Context, c *s3.Client) error {
		_, err := c.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &u.d.bucket, Key: &u.key, UploadId: &id})
		return err
	})
	if codeOf(err) == "NoSuchUpload" {
		return nil
	}
	return err
}

// slack is how far the server's clock may be from ours for a lost upload to be found.
const slack = 2 * time.Second

// sweep drops uploads for the key that were begun while a request to do so was out whose answer did not arrive.
// Their ids are not known; the time tells them from those of other programs.
func (u *upload) sweep(ctx context.Context) error {
	var out *s3.ListMultipartUploadsOutput
	err := u.d.do(ctx, func(ctx context.Context, c *s3.Client) (err error) {
		out, err = c.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &u.d.bucket, Prefix: &u.key})
		return err
	})
	if err != nil {
		return err
	}
	for i := range out.Uploads {
		up := &out.Uploads[i]
		_, ours := u.d.live.Load(aws.ToString(up.UploadId))
		if ours || aws.ToString(up.Key) != u.key || !u.mayBeLost(aws.ToTime(up.Initiated)) {
			continue
		}
		err = errors.Join(err, u.drop(ctx, aws.ToString(up.UploadId)))
	}
	return err
}

func (u *upload) mayBeLost(at time.Time) bool {
	for _, w := range u.lost {
		if at.After(w.from.Add(-slack)) && at.Before(w.to.Add(slack)) {
			return true
		}
	}
	return false
}

package s3store

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// beginning is one CreateMultipartUpload. It goes on when the caller's ctx ends, because a request that is
// cut off may have begun an upload whose id nobody knows: Abort waits for the answer.
type beginning struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when the fields below are set
	id     string
	err    error
	at     window
}

// abortGrace is how long Abort waits for a request's answer before it cuts it off.
const abortGrace = 5 * time.Second

// create begins the multipart upload and keeps its id. The caller holds u.mu.
func (u *upload) create(ctx context.Context, in *s3.CreateMultipartUploadInput) (string, error) {
	if u.begun == nil {
		u.begun = u.d.startCreate(ctx, in)
	}
	select {
	case <-u.begun.done:
		return u.created()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func (d *store) startCreate(ctx context.Context, in *s3.CreateMultipartUploadInput) *beginning {
	b := &beginning{done: make(chan struct{}), at: window{from: time.Now()}}
	ctx, b.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(b.done)
		b.err = d.do(ctx, func(ctx context.Context, c *s3.Client) error {
			out, err := c.CreateMultipartUpload(ctx, in, with(d.heads.create, d.heads.key))
			if err == nil {
				b.id = aws.ToString(out.UploadId)
			}
			return err
		})
		if b.err == nil && b.id == "" {
			b.err = broken("a multipart upload without an id")
		}
		b.at.to = time.Now()
	}()
	return b
}

// created takes over the answer.
func (u *upload) created() (string, error) {
	b := u.begun
	u.begun = nil
	b.cancel()
	if code := statusOf(b.err); b.err != nil && (code < http.StatusBadRequest || code >= http.StatusInternalServerError) {
		u.lost = append(u.lost, b.at) // it may have begun all the same
	}
	if u.id = b.id; u.id != "" {
		u.d.live.Store(u.id, true)
	}
	return b.id, b.err
}

// settle waits for an answer that nobody has waited for.
func (u *upload) settle(ctx context.Context) {
	if u.begun == nil {
		return
	}
	timer := time.NewTimer(abortGrace)
	defer timer.Stop()
	select {
	case <-u.begun.done:
	case <-ctx.Done():
	case <-timer.C:
	}
	u.begun.cancel()
	<-u.begun.done
	_, _ = u.created() // an error is looked after by sweep
}

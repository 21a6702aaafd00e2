package s3store

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// Limits of the protocol.
const (
	minPartSize   = 5 << 20
	maxParts      = 10_000
	maxObjectSize = 5 << 40
	maxKeyBytes   = 1024
	// maxCopy is the largest object that one request copies.
	maxCopy = 5 << 30
)

const op = "s3store: open"

// Open returns the Bucket of that name. It reads the options, and the environment's profile when they hold
// no credentials; the server is asked nothing, so that a wrong name, key or region shows
// with the first call (or storage.Bucket.Check). Kind InvalidJob for options that cannot work.
func Open(ctx context.Context, bucket string, opts *Options) (*storage.Bucket, error) {
	d, err := newStore(ctx, bucket, opts)
	if err != nil {
		return nil, err
	}
	var o storage.Options
	if d.opts.Bucket != nil {
		o = *d.opts.Bucket
	}
	o.Name = storage.RedactURL("s3://" + bucket + "/")
	return storage.NewBucket(d, &o), nil
}

// store is the driver.
type store struct {
	bucket string
	opts   *Options
	site   *endpoint
	heads  headers
	creds  aws.CredentialsProvider
	http   *http.Client
	own    *http.Transport // the default one, to be closed

	finding chan struct{} // held by the one call that looks for the bucket's region
	client  atomic.Pointer[s3.Client]
	live    sync.Map // ids of multipart uploads of this process, which no sweep may drop
	// plain is set when the server has shown that it knows no checksums.
	plain atomic.Bool
	// copyLimit is maxCopy, copyPart the size of the parts of a larger copy.
	copyLimit, copyPart int64
}

var _ interface {
	driver.Driver
	driver.Copier
	driver.Signer
} = (*store)(nil)

func newStore(ctx context.Context, bucket string, opts *Options) (*store, error) {
	if ctx.Err() != nil {
		return nil, &rendition.Error{Kind: rendition.Canceled, Op: op, Err: context.Cause(ctx)}
	}
	invalid := func(err error) error {
		return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: storage.RedactURL("s3://" + printable(bucket)), Err: err}
	}
	o := opts.withDefaults()
	site, err := parseEndpoint(o.Endpoint)
	if err == nil {
		err = checkBucket(bucket)
	}
	if err == nil {
		err = o.check(site.secure())
	}
	if err != nil {
		return nil, invalid(err)
	}
	d := &store{
		bucket: bucket, opts: o, site: site, heads: o.headers(), finding: make(chan struct{}, 1), copyLimit: maxCopy, copyPart: 512 << 20,
	}
	d.setHTTP()
	region, err := d.setCredentials(ctx)
	if err != nil {
		return nil, invalid(err)
	}
	d.client.Store(d.newClient(region, d.creds))
	return d, nil
}

func (d *store) setHTTP() {
	var c http.Client
	if d.opts.Client != nil {
		c = *d.opts.Client
	} else {
		d.own = web.Transport(d.opts.Dial)
		tune(d.own)
		c.Transport = d.own
	}
	// A redirect is a message about the region. Following it would take the signature elsewhere.
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	d.http = &c
}

// tune fits a transport to parts of many megabytes.
func tune(t *http.Transport) {
	t.ReadBufferSize, t.WriteBufferSize = 128<<10, 128<<10
	t.MaxIdleConnsPerHost = 32
	// Over one HTTP/2 connection all parts would share one window.
	t.ForceAttemptHTTP2 = false
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
}

func (d *store) Capabilities() driver.Capabilities {
	return driver.Capabilities{
		AtomicReplace: true, ServerCopy: true, ContentType: true, UserMetadata: true, ConsistentList: true,
		HasDirectories: d.opts.Folders,
		// A customer's key would have to be sent along by whoever uses the URL.
		SignedURL:   !d.opts.Anonymous && !d.opts.SSE.customer(),
		MinPartSize: minPartSize, MaxParts: maxParts, MaxObjectSize: maxObjectSize, MaxKeyBytes: maxKeyBytes,
	}
}

func (d *store) Delete(ctx context.Context, key string) error {
	err := d.do(ctx, func(ctx context.Context, c *s3.Client) error {
		_, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &d.bucket, Key: &key})
		return err
	})
	if codeOf(err) == "NoSuchKey" {
		return nil
	}
	return err
}

func (d *store) Close() error {
	if d.own != nil {
		d.own.CloseIdleConnections()
	}
	return nil
}

func printable(s string) string { return clip(s, 256) }

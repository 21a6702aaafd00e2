package swiftstore

import (
	"context"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Open logs in, asks the cluster what it can do (/info), and returns a Bucket of
// one container. Whether the container is there shows with the first object. Kind InvalidJob
// when options are missing or wrong, Permission when the login is refused.
func Open(ctx context.Context, container string, opts *Options) (*storage.Bucket, error) {
	o := opts.withDefaults(container)
	if err := o.check(container); err != nil {
		return nil, err
	}
	d, err := open(ctx, container, o)
	if err != nil {
		return nil, openError(ctx, container, err)
	}
	return storage.NewBucket(d, d.bucketOptions()), nil
}

func open(ctx context.Context, container string, o *Options) (*store, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	c := newClients(o.Dial)
	session, err := newSession(o, loginRoad{c.fastRoads})
	if err != nil {
		c.close()
		return nil, err
	}
	d := &store{container: container, opts: o, clients: c, session: session}
	if d.cluster, err = d.ask(ctx); err != nil {
		c.close()
		return nil, err
	}
	return d, nil
}

// store is the driver.
type store struct {
	container string
	opts      *Options
	clients   *clients
	session   *session
	cluster   *cluster

	mu     sync.Mutex
	seen   bool // the container is there
	placed bool // and the one of the segments too
}

var _ interface {
	driver.Driver
	driver.Copier
	driver.Signer
} = (*store)(nil)

func (d *store) bucketOptions() *storage.Options {
	var o storage.Options
	if d.opts.Bucket != nil {
		o = *d.opts.Bucket
	}
	o.Name = storage.RedactURL(d.session.account.JoinPath(d.container).String() + "/")
	return &o
}

func (d *store) Capabilities() driver.Capabilities {
	return driver.Capabilities{
		AtomicReplace: true, ServerCopy: true, ContentType: true, UserMetadata: true,
		SignedURL:   d.opts.TempURLKey != "" && d.cluster.tempURL,
		MinPartSize: d.cluster.minSegment, MaxParts: d.cluster.maxSegments, MaxKeyBytes: d.cluster.maxKey,
	}
}

// Close ends the connections that are idle; the others have ended with their requests.
func (d *store) Close() error {
	d.clients.close()
	return nil
}

// openError wraps what kept a store from being opened.
func openError(ctx context.Context, container string, err error) error {
	e := &rendition.Error{Kind: classify(err), Op: op, Key: container, Err: err, Hint: hintOf(err)}
	if ctx.Err() != nil {
		e.Kind, e.Err, e.Hint = rendition.Canceled, ctxCause(ctx), ""
	}
	return e
}

package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Bucket is a set of named objects in some store. It is safe for concurrent
// use. Its methods check their arguments, retry what can be retried, and return
// errors of type *rendition.Error without secrets in their text.
//
// A key is a relative slash-separated path (ValidateKey). Close the Bucket when
// the work is done.
type Bucket struct {
	core   *core
	prefix string // "" or ends in a slash
	bad    error  // why the prefix is not valid
	// patience is how long calls are repeated at least; 0 is as Options say.
	patience time.Duration
}

// NewBucket makes a Bucket of a driver, which belongs to it from then on.
// Programs call a driver package's constructor, such as filestore.Open; this
// one is for drivers.
func NewBucket(drv driver.Driver, opts *Options) *Bucket {
	return &Bucket{core: newCore(drv, opts)}
}

// Wrap returns a Bucket over a decorated driver, with the same options and
// prefix: what fault injection, limits and caches are made with. The new
// Bucket owns both drivers; close it and not b.
func (b *Bucket) Wrap(decorate func(driver.Driver) driver.Driver) *Bucket {
	return &Bucket{core: newCore(decorate(b.core.drv), b.core.opts), prefix: b.prefix, bad: b.bad, patience: b.patience}
}

// Prefix returns a view of the objects under p, a path whose trailing slash is
// optional; "" is b itself. Keys of the view are relative to it. A p that is no
// valid key makes every call of the view fail with kind InvalidJob. The view
// shares everything with b: closing one closes both.
func (b *Bucket) Prefix(p string) *Bucket {
	if p == "" {
		return b
	}
	view := b.view()
	if p[len(p)-1] == '/' {
		p = p[:len(p)-1]
	}
	if err := ValidateKey(p); err != nil && view.bad == nil {
		view.bad = err
	}
	view.prefix += p + "/"
	return view
}

// RetryFor returns a view of b whose calls are repeated for d at least while they
// fail with kind Unavailable, even when Options.Attempts are used up or the driver
// retries by itself: a job that has worked for hours is worth waiting for its
// destination. Pauses are those of Options; the end of ctx ends them, and
// other kinds of error are returned at once. Each call, each part of a Writer and each
// byte of a Reader has d anew. The view shares everything with b, as that of Prefix.
func (b *Bucket) RetryFor(d time.Duration) *Bucket {
	view := b.view()
	view.patience = max(d, 0)
	return view
}

func (b *Bucket) view() *Bucket {
	view := *b
	return &view
}

// Name is what messages call the bucket: its store and prefix, no secret.
func (b *Bucket) Name() string { return b.core.opts.Name + b.prefix }

// String returns Name, so that a Bucket prints without its secrets.
func (b *Bucket) String() string { return b.Name() }

// GoString returns Name: %#v must not print the driver's fields.
func (b *Bucket) GoString() string { return "storage.Bucket(" + b.Name() + ")" }

// Capabilities says what the store can do.
func (b *Bucket) Capabilities() Capabilities { return b.core.caps }

// Close ends all calls in flight, aborts Writers that are open, and frees what
// the driver holds. Readers and later calls fail with fs.ErrClosed (kind
// InvalidJob). Only the first Close does something; others return the same.
func (b *Bucket) Close() error { return b.core.close() }

// full checks key and returns the driver's key for it.
func (b *Bucket) full(op, key string) (string, error) {
	if b.bad != nil {
		return "", b.bad
	}
	if err := checkKey(key); err != nil {
		return "", fail(rendition.InvalidJob, op, key, "", err)
	}
	full := b.prefix + key
	limit := MaxKeyBytes
	if n := b.core.caps.MaxKeyBytes; n > 0 {
		limit = min(limit, n)
	}
	if len(full) > limit {
		err := fmt.Errorf("the key and its prefix have %d bytes; this store allows %d", len(full), limit)
		return "", fail(rendition.InvalidJob, op, key, "", err)
	}
	return full, nil
}

// writable refuses calls that change something in a read-only store.
func (b *Bucket) writable(op, key string) error {
	if b.core.caps.ReadOnly {
		return fail(rendition.Unsupported, op, key, "choose a store that can be written to", errors.New("this store is read-only"))
	}
	return nil
}

// readable refuses calls that look into a store that only takes objects.
func (b *Bucket) readable(op, key string) error {
	if b.core.caps.NoRead {
		return fail(rendition.Unsupported, op, key, "choose a store that can be read", errors.New("this store is write-only"))
	}
	return nil
}

// call makes a driver call for a method: attached, counted, retried, wrapped.
func (b *Bucket) call(ctx context.Context, op, key string, call func(context.Context) error) error {
	c := b.core
	if err := c.enter(); err != nil {
		return c.wrap(ctx, op, key, err)
	}
	defer c.leave()
	ctx, free := c.attach(ctx)
	defer free()
	return c.wrap(ctx, op, key, c.try(ctx, b.patience, op, key, call))
}

// Stat describes one object. Kind NotFound when there is none.
func (b *Bucket) Stat(ctx context.Context, key string) (*Object, error) {
	full, err := b.full("stat", key)
	if err == nil {
		err = b.readable("stat", key)
	}
	if err != nil {
		return nil, err
	}
	var info *driver.Info
	err = b.call(ctx, "stat", full, func(ctx context.Context) (err error) {
		info, err = b.core.drv.Stat(ctx, full)
		return err
	})
	if err != nil {
		return nil, err
	}
	return b.object(info, key), nil
}

// Delete removes an object. One that is not there is success. Kind Unsupported where the store cannot.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	full, err := b.full("delete", key)
	if err == nil {
		err = b.writable("delete", key)
	}
	if err == nil && b.core.caps.NoDelete {
		err = fail(rendition.Unsupported, "delete", key, "remove the object by other means", errors.New("this store cannot delete"))
	}
	if err != nil {
		return err
	}
	return b.call(ctx, "delete", full, func(ctx context.Context) error { return b.core.drv.Delete(ctx, full) })
}

// SignedURL returns a URL with which anyone may read (or, with Method "PUT",
// write) one object until it expires: it is a secret. Kind Unsupported unless
// Capabilities has SignedURL.
func (b *Bucket) SignedURL(ctx context.Context, key string, opts *SignOptions) (string, error) {
	full, err := b.full("sign", key)
	if err != nil {
		return "", err
	}
	sign, err := opts.driver()
	if err != nil {
		return "", fail(rendition.InvalidJob, "sign", key, "", err)
	}
	signer, ok := b.core.drv.(driver.Signer)
	if !ok || !b.core.caps.SignedURL {
		return "", fail(rendition.Unsupported, "sign", key, "", errors.New("this store makes no signed URLs"))
	}
	var url string
	err = b.call(ctx, "sign", full, func(ctx context.Context) (err error) {
		url, err = signer.SignedURL(ctx, full, sign)
		return err
	})
	return url, err
}

package storage

import (
	"context"
	"io"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// Copy makes dst a copy of src within the bucket, with its content type, cache
// control and metadata. The store does it where it can (ServerCopy), else the
// bytes pass through this process. dst is invisible until it is complete. Kind
// NotFound when src is missing.
func (b *Bucket) Copy(ctx context.Context, dst, src string) error {
	fullDst, err := b.full("copy", dst)
	if err != nil {
		return err
	}
	fullSrc, err := b.full("copy", src)
	if err == nil {
		err = b.writable("copy", dst)
	}
	if err == nil {
		err = b.readable("copy", src)
	}
	if err != nil {
		return err
	}
	if copier, ok := b.core.drv.(driver.Copier); ok && b.core.caps.ServerCopy {
		return b.call(ctx, "copy", fullSrc, func(ctx context.Context) error { return copier.Copy(ctx, fullDst, fullSrc) })
	}
	return b.stream(ctx, dst, src)
}

func (b *Bucket) stream(ctx context.Context, dst, src string) (err error) {
	r, err := b.Open(ctx, src, nil)
	if err != nil {
		return err
	}
	defer r.Close()
	from := r.Object()
	opts := &WriterOptions{ContentType: from.ContentType, CacheControl: from.CacheControl}
	if b.core.caps.UserMetadata {
		opts.Metadata = from.Metadata
	}
	w, err := b.NewWriter(ctx, dst, opts)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		_ = w.Abort() // the error that matters is the one of the copy
		return err
	}
	return w.Close()
}

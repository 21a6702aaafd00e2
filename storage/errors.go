package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

var (
	errClosed     = fmt.Errorf("the bucket is closed: %w", fs.ErrClosed)
	errReadClosed = fmt.Errorf("the reader is closed: %w", fs.ErrClosed)
	errWriteEnded = fmt.Errorf("the writer is closed or aborted: %w", fs.ErrClosed)
	errStalled    = errors.New("no byte came for the stall timeout")
	errNoRanges   = &driver.Error{
		Kind: rendition.Unsupported, Err: errors.New("the server has no range requests, and this seek would read too much in vain"),
		Hint: "use a server with range requests, or copy the file to one",
	}
	errNoList = errors.New("this store cannot list its objects")
)

// kindOf gives the kind of a driver's error.
func (c *core) kindOf(err error) rendition.Kind {
	var own *rendition.Error
	var said *driver.Error
	switch {
	case errors.As(err, &own):
		return own.Kind
	case errors.As(err, &said):
		return said.Kind
	case errors.Is(err, driver.ErrChanged):
		return rendition.Integrity
	case errors.Is(err, errStalled):
		return rendition.Unavailable
	case errors.Is(err, fs.ErrClosed):
		return rendition.InvalidJob
	}
	switch k := c.drv.Classify(err); k {
	case 0:
		return rendition.Internal
	case rendition.Canceled:
		return rendition.Unavailable // the caller's ctx has not ended (wrap looks first): a timeout below
	default:
		return k
	}
}

// wrap makes err the error of a public method, about the driver's key. It is the only place that does,
// and leaves what has been wrapped already as it is. When ctx has ended, that
// is the error, whatever the driver made of it.
func (c *core) wrap(ctx context.Context, op, key string, err error) error {
	if err == nil {
		return nil
	}
	var own *rendition.Error
	if errors.As(err, &own) {
		return err
	}
	e := &rendition.Error{Op: "storage: " + op, Key: c.opts.Name + key}
	if ctx.Err() != nil && errors.Is(context.Cause(ctx), errClosed) {
		err = errClosed
	} else if ctx.Err() != nil {
		e.Kind, e.Err = rendition.Canceled, scrub(cause(ctx))
		return e
	}
	var said *driver.Error
	if errors.As(err, &said) {
		e.Hint = RedactText(said.Hint)
	}
	e.Kind, e.Err = c.kindOf(err), scrub(err)
	return e
}

// cause is context.Cause(ctx), with ctx.Err() in its tree.
func cause(ctx context.Context) error {
	err, why := ctx.Err(), context.Cause(ctx)
	if errors.Is(why, err) {
		return why
	}
	return fmt.Errorf("%w: %w", err, why)
}

// fail makes an error that begins in this package.
func fail(kind rendition.Kind, op, key, hint string, err error) error {
	return &rendition.Error{Kind: kind, Op: "storage: " + op, Key: printable(key), Err: err, Hint: hint}
}

// retryAfter is the pause that a server asked for, 0 if none.
func retryAfter(err error) time.Duration {
	var said *driver.Error
	if errors.As(err, &said) {
		return said.RetryAfter
	}
	return 0
}

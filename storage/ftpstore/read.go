package ftpstore

import (
	"context"
	"errors"
	"io"

	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/ftpstore/internal/ftp"
)

// OpenRange begins a RETR at off, to the end of the file: FTP knows no other
// end, and a Reader that goes on needs no second transfer.
func (d *server) OpenRange(ctx context.Context, key string, off, _ int64, _ *driver.ReadOptions) (*driver.Body, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	l, err := d.pool.acquire(ctx)
	if err != nil {
		return nil, explain(err)
	}
	info, data, err := d.retrieve(ctx, l.conn, key, off)
	if err != nil {
		l.release()
		return nil, explain(err)
	}
	b := &body{ctx: ctx, lease: l, data: data, left: max(info.Size-off, 0)}
	body := &driver.Body{ReadCloser: b, Info: *info, Length: b.left}
	if info.Size < 0 {
		b.left, body.Length = -1, -1
	}
	if data == nil { // nothing to read
		l.release()
		return body, nil
	}
	b.awake = data.Interrupt(ctx)
	l.rest(ctx, b.settle)
	return body, nil
}

func (d *server) retrieve(ctx context.Context, c *ftp.Conn, key string, off int64) (*driver.Info, *ftp.Data, error) {
	info, err := d.stat(ctx, c, key)
	if err != nil || info.Size >= 0 && off >= info.Size {
		return info, nil, err
	}
	data, err := c.Retrieve(ctx, d.path(c, key), off)
	if code := ftp.Code(err); code == 550 || code == 553 {
		err = refused(err, "check that this user may read it")
	}
	return info, data, err
}

// body reads one transfer. Between two reads it rests.
type body struct {
	ctx   context.Context //nolint:containedctx // a body lives within the ctx of its OpenRange
	lease *lease
	data  *ftp.Data // nil when there is nothing to read
	awake func()    // ends the interrupt by ctx; nil when it has ended
	left  int64     // -1 when that is not known
	err   error     // after the transfer has ended
}

func (b *body) Read(p []byte) (int, error) {
	switch {
	case b.err != nil:
		return 0, b.err
	case b.data == nil || b.left == 0:
		return 0, io.EOF
	case !b.lease.busy():
		b.end(errTaken)
		return 0, b.err
	}
	if b.left >= 0 && int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.data.Read(p)
	if b.left >= 0 {
		b.left -= int64(n)
	}
	switch {
	case b.left == 0:
		b.finish()
		return n, nil
	case err == nil:
		b.lease.rest(b.ctx, b.settle)
		return n, nil
	}
	b.fail(err)
	return n, b.err
}

// finish ends a transfer that has given all its bytes. What the server says
// about it does not matter any more, only that it said it.
func (b *body) finish() {
	if n, err := b.data.Read(make([]byte, 1)); n == 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		_ = b.data.Finish(b.ctx) // a connection that is left unclear is dropped
	} else {
		b.data.Abandon() // the file has grown, which the next stat sees
	}
	b.end(io.EOF)
}

// fail ends a transfer that has ended early.
func (b *body) fail(err error) {
	ended := errors.Is(err, io.EOF)
	if ended || errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.ErrUnexpectedEOF
		if said := b.data.Finish(b.ctx); said != nil {
			err = said
		} else if ended && b.left < 0 {
			err = io.EOF // of a file whose size nobody told
		}
	} else {
		err = b.data.Because(b.ctx, err)
	}
	b.end(explain(err))
}

// end gives the connection back.
func (b *body) end(err error) {
	b.err = err
	if b.awake != nil {
		b.awake()
		b.awake = nil
	}
	b.lease.release()
}

// settle breaks the transfer off for somebody else.
func (b *body) settle(context.Context) { b.data.Abandon() }

// Close breaks off what has not been read. It waits for nothing.
func (b *body) Close() error {
	if b.data != nil && b.err == nil {
		if b.lease.busy() {
			b.data.Abandon()
		}
		b.end(errClosed)
	}
	return nil
}

var errClosed = errors.New("the body is closed")

package ftpstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/ftpstore/internal/ftp"
)

// resume begins a transfer for a part: the first one at 0, any other where the
// server's file ends.
func (u *upload) resume(ctx context.Context, part *driver.Part) error {
	l, err := u.d.pool.acquire(ctx)
	if err != nil {
		return err
	}
	data, at, err := u.open(ctx, l.conn, part)
	if err != nil {
		l.release()
		return err
	}
	u.lease, u.data, u.sent = l, data, at
	return nil
}

// open opens the temporary file for writing and says at which offset.
func (u *upload) open(ctx context.Context, c *ftp.Conn, part *driver.Part) (*ftp.Data, int64, error) {
	if !u.began {
		u.began = true
		data, err := u.create(ctx, c)
		return data, 0, err
	}
	at, err := u.reached(ctx, c, part)
	if err != nil {
		return nil, 0, err
	}
	if at == 0 {
		data, err := u.create(ctx, c)
		return data, 0, err
	}
	data, err := u.reopen(ctx, c, at)
	if err == nil || ftp.Code(err) == 0 || ftp.Code(err) == 421 {
		return data, at, err
	}
	u.d.noRestart.Store(true)
	if !u.kept.has(0) {
		err = fmt.Errorf("the connection dropped and the server does not go on with an upload: %w", err)
		return nil, 0, &driver.Error{Kind: rendition.Unavailable, Err: err, Hint: "allow restarts on the server, or raise Resend"}
	}
	data, err = u.create(ctx, c)
	return data, 0, err
}

// reached is where to go on: the end of the server's file. What lies in front of
// the part and has not arrived must be at hand.
func (u *upload) reached(ctx context.Context, c *ftp.Conn, part *driver.Part) (int64, error) {
	info, err := u.d.stat(ctx, c, u.temp)
	switch {
	case kindOf(err) == rendition.NotFound && err != nil:
		info = &driver.Info{}
	case err != nil:
		return 0, err
	case info.Size < 0:
		info.Size = 0 // a server that tells no size: begin anew
	}
	at := min(info.Size, part.Offset+part.Size)
	if at < part.Offset && !u.kept.has(at) {
		err := fmt.Errorf("the connection dropped and %d bytes were lost that are not kept any more", part.Offset-at)
		return 0, &driver.Error{Kind: rendition.Unavailable, Err: err, Hint: "write the object again; raise Resend when it comes again"}
	}
	return at, nil
}

// reopen goes on at an offset: by REST and STOR, which write the same bytes to
// the same place when the end of a broken transfer comes late, else by APPE.
func (u *upload) reopen(ctx context.Context, c *ftp.Conn, at int64) (*ftp.Data, error) {
	name := u.d.path(c, u.temp)
	data, err := c.Store(ctx, name, at)
	if code := ftp.Code(err); code == 0 || code == 421 || code == 425 || code == 426 {
		return data, err
	}
	return c.Append(ctx, name)
}

// create begins the temporary file, and makes folders that are missing. Others
// may remove an empty one in between; then it starts over.
func (u *upload) create(ctx context.Context, c *ftp.Conn) (*ftp.Data, error) {
	const tries = 3
	var data *ftp.Data
	err := errors.New("no try")
	for range tries {
		data, err = c.Store(ctx, u.d.path(c, u.temp), 0)
		if code := ftp.Code(err); code != 550 && code != 553 && code != 551 && code != 501 {
			return data, err
		}
		if merr := u.d.mkdirs(ctx, c, u.key); merr != nil {
			return nil, merr
		}
	}
	return nil, refused(err, "check that this user may write there")
}

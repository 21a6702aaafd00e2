package ftpstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/ftpstore/internal/ftp"
)

// upload writes a temporary file beside its target, through one data connection
// as long as that holds. Between two parts it rests.
type upload struct {
	d    *server
	key  string
	temp string // a key

	lease *lease // of data; nil when no transfer is under way
	data  *ftp.Data
	sent  int64 // offset behind the last byte that was written to data
	kept  tail  // of the parts that have been stored
	began bool  // the temporary file may be there
	whole bool  // the server has said that it has all
	moved bool  // the server may have renamed it
	buf   []byte
}

func (d *server) NewUpload(ctx context.Context, key string, _ *driver.UploadOptions) (driver.Upload, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err := checkKey(key); err != nil {
		return nil, err
	}
	d.enter(key)
	return &upload{d: d, key: key, temp: path.Join(path.Dir(key), driver.TempName())}, nil
}

// WritePart sends one part. That it was sent does not mean that the server has
// it: that shows with the last part, and whatever an earlier connection has lost
// is sent again then.
func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	end := part.Offset + part.Size
	if u.kept.end >= end && end > part.Offset || u.whole {
		return nil // a repeated call
	}
	if err := u.writePart(ctx, part); err != nil {
		u.drop()
		return explain(err)
	}
	if part.Last {
		return u.end(ctx)
	}
	if !u.d.noRestart.Load() {
		u.lease.rest(ctx, u.settle)
	}
	return u.kept.keep(part.Body, part.Size, u.d.opts.Resend)
}

func (u *upload) writePart(ctx context.Context, part *driver.Part) error {
	if u.lease != nil && !u.lease.busy() {
		u.lease, u.data = nil, nil
	}
	if u.data == nil {
		if err := u.resume(ctx, part); err != nil {
			return err
		}
	}
	release := u.data.Interrupt(ctx)
	defer release()
	err := u.send(ctx, part)
	if err != nil {
		release()
		return u.data.Because(ctx, err)
	}
	return nil
}

// send writes what is missing up to the end of the part: of earlier parts, when
// the server has lost some, and of this one.
func (u *upload) send(ctx context.Context, part *driver.Part) error {
	write := func(p []byte) error {
		n, err := u.data.Write(ctx, p)
		u.sent += int64(n)
		return err
	}
	if u.sent < part.Offset {
		if err := u.kept.writeFrom(u.sent, write); err != nil {
			return err
		}
	}
	if _, err := part.Body.Seek(u.sent-part.Offset, io.SeekStart); err != nil {
		return err
	}
	if u.buf == nil {
		u.buf = make([]byte, min(256<<10, max(part.Size, 1)))
	}
	for left := part.Offset + part.Size - u.sent; left > 0; {
		p := u.buf[:min(left, int64(len(u.buf)))]
		if _, err := io.ReadFull(part.Body, p); err != nil {
			return fmt.Errorf("the part is shorter than it should be: %w", err)
		}
		if err := write(p); err != nil {
			return err
		}
		left -= int64(len(p))
	}
	return nil
}

// end has the server say that it has all.
func (u *upload) end(ctx context.Context) error {
	err := u.data.Finish(ctx)
	u.data = nil
	u.drop()
	u.whole = err == nil
	return explain(err)
}

// settle ends the transfer of an upload that rests, for somebody else. The
// server keeps what it has; the next part goes on behind it.
func (u *upload) settle(ctx context.Context) { _ = u.data.Finish(ctx) } // a connection that is left unclear is dropped

// drop gives the connection back. A transfer that is still under way is broken off.
func (u *upload) drop() {
	if u.lease == nil {
		return
	}
	if u.lease.busy() && u.data != nil {
		u.data.Abandon()
	}
	u.lease.release()
	u.lease, u.data = nil, nil
}

// Commit checks the size and renames. A second call after an error finds out how
// far the first one came.
func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if !u.whole {
		return nil, errors.New("the object is not complete")
	}
	err := u.d.with(ctx, func(c *ftp.Conn) error {
		info, err := u.d.stat(ctx, c, u.temp)
		if u.moved && kindOf(err) == rendition.NotFound {
			info, err = u.d.stat(ctx, c, u.key)
		}
		if err != nil {
			return err
		}
		if info.Size != u.sent && info.Size >= 0 {
			err := fmt.Errorf("%d bytes were sent and the server has %d", u.sent, info.Size)
			return &driver.Error{Kind: rendition.Integrity, Err: err, Hint: "write it again"}
		}
		if info.Key == u.key {
			return nil
		}
		return u.rename(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	u.d.leave(u.key)
	return &driver.Info{Key: u.key, Size: u.sent}, nil
}

// rename puts the temporary file in the place of the target. A server that does
// not rename over a file has to be made room.
func (u *upload) rename(ctx context.Context, c *ftp.Conn) error {
	from, to := u.d.path(c, u.temp), u.d.path(c, u.key)
	began, err := c.Rename(ctx, from, to)
	u.moved = u.moved || began
	if code := ftp.Code(err); code == 0 || code == 421 {
		return err
	}
	old, serr := c.Stat(ctx, to)
	folder := serr == nil && old.Type == ftp.Folder
	if serr != nil {
		if folder, serr = c.IsFolder(ctx, to); serr != nil {
			return serr
		}
	}
	switch {
	case folder:
		return exists("there is a folder of this name")
	case ftp.Code(err) < 500:
		return err
	case old == nil:
		return refused(err, "check that this user may rename files there")
	}
	if derr := c.Delete(ctx, to); derr != nil {
		return refused(err, "check that this user may replace files there")
	}
	_, err = c.Rename(ctx, from, to)
	return err
}

// Abort removes the temporary file, or the object, when a Commit that failed has
// renamed it. The network that has failed the upload may well fail this too, and
// nobody repeats it: it is tried for as long as ctx allows, a few times.
func (u *upload) Abort(ctx context.Context) error {
	u.drop()
	u.d.leave(u.key)
	if !u.began {
		return nil
	}
	const tries = 5
	for try := 1; ; try++ {
		err := u.d.with(ctx, func(c *ftp.Conn) error { return u.remove(ctx, c) })
		if err == nil || try == tries || ctx.Err() != nil || !retryable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(try) * 100 * time.Millisecond):
		}
	}
}

func (u *upload) remove(ctx context.Context, c *ftp.Conn) error {
	err := c.Delete(ctx, u.d.path(c, u.temp))
	if ftp.Code(err)/100 == 5 {
		if _, serr := u.d.stat(ctx, c, u.temp); kindOf(serr) != rendition.NotFound {
			return err
		}
		err = nil
		if u.moved { // it was there, and is not under its temporary name any more
			if err = c.Delete(ctx, u.d.path(c, u.key)); ftp.Code(err)/100 == 5 {
				err = nil // nor under the other
			}
		}
	}
	if err == nil {
		u.d.prune(ctx, c, u.key)
	}
	return err
}

// retryable says whether the Bucket would repeat a call that failed with err: a timeout below is one of the network.
func retryable(err error) bool {
	k := kindOf(err)
	return k == rendition.Unavailable || k == rendition.Canceled
}

package sftpstore

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/pkg/sftp"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Stat follows links.
func (d *store) Stat(ctx context.Context, key string) (info *driver.Info, err error) {
	err = d.with(ctx, func(c *conn) error {
		fi, err := c.sftp.Stat(d.path(key))
		if err == nil {
			err = regular(fi)
		}
		if err == nil {
			info = describe(key, fi)
		}
		return err
	})
	return info, err
}

// regular refuses what is no file of bytes.
func regular(fi fs.FileInfo) error {
	switch {
	case fi.Mode().IsRegular():
		return nil
	case fi.IsDir():
		return &driver.Error{Kind: rendition.NotFound, Err: errors.New("it is a folder and not a file"), Hint: "name a file in it"}
	default:
		err := errors.New("it is a pipe or a device and not a file")
		return &driver.Error{Kind: rendition.Unsupported, Err: err, Hint: "copy it to a file first"}
	}
}

func describe(key string, fi fs.FileInfo) *driver.Info {
	return &driver.Info{Key: key, Size: fi.Size(), ModTime: fi.ModTime()}
}

// OpenRange opens the file to its end. To seek in it costs nothing but the bytes that are
// under way, which are few after a seek (body). Small ranges ask for their bytes
// together with the size.
func (d *store) OpenRange(ctx context.Context, key string, off, length int64, _ *driver.ReadOptions) (*driver.Body, error) {
	c, err := d.pool.get(ctx)
	if err != nil {
		return nil, err
	}
	b := &body{ctx: ctx, store: d, conn: c, pos: off, next: off}
	var fi os.FileInfo
	err = c.do(ctx, func() (err error) {
		if b.file, err = openFile(c, d.path(key)); err != nil {
			return err
		}
		b.begin(length)
		fi, err = b.file.Stat()
		if err == nil {
			err = regular(fi)
		}
		return err
	})
	if err != nil {
		if b.file == nil {
			d.pool.put(c)
		} else {
			_ = b.Close() // nothing was written
		}
		return nil, err
	}
	b.was = fi
	return &driver.Body{
		ReadCloser: b, Info: *describe(key, fi), Length: max(fi.Size()-off, 0), SeekTo: b.seek,
	}, nil
}

// openFile opens a file to read. A folder, which some servers fail to open and others open, is refused later.
func openFile(c *conn, name string) (*sftp.File, error) {
	f, err := c.sftp.Open(name)
	if err == nil || !failed(err) {
		return f, err
	}
	if fi, serr := c.sftp.Stat(name); serr == nil {
		if refused := regular(fi); refused != nil {
			return nil, refused
		}
	}
	return nil, err
}

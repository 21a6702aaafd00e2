package sftpstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"sync/atomic"
	"time"

	"github.com/pkg/sftp"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// upload writes a temporary file beside its target. Its name is chosen before the
// server hears of it: a request whose answer is lost can so be cleaned up after.
type upload struct {
	store   *store
	key     string
	file    string // the target's path
	temp    string
	size    int64       // of the object; the last part tells
	touched atomic.Bool // the server was asked to make the temporary file
	made    atomic.Bool // and has
	unknown atomic.Bool // or may have: no answer came
	renamed bool        // a rename was asked for; an error does not say that it was not done
}

func (d *store) NewUpload(ctx context.Context, key string, _ *driver.UploadOptions) (driver.Upload, error) {
	u := &upload{store: d, key: key, file: d.path(key)}
	u.temp = path.Join(path.Dir(u.file), driver.TempName())
	err := d.with(ctx, func(c *conn) error {
		fi, err := c.sftp.Stat(u.file)
		switch {
		case isMissing(err):
			return nil
		case err == nil && fi.IsDir():
			return exists("there is a folder of this name")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return u, nil
}

func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	if part.Last {
		u.size = part.Offset + part.Size
	}
	err := u.store.with(ctx, func(c *conn) error {
		f, err := u.open(c)
		if err != nil {
			return err
		}
		err = c.write(ctx, f, part)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		return c.full(err, u.temp, part.Size)
	})
	if err != nil && !u.made.Load() && (ctx.Err() != nil || u.store.Classify(err) == rendition.Unavailable) {
		u.unknown.Store(true)
	}
	return err
}

// open opens the temporary file and makes it, with its folders, the first time. One that
// vanishes later is not made again, since it would lack the parts before.
func (u *upload) open(c *conn) (*sftp.File, error) {
	if u.made.Load() {
		return c.sftp.OpenFile(u.temp, os.O_WRONLY)
	}
	u.touched.Store(true)
	// Another upload that is aborted may remove an empty folder between its making and its use.
	const tries = 20
	var err error
	for range tries {
		var f *sftp.File
		if f, err = c.sftp.OpenFile(u.temp, os.O_WRONLY|os.O_CREATE); err == nil {
			u.made.Store(true)
			return f, nil
		}
		if !isMissing(err) {
			return nil, c.full(err, u.temp, 0)
		}
		if err = u.store.mkdirs(c, path.Dir(u.temp)); err != nil && !isMissing(err) {
			return nil, err
		}
	}
	return nil, err
}

func (u *upload) Commit(ctx context.Context) (info *driver.Info, err error) {
	err = u.store.with(ctx, func(c *conn) error {
		fi, err := c.sftp.Stat(u.temp)
		if u.renamed && isMissing(err) {
			// Only our rename takes it away: that was done, and its answer lost.
			if fi, err = c.sftp.Stat(u.file); err == nil {
				info = describe(u.key, fi)
				info.Size = -1 // somebody may have replaced it since; the size was looked at before the rename
			}
			return err
		}
		if err != nil {
			return err
		}
		if fi.Size() != u.size {
			err := fmt.Errorf("%d bytes were written and the server has %d", u.size, fi.Size())
			return &driver.Error{Kind: rendition.Integrity, Err: err}
		}
		if err := u.settle(c); err != nil {
			return err
		}
		info = describe(u.key, fi)
		return u.rename(c)
	})
	if err != nil {
		return nil, err
	}
	return info, nil
}

// settle gives the file its mode and brings it to the disk, as far as that is asked for.
func (u *upload) settle(c *conn) error {
	if mode := u.store.opts.FileMode; mode != 0 {
		if err := c.sftp.Chmod(u.temp, mode); err != nil {
			return err
		}
	}
	if !u.store.opts.Sync {
		return nil
	}
	f, err := c.sftp.OpenFile(u.temp, os.O_WRONLY)
	if err != nil {
		return err
	}
	err = f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return c.full(err, u.temp, 0)
}

// rename makes the object visible.
func (u *upload) rename(c *conn) error {
	u.renamed = true
	if u.store.posix {
		err := c.sftp.PosixRename(u.temp, u.file)
		if failed(err) && isFolder(c, u.file) {
			return exists("there is a folder of this name")
		}
		return err
	}
	err := c.sftp.Rename(u.temp, u.file)
	if err == nil || isMissing(err) || errors.Is(err, os.ErrPermission) {
		return err
	}
	if isFolder(c, u.file) {
		return exists("there is a folder of this name")
	}
	if c.remove(u.file) != nil {
		return err
	}
	return c.sftp.Rename(u.temp, u.file)
}

func isFolder(c *conn, name string) bool {
	fi, err := c.sftp.Stat(name)
	return err == nil && fi.IsDir()
}

// Abort removes the temporary file. The Bucket does not repeat it, so that it tries a few times by itself.
func (u *upload) Abort(ctx context.Context) error {
	if !u.touched.Load() {
		return nil
	}
	const tries = 5
	var err error
	for try := range tries {
		if err = u.store.removeTemp(ctx, u.temp); err == nil || u.store.Classify(err) != rendition.Unavailable {
			break
		}
		select {
		case <-time.After(time.Duration(try+1) * 100 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	if err != nil || (u.unknown.Load() && !u.made.Load()) {
		u.store.doubt(u.temp)
	}
	u.store.prune(ctx, u.file)
	return err
}

func (d *store) removeTemp(ctx context.Context, temp string) error {
	return d.with(ctx, func(c *conn) error {
		if err := c.remove(temp); err != nil && !isMissing(err) {
			return err
		}
		return nil
	})
}

// doubt remembers a temporary name that may be there: it could not be removed, or nobody
// knows whether the server has yet to make it.
func (d *store) doubt(temp string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.doubtful[temp] = true
}

// clean removes the temporary files that are in doubt, as far as the server is there.
func (d *store) clean() {
	d.mu.Lock()
	doubtful := d.doubtful
	d.doubtful = map[string]bool{}
	d.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for temp := range doubtful {
		if err := d.removeTemp(ctx, temp); err != nil && d.Classify(err) == rendition.Unavailable && ctx.Err() != nil {
			return
		}
	}
}

package filestore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// upload writes a temporary file beside its target.
type upload struct {
	disk *disk
	root *os.Root
	key  string
	temp string      // "" once it is renamed or removed
	file *os.File    // nil once it is closed
	done fs.FileInfo // of the complete file, once it is flushed
}

func (d *disk) NewUpload(ctx context.Context, key string, _ *driver.UploadOptions) (driver.Upload, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	root, err := d.open(true)
	if err != nil {
		return nil, bare(err)
	}
	if fi, err := root.Lstat(filepath.FromSlash(key)); err == nil && fi.IsDir() {
		return nil, &driver.Error{Kind: rendition.Exists, Err: errors.New("there is a folder of this name"), Hint: "choose another key"}
	}
	d.sweepOnce(root, path.Dir(key))
	u := &upload{disk: d, root: root, key: key}
	if err := u.create(); err != nil {
		d.prune(root, key)
		return nil, bare(err)
	}
	return u, nil
}

// create makes the folders and the file. Another upload that is aborted may
// remove an empty folder in between, and a sweep the file; then it starts over.
func (u *upload) create() (err error) {
	const tries = 8
	for range tries {
		dir := path.Dir(u.key)
		if err = u.disk.mkdirs(u.root, dir); err != nil {
			return err
		}
		u.temp = path.Join(dir, driver.TempName())
		u.file, err = u.root.OpenFile(filepath.FromSlash(u.temp), os.O_RDWR|os.O_CREATE|os.O_EXCL, u.disk.opts.FileMode)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		claimed, failed := u.claim()
		if claimed || failed != nil {
			return failed
		}
		err = fs.ErrNotExist
	}
	return err
}

func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	n, err := io.Copy(io.NewOffsetWriter(u.file, part.Offset), &ctxReader{ctx: ctx, r: part.Body})
	if err != nil {
		return bare(err)
	}
	if n != part.Size {
		return fmt.Errorf("the part has %d bytes and not %d", n, part.Size)
	}
	return nil
}

func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := u.flush(); err != nil {
		return nil, bare(err)
	}
	if err := u.root.Rename(filepath.FromSlash(u.temp), filepath.FromSlash(u.key)); err != nil {
		return nil, bare(err)
	}
	u.temp = ""
	if u.disk.opts.Sync {
		if err := syncDir(u.root, path.Dir(u.key)); err != nil {
			return nil, errors.Join(bare(err), u.root.Remove(filepath.FromSlash(u.key)))
		}
	}
	return info(u.key, u.done), nil
}

// flush closes the file, after which its bytes are the system's. A second call
// after a failed rename does nothing.
func (u *upload) flush() error {
	if u.file == nil {
		return nil
	}
	if u.disk.opts.Sync {
		if err := u.file.Sync(); err != nil {
			return err
		}
	}
	fi, err := u.file.Stat()
	if err != nil {
		return err
	}
	u.done = fi
	return u.close()
}

func (u *upload) close() error {
	if u.file == nil {
		return nil
	}
	err := u.file.Close()
	u.file = nil
	return err
}

func (u *upload) Abort(context.Context) error {
	err := u.close()
	if u.temp != "" {
		err = errors.Join(err, bare(u.root.Remove(filepath.FromSlash(u.temp))))
		u.temp = ""
	}
	u.disk.prune(u.root, u.key)
	return err
}

func syncDir(root *os.Root, dir string) error {
	f, err := root.Open(filepath.FromSlash(dir))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// ctxReader ends a copy when its ctx ends.
type ctxReader struct {
	ctx context.Context //nolint:containedctx // lives for one copy
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

package filestore

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Options are those of a file store. The zero value is good.
type Options struct {
	// Sync makes each commit wait until the file and its folder entry are on
	// the disk (fsync), so that it survives a loss of power. Default false.
	Sync bool
	// FileMode and DirMode are the permissions of new files and folders, before
	// the umask. Default 0644 and 0755.
	FileMode fs.FileMode
	DirMode  fs.FileMode
	// MustExist makes Open fail with kind NotFound when there is no such
	// folder. Default false: the first write makes it.
	MustExist bool
	// Bucket are the options of the Bucket; its Name is the folder.
	Bucket *storage.Options
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.FileMode == 0 {
		c.FileMode = 0o644
	}
	if c.DirMode == 0 {
		c.DirMode = 0o755
	}
	return &c
}

// Open returns a Bucket of the files below dir, a path of the operating system.
// dir itself may be reached through symbolic links. Kind NotFound with
// MustExist, Exists when dir is a file, Permission when it may not be entered.
func Open(ctx context.Context, dir string, opts *Options) (*storage.Bucket, error) {
	o := opts.withDefaults()
	if ctx.Err() != nil {
		return nil, wrap(rendition.Canceled, dir, context.Cause(ctx))
	}
	if dir == "" {
		return nil, wrap(rendition.InvalidJob, dir, errors.New("the folder's path is empty; use . for the current one"))
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, wrap(driver.DefaultKind(err), dir, err)
	}
	d := &disk{dir: abs, opts: o, made: map[string]bool{}, swept: map[string]bool{}}
	if _, err := d.open(false); err != nil && (o.MustExist || !errors.Is(err, fs.ErrNotExist)) {
		return nil, wrap(d.Classify(err), abs, bare(err))
	}
	return storage.NewBucket(d, bucketOptions(o.Bucket, abs)), nil
}

func bucketOptions(opts *storage.Options, dir string) *storage.Options {
	var c storage.Options
	if opts != nil {
		c = *opts
	}
	c.Name = dir
	if dir != string(filepath.Separator) {
		c.Name += string(filepath.Separator)
	}
	return &c
}

func wrap(kind rendition.Kind, path string, err error) error {
	return &rendition.Error{Kind: kind, Op: "filestore: open", Key: path, Err: err}
}

// disk is the driver.
type disk struct {
	dir  string
	opts *Options

	mu   sync.Mutex
	root *os.Root        // nil until the folder exists
	made map[string]bool // folders below root that this driver made
	// swept are the folders that were looked through for stale temporary files.
	swept map[string]bool
	wrote bool // anything was written or deleted
}

var _ driver.Driver = (*disk)(nil)

func (*disk) Capabilities() driver.Capabilities {
	return driver.Capabilities{AtomicReplace: true, ConsistentList: true, HasDirectories: true}
}

// open returns the root, which it makes when that is asked for.
func (d *disk) open(create bool) (*os.Root, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.root != nil {
		return d.root, nil
	}
	if create {
		if err := os.MkdirAll(d.dir, d.opts.DirMode); err != nil {
			return nil, err
		}
	}
	fi, err := os.Stat(d.dir)
	if err != nil {
		return nil, err
	}
	if !fi.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: d.dir, Err: syscall.ENOTDIR}
	}
	root, err := os.OpenRoot(d.dir)
	if err == nil {
		d.root = root
	}
	return d.root, err
}

func (d *disk) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.root == nil {
		return nil
	}
	return d.root.Close()
}

// stat follows links inside the root. A folder is no object.
func (d *disk) stat(ctx context.Context, key string) (*os.Root, fs.FileInfo, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	root, err := d.open(false)
	if err != nil {
		return nil, nil, missing(err)
	}
	fi, err := root.Stat(filepath.FromSlash(key))
	if err != nil {
		return nil, nil, missing(err)
	}
	return root, fi, regular(fi)
}

func (d *disk) Stat(ctx context.Context, key string) (*driver.Info, error) {
	_, fi, err := d.stat(ctx, key)
	if err != nil {
		return nil, err
	}
	return info(key, fi), nil
}

func info(key string, fi fs.FileInfo) *driver.Info {
	return &driver.Info{Key: key, Size: fi.Size(), ModTime: fi.ModTime()}
}

func (d *disk) Delete(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.change()
	root, err := d.open(false)
	if err == nil {
		var fi fs.FileInfo
		if fi, err = root.Lstat(filepath.FromSlash(key)); err == nil && !fi.IsDir() {
			err = root.Remove(filepath.FromSlash(key))
		}
	}
	if err = missing(err); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	d.prune(root, key)
	return nil
}

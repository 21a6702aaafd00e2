package sftpstore

import (
	"context"
	"io/fs"
	"path"
)

// mkdirs makes a folder and what is above it, and remembers what it made.
func (d *store) mkdirs(c *conn, dir string) error {
	fi, err := c.sftp.Stat(dir)
	switch {
	case err == nil && fi.IsDir():
		return nil
	case err == nil:
		return exists("there is a file where the key has a folder")
	case !isMissing(err):
		return err
	}
	if parent := path.Dir(dir); parent != dir {
		if err := d.mkdirs(c, parent); err != nil {
			return err
		}
	}
	if err := c.sftp.Mkdir(dir); err != nil {
		if isFolder(c, dir) { // somebody was faster
			return nil
		}
		return c.full(err, dir, 0)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.made[dir] = true
	return nil
}

// prune removes the folders above a file that this store made and that are empty.
func (d *store) prune(ctx context.Context, file string) {
	for dir := path.Dir(file); d.mine(dir); dir = path.Dir(dir) {
		err := d.with(ctx, func(c *conn) error { return c.sftp.RemoveDirectory(dir) })
		if err != nil && !isMissing(err) {
			return // not empty, most likely; nothing depends on it
		}
		d.mu.Lock()
		delete(d.made, dir)
		d.mu.Unlock()
	}
}

func (d *store) mine(dir string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.made[dir]
}

// remove removes a file; a folder of the name is no file, and the library's Remove would take an empty one.
func (c *conn) remove(name string) error {
	fi, err := c.sftp.Lstat(name)
	if err != nil {
		return err
	}
	if fi.IsDir() {
		return fs.ErrNotExist
	}
	return c.sftp.Remove(name)
}

// Delete removes a file. A folder is no object.
func (d *store) Delete(ctx context.Context, key string) error {
	file := d.path(key)
	err := d.with(ctx, func(c *conn) error { return c.remove(file) })
	switch {
	case isMissing(err):
	case err != nil:
		return err
	}
	d.prune(ctx, file)
	return nil
}

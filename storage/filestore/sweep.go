package filestore

import (
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// staleAfter is how long nobody must have written to a temporary file before
// it may be removed. The lock alone would do where a folder belongs to one
// machine; file systems that are shared by several do not always share locks.
const staleAfter = time.Hour

// claim locks the temporary file of u for as long as it is open, and reports
// whether it is still there: between its making and its lock a sweep may have
// removed it.
func (u *upload) claim() (bool, error) {
	if !lock(u.file) {
		return false, u.close()
	}
	held, err := u.file.Stat()
	if err == nil {
		var there os.FileInfo
		if there, err = u.root.Lstat(filepath.FromSlash(u.temp)); err == nil && os.SameFile(held, there) {
			return true, nil
		}
	}
	return false, u.close()
}

// sweepOnce sweeps the folder of a key, which is "." for the top, the first
// time that this Bucket writes there.
func (d *disk) sweepOnce(root *os.Root, dir string) {
	d.change()
	d.mu.Lock()
	done := d.swept[dir]
	d.swept[dir] = true
	d.mu.Unlock()
	if done {
		return
	}
	f, err := root.Open(filepath.FromSlash(dir))
	if err != nil {
		return // the upload will say what is wrong
	}
	defer f.Close()
	names, _ := f.Readdirnames(-1) // what cannot be listed is left
	for _, name := range names {
		if driver.IsTempName(name) {
			d.sweep(root, path.Join(dir, name))
		}
	}
}

// sweep removes a temporary file whose writer is dead: nobody has written to it
// for staleAfter, and nobody holds its lock, which the system takes from a
// process that ends in any way. A failure leaves it for the next time.
func (d *disk) sweep(root *os.Root, name string) {
	name = filepath.FromSlash(name)
	fi, err := root.Lstat(name)
	if err != nil || !fi.Mode().IsRegular() || time.Since(fi.ModTime()) < staleAfter {
		return
	}
	f, err := root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if lock(f) {
		_ = root.Remove(name)
	}
}

// change notes that this Bucket changes what is there.
func (d *disk) change() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrote = true
}

// changes reports whether this Bucket has written or deleted anything. One that only
// reads removes nothing.
func (d *disk) changes() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.wrote
}

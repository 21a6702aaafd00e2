package filestore

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// mkdirs makes dir and what is above it, and remembers what it made.
func (d *disk) mkdirs(root *os.Root, dir string) error {
	if dir == "." {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range len(dir) + 1 {
		if i < len(dir) && dir[i] != '/' {
			continue
		}
		switch err := root.Mkdir(filepath.FromSlash(dir[:i]), d.opts.DirMode); {
		case err == nil:
			d.made[dir[:i]] = true
		case !errors.Is(err, fs.ErrExist):
			return err
		}
	}
	return nil
}

// prune removes the folders above key that this driver made and that are empty.
func (d *disk) prune(root *os.Root, key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for dir := path.Dir(key); dir != "." && d.made[dir]; dir = path.Dir(dir) {
		if err := root.Remove(filepath.FromSlash(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return // not empty, most likely; nothing depends on it
		}
		delete(d.made, dir)
	}
}

// below says whether key lies in the folder dir, which ends in a slash.
func below(key, dir string) bool { return strings.HasPrefix(key, dir) }

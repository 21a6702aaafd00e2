package ftpstore

import (
	"context"
	"path"
	"strings"

	"github.com/rendition-sdk/rendition/storage/ftpstore/internal/ftp"
)

// above lists the folders of a key, the nearest first.
func above(key string) []string {
	var dirs []string
	for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
		dirs = append(dirs, dir)
	}
	return dirs
}

// enter notes that an upload needs the folders of key, so that nobody here
// removes them. leave ends that.
func (d *server) enter(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, dir := range above(key) {
		d.users[dir]++
	}
}

func (d *server) leave(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, dir := range above(key) {
		if d.users[dir]--; d.users[dir] <= 0 {
			delete(d.users, dir)
		}
	}
}

// mkdirs makes the folders of key, and those of the root, which stay.
func (d *server) mkdirs(ctx context.Context, c *ftp.Conn, key string) error {
	full := path.Dir(d.path(c, key))
	for i := 1; i <= len(full); i++ {
		if i < len(full) && full[i] != '/' || full == "/" {
			continue
		}
		err := c.MakeFolder(ctx, full[:i])
		switch {
		case err == nil:
			d.remember(strings.CutPrefix(full[:i]+"/", d.path(c, "")))
		case ftp.Code(err)/100 != 5:
			return err
		default:
			if err := d.mustBeFolder(ctx, c, full[:i], err); err != nil {
				return err
			}
		}
	}
	return nil
}

// mustBeFolder says why a folder could not be made, nil when it is there. One
// that may not be entered counts as there: what is written in it will tell.
func (d *server) mustBeFolder(ctx context.Context, c *ftp.Conn, name string, err error) error {
	folder, ferr := c.IsFolder(ctx, name)
	if folder || ferr != nil {
		return ferr
	}
	e, serr := c.Stat(ctx, name)
	switch {
	case serr == nil && e.Type == ftp.File:
		return exists("an object is where a folder should be")
	case serr == nil:
		return nil
	case ftp.Code(serr) == 0:
		return serr
	}
	return refused(err, "check that this user may make folders there")
}

// remember notes a folder that was made, "" or ending in a slash, if it lies below the root.
func (d *server) remember(dir string, below bool) {
	if !below || dir == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.made[strings.TrimSuffix(dir, "/")] = true
}

// prune removes the folders of key that this driver made, that are empty and
// that no upload needs.
func (d *server) prune(ctx context.Context, c *ftp.Conn, key string) {
	for _, dir := range above(key) {
		d.mu.Lock()
		needed := !d.made[dir] || d.users[dir] > 0
		d.mu.Unlock()
		if needed || c.RemoveFolder(ctx, d.path(c, dir)) != nil {
			return // not empty, most likely; nothing depends on it
		}
		d.mu.Lock()
		delete(d.made, dir)
		d.mu.Unlock()
	}
}

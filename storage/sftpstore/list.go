package sftpstore

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// errPageFull ends a walk.
var errPageFull = errors.New("page full")

// ListPage walks the folders in the order of the keys. The token is the last key of the page before.
func (d *store) ListPage(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	w := &walk{ctx: ctx, store: d, req: req}
	start, _ := path.Split(req.Prefix) // the folder that all keys share
	err := w.folder(start)
	switch {
	case errors.Is(err, errPageFull):
		w.page.NextPageToken = w.page.Objects[len(w.page.Objects)-1].Key
	case isMissing(err): // the prefix names no folder
	case err != nil:
		return nil, err
	}
	return &w.page, nil
}

type walk struct {
	ctx   context.Context //nolint:containedctx // lives for one page
	store *store
	req   *driver.ListRequest
	page  driver.ListPage
}

// entry is a file or folder; the key of a folder ends in a slash, which is also how it
// sorts among its neighbors.
type entry struct {
	key string
	fi  fs.FileInfo
}

// folder lists what is in dir, which is "" or ends in a slash.
func (w *walk) folder(dir string) error {
	entries, err := w.read(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := w.visit(e); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) visit(e entry) error {
	after, prefix := w.req.PageToken, w.req.Prefix
	switch {
	case !e.fi.IsDir():
		if e.key <= after || !strings.HasPrefix(e.key, prefix) {
			return nil
		}
		return w.file(e)
	case !strings.HasPrefix(e.key, prefix) && !strings.HasPrefix(prefix, e.key):
		return nil
	case w.req.Delimiter != "" && len(e.key) > len(prefix):
		if e.key <= after {
			return nil
		}
		if found, err := w.holdsFile(e.key); !found || err != nil {
			return err
		}
		return w.add(driver.Info{Key: e.key, IsPrefix: true})
	case e.key < after && !strings.HasPrefix(after, e.key):
		return nil // listed before
	}
	err := w.folder(e.key)
	if isMissing(err) {
		return nil // removed while the walk came to it
	}
	return err
}

// file lists a file, or the file that a link leads to.
func (w *walk) file(e entry) error {
	fi := e.fi
	if fi.Mode()&fs.ModeSymlink != 0 {
		err := w.store.with(w.ctx, func(c *conn) (err error) {
			fi, err = c.sftp.Stat(w.store.path(e.key))
			return err
		})
		if isMissing(err) || failed(err) || errors.Is(err, fs.ErrPermission) {
			return nil // a link to nowhere, or in a circle
		}
		if err != nil {
			return err
		}
	}
	if !fi.Mode().IsRegular() {
		return nil
	}
	return w.add(*describe(e.key, fi))
}

func (w *walk) add(info driver.Info) error {
	if len(w.page.Objects) == w.req.PageSize {
		return errPageFull
	}
	w.page.Objects = append(w.page.Objects, info)
	return nil
}

// read returns the entries of dir in the order of their keys, without temporary names.
func (w *walk) read(dir string) ([]entry, error) {
	var list []fs.FileInfo
	err := w.store.with(w.ctx, func(c *conn) (err error) {
		name := w.store.path(dir)
		list, err = c.sftp.ReadDirContext(w.ctx, name)
		if failed(err) { // not every server says that a file is no folder
			if fi, serr := c.sftp.Stat(name); serr == nil && !fi.IsDir() {
				return fs.ErrNotExist
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	entries := make([]entry, 0, len(list))
	for _, fi := range list {
		e := entry{key: dir + fi.Name(), fi: fi}
		if driver.IsTempName(fi.Name()) {
			continue
		}
		if fi.IsDir() {
			e.key += "/"
		}
		if len(e.key) > storage.MaxKeyBytes { // no key; and a server cannot lead the walk down for ever
			continue
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	return entries, nil
}

// holdsFile says whether there is an object anywhere below dir: an empty folder is no common prefix.
func (w *walk) holdsFile(dir string) (bool, error) {
	probe := &walk{ctx: w.ctx, store: w.store, req: &driver.ListRequest{Prefix: dir, PageSize: 1}}
	err := probe.folder(dir)
	if err != nil && !errors.Is(err, errPageFull) && !isMissing(err) {
		return false, err
	}
	return len(probe.page.Objects) > 0, nil
}

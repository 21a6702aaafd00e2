package filestore

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// errPageFull ends a walk.
var errPageFull = errors.New("page full")

// ListPage walks the folders in the order of the keys. The token is the last
// key of the page before.
func (d *disk) ListPage(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	root, err := d.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		return &driver.ListPage{}, nil
	}
	if err != nil {
		return nil, bare(err)
	}
	w := &walk{ctx: ctx, root: root, req: req}
	if d.changes() {
		w.temp = func(name string) { d.sweep(root, name) }
	}
	start := path.Dir(req.Prefix + "x") // the folder that all keys share
	if start == "." {
		err = w.folder("")
	} else {
		err = w.folder(start + "/")
	}
	switch {
	case errors.Is(err, errPageFull):
		w.page.NextPageToken = w.page.Objects[len(w.page.Objects)-1].Key
	case errors.Is(missing(err), fs.ErrNotExist): // the prefix names no folder
	case err != nil:
		return nil, bare(err)
	}
	return &w.page, nil
}

type walk struct {
	ctx  context.Context //nolint:containedctx // lives for one page
	root *os.Root
	req  *driver.ListRequest
	page driver.ListPage
	temp func(name string) // called for temporary names, if not nil
}

// entry is a file or folder; the key of a folder ends in a slash, which is
// also how it sorts among its neighbors.
type entry struct {
	key string
	dir bool
}

// folder lists what is in dir, which is "" or ends in a slash.
func (w *walk) folder(dir string) error {
	entries, err := w.read(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.visit(e); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) visit(e entry) error {
	after, prefix := w.req.PageToken, w.req.Prefix
	switch {
	case !e.dir:
		if e.key <= after || !below(e.key, prefix) {
			return nil
		}
		return w.file(e.key)
	case !below(e.key, prefix) && !below(prefix, e.key):
		return nil
	case w.req.Delimiter != "" && len(e.key) > len(prefix):
		if e.key <= after {
			return nil
		}
		if found, err := w.holdsFile(e.key); !found || err != nil {
			return err
		}
		return w.add(driver.Info{Key: e.key, IsPrefix: true})
	case e.key < after && !below(after, e.key):
		return nil // listed before
	}
	err := w.folder(e.key)
	if errors.Is(missing(err), fs.ErrNotExist) {
		return nil // removed while the walk came to it
	}
	return err
}

func (w *walk) file(key string) error {
	fi, err := w.root.Stat(filepath.FromSlash(key))
	if err != nil || !fi.Mode().IsRegular() {
		return nil //nolint:nilerr // removed meanwhile, a link to nowhere or out of the root: no object
	}
	return w.add(*info(key, fi))
}

func (w *walk) add(info driver.Info) error {
	if len(w.page.Objects) == w.req.PageSize {
		return errPageFull
	}
	w.page.Objects = append(w.page.Objects, info)
	return nil
}

// read returns the entries of dir in the order of their keys, without
// temporary names. Links to folders are left out: they could lead in circles.
func (w *walk) read(dir string) ([]entry, error) {
	f, err := w.root.Open(filepath.FromSlash(path.Clean(dir + ".")))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := f.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	entries := make([]entry, 0, len(list))
	for _, e := range list {
		if driver.IsTempName(e.Name()) {
			if w.temp != nil {
				w.temp(dir + e.Name())
			}
			continue
		}
		if e.IsDir() {
			entries = append(entries, entry{key: dir + e.Name() + "/", dir: true})
		} else {
			entries = append(entries, entry{key: dir + e.Name()})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	return entries, nil
}

// holdsFile says whether there is an object anywhere below dir: an empty
// folder is no common prefix.
func (w *walk) holdsFile(dir string) (bool, error) {
	probe := &walk{ctx: w.ctx, root: w.root, req: &driver.ListRequest{Prefix: dir, PageSize: 1}}
	err := probe.folder(dir)
	if err != nil && !errors.Is(err, errPageFull) && !errors.Is(missing(err), fs.ErrNotExist) {
		return false, err
	}
	return len(probe.page.Objects) > 0, nil
}

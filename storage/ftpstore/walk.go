package ftpstore

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/ftpstore/internal/ftp"
)

// maxFolder is how many entries one folder may have: they are sorted in memory.
const maxFolder = 1 << 20

// walk goes through folders in the order of keys. It stands between two calls
// where the last page ended.
type walk struct {
	d         *server
	prefix    string
	delimited bool
	stack     [][]item // what is left of each folder on the way, the deepest last
	started   bool
	after     string // keys up to this one are left out
	last      string // the last key that was given
	used      time.Time
}

// item is a file or folder; the key of a folder ends in a slash, which is also
// how it sorts among its neighbors.
type item struct {
	key   string
	entry ftp.Entry
}

func newWalk(d *server, req *driver.ListRequest) *walk {
	return &walk{d: d, prefix: req.Prefix, delimited: req.Delimiter != "", after: req.PageToken, last: req.PageToken}
}

// page gives up to size objects. After an error the walk is of no more use.
func (w *walk) page(ctx context.Context, c *ftp.Conn, size int) (*driver.ListPage, error) {
	page := &driver.ListPage{}
	for len(page.Objects) < size {
		info, err := w.next(ctx, c)
		if err != nil {
			return nil, err
		}
		if info == nil {
			return page, nil
		}
		page.Objects = append(page.Objects, *info)
		w.last = info.Key
	}
	page.NextPageToken = w.last
	return page, nil
}

// next is the next object or common prefix; nil is the end.
func (w *walk) next(ctx context.Context, c *ftp.Conn) (*driver.Info, error) {
	if !w.started {
		w.started = true
		start, _ := path.Split(w.prefix) // the folder that all keys share
		if err := w.enter(ctx, c, start); err != nil {
			return nil, err
		}
	}
	for len(w.stack) > 0 {
		top := &w.stack[len(w.stack)-1]
		if len(*top) == 0 {
			w.stack = w.stack[:len(w.stack)-1]
			continue
		}
		it := (*top)[0]
		*top = (*top)[1:]
		info, err := w.visit(ctx, c, it)
		if info != nil || err != nil {
			return info, err
		}
	}
	return nil, nil //nolint:nilnil // the end
}

func (w *walk) visit(ctx context.Context, c *ftp.Conn, it item) (*driver.Info, error) {
	begins := strings.HasPrefix(it.key, w.prefix)
	if !strings.HasSuffix(it.key, "/") {
		if it.key <= w.after || !begins {
			return nil, nil //nolint:nilnil // go on
		}
		return w.file(ctx, c, it)
	}
	switch {
	case !begins && !strings.HasPrefix(w.prefix, it.key):
		return nil, nil //nolint:nilnil // go on
	case w.delimited && len(it.key) > len(w.prefix):
		if it.key <= w.after {
			return nil, nil //nolint:nilnil // go on
		}
		if found, err := w.holdsFile(ctx, c, it.key); !found || err != nil {
			return nil, err
		}
		return &driver.Info{Key: it.key, IsPrefix: true}, nil
	case it.key < w.after && !strings.HasPrefix(w.after, it.key):
		return nil, nil //nolint:nilnil // listed before
	}
	return nil, w.enter(ctx, c, it.key)
}

// file gives an entry that is one. What a link leads to has to be asked; a
// folder behind one is left out, since links may lead in circles.
func (w *walk) file(ctx context.Context, c *ftp.Conn, it item) (*driver.Info, error) {
	if it.entry.Type == ftp.Link || it.entry.Size < 0 {
		info, err := w.d.stat(ctx, c, it.key)
		if err != nil && ftp.Code(err)/100 != 5 && kindOf(err) != rendition.NotFound {
			return nil, err
		}
		return info, nil
	}
	return &driver.Info{Key: it.key, Size: it.entry.Size, ModTime: it.entry.ModTime}, nil
}

// holdsFile says whether there is an object anywhere below dir: an empty folder
// is no common prefix.
func (w *walk) holdsFile(ctx context.Context, c *ftp.Conn, dir string) (bool, error) {
	probe := &walk{d: w.d, prefix: dir}
	info, err := probe.next(ctx, c)
	return info != nil, err
}

// enter puts what is in dir, which is "" or ends in a slash, on the stack.
// Nothing, when there is no such folder.
func (w *walk) enter(ctx context.Context, c *ftp.Conn, dir string) error {
	var items []item
	err := c.List(ctx, w.d.path(c, dir), func(e ftp.Entry) error {
		if e.Type == ftp.Other || driver.IsTempName(e.Name) || !nameable(e.Name) {
			return nil
		}
		if len(items) == maxFolder {
			err := fmt.Errorf("a folder has more than %d entries", maxFolder)
			return &driver.Error{Kind: rendition.Quota, Err: err, Hint: "list what lies in it by longer prefixes"}
		}
		it := item{key: dir + e.Name, entry: e}
		if e.Type == ftp.Folder {
			it.key += "/"
		}
		items = append(items, it)
		return nil
	})
	if code := ftp.Code(err); (code == 550 || code == 551 || code == 553 || code == 501) && !ftp.Denied(err) {
		return nil // it is not there, or no folder
	}
	if err != nil {
		return err
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Compare(a.key, b.key) })
	w.stack = append(w.stack, items)
	return nil
}

// nameable leaves out what no key can name.
func nameable(name string) bool {
	return name != "" && name != "." && name != ".." && utf8.ValidString(name) && checkKey(name) == nil
}

package ftpstore

import (
	"context"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/ftpstore/internal/ftp"
)

const (
	// maxWalks is how many listings are kept for their next pages, and walkLife
	// for how long. Without that, each page would list its folder anew.
	maxWalks = 4
	walkLife = time.Minute
)

// ListPage walks the folders in the order of the keys. The token is the last key
// of the page before. In memory are the entries of one folder at each depth.
func (d *server) ListPage(ctx context.Context, req *driver.ListRequest) (page *driver.ListPage, err error) {
	w := d.takeWalk(req)
	if w == nil {
		w = newWalk(d, req)
	}
	err = d.with(ctx, func(c *ftp.Conn) error {
		page, err = w.page(ctx, c, req.PageSize)
		return err
	})
	if err != nil {
		return nil, err
	}
	if page.NextPageToken != "" {
		d.keepWalk(w)
	}
	return page, nil
}

// takeWalk finds the listing that has just given the page in front of the one asked for.
func (d *server) takeWalk(req *driver.ListRequest) *walk {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.walks = slices.DeleteFunc(d.walks, func(w *walk) bool { return time.Since(w.used) > walkLife })
	for i, w := range d.walks {
		if req.PageToken != "" && w.last == req.PageToken && w.prefix == req.Prefix && w.delimited == (req.Delimiter != "") {
			d.walks = slices.Delete(d.walks, i, i+1)
			return w
		}
	}
	return nil
}

func (d *server) keepWalk(w *walk) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w.used = time.Now()
	if d.walks = append(d.walks, w); len(d.walks) > maxWalks {
		d.walks = slices.Delete(d.walks, 0, 1)
	}
}

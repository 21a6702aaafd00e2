package storage

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

const maxPageSize = 1000

// List returns the objects under opts.Prefix in ascending order of the bytes
// of their keys. Pages are asked for while the loop runs. After an error the
// iteration ends. Each range over the result lists anew. Kind Unsupported where
// the store cannot list.
func (b *Bucket) List(ctx context.Context, opts *ListOptions) iter.Seq2[*Object, error] {
	return func(yield func(*Object, error) bool) {
		req, err := b.listRequest(opts)
		for err == nil {
			var page *driver.ListPage
			if page, err = b.listPage(ctx, req); err != nil {
				break
			}
			for i := range page.Objects {
				info := &page.Objects[i]
				if !yield(b.object(info, strings.TrimPrefix(info.Key, b.prefix)), nil) {
					return
				}
			}
			if page.NextPageToken == "" {
				return
			}
			req.PageToken = page.NextPageToken
		}
		yield(nil, err)
	}
}

func (b *Bucket) listRequest(opts *ListOptions) (*driver.ListRequest, error) {
	if opts == nil {
		opts = &ListOptions{}
	}
	req := &driver.ListRequest{Prefix: b.prefix + opts.Prefix, Delimiter: opts.Delimiter, PageSize: opts.PageSize}
	if req.PageSize <= 0 || req.PageSize > maxPageSize {
		req.PageSize = maxPageSize
	}
	switch {
	case b.bad != nil:
		return nil, b.bad
	case b.core.caps.NoList:
		return nil, fail(rendition.Unsupported, "list", "", "name the objects", errNoList)
	case opts.Delimiter != "" && opts.Delimiter != "/":
		return nil, fail(rendition.InvalidJob, "list", opts.Prefix, "", fmt.Errorf("delimiter %q; use / or none", opts.Delimiter))
	}
	if err := checkListPrefix(opts.Prefix); err != nil {
		return nil, fail(rendition.InvalidJob, "list", opts.Prefix, "", err)
	}
	return req, nil
}

func (b *Bucket) listPage(ctx context.Context, req *driver.ListRequest) (page *driver.ListPage, err error) {
	err = b.call(ctx, "list", req.Prefix, func(ctx context.Context) (err error) {
		page, err = b.core.drv.ListPage(ctx, req)
		return err
	})
	return page, err
}

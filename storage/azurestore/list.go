package azurestore

import (
	"context"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// ListPage asks for one page; the token is the service's marker.
func (d *blobs) ListPage(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	items, prefixes, next, err := d.listPage(ctx, req)
	if err != nil {
		return nil, d.fail(err)
	}
	page := &driver.ListPage{NextPageToken: value(next)}
	if page.NextPageToken != "" && page.NextPageToken == req.PageToken {
		return nil, broken("a page of the listing names itself as the next one")
	}
	for _, item := range items {
		if item == nil || isFolder(item.Metadata) {
			continue
		}
		if key := value(item.Name); strings.HasPrefix(key, req.Prefix) && !hidden(key) {
			page.Objects = append(page.Objects, itemInfo(item))
		}
	}
	for _, p := range prefixes {
		if p == nil || !strings.HasPrefix(value(p.Name), req.Prefix) {
			continue
		}
		page.Objects = append(page.Objects, driver.Info{Key: value(p.Name), IsPrefix: true})
	}
	// The SDK tells blobs and prefixes apart and loses the order between them.
	slices.SortStableFunc(page.Objects, func(a, b driver.Info) int { return strings.Compare(a.Key, b.Key) })
	return page, nil
}

func (d *blobs) listPage(ctx context.Context, req *driver.ListRequest) (
	items []*container.BlobItem, prefixes []*container.BlobPrefix, next *string, err error,
) {
	size, include := int32(min(req.PageSize, 5000)), container.ListBlobsInclude{Metadata: true} //nolint:gosec // bounded
	var marker *string
	if req.PageToken != "" {
		marker = &req.PageToken
	}
	if req.Delimiter == "" {
		pager := d.client.NewListBlobsFlatPager(&container.ListBlobsFlatOptions{
			Include: include, Marker: marker, MaxResults: &size, Prefix: &req.Prefix,
		})
		resp, err := pager.NextPage(ctx)
		if err == nil && resp.Segment == nil {
			err = errNoList
		}
		if err != nil {
			return nil, nil, nil, err
		}
		return resp.Segment.BlobItems, nil, resp.NextMarker, nil
	}
	pager := d.client.NewListBlobsHierarchyPager(req.Delimiter, &container.ListBlobsHierarchyOptions{
		Include: include, Marker: marker, MaxResults: &size, Prefix: &req.Prefix,
	})
	resp, err := pager.NextPage(ctx)
	if err == nil && resp.Segment == nil {
		err = errNoList
	}
	if err != nil {
		return nil, nil, nil, err
	}
	return resp.Segment.BlobItems, resp.Segment.BlobPrefixes, resp.NextMarker, nil
}

var errNoList = broken("it has no list of blobs")

// hidden says whether a key is a temporary name.
func hidden(key string) bool { return driver.IsTempName(key[strings.LastIndexByte(key, '/')+1:]) }

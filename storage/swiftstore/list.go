package swiftstore

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// ListPage asks for one page, from behind the last name of the page before. The
// names are in the order of their bytes, as SQLite compares them.
func (d *store) ListPage(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	limit := min(req.PageSize, d.cluster.pageSize)
	entries, err := d.listing(ctx, d.container, req.Prefix, req.Delimiter, req.PageToken, limit)
	if err != nil {
		return nil, err
	}
	page := &driver.ListPage{Objects: make([]driver.Info, 0, len(entries))}
	if len(entries) >= limit {
		page.NextPageToken = entries[len(entries)-1].name()
	}
	for i := range entries {
		e := &entries[i]
		if hidden := d.hiddenPrefix(); hidden != "" && strings.HasPrefix(e.name(), hidden) {
			if page.NextPageToken != "" { // no need to page through the segments
				page.NextPageToken = max(page.NextPageToken, hidden+"\U0010FFFF")
			}
			continue
		}
		if shown(e) {
			page.Objects = append(page.Objects, e.info())
		}
	}
	return page, d.measure(ctx, page.Objects)
}

// shown leaves out what is no key: markers of folders and temporary names.
func shown(e *entry) bool {
	if e.Subdir != "" {
		return true
	}
	return !strings.HasSuffix(e.Name, "/") && !driver.IsTempName(e.Name[strings.LastIndexByte(e.Name, '/')+1:])
}

// emptyMD5 is the ETag of no bytes: in a listing that of an empty object, or of the
// manifest of a dynamic large object.
const emptyMD5 = "d41d8cd98f00b204e9800998ecf8427e"

// parallel is how many requests of one call are under way at a time.
const parallel = 8

// measure asks for the real size and ETag of what a listing shows as empty: it may be
// a dynamic large object.
func (d *store) measure(ctx context.Context, objects []driver.Info) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i := range objects {
		o := &objects[i]
		if o.IsPrefix || o.Size != 0 || o.ETag != emptyMD5 {
			continue
		}
		group.Go(func() error {
			info, err := d.Stat(ctx, o.Key)
			switch {
			case isMissing(err): // deleted since; the listing was right when it was made
				return nil
			case err != nil:
				return err
			}
			o.Size, o.ETag = info.Size, info.ETag
			return nil
		})
	}
	return group.Wait()
}

// entry is one line of a container's listing in JSON.
type entry struct {
	Name         string `json:"name"`
	Subdir       string `json:"subdir"`
	Hash         string `json:"hash"`
	SLOETag      string `json:"slo_etag"`
	Bytes        int64  `json:"bytes"`
	ContentType  string `json:"content_type"`
	LastModified string `json:"last_modified"`
}

func (e *entry) name() string {
	if e.Subdir != "" {
		return e.Subdir
	}
	return e.Name
}

func (e *entry) info() driver.Info {
	if e.Subdir != "" {
		return driver.Info{Key: e.Subdir, IsPrefix: true}
	}
	i := driver.Info{Key: e.Name, Size: e.Bytes, ETag: etag(e.Hash), ContentType: e.ContentType}
	if e.SLOETag != "" {
		i.ETag = etag(e.SLOETag)
	}
	// UTC without a zone, with microseconds (or none on old clusters).
	if t, err := time.Parse("2006-01-02T15:04:05.999999", e.LastModified); err == nil {
		i.ModTime = t
	}
	return i
}

// maxListing bounds the JSON of one page: 10,000 names of 1,024 escaped bytes fit.
const maxListing = 64 << 20

// listing asks for one page of a container.
func (d *store) listing(ctx context.Context, container, prefix, delimiter, marker string, limit int) ([]entry, error) {
	query := url.Values{"format": {"json"}, "limit": {strconv.Itoa(limit)}}
	for name, value := range map[string]string{"prefix": prefix, "delimiter": delimiter, "marker": marker} {
		if value != "" {
			query.Set(name, value)
		}
	}
	r := &request{method: http.MethodGet, container: container, query: query, header: map[string]string{"Accept": "application/json"}}
	resp, err := d.send(ctx, r)
	if err != nil {
		return nil, err
	}
	defer drain(resp)
	if resp.StatusCode == http.StatusNoContent {
		return nil, nil
	}
	if resp.StatusCode != http.StatusOK {
		return nil, d.statusError(ctx, r, resp)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxListing))
	if err != nil {
		return nil, err
	}
	return parseListing(text)
}

// parseListing reads the JSON of a container's page. An entry without a name, or with
// a negative size, is an error: a page that is read wrongly would hide objects.
func parseListing(text []byte) ([]entry, error) {
	var entries []entry
	if err := json.Unmarshal(text, &entries); err != nil {
		return nil, broken("the listing is no JSON")
	}
	for i := range entries {
		if e := &entries[i]; e.name() == "" || e.Bytes < 0 {
			return nil, broken("entry %d of the listing has no name or size", i)
		}
	}
	return entries, nil
}

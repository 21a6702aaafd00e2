package swiftstore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

const (
	maxSegmentPrefix = 256
	// segmentTail is what follows the key in a segment's name: "/", a temporary
	// name of 42 bytes, "/" and eight digits.
	segmentTail = 1 + 42 + 1 + 8
)

// segment is one piece of a large object.
type segment struct {
	container, name string
	etag            string // MD5 in hex
	size            int64
}

// segmentFolder is the prefix, ending in a slash, of the segments of a new upload. It
// shows the key, cut where the whole would be too long, and is never used again.
func (d *store) segmentFolder(key string) string {
	key = key[:min(len(key), d.cluster.maxKey-len(d.opts.SegmentPrefix)-segmentTail)]
	for !utf8.ValidString(key) {
		key = key[:len(key)-1]
	}
	return d.opts.SegmentPrefix + strings.TrimSuffix(key, "/") + "/" + driver.TempName() + "/"
}

// ownFolder says whether a prefix is what segmentFolder returns.
func ownFolder(prefix string) bool {
	dir, ok := strings.CutSuffix(prefix, "/")
	return ok && driver.IsTempName(dir[strings.LastIndexByte(dir, '/')+1:])
}

func segmentName(folder string, index int) string { return fmt.Sprintf("%s%08d", folder, index) }

// hiddenPrefix begins the names that are no keys: segments in the container itself.
func (d *store) hiddenPrefix() string {
	if d.opts.SegmentContainer != d.container {
		return ""
	}
	return d.opts.SegmentPrefix
}

func (d *store) checkKey(key string) error {
	hidden := d.hiddenPrefix()
	if hidden == "" || !strings.HasPrefix(key, hidden) {
		return nil
	}
	return fail(rendition.InvalidJob, "choose another key or SegmentPrefix", "the key begins with the prefix that is for segments")
}

// makePlace makes the container for segments, once. The container of the objects has
// to be there first: a mistyped one should not get a sister.
func (d *store) makePlace(ctx context.Context) error {
	d.mu.Lock()
	placed := d.placed
	d.mu.Unlock()
	if placed {
		return nil
	}
	there, err := d.hasContainer(ctx)
	if err != nil {
		return err
	}
	if !there {
		r := &request{method: http.MethodPut, container: d.container}
		return d.missing(ctx, r, errors.New("the container is not there"))
	}
	if d.opts.SegmentContainer != d.container {
		if _, err := d.call(ctx, &request{method: http.MethodPut, container: d.opts.SegmentContainer}); err != nil {
			return err
		}
	}
	d.mu.Lock()
	d.placed = true
	d.mu.Unlock()
	return nil
}

// ours are the segments that may go with their manifest: those where this store's
// lie, whoever has written them. Others are somebody's objects.
func (d *store) ours(segments []segment) []segment {
	var own []segment
	for _, s := range segments {
		if s.container == d.opts.SegmentContainer && strings.HasPrefix(s.name, d.opts.SegmentPrefix) {
			own = append(own, s)
		}
	}
	return own
}

// remove deletes segments. One that is not there is success.
func (d *store) remove(ctx context.Context, segments []segment) error {
	var group errgroup.Group // not its ctx: one failure must not keep the others
	group.SetLimit(parallel)
	for _, s := range segments {
		group.Go(func() error {
			r := &request{method: http.MethodDelete, container: s.container, key: s.name}
			resp, err := d.send(ctx, r)
			if err != nil {
				return err
			}
			defer drain(resp)
			if resp.StatusCode > 299 && resp.StatusCode != http.StatusNotFound {
				return d.statusError(ctx, r, resp)
			}
			return nil
		})
	}
	return group.Wait()
}

// below lists what lies below a prefix: the segments of a dynamic large object, in their order.
func (d *store) below(ctx context.Context, p place) ([]segment, error) {
	var segments []segment
	for marker := ""; ; {
		limit := d.cluster.pageSize
		entries, err := d.listing(ctx, p.container, p.prefix, "", marker, limit)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			segments = append(segments, segment{p.container, entries[i].Name, etag(entries[i].Hash), entries[i].Bytes})
		}
		if len(entries) < limit {
			return segments, nil
		}
		marker = entries[len(entries)-1].name()
	}
}

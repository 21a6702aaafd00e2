package swiftstore

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rendition-sdk/rendition"
)

// methodCopy is Swift's own.
const methodCopy = "COPY"

// Copy has Swift copy an object. A large one is copied segment by segment: a copy of
// the manifest alone would lose its bytes when the first one is deleted.
func (d *store) Copy(ctx context.Context, dst, src string) error {
	if err := d.checkKey(dst); err != nil {
		return err
	}
	_, h, err := d.head(ctx, src)
	if err != nil {
		return err
	}
	l := largeOf(h)
	segments, simple, err := d.segmentsOf(ctx, src, l)
	if err != nil {
		return err
	}
	if !simple || len(segments) == 0 {
		return d.copyWhole(ctx, dst, src)
	}
	return d.copyLarge(ctx, dst, segments, h)
}

// copyWhole makes dst one plain object.
func (d *store) copyWhole(ctx context.Context, dst, src string) error {
	u := d.newUpload(dst, map[string]string{})
	if err := u.look(ctx); err != nil {
		return err
	}
	if err := d.copyOne(ctx, segment{container: d.container, name: src}, segment{container: d.container, name: dst}, u.header); err != nil {
		return err
	}
	if src == dst {
		return nil
	}
	_ = d.remove(ctx, *u.old) // as in Commit
	return nil
}

func (d *store) copyOne(ctx context.Context, from, to segment, header map[string]string) error {
	header = maps.Clone(header)
	header["Destination"] = escapePath("/" + to.container + "/" + to.name)
	h, err := d.call(ctx, &request{method: methodCopy, container: from.container, key: from.name, header: header, slow: true})
	if err != nil {
		return err
	}
	if got := etag(h.Get("Etag")); from.etag != "" && got != "" && got != from.etag {
		return fail(rendition.Integrity, "", "the copy of a segment has another MD5 than the segment")
	}
	return nil
}

// copyLarge makes dst a large object with segments of its own.
func (d *store) copyLarge(ctx context.Context, dst string, from []segment, h http.Header) (err error) {
	if len(from) > d.cluster.maxSegments {
		return fail(rendition.Quota, "", "the large object has %d segments; %d are allowed", len(from), d.cluster.maxSegments)
	}
	if err := d.makePlace(ctx); err != nil {
		return err
	}
	u := d.newUpload(dst, keptHeader(h))
	defer func() {
		if err != nil {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
			defer cancel()
			err = errors.Join(err, u.Abort(ctx))
		}
	}()
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i, s := range from {
		to := u.segment(i, s.size)
		to.etag = s.etag
		group.Go(func() error {
			if err := d.copyOne(groupCtx, s, to, u.segmentHeader()); err != nil {
				return err
			}
			u.have(i, to)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	_, err = u.Commit(ctx)
	return err
}

// keptHeader is what a copy takes over from the object.
func keptHeader(h http.Header) map[string]string {
	kept := map[string]string{}
	for name := range h {
		switch {
		case strings.HasPrefix(name, metaPrefix):
			kept[name] = h.Get(name)
		case oneOf(name, "Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"):
			kept[name] = h.Get(name)
		}
	}
	return kept
}

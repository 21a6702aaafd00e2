package swiftstore

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // Swift's checksum is MD5
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// maxManifest bounds the JSON of a manifest: 10,000 segments with long names.
const maxManifest = 64 << 20

// cleanupTimeout bounds the removal of what a copy that failed has left.
const cleanupTimeout = 30 * time.Second

// manifest reads the segments that a static large object names. simple is false when
// some are manifests themselves or ranges of objects.
func (d *store) manifest(ctx context.Context, key string) (segments []segment, simple bool, err error) {
	r := &request{
		method: http.MethodGet, container: d.container, key: key, query: url.Values{"multipart-manifest": {"get"}},
	}
	resp, err := d.send(ctx, r)
	if err != nil {
		return nil, false, err
	}
	defer drain(resp)
	if resp.StatusCode != http.StatusOK {
		return nil, false, d.statusError(ctx, r, resp)
	}
	if largeOf(resp.Header) == (large{}) {
		return nil, false, driver.ErrChanged // replaced by a plain object, whose bytes these are
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxManifest))
	if err != nil {
		return nil, false, err
	}
	return parseManifest(text)
}

// parseManifest reads what ?multipart-manifest=get answers.
func parseManifest(text []byte) (segments []segment, simple bool, err error) {
	var entries []struct {
		Name  string `json:"name"`
		Hash  string `json:"hash"`
		Bytes int64  `json:"bytes"`
		Range string `json:"range"`
		Sub   bool   `json:"sub_slo"`
		Data  string `json:"data"`
	}
	if err := json.Unmarshal(text, &entries); err != nil {
		return nil, false, broken("the manifest is no JSON")
	}
	simple = true
	for i, e := range entries {
		if e.Range != "" || e.Sub || e.Data != "" {
			simple = false
		}
		if e.Data != "" {
			continue // bytes in the manifest itself
		}
		container, name, _ := strings.Cut(strings.TrimPrefix(e.Name, "/"), "/")
		if container == "" || name == "" || e.Bytes < 0 {
			return nil, false, broken("segment %d of the manifest has no name or size", i)
		}
		segments = append(segments, segment{container, name, etag(e.Hash), e.Bytes})
	}
	return segments, simple, nil
}

// segmentsOf returns the segments of a large object.
func (d *store) segmentsOf(ctx context.Context, key string, l large) (segments []segment, simple bool, err error) {
	switch {
	case l.static:
		return d.manifest(ctx, key)
	case l.dynamic != nil:
		segments, err = d.below(ctx, *l.dynamic)
		return segments, true, err
	}
	return nil, true, nil
}

// wantETag is the ETag of a large object: the MD5 of the segments' MD5s in hex.
func wantETag(segments []segment) string {
	sum := md5.New() //nolint:gosec // as above
	for _, s := range segments {
		_, _ = io.WriteString(sum, s.etag) // a hash never fails
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// putStatic writes the manifest of a static large object. Swift compares each
// segment's MD5 and size with it.
func (d *store) putStatic(ctx context.Context, key string, header map[string]string, segments []segment) (*driver.Info, error) {
	type line struct {
		Path string `json:"path"`
		ETag string `json:"etag"`
		Size int64  `json:"size_bytes"`
	}
	lines := make([]line, len(segments))
	for i, s := range segments {
		lines[i] = line{Path: "/" + s.container + "/" + s.name, ETag: s.etag, Size: s.size}
	}
	text, err := json.Marshal(lines)
	if err != nil {
		return nil, err
	}
	r := &request{
		method: http.MethodPut, container: d.container, key: key, query: url.Values{"multipart-manifest": {"put"}},
		header: header, body: bytes.NewReader(text), size: int64(len(text)), slow: true,
	}
	resp, err := d.send(ctx, r)
	if err != nil {
		return nil, err
	}
	defer drain(resp)
	switch {
	case resp.StatusCode == http.StatusBadRequest:
		return nil, refusedManifest(resp)
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return nil, d.statusError(ctx, r, resp)
	}
	info := describe(resp.Header, key, total(segments))
	info.ContentType = header["Content-Type"]
	if info.ETag != "" && info.ETag != wantETag(segments) {
		return nil, fail(rendition.Integrity, "write it again", "the large object has another ETag than its segments")
	}
	return &info, nil
}

// refusedManifest tells segments that differ from a manifest that is wrong in itself.
func refusedManifest(resp *http.Response) error {
	const limit = 64 << 10
	text, _ := io.ReadAll(io.LimitReader(resp.Body, limit)) // what is there tells enough
	for _, sign := range []string{"Etag Mismatch", "Size Mismatch", "404 Not Found"} {
		if bytes.Contains(text, []byte(sign)) {
			return fail(rendition.Integrity, "write the object again", "a segment is not what was sent: %s", strings.ToLower(sign))
		}
	}
	for _, sign := range []string{"503", "500 Internal", "507"} {
		if bytes.Contains(text, []byte(sign)) {
			return fail(rendition.Unavailable, "", "the server could not look at each segment")
		}
	}
	hint := ""
	if bytes.Contains(text, []byte("Too small")) || bytes.Contains(text, []byte("must be at least")) {
		hint = "set a larger PartSize"
	}
	return fail(rendition.InvalidJob, hint, "the server refused the manifest of the large object")
}

// dynamicWait is how long a dynamic large object may take until the listing that it is
// made of shows each segment.
const dynamicWait = 20 * time.Second

// putDynamic writes the manifest of a dynamic large object and looks whether it is
// complete, which nothing else makes sure.
func (d *store) putDynamic(ctx context.Context, key, folder string, header map[string]string, segments []segment) (*driver.Info, error) {
	container := segments[0].container
	header = maps.Clone(header)
	header["X-Object-Manifest"] = url.PathEscape(container) + escapePath("/"+folder)
	r := &request{method: http.MethodPut, container: d.container, key: key, header: header}
	if err := d.awaitSegments(ctx, place{container, folder}, segments); err != nil {
		return nil, err
	}
	if _, err := d.call(ctx, r); err != nil {
		return nil, err
	}
	info, err := d.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	if info.ETag != wantETag(segments) && info.Size == total(segments) {
		return nil, fail(rendition.Integrity, "write it again", "the large object has another ETag than its segments")
	}
	return info, nil
}

// awaitSegments waits until the listing shows what was sent: before that a reader
// would get less.
func (d *store) awaitSegments(ctx context.Context, p place, want []segment) error {
	deadline := time.Now().Add(dynamicWait)
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		got, err := d.below(ctx, p)
		if err != nil {
			return err
		}
		if len(got) == len(want) && wantETag(got) == wantETag(want) && total(got) == total(want) {
			return nil
		}
		if time.Now().Add(pause).After(deadline) {
			return fail(rendition.Unavailable, "", "the container does not list all segments yet")
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

func total(segments []segment) int64 {
	var n int64
	for _, s := range segments {
		n += s.size
	}
	return n
}

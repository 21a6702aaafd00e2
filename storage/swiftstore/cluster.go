package swiftstore

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
)

// cluster is what a store needs to know about its servers.
type cluster struct {
	static      bool // large objects are static
	minSegment  int64
	maxSegments int
	maxKey      int
	pageSize    int
	tempURL     bool
	digest      string
}

// Swift's own defaults, for clusters that do not tell (swift/common/constraints.py, middleware/slo.py).
const (
	defaultMaxSegments = 1000
	defaultPageSize    = 10000
)

// ask reads /info, which needs no token. A cluster that keeps it closed is treated
// like one without static large objects.
func (d *store) ask(ctx context.Context) (*cluster, error) {
	account, _, err := d.session.get(ctx)
	if err != nil {
		return nil, err
	}
	root := *account
	root.Path, root.RawPath = infoPath(account.Path), ""
	resp, err := d.once(ctx, &request{method: http.MethodGet}, &root, "")
	if err != nil {
		return nil, err
	}
	defer drain(resp)
	var text []byte
	switch {
	case resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusTooManyRequests:
		return nil, d.statusError(ctx, &request{method: http.MethodGet}, resp)
	case resp.StatusCode == http.StatusOK:
		if text, err = io.ReadAll(io.LimitReader(resp.Body, 1<<20)); err != nil {
			return nil, err
		}
	}
	c := parseInfo(text)
	switch d.opts.LargeObjects {
	case LargeStatic:
		c.static = true
	case LargeDynamic:
		c.static = false
	}
	if !c.static {
		c.minSegment, c.maxSegments = 0, defaultMaxSegments
	}
	if d.opts.TempURLDigest != "" {
		c.digest = d.opts.TempURLDigest
	}
	return c, nil
}

// infoPath is where the description of a cluster lies, seen from an account:
// beside /v1.
func infoPath(account string) string {
	if i := strings.LastIndex(account+"/", "/v1/"); i >= 0 {
		return account[:i] + "/info"
	}
	return "/info"
}

// parseInfo reads the JSON of /info. What is not there, or no JSON at all, leaves
// the careful defaults.
func parseInfo(text []byte) *cluster {
	var info struct {
		Swift struct {
			MaxObjectName int `json:"max_object_name_length"`
			PageSize      int `json:"container_listing_limit"`
		} `json:"swift"`
		SLO *struct {
			MinSegment  *int64 `json:"min_segment_size"`
			MaxSegments int    `json:"max_manifest_segments"`
		} `json:"slo"`
		TempURL *struct {
			Digests []string `json:"allowed_digests"`
		} `json:"tempurl"`
	}
	known := json.Unmarshal(text, &info) == nil
	c := &cluster{
		maxSegments: defaultMaxSegments, maxKey: storage.MaxKeyBytes, pageSize: defaultPageSize,
		minSegment: 1 << 20, // of Swift up to 2.0
		tempURL:    !known || info.TempURL != nil, digest: "sha256",
	}
	if !known {
		return c
	}
	if n := info.Swift.MaxObjectName; n > maxSegmentPrefix+segmentTail {
		c.maxKey = min(n, c.maxKey)
	}
	if n := info.Swift.PageSize; n > 0 {
		c.pageSize = n
	}
	if info.SLO != nil {
		c.static = true
		if n := info.SLO.MinSegment; n != nil {
			c.minSegment = min(max(*n, 0), storage.MaxPartSize)
		}
		if n := info.SLO.MaxSegments; n > 0 {
			c.maxSegments = n
		}
	}
	if info.TempURL != nil {
		c.digest = bestDigest(info.TempURL.Digests)
	}
	return c
}

// bestDigest chooses how URLs are signed. Clusters that do not tell know SHA-1 alone.
func bestDigest(allowed []string) string {
	for _, digest := range []string{"sha256", "sha512"} {
		if slices.Contains(allowed, digest) {
			return digest
		}
	}
	return "sha1"
}

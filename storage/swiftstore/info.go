package swiftstore

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

const metaPrefix = "X-Object-Meta-"

// describe reads what the header of a HEAD or GET tells about an object. length is
// the Content-Length of the whole object, -1 when it is not known.
func describe(h http.Header, key string, length int64) driver.Info {
	info := driver.Info{
		Key: key, Size: length, ETag: etag(h.Get("Etag")), ModTime: modTime(h),
		ContentType: h.Get("Content-Type"), CacheControl: h.Get("Cache-Control"),
	}
	for name, values := range h {
		if rest, ok := strings.CutPrefix(name, metaPrefix); ok && rest != "" && len(values) > 0 {
			if info.Metadata == nil {
				info.Metadata = map[string]string{}
			}
			info.Metadata[strings.ToLower(rest)] = values[0]
		}
	}
	return info
}

// etag takes off the quotes, which Swift writes around those of large objects alone.
func etag(s string) string { return strings.Trim(s, `"`) }

// modTime is X-Timestamp, which has fractions of a second, or Last-Modified.
func modTime(h http.Header) time.Time {
	if t, err := parseTimestamp(h.Get("X-Timestamp")); err == nil {
		return t
	}
	t, _ := http.ParseTime(h.Get("Last-Modified")) // zero when it is not known
	return t
}

// parseTimestamp reads Swift's seconds since 1970 with five decimal places.
func parseTimestamp(s string) (time.Time, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	sec, err := strconv.ParseUint(whole, 10, 33)
	if err != nil {
		return time.Time{}, err
	}
	if len(fraction) > 9 {
		fraction = fraction[:9]
	}
	nano, err := strconv.ParseUint(fraction+strings.Repeat("0", 9-len(fraction)), 10, 32)
	if err != nil {
		return time.Time{}, err
	}
	return time.Unix(int64(sec), int64(nano)).UTC(), nil
}

// objectHeader makes the header that an object is written with.
func (d *store) objectHeader(opts *driver.UploadOptions) map[string]string {
	h := map[string]string{"Content-Type": opts.ContentType}
	if opts.CacheControl != "" {
		h["Cache-Control"] = opts.CacheControl
	}
	for name, value := range opts.Metadata {
		h[metaPrefix+name] = value
	}
	return h
}

// checkMetadata refuses what cannot be sent as a header.
func checkMetadata(metadata map[string]string) error {
	bad := func(name, what string) error {
		return &driver.Error{Kind: rendition.InvalidJob, Err: fmt.Errorf("metadata %q: %s", name, what)}
	}
	for name, value := range metadata {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !tokenRune(r) }) {
			return bad(name, "its name may have letters, digits, - and _ only")
		}
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return bad(name, "its value has a control character")
		}
	}
	return nil
}

func tokenRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}

// deleteAt is the value of X-Delete-At for something begun now, "" for never. The
// segments and the manifest of an upload have the same, so that neither outlives the other.
func (d *store) deleteAt(now time.Time) string {
	if d.opts.DeleteAfter == 0 {
		return ""
	}
	at := now.Add(max(d.opts.DeleteAfter, time.Second))
	return strconv.FormatInt(int64(math.Ceil(float64(at.UnixMilli())/1000)), 10)
}

// place is a prefix of names in a container.
type place struct{ container, prefix string }

// large says how an object is stored beyond its own bytes.
type large struct {
	static  bool
	dynamic *place // of a dynamic large object
}

func largeOf(h http.Header) large {
	l := large{static: strings.EqualFold(h.Get("X-Static-Large-Object"), "true")}
	if raw := h.Get("X-Object-Manifest"); raw != "" {
		if value, err := url.PathUnescape(raw); err == nil {
			container, prefix, _ := strings.Cut(strings.TrimPrefix(value, "/"), "/")
			l.dynamic = &place{container, prefix}
		}
	}
	return l
}

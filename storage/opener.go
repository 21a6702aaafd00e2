package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition"
)

// Target says what a URL is opened as.
type Target uint8

const (
	// TargetObject is one object that is there: a source.
	TargetObject Target = iota
	// TargetPrefix is what lies below the URL: a destination.
	TargetPrefix
)

// OpenFunc opens a URL of one scheme. For a TargetObject it returns the
// object's key, for a TargetPrefix a Bucket of exactly what lies below, and no
// key. url is as the user wrote it. Errors are *rendition.Error without secrets.
type OpenFunc func(ctx context.Context, url string, target Target) (bkt *Bucket, key string, err error)

// Opener turns URLs into Buckets. It is a plain value: a program makes its own,
// or takes opener.New and changes Schemes. It is safe for concurrent use as
// long as nobody changes it.
type Opener struct {
	// Schemes are the schemes it knows, in lower case without colon. "" is for
	// what has no scheme: paths.
	Schemes map[string]OpenFunc
	// Default is for URLs of every other scheme: it opens them, or has a better
	// error for them. Nil is an error that lists Schemes.
	Default OpenFunc
}

// OpenObject opens the Bucket of one object and returns its key. The caller
// closes the Bucket. Whether the object is there may show only when it is
// read. Kind Unsupported when the scheme is not known, InvalidJob when the URL
// is not valid.
func (o *Opener) OpenObject(ctx context.Context, url string) (*Bucket, string, error) {
	return o.open(ctx, url, TargetObject)
}

// OpenBucket opens what lies below a URL, whose trailing slash is optional. The
// caller closes the Bucket. Errors are those of OpenObject.
func (o *Opener) OpenBucket(ctx context.Context, url string) (*Bucket, error) {
	bkt, _, err := o.open(ctx, url, TargetPrefix)
	return bkt, err
}

// Source returns the object of a URL as media to read. Nothing is opened, and
// no error found, before the source is. It needs no Close.
func (o *Opener) Source(url string) rendition.Source { return &urlSource{opener: o, url: url} }

func (o *Opener) open(ctx context.Context, url string, target Target) (*Bucket, string, error) {
	op := "open"
	switch {
	case ctx.Err() != nil:
		return nil, "", &rendition.Error{Kind: rendition.Canceled, Op: "storage: open", Err: cause(ctx)}
	case url == "":
		return nil, "", fail(rendition.InvalidJob, op, "", "", errors.New("the URL is empty; give a URL or a path"))
	case strings.ContainsRune(url, 0):
		return nil, "", fail(rendition.InvalidJob, op, "", "", errors.New("the URL has a NUL byte"))
	}
	scheme := Scheme(url)
	if open := o.Schemes[scheme]; open != nil {
		return open(ctx, url, target)
	}
	if o.Default != nil {
		return o.Default(ctx, url, target)
	}
	return nil, "", fail(rendition.Unsupported, op, RedactURL(url), o.hint(scheme), fmt.Errorf("no driver for %q", scheme))
}

// sdkSchemes are those that the SDK has drivers for in packages of their own.
var sdkSchemes = []string{"s3", "azblob", "ftp", "ftps", "ftpes", "sftp", "swift", "netstorage", "akamaihls", "fasp"}

func (o *Opener) hint(scheme string) string {
	var known []string
	for _, s := range slices.Sorted(maps.Keys(o.Schemes)) {
		if s == "" {
			known = append(known, "plain paths")
		} else {
			known = append(known, s+":")
		}
	}
	hint := "known are " + strings.Join(known, ", ")
	if slices.Contains(sdkSchemes, scheme) {
		return hint + "; the Opener of storage/all knows " + scheme + ": too"
	}
	return hint + "; write ./ in front of a file name with a colon"
}

// Scheme returns the scheme of a URL in lower case, "" when it has none (RFC
// 3986 section 3.1). A single letter is none: C:\clips is a path of Windows.
func Scheme(url string) string {
	for i := range len(url) {
		switch c := url[i] | 0x20; {
		case c >= 'a' && c <= 'z' && url[i] >= 'A':
		case i > 0 && (url[i] >= '0' && url[i] <= '9' || url[i] == '+' || url[i] == '-' || url[i] == '.'):
		case i > 1 && url[i] == ':':
			return strings.ToLower(url[:i])
		default:
			return ""
		}
	}
	return ""
}

type urlSource struct {
	opener *Opener
	url    string
}

func (s *urlSource) Name() string { return RedactURL(s.url) }

func (s *urlSource) Open(ctx context.Context) (rendition.SourceReader, error) {
	bkt, key, err := s.opener.OpenObject(ctx, s.url)
	if err != nil {
		return nil, err
	}
	r, err := bkt.Open(ctx, key, nil)
	if err != nil {
		_ = bkt.Close() // nothing was written
		return nil, err
	}
	return &owningReader{Reader: r, bucket: bkt}, nil
}

// owningReader closes the Bucket that was opened for it.
type owningReader struct {
	*Reader
	bucket *Bucket
}

func (r *owningReader) Close() error {
	_ = r.Reader.Close() // always nil
	return r.bucket.Close()
}

// Package opener has the storage.Opener of the drivers that need no SDK: file,
// mem, http and https.
//
//	open := opener.New(nil)
//	bucket, key, err := open.OpenObject(ctx, "https://example.com/talks/42.mp4?token=x")
//	out, err := open.OpenBucket(ctx, "file:///var/media/42")
//
// Forms: a plain path, absolute or relative; file:///absolute/path,
// file://localhost/path and file:relative; http and https URLs, with user,
// password and query; mem://name/key, where each name is one memory store of
// this Opener. A host adds its own schemes to the map.
package opener

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/filestore"
	"github.com/rendition-sdk/rendition/storage/httpstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

// Options are those that the drivers are opened with. The zero value is good.
type Options struct {
	File *filestore.Options
	HTTP *httpstore.Options
	Mem  *memstore.Options
}

// New returns a new Opener with memory stores of its own. Its Schemes may be
// changed before it is used.
func New(opts *Options) *storage.Opener {
	if opts == nil {
		opts = &Options{}
	}
	o := &opener{opts: *opts, stores: map[string]*memstore.Store{}}
	return &storage.Opener{Schemes: map[string]storage.OpenFunc{
		"": o.path, "file": o.file, "http": o.http, "https": o.http, "mem": o.mem,
	}}
}

type opener struct {
	opts Options

	mu     sync.Mutex
	stores map[string]*memstore.Store
}

func invalid(raw, why string) error {
	return &rendition.Error{Kind: rendition.InvalidJob, Op: "storage: open", Key: storage.RedactURL(raw), Err: errors.New(why)}
}

// path is a path of the operating system; ~ is the shell's and means nothing here.
func (o *opener) path(ctx context.Context, p string, target storage.Target) (*storage.Bucket, string, error) {
	if target == storage.TargetObject {
		return filestore.OpenPath(ctx, p, o.opts.File)
	}
	bkt, err := filestore.Open(ctx, p, o.opts.File)
	return bkt, "", err
}

func (o *opener) file(ctx context.Context, raw string, target storage.Target) (*storage.Bucket, string, error) {
	p, err := filePath(raw)
	if err != nil {
		return nil, "", err
	}
	return o.path(ctx, p, target)
}

// filePath is the path that a file URL means (RFC 8089).
func filePath(raw string) (string, error) {
	rest := raw[len("file:"):]
	if host, ok := strings.CutPrefix(rest, "//"); ok {
		i := strings.IndexByte(host, '/')
		if i < 0 {
			return "", invalid(raw, "it names a host and no path; write file:///path")
		}
		if h := host[:i]; h != "" && !strings.EqualFold(h, "localhost") {
			return "", invalid(raw, "it names a file of another machine; write file:///path")
		}
		rest = host[i:]
	}
	if strings.ContainsAny(rest, "?#") {
		return "", invalid(raw, "a file URL has no query; write ? as %3F and # as %23")
	}
	p, err := url.PathUnescape(rest)
	if err != nil {
		return "", invalid(raw, "it has a % that is not followed by two hex digits; write % as %25")
	}
	if p == "" || strings.ContainsRune(p, 0) {
		return "", invalid(raw, "it names no path")
	}
	p = filepath.FromSlash(p)
	if strings.HasSuffix(p, string(os.PathSeparator)) {
		return filepath.Clean(p) + string(os.PathSeparator), nil
	}
	return filepath.Clean(p), nil
}

func (o *opener) http(ctx context.Context, raw string, target storage.Target) (*storage.Bucket, string, error) {
	if target == storage.TargetObject {
		return httpstore.OpenURL(ctx, raw, o.opts.HTTP)
	}
	bkt, err := httpstore.Open(ctx, raw, o.opts.HTTP)
	return bkt, "", err
}

// mem is mem://name/key. The name's store is made when it is first opened.
func (o *opener) mem(_ context.Context, raw string, target storage.Target) (*storage.Bucket, string, error) {
	rest, ok := strings.CutPrefix(raw[len("mem:"):], "//")
	if !ok {
		return nil, "", invalid(raw, "write mem://name/key")
	}
	name, escaped, _ := strings.Cut(rest, "/")
	key, err := url.PathUnescape(escaped)
	if err != nil || strings.ContainsAny(rest, "?#@") {
		return nil, "", invalid(raw, "write mem://name/key, with reserved characters percent-encoded")
	}
	if target == storage.TargetPrefix {
		key = strings.TrimSuffix(key, "/")
	}
	if key != "" || target == storage.TargetObject {
		if err := storage.ValidateKey(key); err != nil {
			return nil, "", err
		}
	}
	bkt := o.store(name).Bucket()
	if target == storage.TargetPrefix {
		return bkt.Prefix(key), "", nil
	}
	return bkt, key, nil
}

func (o *opener) store(name string) *memstore.Store {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.stores[name]
	if s == nil {
		var m memstore.Options
		if o.opts.Mem != nil {
			m = *o.opts.Mem
		}
		m.Name = "mem://" + name + "/"
		s = memstore.NewStore(&m)
		o.stores[name] = s
	}
	return s
}

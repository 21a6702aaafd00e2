// Package opener has the storage.Opener of the drivers that need no SDK: file,
// mem, http and https.
//
//	open := opener.New(nil)
//	bucket, key, err := open.OpenObject(ctx, "https://example.com/talks/42.mp4?token=x")
//	out, err := open.OpenBucket(ctx, "file:///var/media/42")
//
// Forms: a plain path, absolute or relative; file:///absolute/path,
// file://localhost/path and file:relative; http and https URLs, with user,
// password and query, all of them spoken to as plain web servers; mem://name/key, where
// each name is one memory store of this Opener. A host adds its own schemes to
// the map. storage/all has the Opener of all drivers.
package opener

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/filestore"
	"github.com/rendition-sdk/rendition/storage/httpstore"
	"github.com/rendition-sdk/rendition/storage/location"
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
		"": o.local, "file": o.local, "http": o.http, "https": o.http, "mem": o.mem,
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

// local is a path, or a file: URL.
func (o *opener) local(ctx context.Context, raw string, target storage.Target) (*storage.Bucket, string, error) {
	loc, err := location.Parse(raw)
	if err != nil {
		return nil, "", err
	}
	p := loc.Key
	if location.Drive(p) && runtime.GOOS != "windows" {
		return nil, "", invalid(raw, "it is a path of Windows, and this is another system")
	}
	if storage.Scheme(raw) != "" {
		p = clean(p)
	}
	if target == storage.TargetObject {
		return filestore.OpenPath(ctx, p, o.opts.File)
	}
	bkt, err := filestore.Open(ctx, p, o.opts.File)
	return bkt, "", err
}

// clean makes the path of a URL one of the operating system. It keeps a slash at the end, which means a folder.
func clean(p string) string {
	p = filepath.FromSlash(p)
	if strings.HasSuffix(p, string(os.PathSeparator)) {
		return filepath.Clean(p) + string(os.PathSeparator)
	}
	return filepath.Clean(p)
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
	loc, err := location.Parse(raw)
	if err != nil {
		return nil, "", err
	}
	find := loc.Prefix
	if target == storage.TargetObject {
		find = loc.Object
	}
	key, err := find()
	if err != nil {
		return nil, "", err
	}
	bkt := o.store(loc.Bucket).Bucket()
	if target == storage.TargetObject {
		return bkt, key, nil
	}
	return bkt.Prefix(key), "", nil
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

package httpstore

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Open returns a Bucket of what lies below a URL: a key is appended to its
// path, and its query is sent with every request. It asks the server nothing.
// Kind InvalidJob when the URL is not an absolute http or https URL.
func Open(ctx context.Context, baseURL string, opts *Options) (*storage.Bucket, error) {
	d, err := newDriver(ctx, baseURL, opts)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(d.base.Path, "/") {
		d.setBase(d.base.Path+"/", d.base.EscapedPath()+"/")
	}
	d.setMode(false)
	return d.bucket(), nil
}

// OpenURL returns a Bucket and the key of the one object that a URL names.
// The URL is requested byte for byte as it was given. Other keys are its
// neighbors: what a relative reference in it would name, with the same query.
// When the query holds a signature that may be for PUT (S3, Google, Swift, Azure with sp=w or c), this
// one key can be written too; whether the signature allows it is for the server to say.
func OpenURL(ctx context.Context, objectURL string, opts *Options) (bkt *storage.Bucket, key string, err error) {
	d, err := newDriver(ctx, objectURL, opts)
	if err != nil {
		return nil, "", err
	}
	object := *d.base
	escaped := object.EscapedPath()
	cut := strings.LastIndexByte(escaped, '/') + 1
	dir, err := url.PathUnescape(escaped[:cut])
	if err != nil { // EscapedPath is valid; this cannot be
		return nil, "", invalid(objectURL, err)
	}
	key = object.Path[min(len(dir), len(object.Path)):]
	if storage.ValidateKey(key) != nil {
		key = "object" // a URL that ends in a slash, or a name that is no key: requested as given all the same
	}
	d.setBase(dir, escaped[:cut])
	d.object, d.key = &object, key
	d.setMode(true)
	return d.bucket(), key, nil
}

func newDriver(ctx context.Context, raw string, opts *Options) (*site, error) {
	if ctx.Err() != nil {
		return nil, &rendition.Error{Kind: rendition.Canceled, Op: op, Err: context.Cause(ctx)}
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		// The parser's text quotes the URL, secrets included.
		return nil, invalid(raw, errors.New("it is not a valid URL; percent-encode reserved characters in user and password"))
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, invalid(raw, errors.New("it does not begin with http:// or https://"))
	case u.Host == "" || u.Opaque != "":
		return nil, invalid(raw, errors.New("it names no host"))
	}
	o := opts.withDefaults()
	if u.User != nil {
		if o.Username == "" && o.Bearer == "" {
			password, _ := u.User.Password()
			o.Username, o.Password = u.User.Username(), storage.Secret(password)
		}
		u.User = nil
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	d := &site{base: u, opts: o, sig: parseSignature(u.RawQuery)}
	d.setClient()
	return d, nil
}

const op = "httpstore: open"

func invalid(raw string, err error) error {
	raw, _, _ = strings.Cut(raw, "?") // RedactURL keeps it in what is no URL
	return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: storage.RedactURL(raw), Err: err}
}

// site is the driver.
type site struct {
	base   *url.URL // its path ends in a slash
	key    string   // of the object below, if any
	object *url.URL // exactly as it was given
	opts   *Options
	sig    signature // in the query
	mode   WriteMode // never WriteAuto
	only   bool      // key alone can be written
	client *http.Client
	own    *http.Transport // the default one, to be closed
}

var _ driver.Driver = (*site)(nil)

func (d *site) bucket() *storage.Bucket {
	var o storage.Options
	if d.opts.Bucket != nil {
		o = *d.opts.Bucket
	}
	name := *d.base
	name.RawQuery = ""
	o.Name = storage.RedactURL(name.String())
	return storage.NewBucket(d, &o)
}

func (d *site) setBase(path, escaped string) {
	u := *d.base
	u.Path, u.RawPath = path, escaped
	d.base = &u
}

// url is the address of a key.
func (d *site) url(key string) *url.URL {
	if d.object != nil && key == d.key {
		return d.object
	}
	u := *d.base
	elements := strings.Split(key, "/")
	for i, e := range elements {
		elements[i] = url.PathEscape(e)
	}
	u.Path, u.RawPath = u.Path+key, u.EscapedPath()+strings.Join(elements, "/")
	return &u
}

// setMode decides what can be written. A signature of one object is no leave to write its neighbors.
func (d *site) setMode(object bool) {
	d.mode = d.opts.Write
	if d.mode != WriteAuto {
		return
	}
	d.mode = WriteNone
	if object && d.sig.scheme != unsigned && d.sig.put {
		d.mode, d.only = WritePut, true
	}
}

func (d *site) Capabilities() driver.Capabilities {
	c := driver.Capabilities{NoList: true, HasDirectories: d.opts.Folders}
	switch {
	case d.mode == WriteNone:
		c.ReadOnly = true
	case d.sig.scheme == azureSAS:
		c.AtomicReplace, c.MaxParts = true, azureParts
	case d.mode == WriteChunked:
		c.SequentialParts = true
	default:
		// One part is the object, and grows with it up to MaxPut.
		c.MaxParts, c.MinPartSize = 1, d.opts.MaxPut
	}
	c.AtomicReplace = c.AtomicReplace || d.sig.scheme != unsigned // what signs URLs is an object store
	return c
}

func (*site) ListPage(context.Context, *driver.ListRequest) (*driver.ListPage, error) {
	return nil, errors.ErrUnsupported
}

func (d *site) Close() error {
	if d.own != nil {
		d.own.CloseIdleConnections()
	}
	return nil
}

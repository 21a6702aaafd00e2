package akamaihls

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

const op = "akamaihls: open"

// Open returns a Bucket of what lies below a URL, http(s)://[user:password@]host/stream-id/stream-name. It
// asks the server nothing. Kind InvalidJob when the URL is not of this form, or the method is neither
// PUT nor POST.
func Open(ctx context.Context, baseURL string, opts *Options) (*storage.Bucket, error) {
	if ctx.Err() != nil {
		return nil, &rendition.Error{Kind: rendition.Canceled, Op: op, Err: context.Cause(ctx)}
	}
	o := opts.withDefaults()
	u, err := parse(baseURL, o)
	if err != nil {
		// The parser's text quotes the URL, secrets included.
		raw, _, _ := strings.Cut(baseURL, "?")
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: storage.RedactURL(raw), Err: err}
	}
	d := &ingest{base: u, opts: o, own: web.Transport(o.Dial), order: newOrder(o.OrderWait)}
	d.own.MaxConnsPerHost = o.MaxConnections
	d.own.ForceAttemptHTTP2 = false // the ingest is HTTP/1.1, and its rules are about connections
	d.client = &http.Client{Transport: d.own, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	var b storage.Options
	if o.Bucket != nil {
		b = *o.Bucket
	}
	b.Name = storage.RedactURL(u.String())
	return storage.NewBucket(d, &b), nil
}

func parse(raw string, o *Options) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("it is not a valid URL; percent-encode reserved characters in user and password")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("it does not begin with http:// or https://")
	case u.Host == "" || u.Opaque != "":
		return nil, errors.New("it names no host")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("it has a query or fragment; write ? as %3F and # as %23")
	case storage.ValidateKey(strings.Trim(u.Path, "/")) != nil:
		return nil, errors.New("it names no stream; write the stream id and the stream's name behind the host")
	case o.Method != http.MethodPut && o.Method != http.MethodPost:
		return nil, fmt.Errorf("method %q; an ingest takes PUT or POST", o.Method)
	}
	if u.User != nil {
		if o.Username == "" && o.Password == "" {
			password, _ := u.User.Password()
			o.Username, o.Password = u.User.Username(), storage.Secret(password)
		}
		u.User = nil
	}
	u.Path, u.RawPath = "/"+strings.Trim(u.Path, "/")+"/", "/"+strings.Trim(u.EscapedPath(), "/")+"/"
	return u, nil
}

// ingest is the driver.
type ingest struct {
	base   *url.URL // its path ends in a slash
	opts   *Options
	client *http.Client
	own    *http.Transport
	order  *order
}

var _ driver.Driver = (*ingest)(nil)

func (d *ingest) Capabilities() driver.Capabilities {
	return driver.Capabilities{NoRead: true, NoList: true, MaxParts: 1, MinPartSize: d.opts.MaxFile, MaxObjectSize: d.opts.MaxFile}
}

// Classify gives the kind of an error.
func (*ingest) Classify(err error) rendition.Kind { return web.Kind(err) }

func (d *ingest) Close() error {
	d.own.CloseIdleConnections()
	return nil
}

func (*ingest) OpenRange(context.Context, string, int64, int64, *driver.ReadOptions) (*driver.Body, error) {
	return nil, errors.ErrUnsupported
}

func (*ingest) Stat(context.Context, string) (*driver.Info, error) { return nil, errors.ErrUnsupported }

func (*ingest) ListPage(context.Context, *driver.ListRequest) (*driver.ListPage, error) {
	return nil, errors.ErrUnsupported
}

// url is the address of a key.
func (d *ingest) url(key string) *url.URL {
	u := *d.base
	elements := strings.Split(key, "/")
	for i, e := range elements {
		elements[i] = url.PathEscape(e)
	}
	u.Path, u.RawPath = u.Path+key, u.EscapedPath()+strings.Join(elements, "/")
	return &u
}

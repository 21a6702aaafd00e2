package netstorage

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

const op = "netstorage: open"

// Open returns a Bucket of what lies below a URL, http(s)://[name:key@]host/cpcode[/folder]. It asks the
// server nothing. Kind InvalidJob when the URL is not of this form.
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
	d := &account{base: u, root: strings.Trim(u.Path, "/"), opts: o, own: web.Transport(o.Dial), made: map[string]bool{}}
	d.own.ForceAttemptHTTP2 = false // its retries cannot be kept from a signature (send)
	d.client = &http.Client{Transport: d.own, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // a signature is for one path
	}}
	var b storage.Options
	if o.Bucket != nil {
		b = *o.Bucket
	}
	b.Name = storage.RedactURL(u.Scheme + "://" + u.Host + "/" + d.root + "/")
	return storage.NewBucket(d, &b), nil
}

func parse(raw string, o *Options) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("it is not a valid URL; percent-encode reserved characters in name and key")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("it does not begin with http:// or https://")
	case u.Host == "" || u.Opaque != "":
		return nil, errors.New("it names no host")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("it has a query or fragment; write ? as %3F and # as %23")
	case strings.Trim(u.Path, "/") == "":
		return nil, errors.New("it names no root directory; write the CP code behind the host")
	case storage.ValidateKey(strings.Trim(u.Path, "/")) != nil:
		return nil, errors.New("its path has empty elements, dots or control characters")
	}
	if u.User != nil {
		key, _ := u.User.Password()
		if o.KeyName == "" {
			o.KeyName = u.User.Username()
		}
		if o.Key == "" {
			o.Key = storage.Secret(key)
		}
		u.User = nil
	}
	switch {
	case o.KeyName == "" || o.Key == "":
		return nil, errors.New("the name of the upload account or its key is missing; write them as name:key@ in front of the host")
	case strings.ContainsFunc(o.KeyName, func(r rune) bool { return r <= ' ' || r == ',' || r >= 0x7f }):
		return nil, errors.New("the key name has commas, spaces or special characters")
	}
	return u, nil
}

// account is the driver.
type account struct {
	base   *url.URL
	root   string // CP code and folders, without slashes at its ends
	opts   *Options
	client *http.Client
	own    *http.Transport

	mu   sync.Mutex
	made map[string]bool // folders that mkdir has made
}

var _ driver.Driver = (*account)(nil)

func (*account) Capabilities() driver.Capabilities {
	return driver.Capabilities{SequentialParts: true}
}

// Classify gives the kind of an error.
func (*account) Classify(err error) rendition.Kind { return web.Kind(err) }

func (d *account) Close() error {
	d.own.CloseIdleConnections()
	return nil
}

// path is the absolute path of a key, not escaped.
func (d *account) path(key string) string {
	if key == "" {
		return "/" + d.root
	}
	return "/" + d.root + "/" + key
}

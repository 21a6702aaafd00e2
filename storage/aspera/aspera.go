package aspera

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

const op = "aspera: open"

// maxConcurrent is how many programs run at a time by default.
const maxConcurrent = 4

// Open returns a Bucket of what lies below a URL, fasp://[user[:password]@]host[:port][/folder]. It looks for the program and
// asks the server nothing. Kind InvalidJob when the URL or an option is not valid, Unsupported when
// ascp is not installed.
func Open(ctx context.Context, baseURL string, opts *Options) (*storage.Bucket, error) {
	if ctx.Err() != nil {
		return nil, &rendition.Error{Kind: rendition.Canceled, Op: op, Err: context.Cause(ctx)}
	}
	o := opts.withDefaults()
	raw, _, _ := strings.Cut(baseURL, "?")
	fail := func(kind rendition.Kind, hint string, err error) (*storage.Bucket, error) {
		return nil, &rendition.Error{Kind: kind, Op: op, Key: storage.RedactURL(raw), Err: err, Hint: hint}
	}
	u, err := parse(baseURL, o)
	if err != nil {
		// The parser's text quotes the URL, secrets included.
		return fail(rendition.InvalidJob, "", err)
	}
	if o.Program, err = find(o.Program); err != nil {
		return fail(rendition.Unsupported, installHint, err)
	}
	s := &server{host: u.Hostname(), root: strings.Trim(u.Path, "/"), opts: o, ends: map[string]int64{}}
	var b storage.Options
	if o.Bucket != nil {
		b = *o.Bucket
	}
	if b.MaxConcurrent <= 0 {
		b.MaxConcurrent = maxConcurrent
	}
	b.Name = storage.RedactURL("fasp://" + u.Host + s.path("") + "/")
	if s.root == "" {
		b.Name = storage.RedactURL("fasp://" + u.Host + "/")
	}
	return storage.NewBucket(s, &b), nil
}

func parse(raw string, o *Options) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("it is not a valid URL; percent-encode reserved characters in user and password")
	case u.Scheme != "fasp":
		return nil, errors.New("it does not begin with fasp://")
	case u.Hostname() == "" || u.Opaque != "":
		return nil, errors.New("it names no host")
	case badHost(u.Hostname()):
		return nil, errors.New("its host is no name and no address")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("it has a query or fragment; write ? as %3F and # as %23")
	}
	if root := strings.Trim(u.Path, "/"); root != "" && storage.ValidateKey(root) != nil {
		return nil, errors.New("its path has empty elements, dots or control characters")
	}
	if u.User != nil {
		password, _ := u.User.Password()
		if o.User == "" {
			o.User = u.User.Username()
		}
		if o.Password == "" {
			o.Password = storage.Secret(password)
		}
	}
	if port := u.Port(); port != "" && o.Port == 0 {
		if o.Port, err = strconv.Atoi(port); err != nil || o.Port == 0 {
			return nil, errors.New("its port is not between 1 and 65535")
		}
	}
	return u, o.check()
}

// badHost refuses what is neither a host name nor an address.
func badHost(host string) bool {
	if net.ParseIP(strings.Split(host, "%")[0]) != nil {
		return false
	}
	return host == "" || host[0] == '-' || strings.Trim(host, plainLetters) != ""
}

// server is the driver.
type server struct {
	host string
	root string // folder, without slashes at its ends
	opts *Options

	mu   sync.Mutex
	ends map[string]int64 // where reads have found the end of an object
}

var _ driver.Driver = (*server)(nil)

func (*server) Capabilities() driver.Capabilities {
	return driver.Capabilities{NoList: true, NoDelete: true, SequentialParts: true, HasDirectories: true}
}

// Classify gives the kind of an error.
func (*server) Classify(err error) rendition.Kind { return driver.DefaultKind(err) }

func (*server) Close() error { return nil }

func (*server) ListPage(context.Context, *driver.ListRequest) (*driver.ListPage, error) {
	return nil, errors.ErrUnsupported
}

func (*server) Delete(context.Context, string) error { return errors.ErrUnsupported }

// path is the absolute path of a key on the server.
func (s *server) path(key string) string { return "/" + strings.Trim(s.root+"/"+key, "/") }

// avoid are the characters that ascp's documentation tells to avoid in names; some mean something to it.
const avoid = `\":'?><&*|`

func (s *server) checkName(key string) error {
	full := s.path(key)
	if i := strings.IndexAny(full, avoid); i >= 0 && !s.opts.AnyName {
		err := errors.New("the name has the character " + strconv.QuoteRune(rune(full[i])) + ", which ascp's documentation tells to avoid")
		return &driver.Error{Kind: rendition.InvalidJob, Err: err, Hint: "choose another name, or set AnyName"}
	}
	return nil
}

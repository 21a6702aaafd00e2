package sftpstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Open connects and logs in, and returns a Bucket of the files below Options.Root. address is
// "host" or "host:port"; the default port is 22.
//
// Kind Permission when the host key is not known or another one, when the login is refused or
// the private key cannot be opened; InvalidJob for options that cannot be;
// Unavailable when there is no answer; Exists when Root is a file.
func Open(ctx context.Context, address string, opts *Options) (*storage.Bucket, error) {
	d, err := newStore(address, opts)
	if err != nil {
		return nil, wrap(address, err)
	}
	if err := d.begin(ctx); err != nil {
		d.pool.close()
		if ctx.Err() != nil {
			err = &driver.Error{Kind: rendition.Canceled, Err: context.Cause(ctx)}
		}
		return nil, wrap(d.addr, err)
	}
	var o storage.Options
	if d.opts.Bucket != nil {
		o = *d.opts.Bucket
	}
	o.Name = d.name()
	return storage.NewBucket(d, &o), nil
}

// wrap makes an error of Open.
func wrap(address string, err error) error {
	e := &rendition.Error{Kind: (*store)(nil).Classify(err), Op: "sftpstore: open", Key: address, Err: err}
	var said *driver.Error
	if errors.As(err, &said) {
		e.Hint = said.Hint
	}
	return e
}

func invalid(hint, format string, args ...any) error {
	return &driver.Error{Kind: rendition.InvalidJob, Err: fmt.Errorf(format, args...), Hint: hint}
}

func newStore(address string, opts *Options) (*store, error) {
	o := opts.withDefaults()
	addr, err := withPort(address)
	if err != nil {
		return nil, err
	}
	if o.User == "" {
		return nil, invalid("set Options.User", "no user is given")
	}
	d := &store{addr: addr, opts: o, root: path.Clean(o.Root), made: map[string]bool{}, doubtful: map[string]bool{}}
	if d.login, err = newLogin(o); err != nil {
		return nil, err
	}
	if d.trust, err = newTrust(addr, o); err != nil {
		return nil, err
	}
	d.pool = newPool(o, d.dial)
	return d, nil
}

// withPort adds the default port to an address.
func withPort(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		host, port = strings.TrimSuffix(strings.TrimPrefix(address, "["), "]"), "22"
		if strings.Contains(host, ":") && net.ParseIP(host) == nil {
			return "", invalid("write host or host:port", "the address is not valid")
		}
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || host == "" || strings.ContainsAny(host, "/@ []\r\n") {
		return "", invalid("write host or host:port, and the user in Options.User", "the address is not valid")
	}
	return net.JoinHostPort(host, strconv.FormatUint(n, 10)), nil
}

// store is the driver.
type store struct {
	addr  string
	opts  *Options
	root  string // clean; "." is where the server puts the user
	login *login
	trust *trust
	pool  *pool
	posix bool // the server replaces in one step

	mu sync.Mutex
	// made are the folders that this store made.
	made map[string]bool
	// doubtful are temporary names that a request of a broken connection may still make.
	doubtful map[string]bool
}

var _ driver.Driver = (*store)(nil)

// begin makes the first connection, to see who is there and what it can do.
func (d *store) begin(ctx context.Context) error {
	return d.with(ctx, func(c *conn) error {
		d.posix = c.has("posix-rename@openssh.com")
		if d.opts.Sync && !c.has("fsync@openssh.com") {
			err := errors.New("the server cannot say when a file is on its disk: it has no fsync@openssh.com")
			return &driver.Error{Kind: rendition.Unsupported, Err: err, Hint: "leave Sync out"}
		}
		fi, err := c.sftp.Stat(d.root)
		if err == nil && !fi.IsDir() {
			return exists("the root is a file")
		}
		if isMissing(err) {
			return nil // the first write makes it
		}
		return err
	})
}

// name is what messages call the bucket.
func (d *store) name() string {
	switch {
	case d.root == ".":
		return "sftp://" + d.addr + "/~/"
	case d.root == "/":
		return "sftp://" + d.addr + "/"
	case path.IsAbs(d.root):
		return "sftp://" + d.addr + d.root + "/"
	default:
		return "sftp://" + d.addr + "/~/" + d.root + "/"
	}
}

// path is where a key lies.
func (d *store) path(key string) string { return path.Join(d.root, key) }

func (d *store) Capabilities() driver.Capabilities {
	return driver.Capabilities{AtomicReplace: d.posix, ConsistentList: true, HasDirectories: true}
}

// with makes a call on a connection. Its error is explained.
func (d *store) with(ctx context.Context, call func(c *conn) error) error {
	c, err := d.pool.get(ctx)
	if err != nil {
		return err
	}
	defer d.pool.put(c)
	return c.do(ctx, func() error { return call(c) })
}

func (d *store) Close() error {
	d.clean()
	d.pool.close()
	return nil
}

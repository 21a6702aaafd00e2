package ftpstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/ftpstore/internal/ftp"
)

const op = "ftpstore: open"

// Open returns a Bucket of the files below Options.Root on the server at
// address, "host" or "host:port"; the default port is 21, with ImplicitTLS 990.
// It asks the server nothing: what is wrong with the login shows in the first
// call. Kind InvalidJob when address or options are not valid.
func Open(ctx context.Context, address string, opts *Options) (*storage.Bucket, error) {
	if ctx.Err() != nil {
		return nil, &rendition.Error{Kind: rendition.Canceled, Op: op, Err: context.Cause(ctx)}
	}
	o := opts.withDefaults()
	host, port, err := splitAddress(address, o.Security)
	if err == nil {
		err = o.check()
	}
	if err != nil {
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: redact(address), Err: err}
	}
	cfg := &ftp.Config{
		Addr: net.JoinHostPort(host, port), Dial: o.Dial, Listen: o.Listen, Security: ftp.Security(o.Security),
		Username: o.Username, Password: o.Password.Reveal(), Active: o.Passive == PassiveNo,
		TrustPASV: o.TrustPASVAddress, UseLIST: o.UseLIST, Timeout: o.Timeout,
	}
	if o.Security != Plain {
		if cfg.TLS, err = o.tlsConfig(host); err != nil {
			return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: address, Err: err}
		}
	}
	d := &server{opts: o, users: map[string]int{}, made: map[string]bool{}}
	d.pool = newPool(o.Connections, func(ctx context.Context) (*ftp.Conn, error) { return ftp.Dial(ctx, cfg) })
	var b storage.Options
	if o.Bucket != nil {
		b = *o.Bucket
	}
	b.Name = o.name(host, port)
	return storage.NewBucket(d, &b), nil
}

// splitAddress fills in the port.
func splitAddress(address string, security Security) (host, port string, err error) {
	port = "21"
	if security == ImplicitTLS {
		port = "990"
	}
	host = address
	if h, p, err := net.SplitHostPort(address); err == nil {
		host, port = h, p
	} else if strings.HasPrefix(address, "[") && strings.HasSuffix(address, "]") {
		host = address[1 : len(address)-1]
	} else if strings.Count(address, ":") == 1 {
		return "", "", errors.New("the address has no port behind its colon")
	}
	if host == "" || strings.ContainsAny(host, "/@?#[] ") || ftp.HasControl(host) {
		return "", "", errors.New("the address is not host or host:port; put path, user and password into the options")
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", "", errors.New("the port is not a number from 1 to 65535")
	}
	return host, port, nil
}

// redact drops what somebody who gives a URL in place of an address has put in front of the host.
func redact(address string) string {
	return storage.RedactURL("ftp://" + address[strings.LastIndexByte(address, '@')+1:])
}

// check refuses options that cannot work, and what would be a second command.
func (o *Options) check() error {
	switch {
	case ftp.HasControl(o.Username) || ftp.HasControl(o.Password.Reveal()):
		return errors.New("user name or password have a control character")
	case ftp.HasControl(o.Root):
		return errors.New("the root folder has a control character")
	case o.Security > ImplicitTLS:
		return fmt.Errorf("security %d; use Plain, ExplicitTLS or ImplicitTLS", o.Security)
	case o.Passive > PassiveNo:
		return fmt.Errorf("passive %d; use PassiveDefault, PassiveYes or PassiveNo", o.Passive)
	case o.Passive == PassiveNo && o.Listen == nil:
		return errors.New("active mode gets around Dial; use passive mode, or give Listen")
	}
	for element := range strings.SplitSeq(o.Root, "/") {
		if element == ".." {
			return errors.New("the root folder has an element \"..\"; write the path it means")
		}
	}
	return nil
}

// name is the URL of the root folder, without a user.
func (o *Options) name(host, port string) string {
	scheme, usual := "ftp", "21"
	if o.Security == ImplicitTLS {
		scheme, usual = "ftps", "990"
	}
	at := host
	if strings.Contains(host, ":") {
		at = "[" + host + "]"
	}
	if port != usual {
		at += ":" + port
	}
	name := scheme + "://" + at + "/"
	if strings.HasPrefix(o.Root, "/") {
		name += "%2F"
	}
	if root := strings.Trim(path.Clean("/"+o.Root), "/"); root != "" {
		name += (&url.URL{Path: root}).EscapedPath() + "/"
	}
	return name
}

// server is the driver.
type server struct {
	opts *Options
	pool *pool

	mu    sync.Mutex
	users map[string]int  // uploads that are under way in a folder or below
	made  map[string]bool // folders that this driver made
	walks []*walk         // listings whose next page may be asked for

	// noRestart says that the server goes on with no upload: then uploads keep their connections.
	noRestart atomic.Bool
}

var _ driver.Driver = (*server)(nil)

func (*server) Capabilities() driver.Capabilities {
	return driver.Capabilities{ConsistentList: true, HasDirectories: true, SequentialParts: true}
}

func (d *server) Close() error {
	d.pool.close()
	return nil
}

// path is where a key lies. It is absolute: a path that begins with "-" would
// be an option to some servers.
func (d *server) path(c *ftp.Conn, key string) string {
	root := d.opts.Root
	if !strings.HasPrefix(root, "/") {
		root = c.Home() + "/" + root
	}
	return strings.TrimSuffix(path.Clean(root), "/") + "/" + key
}

// checkKey refuses what cannot be sent, or would arrive as another name: some
// servers drop spaces at the end of a command.
func checkKey(key string) error {
	if ftp.HasControl(key) {
		return explain(ftp.ErrControl)
	}
	if strings.HasSuffix(key, " ") || strings.Contains(key, " /") {
		err := errors.New("an element of the key ends in a space, which FTP servers drop")
		return &driver.Error{Kind: rendition.InvalidJob, Err: err, Hint: "choose another key"}
	}
	return nil
}

// with makes one call on a connection.
func (d *server) with(ctx context.Context, call func(c *ftp.Conn) error) error {
	l, err := d.pool.acquire(ctx)
	if err != nil {
		return explain(err)
	}
	defer l.release()
	return explain(call(l.conn))
}

// stat describes a file; a folder is none.
func (d *server) stat(ctx context.Context, c *ftp.Conn, key string) (*driver.Info, error) {
	e, err := c.Stat(ctx, d.path(c, key))
	if err != nil {
		return nil, err
	}
	if e.Type != ftp.File {
		err := errors.New("it is a folder and not a file")
		return nil, &driver.Error{Kind: rendition.NotFound, Err: err, Hint: "name a file in it"}
	}
	return &driver.Info{Key: key, Size: e.Size, ModTime: e.ModTime}, nil
}

func (d *server) Stat(ctx context.Context, key string) (info *driver.Info, err error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	err = d.with(ctx, func(c *ftp.Conn) (err error) {
		info, err = d.stat(ctx, c, key)
		return err
	})
	return info, err
}

func (d *server) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	return d.with(ctx, func(c *ftp.Conn) error {
		err := c.Delete(ctx, d.path(c, key))
		if ftp.Code(err)/100 == 5 {
			if _, serr := d.stat(ctx, c, key); serr == nil {
				return refused(err, "check that this user may delete there")
			} else if kindOf(serr) != rendition.NotFound {
				return serr
			}
			err = nil
		}
		if err != nil {
			return err
		}
		d.prune(ctx, c, key)
		return nil
	})
}

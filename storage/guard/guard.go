package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Options are those of a Guard. The zero value is good: every public address, every port.
type Options struct {
	// Allow are addresses that may be reached although they are not public, such as
	// those of a store in the own network.
	Allow []netip.Prefix
	// AllowHosts are names whose addresses may be reached although they are not public,
	// as they stand in the URL, without regard to case. Whoever answers for the name decides where it leads.
	AllowHosts []string
	// Deny are addresses that may not be reached although they are public. It
	// wins over Allow and AllowHosts.
	Deny []netip.Prefix
	// Ports are the ports that may be reached. Default all. The data connections of
	// FTP have ports that nobody knows before.
	Ports []uint16
	// Resolver finds the addresses of names. Default net.DefaultResolver.
	Resolver *net.Resolver
	// Timeout is how long a connection may take to be made. Default 10 s.
	Timeout time.Duration
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	c.Allow, c.Deny, c.Ports = slices.Clone(c.Allow), slices.Clone(c.Deny), slices.Clone(c.Ports)
	c.AllowHosts = slices.Clone(c.AllowHosts)
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.Timeout <= 0 {
		c.Timeout = 10 * time.Second
	}
	return &c
}

// Guard decides which addresses may be reached. It is safe for concurrent use and
// holds nothing that needs closing.
type Guard struct{ opts *Options }

// New returns a Guard.
func New(opts *Options) *Guard { return &Guard{opts: opts.withDefaults()} }

var errPrivate = errors.New("the URL targets a private or internal address")

// refused is the error of an address that may not be reached. Asking again changes
// nothing and the store is not to blame: it is the job that names it.
func refused(err error, hint string) error {
	return &driver.Error{Kind: rendition.InvalidJob, Err: err, Hint: hint}
}

// Dial makes a connection by TCP, as net.Dialer.DialContext does. It goes into the Dial of
// a driver's options. An address that may not be reached is an error of kind InvalidJob, which
// nobody retries; its text does not say what the name resolves to.
func (g *Guard) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return nil, refused(fmt.Errorf("connections by %s are not allowed", network), "")
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, refused(errors.New("the address has no port"), "")
	}
	trusted := g.trusts(host)
	d := net.Dialer{
		Timeout:   g.opts.Timeout,
		KeepAlive: 30 * time.Second,
		Resolver:  g.opts.Resolver,
		ControlContext: func(_ context.Context, _, addr string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(addr)
			if err != nil {
				return refused(errPrivate, "") // an address that this package cannot read is none it lets through
			}
			return g.check(to.Addr(), to.Port(), trusted)
		},
	}
	conn, err := d.DialContext(ctx, network, addr)
	var no *driver.Error
	if errors.As(err, &no) {
		return nil, no // without the address that the net package puts in front
	}
	return conn, err
}

// Check returns the addresses of a host, a name or an address, that may be reached, for programs that make
// connections themselves: give them one of these and not the name. The error is that
// of Dial when there is none, and that of the resolver when there is no such name.
func (g *Guard) Check(ctx context.Context, host string) ([]netip.Addr, error) {
	trusted := g.trusts(host)
	list := []netip.Addr{}
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		list = append(list, a)
	} else if list, err = g.opts.Resolver.LookupNetIP(ctx, "ip", host); err != nil {
		return nil, err
	}
	err := refused(errPrivate, "")
	var good []netip.Addr
	for _, a := range list {
		if why := g.checkAddr(a, trusted); why != nil {
			err = why
			continue
		}
		good = append(good, a.Unmap())
	}
	if len(good) == 0 {
		return nil, err
	}
	return good, nil
}

// Resolve is Check for a program that takes one address, as aspera.Options.Resolve asks for it.
func (g *Guard) Resolve(ctx context.Context, host string) (addr string, err error) {
	list, err := g.Check(ctx, host)
	if err != nil {
		return "", err
	}
	return list[0].String(), nil
}

// Addr says whether an address may be reached, by the error of Dial.
func (g *Guard) Addr(a netip.Addr) error { return g.checkAddr(a, false) }

func (g *Guard) trusts(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return slices.ContainsFunc(g.opts.AllowHosts, func(name string) bool { return strings.EqualFold(name, host) })
}

func (g *Guard) check(a netip.Addr, port uint16, trusted bool) error {
	if len(g.opts.Ports) > 0 && !slices.Contains(g.opts.Ports, port) {
		return refused(fmt.Errorf("the URL targets port %d, which is not allowed", port), "use the protocol's own port")
	}
	return g.checkAddr(a, trusted)
}

func (g *Guard) checkAddr(a netip.Addr, trusted bool) error {
	in := func(p netip.Prefix) bool { return contains(p, a) }
	switch {
	case !slices.ContainsFunc(g.opts.Deny, in) && (trusted || slices.ContainsFunc(g.opts.Allow, in) || Public(a)):
		return nil
	default:
		return refused(errPrivate, "give one that anybody can reach, or have the program allow this one")
	}
}

// contains is Prefix.Contains that knows IPv4 in all its dresses.
func contains(p netip.Prefix, a netip.Addr) bool {
	if p.Contains(a.WithZone("")) {
		return true
	}
	inner, ok := embedded(a)
	return ok && p.Contains(inner)
}

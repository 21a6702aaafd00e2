package ftp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
)

// opening is a data connection in the making: passive ones are connected in
// front of the command, active ones come after it.
type opening struct {
	nc       net.Conn     // passive
	listener net.Listener // active
}

func (o *opening) close() {
	if o.nc != nil {
		_ = o.nc.Close()
	}
	if o.listener != nil {
		_ = o.listener.Close()
	}
}

func (c *Conn) openData(ctx context.Context) (*opening, error) {
	if c.cfg.Active {
		return c.active(ctx)
	}
	addr, err := c.passive(ctx)
	if err != nil {
		return nil, err
	}
	dial, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	nc, err := c.cfg.Dial(dial, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &opening{nc: nc}, nil
}

// passive asks the server to listen (RFC 2428 section 3, else RFC 959) and
// returns where. The host is that of the control connection: an answer to PASV
// often names an address of an inner network, and may name a victim's.
func (c *Conn) passive(ctx context.Context) (string, error) {
	if !c.noEPSV && !c.cfg.TrustPASV {
		reply, err := c.exchange(ctx, "EPSV", "")
		if err != nil {
			return "", err
		}
		if reply.Code == 229 {
			port, err := parseEPSV(reply.last())
			if err != nil {
				return "", err
			}
			return net.JoinHostPort(c.host(), strconv.Itoa(port)), nil
		}
		if reply.Code/100 != 5 {
			return "", reply.failure("EPSV")
		}
		c.noEPSV = true
	}
	reply, err := c.want(ctx, 2, "PASV", "")
	if err != nil {
		return "", err
	}
	addr, err := parsePASV(reply.last())
	if err != nil {
		return "", err
	}
	if c.cfg.TrustPASV {
		return addr.String(), nil
	}
	return net.JoinHostPort(c.host(), strconv.Itoa(int(addr.Port()))), nil
}

// host is the server's address, so that a name with several addresses does not
// lead to another machine; or its name, where a tunnel hides the address.
func (c *Conn) host() string {
	if addr, ok := addrOf(c.nc.RemoteAddr()); ok {
		return addr.Addr().String()
	}
	host, _, _ := net.SplitHostPort(c.cfg.Addr) // it was dialed
	return host
}

func addrOf(a net.Addr) (netip.AddrPort, bool) {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}, false
	}
	addr := tcp.AddrPort()
	return netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()), addr.IsValid()
}

// active listens on the local address of the control connection and tells the
// server so (EPRT, RFC 2428 section 2, else PORT).
func (c *Conn) active(ctx context.Context) (*opening, error) {
	local, ok := addrOf(c.nc.LocalAddr())
	if !ok {
		return nil, errors.New("active mode needs a TCP connection to the server")
	}
	listener, err := c.cfg.Listen(ctx, "tcp", net.JoinHostPort(local.Addr().String(), "0"))
	if err != nil {
		return nil, err
	}
	o := &opening{listener: listener}
	if err := c.announce(ctx, listener.Addr()); err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

func (c *Conn) announce(ctx context.Context, a net.Addr) error {
	addr, ok := addrOf(a)
	if !ok {
		return errors.New("the listener of active mode has no TCP address")
	}
	if !c.noEPRT {
		reply, err := c.exchange(ctx, "EPRT", formatEPRT(addr))
		if err != nil || reply.Code/100 == 2 {
			return err
		}
		if reply.Code/100 != 5 || !addr.Addr().Is4() {
			return reply.failure("EPRT")
		}
		c.noEPRT = true
	}
	if !addr.Addr().Is4() {
		return &Error{Command: "EPRT", Code: 522, Text: "the server knows EPRT no more, and PORT has no IPv6"}
	}
	_, err := c.want(ctx, 2, "PORT", formatPORT(addr))
	return err
}

// connect returns the data connection, after the server has said that it opens it.
func (o *opening) connect(ctx context.Context, c *Conn) (net.Conn, error) {
	if o.nc != nil {
		return o.nc, nil
	}
	defer o.close()
	done := make(chan struct{})
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		_ = o.listener.Close()
	})
	defer func() {
		if !stop() {
			<-done
		}
	}()
	for {
		nc, err := o.listener.Accept()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			if nc != nil {
				_ = nc.Close()
			}
			return nil, err
		}
		if c.fromServer(nc.RemoteAddr()) {
			return nc, nil
		}
		_ = nc.Close() // somebody else found the port
	}
}

// fromServer says whether an address is the server's.
func (c *Conn) fromServer(a net.Addr) bool {
	server, ok := addrOf(c.nc.RemoteAddr())
	if !ok {
		return true // a tunnel hides where it is, and Listen is the caller's
	}
	peer, ok := addrOf(a)
	return ok && peer.Addr().WithZone("") == server.Addr().WithZone("")
}

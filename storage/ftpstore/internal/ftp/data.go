package ftp

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strconv"
	"time"
)

// Data is a transfer that is under way. It ends with Finish or Abandon.
type Data struct {
	c    *Conn
	verb string
	nc   net.Conn
}

// transfer begins one at an offset. The order is that of RFC 3659 section 5.3:
// nothing comes between REST and the command it belongs to.
func (c *Conn) transfer(ctx context.Context, off int64, verb, arg string) (*Data, error) {
	o, err := c.openData(ctx)
	if err != nil {
		return nil, err
	}
	d, err := c.begin(ctx, o, off, verb, arg)
	if err != nil {
		o.close()
		return nil, err
	}
	return d, nil
}

func (c *Conn) begin(ctx context.Context, o *opening, off int64, verb, arg string) (*Data, error) {
	if off > 0 || c.restart {
		if _, err := c.want(ctx, 3, "REST", strconv.FormatInt(off, 10)); err != nil {
			return nil, err
		}
		c.restart = off > 0
	}
	reply, err := c.exchange(ctx, verb, arg)
	if err != nil {
		return nil, err
	}
	if reply.Code/100 != 1 {
		return nil, reply.failure(verb)
	}
	c.restart = false
	c.pending = true
	nc, err := o.connect(ctx, c)
	if err != nil {
		return nil, c.because(ctx, verb, err)
	}
	d := &Data{c: c, verb: verb, nc: nc}
	if c.tls != nil {
		if err := d.secure(ctx); err != nil {
			_ = nc.Close()
			return nil, c.because(ctx, verb, err)
		}
	}
	c.setData(d.nc)
	return d, nil
}

// secure makes the TLS handshake, in which the client is the client whoever
// connected (RFC 4217 section 7).
func (d *Data) secure(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, d.c.cfg.Timeout)
	defer cancel()
	nc := tls.Client(d.nc, d.c.tls)
	if err := nc.HandshakeContext(ctx); err != nil {
		return &TLSError{Data: true, Err: err}
	}
	d.nc = nc
	return nil
}

func (c *Conn) setData(nc net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.data = nc
}

// because looks for what the server has to say about a data connection that
// failed with err: the reply that ends the transfer names the cause, such as a
// full disk.
func (c *Conn) because(ctx context.Context, verb string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if !c.pending {
		return err
	}
	reply, rerr := c.final(ctx, min(settleTimeout, c.cfg.Timeout))
	if rerr == nil && reply.Code >= 400 {
		return reply.failure(verb)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// Interrupt ends what blocks on the data connection when ctx ends, until the
// returned function is called.
func (d *Data) Interrupt(ctx context.Context) (release func()) { return guard(ctx, d.nc) }

// Read reads what the server sends. It has no time limit but that of an
// Interrupt.
func (d *Data) Read(p []byte) (int, error) { return d.nc.Read(p) }

// Write sends p, in pieces that each have Config.Timeout. ctx is that of an
// Interrupt.
func (d *Data) Write(ctx context.Context, p []byte) (n int, err error) {
	const piece = 256 << 10
	for n < len(p) && err == nil {
		err = d.nc.SetWriteDeadline(time.Now().Add(d.c.cfg.Timeout))
		if ctx.Err() != nil {
			return n, context.Cause(ctx) // the interrupt may have come in front of the deadline
		}
		if err == nil {
			var m int
			m, err = d.nc.Write(p[n:min(n+piece, len(p))])
			n += m
		}
	}
	return n, err
}

// Because ends a transfer whose Read or Write failed with err, and returns what
// the server says about it, or err.
func (d *Data) Because(ctx context.Context, err error) error {
	d.close()
	return d.c.because(ctx, d.verb, err)
}

// Finish ends a transfer whose bytes have all been written, or read up to
// io.EOF, and returns what the server says about it.
func (d *Data) Finish(ctx context.Context) error {
	release := d.Interrupt(ctx)
	d.shut(ctx)
	release()
	d.close()
	if ctx.Err() != nil {
		d.c.broken = true
		return context.Cause(ctx)
	}
	reply, err := d.c.final(ctx, d.c.cfg.Timeout)
	if err != nil {
		return err
	}
	if reply.Code/100 != 2 {
		return reply.failure(d.verb)
	}
	return nil
}

// shut says that no more bytes come and waits until the server has closed its
// side. To close at once would throw away what the server has sent and nobody
// has read, such as the session tickets of TLS 1.3; the system answers that with
// a reset, which takes bytes that the server has not read yet with it.
func (d *Data) shut(ctx context.Context) {
	deadline := time.Now().Add(d.c.cfg.Timeout)
	if d.nc.SetDeadline(deadline) != nil || ctx.Err() != nil {
		return
	}
	type writeCloser interface{ CloseWrite() error }
	secured, ok := d.nc.(*tls.Conn)
	if !ok {
		// A plain connection is read by nobody but for its end, which close sends.
		return
	}
	if secured.CloseWrite() != nil {
		return
	}
	// Some servers wait for the end of the connection and not for TLS's.
	if tcp, ok := secured.NetConn().(writeCloser); ok {
		_ = tcp.CloseWrite() // an error shows in the reply
	}
	_, _ = io.Copy(io.Discard, secured)
}

// Abandon closes the data connection at once; the reply is read in front of the
// next command (Conn.Settle). ABOR is not sent: servers answer it with one
// reply or two, and the closed connection says the same.
func (d *Data) Abandon() { d.close() }

func (d *Data) close() {
	// Of a TLS connection the one below: a farewell nobody waits for could block.
	nc := d.nc
	if secured, ok := nc.(*tls.Conn); ok {
		nc = secured.NetConn()
	}
	if err := nc.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		d.c.broken = true
	}
	d.c.setData(nil)
}

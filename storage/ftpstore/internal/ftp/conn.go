package ftp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// settleTimeout is how long the reply to a transfer that was broken off may take.
const settleTimeout = 5 * time.Second

// Conn is a control connection that is logged in.
type Conn struct {
	cfg      *Config
	tls      *tls.Config // of this connection and its data connections; nil is none
	features map[string]string
	home     string

	mu   sync.Mutex // against Close
	nc   net.Conn
	data net.Conn // of the transfer that is under way

	r       *bufio.Reader
	broken  bool
	lost    bool // broken, and not by the end of a ctx
	pending bool // the last reply of a transfer that was broken off has not been read
	restart bool // a REST was sent that no transfer is known to have used up
	noEPSV  bool
	noEPRT  bool
	listAll string // the command that lists hidden files too; "" is not known yet
}

// Dial connects, secures the connection and logs in.
func Dial(ctx context.Context, cfg *Config) (*Conn, error) {
	connect, cancel := context.WithTimeout(ctx, cfg.Timeout)
	defer cancel()
	nc, err := cfg.Dial(connect, "tcp", cfg.Addr)
	if err != nil {
		return nil, err
	}
	c := &Conn{cfg: cfg, features: map[string]string{}}
	c.use(nc)
	if cfg.Security != Plain {
		c.tls = cfg.TLS.Clone()
		// Of this connection alone: servers know the sessions of one control
		// connection, and a data connection has to resume one of these.
		c.tls.ClientSessionCache = tls.NewLRUClientSessionCache(8)
	}
	if err := c.open(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Conn) use(nc net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nc, c.r = nc, bufio.NewReaderSize(nc, maxLine)
}

// Close closes the control connection and a data connection that is open. It
// says no QUIT, for which the server may take its time.
func (c *Conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.data != nil {
		_ = c.data.Close()
	}
	_ = c.nc.Close() // nothing is buffered; a server that logs out late is no loss
}

// Broken says that the connection is of no more use.
func (c *Conn) Broken() bool { return c.broken }

// Lost says that the server or the network has ended the connection.
func (c *Conn) Lost() bool { return c.lost }

// Home is the absolute path of the folder that the login led to.
func (c *Conn) Home() string { return c.home }

func (c *Conn) open(ctx context.Context) error {
	if c.cfg.Security == Implicit {
		if err := c.secure(ctx); err != nil {
			return err
		}
	}
	if err := c.greet(ctx); err != nil {
		return err
	}
	if c.cfg.Security == Explicit {
		if _, err := c.want(ctx, 2, "AUTH", "TLS"); err != nil { // RFC 4217 section 4.1
			return err
		}
		if err := c.secure(ctx); err != nil {
			return err
		}
	}
	if err := c.login(ctx); err != nil {
		return err
	}
	return c.prepare(ctx)
}

// greet waits for the greeting; 120 says that it comes later (RFC 959 section 5.4).
func (c *Conn) greet(ctx context.Context) error {
	return c.guarded(ctx, c.cfg.Timeout, func() error {
		for {
			reply, err := readReply(c.r)
			switch {
			case err != nil:
				return err
			case reply.Code/100 == 2:
				return nil
			case reply.Code/100 != 1:
				c.broken = true
				return reply.failure("")
			}
		}
	})
}

// secure changes to TLS. What was read in front of it is not believed: somebody
// on the way may have put it there.
func (c *Conn) secure(ctx context.Context) error {
	if c.r.Buffered() > 0 {
		return fmt.Errorf("%w: the server sent bytes in clear in front of the TLS handshake", ErrProtocol)
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	nc := tls.Client(c.nc, c.tls)
	if err := nc.HandshakeContext(ctx); err != nil {
		return &TLSError{Err: err}
	}
	c.use(nc)
	return nil
}

// TLSError is a TLS handshake that failed.
type TLSError struct {
	// Data marks that of a data connection.
	Data bool
	Err  error
}

func (e *TLSError) Error() string {
	if e.Data {
		return "the TLS handshake of the data connection failed: " + e.Err.Error()
	}
	return "the TLS handshake failed: " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *TLSError) Unwrap() error { return e.Err }

func (c *Conn) login(ctx context.Context) error {
	reply, err := c.exchange(ctx, "USER", c.cfg.Username)
	if err != nil {
		return err
	}
	switch {
	case reply.Code == 331: // RFC 959 section 5.4; 230 and 232 need no password
		if reply, err = c.exchange(ctx, "PASS", c.cfg.Password); err != nil {
			return err
		}
		if reply.Code/100 != 2 {
			return c.withoutPassword(reply.failure("PASS"))
		}
	case reply.Code/100 != 2:
		return reply.failure("USER")
	}
	return nil
}

// withoutPassword looks after servers that repeat what they were told.
func (c *Conn) withoutPassword(e *Error) error {
	if p := c.cfg.Password; p != "" {
		e.Text = strings.ReplaceAll(e.Text, p, "[redacted]")
	}
	return e
}

// prepare does what has to be done once after a login.
func (c *Conn) prepare(ctx context.Context) error {
	reply, err := c.exchange(ctx, "FEAT", "") // RFC 2389 section 3
	if err != nil {
		return err
	}
	if reply.Code/100 == 2 {
		c.features = parseFeatures(reply.Lines)
	}
	if c.tls != nil {
		for _, cmd := range [][2]string{{"PBSZ", "0"}, {"PROT", "P"}} { // RFC 2228 section 3, RFC 4217 section 9
			if _, err := c.want(ctx, 2, cmd[0], cmd[1]); err != nil {
				return err
			}
		}
	}
	if c.Has("UTF8") { // servers that use it anyway may refuse the option
		if _, err := c.exchange(ctx, "OPTS", "UTF8 ON"); err != nil {
			return err
		}
	}
	if _, err := c.want(ctx, 2, "TYPE", "I"); err != nil {
		return err
	}
	if reply, err = c.want(ctx, 2, "PWD", ""); err != nil {
		return err
	}
	home, ok := parseQuoted(reply.last())
	if !ok || !strings.HasPrefix(home, "/") {
		home = "/"
	}
	c.home = home
	return nil
}

// parseFeatures reads the lines between the first and the last of an answer to
// FEAT: " NAME parameters".
func parseFeatures(lines []string) map[string]string {
	features := map[string]string{}
	for i, line := range lines {
		if i == 0 || i == len(lines)-1 {
			continue
		}
		name, parameters, _ := strings.Cut(strings.TrimSpace(line), " ")
		features[strings.ToUpper(name)] = parameters
	}
	return features
}

// Has says whether the server announces a feature.
func (c *Conn) Has(feature string) bool {
	_, ok := c.features[feature]
	return ok
}

// ErrControl is returned for an argument that has a control character.
var ErrControl = errors.New("it has a control character, which FTP cannot send")

// HasControl says whether s has a control character.
func HasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f })
}

// exchange sends one command and reads its reply, whatever that is. An error is
// one of the network, or a 421: the server closes the connection.
func (c *Conn) exchange(ctx context.Context, verb, arg string) (*Reply, error) {
	if HasControl(arg) {
		return nil, ErrControl
	}
	if c.pending {
		if err := c.Settle(ctx); err != nil {
			return nil, err
		}
	}
	line := verb
	if arg != "" {
		line += " " + strings.ReplaceAll(arg, "\xff", "\xff\xff") // Telnet's IAC (RFC 959 section 4.1, RFC 854)
	}
	var reply *Reply
	err := c.guarded(ctx, c.cfg.Timeout, func() (err error) {
		if _, err = c.nc.Write([]byte(line + "\r\n")); err != nil {
			return err
		}
		reply, err = readReply(c.r)
		return err
	})
	if err != nil {
		return nil, err
	}
	if reply.Code == 421 {
		c.broken, c.lost = true, true
		return nil, reply.failure(verb)
	}
	return reply, nil
}

// want is exchange for a command whose reply has to be in the hundreds of class.
func (c *Conn) want(ctx context.Context, class int, verb, arg string) (*Reply, error) {
	reply, err := c.exchange(ctx, verb, arg)
	if err != nil {
		return nil, err
	}
	if reply.Code/100 != class {
		return nil, reply.failure(verb)
	}
	return reply, nil
}

// Settle reads the reply to a transfer that was broken off, if one is due. It
// need not be called: the next command does.
func (c *Conn) Settle(ctx context.Context) error {
	if !c.pending {
		return nil
	}
	_, err := c.final(ctx, min(settleTimeout, c.cfg.Timeout))
	return err
}

// final reads the reply that ends a transfer.
func (c *Conn) final(ctx context.Context, timeout time.Duration) (reply *Reply, err error) {
	c.pending = false
	err = c.guarded(ctx, timeout, func() (err error) {
		reply, err = readReply(c.r)
		return err
	})
	if err == nil && reply.Code == 421 {
		c.broken, c.lost = true, true
	}
	return reply, err
}

// guarded runs call, which uses the control connection, until ctx ends or the
// time is up. After an error the connection is broken.
func (c *Conn) guarded(ctx context.Context, timeout time.Duration, call func() error) error {
	release := guard(ctx, c.nc)
	defer release()
	err := c.nc.SetDeadline(time.Now().Add(timeout))
	if ctx.Err() != nil {
		err = context.Cause(ctx) // the guard may have come in front of the deadline
	}
	if err == nil {
		err = call()
	}
	if err != nil {
		c.broken = c.broken || Code(err) == 0
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.lost = c.broken
	}
	return err
}

// longAgo as a deadline ends what blocks.
func longAgo() time.Time { return time.Unix(1, 0) }

// guard ends what blocks on nc when ctx ends. After the returned function has
// been called, which may be done twice, it does nothing more to nc.
func guard(ctx context.Context, nc net.Conn) (release func()) {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		_ = nc.SetDeadline(longAgo()) // fails when it is closed, which serves as well
	})
	return sync.OnceFunc(func() {
		if !stop() {
			<-done
		}
	})
}

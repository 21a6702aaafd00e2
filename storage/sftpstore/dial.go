package sftpstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// dial makes a connection. A pinned fingerprint does not tell the kind of key, and
// a server shows one key of several: then each kind is asked for in turn.
func (d *store) dial(ctx context.Context) (*conn, error) {
	var first error
	for _, algorithms := range d.trust.attempts() {
		c, err := d.dialWith(ctx, algorithms)
		if err == nil {
			d.trust.worked(algorithms)
			return c, nil
		}
		if first == nil || errors.Is(first, errNoCommonKey) {
			first = err
		}
		var other keyError
		if !errors.As(err, &other) && !errors.Is(err, errNoCommonKey) {
			return nil, err
		}
	}
	return nil, first
}

// dialWith makes a connection to a server that shows a host key of one of these algorithms.
func (d *store) dialWith(ctx context.Context, algorithms []string) (*conn, error) {
	limited, cancel := context.WithTimeout(ctx, d.opts.ConnectTimeout)
	defer cancel()
	nc, err := d.opts.Dial(limited, "tcp", d.addr)
	if err != nil {
		return nil, d.unreachable(ctx, limited, err)
	}
	w := &watched{Conn: nc}
	w.note(1)
	stop := context.AfterFunc(limited, func() { _ = nc.Close() })
	c, err := d.handshake(limited, w, algorithms)
	if !stop() && err == nil { // the time was over in the last moment
		err = limited.Err()
		_ = c.sftp.Close()
	}
	if err != nil {
		_ = nc.Close()
		if limited.Err() != nil {
			return nil, d.unreachable(ctx, limited, err)
		}
		return nil, err
	}
	return c, nil
}

// unreachable explains why nobody answered.
func (d *store) unreachable(ctx, limited context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if limited.Err() != nil {
		err = fmt.Errorf("the server did not answer in %v", d.opts.ConnectTimeout)
		return &driver.Error{Kind: rendition.Unavailable, Err: err, Hint: "check the host and port, and whether a firewall is between"}
	}
	if kind := driver.DefaultKind(err); kind != rendition.Internal {
		return &driver.Error{Kind: kind, Err: err, Hint: "check the host and port"}
	}
	return &driver.Error{Kind: rendition.Unavailable, Err: err}
}

// handshake logs in and begins the SFTP session.
func (d *store) handshake(ctx context.Context, w *watched, algorithms []string) (*conn, error) {
	methods, done, err := d.login.methods(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	var refused error // what the check of the host key said, which the library wraps away
	config := &ssh.ClientConfig{
		User: d.opts.User, Auth: methods, HostKeyAlgorithms: algorithms, ClientVersion: "SSH-2.0-rendition",
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			refused = d.trust.check(key)
			return refused
		},
	}
	sc, channels, requests, err := ssh.NewClientConn(w, d.addr, config)
	if err != nil {
		if refused != nil {
			return nil, refused
		}
		return nil, d.login.explain(err)
	}
	client := ssh.NewClient(sc, channels, requests)
	session, err := sftp.NewClient(client, sftp.MaxPacketUnchecked(largePacket))
	if err != nil {
		_ = client.Close()
		_ = client.Wait()
		return nil, noSubsystem(err)
	}
	c := &conn{net: w, ssh: client, sftp: session, packet: smallPacket, dead: make(chan struct{})}
	if c.has("limits@openssh.com") { // OpenSSH, which says so, has taken this much since its first release
		c.packet = largePacket
	}
	return c, nil
}

func noSubsystem(err error) error {
	if strings.Contains(err.Error(), "subsystem request failed") {
		err := errors.New("the server has no sftp subsystem for this user")
		return &driver.Error{Kind: rendition.Unsupported, Err: err, Hint: "have SFTP switched on for the account"}
	}
	return &driver.Error{Kind: rendition.Unavailable, Err: fmt.Errorf("the server ended the session: %w", err)}
}

// explain says what an error of the handshake means.
func (l *login) explain(err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "no common algorithm for host key"):
		return &driver.Error{
			Kind: rendition.Permission, Err: fmt.Errorf("the server has no host key of the kind that is known: %w", errNoCommonKey),
			Hint: "look the server's keys up with ssh-keyscan, check them, and pin one",
		}
	case strings.Contains(text, "no common algorithm"):
		err := fmt.Errorf("the server and this client have no algorithm in common: %s", printable(text))
		return &driver.Error{Kind: rendition.Unsupported, Err: err, Hint: "the server is old; have it updated"}
	case strings.Contains(text, "unable to authenticate"):
		err := fmt.Errorf("the server refused the login of user %q (tried: %s)", l.user, strings.Join(l.tried(text), ", "))
		return &driver.Error{Kind: rendition.Permission, Err: err, Hint: l.hint()}
	case strings.Contains(text, "Too many authentication failures"):
		err := fmt.Errorf("the server refused the login of user %q: too many keys were offered", l.user)
		return &driver.Error{Kind: rendition.Permission, Err: err, Hint: "give the right key alone, or fewer keys in the agent"}
	}
	return &driver.Error{Kind: rendition.Unavailable, Err: fmt.Errorf("the connection ended in the handshake: %s", printable(text))}
}

// tried reads the methods from the library's error.
func (l *login) tried(text string) []string {
	_, list, _ := strings.Cut(text, "attempted methods [")
	list, _, _ = strings.Cut(list, "]")
	methods := slices.DeleteFunc(strings.Fields(list), func(m string) bool { return m == "none" })
	if len(methods) == 0 {
		return []string{"nothing, since it takes none of the methods given"}
	}
	return methods
}

// printable makes a server's text fit for a message.
func printable(text string) string {
	const limit = 300
	text = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	return strings.ToValidUTF8(text[:min(len(text), limit)], "")
}

package ftp

import (
	"context"
	"crypto/tls"
	"net"
	"time"
)

// Security says how the connections are protected.
type Security uint8

const (
	// Plain sends everything, the password too, in clear.
	Plain Security = iota
	// Explicit begins in clear and changes to TLS by AUTH TLS in front of the login (RFC 4217).
	Explicit
	// Implicit speaks TLS from the first byte, by convention on port 990.
	Implicit
)

// Config says how a connection is made. All fields are needed but those that say otherwise.
type Config struct {
	// Addr is host:port.
	Addr string
	// Dial makes control and passive data connections.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Listen makes the listener of active mode; needed with Active alone. What
	// its Addr says is told to the server.
	Listen func(ctx context.Context, network, addr string) (net.Listener, error)

	Security Security
	// TLS is needed unless Security is Plain. It has a ServerName: without one
	// no session is found again, and servers that want the data connection to
	// resume the control connection's session refuse it. It is cloned.
	TLS *tls.Config

	Username, Password string

	// Active has the server connect to us (EPRT, PORT) in place of us to it (EPSV, PASV).
	Active bool
	// TrustPASV connects to the address in the answer to PASV and not to the
	// control connection's own. A hostile server can so have us connect to
	// whatever it names, which Dial may want to look at.
	TrustPASV bool
	// UseLIST lists with LIST where the server has MLSD too.
	UseLIST bool
	// Timeout is how long the server may take to connect, to answer, and to
	// take the next bytes of an upload.
	Timeout time.Duration
}

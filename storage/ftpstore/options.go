package ftpstore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"time"

	"github.com/rendition-sdk/rendition/storage"
)

// Security says how the connections are protected.
type Security uint8

const (
	// Plain FTP sends everything in clear, the password too. It is the default, as of ftp URLs.
	Plain Security = iota
	// ExplicitTLS begins on the port of FTP and changes to TLS in front of the
	// login (AUTH TLS, RFC 4217). A server that has no TLS is refused.
	ExplicitTLS
	// ImplicitTLS speaks TLS from the first byte, by default on port 990, as of ftps URLs.
	ImplicitTLS
)

// Passive says who makes the data connections.
type Passive uint8

const (
	// PassiveDefault is PassiveYes.
	PassiveDefault Passive = iota
	// PassiveYes has us connect to the server (EPSV, else PASV), which works
	// from behind firewalls and address translation.
	PassiveYes
	// PassiveNo has the server connect to us (EPRT, else PORT).
	PassiveNo
)

// Options are those of an FTP store. The zero value is an anonymous login without TLS.
type Options struct {
	// Root is the folder that the keys lie in: relative to the folder that the
	// login leads to, or from the top when it begins with a slash. Default "",
	// the folder of the login. In a URL "ftp://host/a/b" means Root "a/b" and
	// "ftp://host/%2Fa/b" Root "/a/b" (RFC 1738 section 3.2.2).
	Root string
	// Username and Password of the login. Default "anonymous" with the password
	// "anonymous@" (RFC 1635).
	Username string
	Password storage.Secret

	// Security says whether and how TLS is used.
	Security Security
	// TLSConfig are settings of TLS in general; it is copied. Default: TLS 1.2
	// or later, the system's certificate authorities, the name in the address.
	TLSConfig *tls.Config
	// RootCAs are the certificate authorities to trust in place of the system's.
	RootCAs *x509.CertPool
	// PinnedSHA256 is the SHA-256 of the server's certificate (in DER), in hex
	// with or without colons. Then that certificate is accepted and no other,
	// whoever signed it.
	PinnedSHA256 string
	// InsecureSkipVerify accepts any certificate: anybody on the way can read
	// and change what is sent.
	InsecureSkipVerify bool

	// Passive says who makes the data connections. The default is passive mode,
	// other than where an FTP URL without "?passive=yes" used to mean active.
	Passive Passive
	// TrustPASVAddress connects to the address that the server answers to PASV.
	// Default false: the address of the control connection, since servers behind
	// address translation name one of their inner network, and hostile ones that of
	// a third party. It switches EPSV off.
	TrustPASVAddress bool
	// UseLIST lists folders with LIST even where the server has MLSD.
	UseLIST bool

	// Connections is how many control connections are open at a time, with one
	// data connection each. Default 4. When the server allows fewer, that many are used.
	Connections int
	// Resend is how many of the last bytes of an upload are kept in memory, to
	// be sent again when a connection drops: in bytes, default 8 MiB. It is
	// allocated when an object has more than one part.
	Resend int
	// Timeout is how long the server may take to connect, to answer a command,
	// and to take the next bytes of an upload. Default 1 minute.
	Timeout time.Duration

	// Dial makes all connections but those of active mode. Default: net.Dialer.
	// Data connections go to the RemoteAddr of the control connection, when that is
	// a *net.TCPAddr, else to the host of the address.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Listen makes the listeners of active mode, for one connection each. It is asked for a free
	// port (0) of the local address of the control connection, and the server
	// is told the listener's Addr. Connections that do not come from the server's
	// address are closed. Default: net.ListenConfig; active mode with a Dial
	// needs one, since the connections would get around Dial.
	Listen func(ctx context.Context, network, addr string) (net.Listener, error)
	// Bucket are the options of the Bucket; its Name is made of address and Root.
	Bucket *storage.Options
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.Username == "" {
		c.Username = "anonymous"
		if c.Password == "" {
			c.Password = "anonymous@"
		}
	}
	if c.Connections <= 0 {
		c.Connections = 4
	}
	if c.Resend <= 0 {
		c.Resend = 8 << 20
	}
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.Listen == nil && c.Dial == nil {
		c.Listen = (&net.ListenConfig{}).Listen
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	return &c
}

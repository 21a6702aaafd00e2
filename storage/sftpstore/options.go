package sftpstore

import (
	"context"
	"io/fs"
	"net"
	"time"

	"github.com/rendition-sdk/rendition/storage"
)

// Options are those of an SFTP store. User is required, and one way to log in, and one
// to know the host; the zero value of all others is good.
type Options struct {
	// User logs in.
	User string
	// Password is for the methods "password" and, where it asks one hidden
	// question, "keyboard-interactive".
	Password storage.Secret
	// PrivateKey is a key as PEM text, in the OpenSSH, PKCS #1, PKCS #8 or SEC 1 form;
	// PrivateKeyFile is the path of a file that holds one.
	PrivateKey     storage.Secret
	PrivateKeyFile string
	// Passphrase opens the private key, if it is encrypted.
	Passphrase storage.Secret
	// Agent offers the keys of the ssh-agent at the socket that the environment variable
	// SSH_AUTH_SOCK names, after the private key. Default false.
	Agent bool

	// KnownHostsFile is the path of a file in the form of OpenSSH's known_hosts, hashed names
	// included. Default none: the user's own file is not looked at.
	KnownHostsFile string
	// HostKey pins the server's key: a fingerprint ("SHA256:...", as ssh-keygen -l prints
	// it) or a public key ("ssh-ed25519 AAAA..."), or several, one a line.
	HostKey string
	// InsecureIgnoreHostKey accepts any server, also one that only pretends
	// to be the right one and then has the password. For tests.
	InsecureIgnoreHostKey bool

	// Root is the folder of the objects: absolute, or relative to where the server
	// puts the user. Default "", which is that place. The first write makes it.
	Root string
	// FileMode, if not 0, is set on new files. Default what the server gives them.
	FileMode fs.FileMode
	// Sync makes each commit wait until the file is on the server's disk (fsync@openssh.com).
	// Open fails with kind Unsupported where the server cannot.
	Sync bool

	// Connections is how many connections to the server there are at most. Default 4.
	Connections int
	// ConnectTimeout bounds connecting and logging in. Default 30 s.
	ConnectTimeout time.Duration
	// KeepAlive is how long a connection is silent before the server is asked
	// whether it is there; after twice as long without an answer the connection is dropped. Default 15 s.
	KeepAlive time.Duration
	// IdleTimeout is how long a connection that nobody uses is kept. Default 1 minute.
	IdleTimeout time.Duration
	// Dial makes the connections. Default: net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Bucket are the options of the Bucket; its Name is made of address and Root.
	Bucket *storage.Options
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.Connections <= 0 {
		c.Connections = 4
	}
	for _, d := range []struct {
		value *time.Duration
		def   time.Duration
	}{{&c.ConnectTimeout, 30 * time.Second}, {&c.KeepAlive, 15 * time.Second}, {&c.IdleTimeout, time.Minute}} {
		if *d.value <= 0 {
			*d.value = d.def
		}
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	return &c
}

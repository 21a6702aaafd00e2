package all

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/ftpstore"
	"github.com/rendition-sdk/rendition/storage/location"
	"github.com/rendition-sdk/rendition/storage/sftpstore"
)

// address is host or host:port.
func address(l *location.Location) string {
	if l.Port != 0 {
		return net.JoinHostPort(l.Host, strconv.Itoa(l.Port))
	}
	if strings.Contains(l.Host, ":") {
		return "[" + l.Host + "]"
	}
	return l.Host
}

// root is the folder for a driver: from the server's root, or relative to that of the login.
func (p *place) root() (root, name string, err error) {
	root, name, err = p.folder()
	if p.loc.Absolute {
		root = "/" + root
	}
	return root, name, err
}

func (p *place) openFTP(ctx context.Context) (*storage.Bucket, string, error) {
	root, name, err := p.root()
	if err != nil {
		return nil, "", err
	}
	l, o := p.loc, begin(p.FTP)
	o.Bucket, o.Root = p.bucket(o.Bucket), root
	if p.guarded() {
		o.Dial, o.Listen = p.Guard.Dial, nil
		o.Username, o.Password, o.TLSConfig = "", "", nil
	}
	if l.User != "" {
		o.Username, o.Password = l.User, l.Password
	}
	switch l.Scheme {
	case "ftps":
		o.Security = ftpstore.ImplicitTLS
	case "ftpes":
		o.Security = ftpstore.ExplicitTLS
	default:
		o.Security = ftpstore.Plain
	}
	switch l.Option("passive") {
	case "yes":
		o.Passive = ftpstore.PassiveYes
	case "no":
		if p.guarded() {
			return nil, "", errors.New("active mode makes this machine listen, which is not for URLs from outside; leave passive=no out")
		}
		o.Passive = ftpstore.PassiveNo
	}
	set(&o.PinnedSHA256, l.Option("tls-pin"))
	bkt, err := ftpstore.Open(ctx, address(l), o)
	return bkt, name, err
}

func (p *place) openSFTP(ctx context.Context) (*storage.Bucket, string, error) {
	root, name, err := p.root()
	if err != nil {
		return nil, "", err
	}
	l, o := p.loc, begin(p.SFTP)
	o.Bucket, o.Root = p.bucket(o.Bucket), root
	if p.guarded() {
		o.Dial = p.Guard.Dial
		o.User, o.Password, o.PrivateKey, o.PrivateKeyFile, o.Passphrase, o.Agent = "", "", "", "", "", false
	}
	set(&o.User, l.User)
	if l.Password != "" {
		o.Password = l.Password
	}
	set(&o.HostKey, l.Option("host-key"))
	bkt, err := sftpstore.Open(ctx, address(l), o)
	return bkt, name, err
}

package aspera

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
)

// DefaultPort is the TCP port that Aspera servers answer at.
const DefaultPort = 33001

// Options are those of an Aspera server. The zero value is good for a URL that holds user and password.
type Options struct {
	// Program is the path of ascp. Default: the one on PATH, else where IBM's installers put it.
	Program string
	// User is the transfer user. Default: that of the URL.
	User string
	// Password is the user's, or the key file's passphrase. Default: that of the URL.
	Password storage.Secret
	// KeyFile is the path of a private key for SSH. It is used in place of a password.
	KeyFile string
	// Port is the TCP port (-P). Default: that of the URL, else DefaultPort.
	Port int
	// UDPPort is the port of the data (-O). Default: ascp's, 33001.
	UDPPort int
	// HostFingerprint is the SHA-1 of the server's SSH host key in hex (--check-sshfp). Default: not checked.
	HostFingerprint string
	// TargetRate and MinRate are in bits per second (-l and -m). Default: ascp's (10 Mbit/s and 0).
	TargetRate int64
	MinRate    int64
	// Resume is the resume level, 0 to 3 (-k). Default 0: files are sent anew.
	Resume int
	// MakeFolders makes folders that are missing on the server (-d). Names of objects are then limited to letters, digits,
	// dot, dash and underscore, because the name is part of a URL there.
	MakeFolders bool
	// AnyName allows keys with characters that ascp's documentation tells to avoid.
	AnyName bool
	// Resolve returns the address to connect to in place of a host, or an error that forbids it: ascp makes its
	// connections itself. Default: the host as it is.
	Resolve func(ctx context.Context, host string) (addr string, err error)
	// Bucket are the options of the Bucket; its Name is the URL, redacted. Each call in flight is a program:
	// MaxConcurrent is 4 by default.
	Bucket *storage.Options
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	return &c
}

// check refuses what could be taken for something else on a command line.
func (o *Options) check() error {
	switch {
	case o.User == "":
		return errors.New("the user is missing; write it in front of the host, or set User")
	case o.Password == "" && o.KeyFile == "":
		return errors.New("there is neither a password nor a key file; write the password behind the user, or set KeyFile")
	case badWord(o.User):
		return errors.New("the user has spaces or control characters, or begins with a dash")
	case o.Port < 0 || o.Port > 65535 || o.UDPPort < 0 || o.UDPPort > 65535:
		return errors.New("a port is not between 1 and 65535")
	case o.Resume < 0 || o.Resume > 3:
		return fmt.Errorf("resume level %d; ascp has 0 to 3", o.Resume)
	case o.TargetRate < 0 || o.MinRate < 0:
		return errors.New("a rate is negative")
	case strings.Trim(strings.ToLower(o.HostFingerprint), "0123456789abcdef") != "":
		return errors.New("the host fingerprint is not hex digits alone")
	case strings.ContainsRune(string(o.Password), 0):
		return errors.New("the password has a NUL byte")
	}
	if o.Port == 0 {
		o.Port = DefaultPort
	}
	if o.KeyFile == "" {
		return nil
	}
	path, err := filepath.Abs(o.KeyFile) // which begins with no dash
	o.KeyFile = path
	return err
}

func badWord(s string) bool {
	return strings.HasPrefix(s, "-") || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

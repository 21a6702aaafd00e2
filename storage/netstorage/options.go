package netstorage

import (
	"context"
	"net"
	"time"

	"github.com/rendition-sdk/rendition/storage"
)

// Options are those of a NetStorage Bucket. The zero value is good for a URL that holds name and key.
type Options struct {
	// KeyName is the id of the upload account, without commas and spaces. Default: the user of the URL.
	KeyName string
	// Key is the account's key for this API (G2O). Default: the password of the URL.
	Key storage.Secret
	// MakeFolders makes the folders of a key with mkdir in front of its first upload. Default: NetStorage makes
	// implicit ones.
	MakeFolders bool
	// Dial makes the connections. Default: net.Dialer, and the environment's proxy.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Now is the clock of the signatures. Default time.Now.
	Now func() time.Time
	// Bucket are the options of the Bucket; its Name is the URL, redacted.
	Bucket *storage.Options
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &c
}

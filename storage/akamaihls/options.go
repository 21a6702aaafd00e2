package akamaihls

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/rendition-sdk/rendition/storage"
)

// MaxSegment is the largest segment that the ingest takes, 100 MB.
const MaxSegment = 100_000_000

// Options are those of an ingest. The zero value is good.
type Options struct {
	// Method is "PUT" (default) or "POST".
	Method string
	// Header is sent with every request.
	Header http.Header
	// Username and Password are for basic authentication. Default: the userinfo of the URL, if any.
	Username string
	Password storage.Secret
	// MaxConnections is how many connections there are at a time. Default 8.
	MaxConnections int
	// OrderWait is how long a playlist waits for a segment that it names and that is still on its way. Default 30 s.
	OrderWait time.Duration
	// MaxFile is the largest file in bytes; it lies in memory, which grows with what was written.
	// Default MaxSegment.
	MaxFile int64
	// Dial makes the connections. Default: net.Dialer, and the environment's proxy.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Bucket are the options of the Bucket; its Name is the URL, redacted.
	Bucket *storage.Options
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	c.Header = c.Header.Clone()
	if c.Method == "" {
		c.Method = http.MethodPut
	}
	if c.MaxConnections <= 0 {
		c.MaxConnections = 8
	}
	if c.OrderWait <= 0 {
		c.OrderWait = 30 * time.Second
	}
	if c.MaxFile <= 0 {
		c.MaxFile = MaxSegment
	}
	c.MaxFile = min(c.MaxFile, storage.MaxPartSize)
	return &c
}

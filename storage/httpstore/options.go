package httpstore

import (
	"context"
	"net"
	"net/http"

	"github.com/rendition-sdk/rendition/storage"
)

// Options are those of an HTTP store. The zero value is good.
type Options struct {
	// Client makes the requests; it is copied and its CheckRedirect is asked
	// too. Default: a client of its own with time limits for connecting (10 s)
	// and for the first byte of an answer (1 minute). A Client with a Timeout
	// limits each range as a whole.
	Client *http.Client
	// Dial makes the connections of the default client. Default: net.Dialer, and
	// the environment's proxy.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Header is sent with every request to the server, not to others it redirects to.
	Header http.Header
	// Username and Password are for basic authentication. Default: the
	// userinfo of the URL, if any.
	Username string
	Password storage.Secret
	// Bearer is a token for the Authorization header; it wins over Username.
	Bearer storage.Secret
	// MaxRedirects is how many redirects a request follows; default 10,
	// negative none.
	MaxRedirects int
	// MaxSkip is how many bytes are read and dropped for a seek on a server
	// without ranges. Default 16 MiB; negative none.
	MaxSkip int64
	// Bucket are the options of the Bucket; its Name is the URL, redacted.
	Bucket *storage.Options
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	c.Header = c.Header.Clone()
	if c.MaxRedirects == 0 {
		c.MaxRedirects = 10
	}
	if c.MaxSkip == 0 {
		c.MaxSkip = 16 << 20
	}
	c.MaxSkip = max(c.MaxSkip, 0)
	return &c
}

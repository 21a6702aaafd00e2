package httpstore

import (
	"context"
	"net"
	"net/http"

	"github.com/rendition-sdk/rendition/storage"
)

// WriteMode is how objects are written.
type WriteMode uint8

const (
	// WriteAuto is WritePut for the one object of an OpenURL whose query holds a
	// signature that allows, or may allow, a PUT; WriteNone for everything else.
	WriteAuto WriteMode = iota
	// WriteNone refuses to write and delete.
	WriteNone
	// WritePut sends an object in one PUT of known length, as presigned URLs need it. The object
	// lies in memory until Close, and may have at most Options.MaxPut bytes; a larger one fails
	// with kind Quota. An Azure URL with a shared access signature has no such limit: its
	// object is put block by block, on the same signature.
	WritePut
	// WriteChunked sends objects of one part as WritePut does, and larger ones in one PUT with
	// Transfer-Encoding: chunked, part by part, with one part in memory. Servers that
	// store files (nginx with dav, Apache, WebDAV) accept it; S3 and Azure do not. A connection that
	// breaks after the first part fails the object with kind Unavailable, and the
	// caller writes it anew: a PUT cannot be resumed.
	WriteChunked
)

// DefaultMaxPut is 64 MiB.
const DefaultMaxPut = 64 << 20

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
	// A presigned URL whose signature covers headers needs them here.
	Header http.Header
	// Username and Password are for basic authentication. Default: the
	// userinfo of the URL, if any.
	Username string
	Password storage.Secret
	// Bearer is a token for the Authorization header; it wins over Username.
	Bearer storage.Secret
	// MaxRedirects is how many redirects a request follows; default 10,
	// negative none. A PUT follows 307 and 308 alone, which keep its method and body.
	MaxRedirects int
	// MaxSkip is how many bytes are read and dropped for a seek on a server
	// without ranges. Default 16 MiB; negative none.
	MaxSkip int64
	// Write is how objects are written. Default WriteAuto: nothing but what a URL is signed for.
	Write WriteMode
	// MaxPut is the largest object of WritePut in bytes, at most storage.MaxPartSize: it
	// lies in memory, which grows with what was written. Default DefaultMaxPut, and
	// not less than WriterOptions.PartSize, which raises it for one object.
	MaxPut int64
	// Folders says that the server keeps objects as files in folders, as nginx and WebDAV
	// servers do, so that "a" and "a/b" cannot both be objects. Folders that are
	// missing are the server's to make (nginx: create_full_put_path on).
	Folders bool
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
	if c.MaxPut <= 0 {
		c.MaxPut = DefaultMaxPut
	}
	c.MaxPut = min(c.MaxPut, storage.MaxPartSize)
	return &c
}

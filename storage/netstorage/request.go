package netstorage

import (
	"context"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// call is one request.
type call struct {
	method string
	path   string // absolute, not escaped
	action string // with its parameters, without the version
	rng    string // of a download
	part   *driver.Part
	stream io.Reader // sent in chunks, with the SHA-256 as a trailer
	sum    hash.Hash // of stream
}

// send makes one request. The caller closes the response's body.
func (d *account) send(ctx context.Context, c *call) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, c.method, "http://host/", nil)
	if err != nil {
		return nil, err
	}
	u := *d.base
	u.Path, u.RawPath = c.path, escape(c.path)
	req.URL, req.Host = &u, u.Host
	path := u.EscapedPath()
	d.authorize(req.Header, path, "version=1&"+c.action)
	req.Header.Set("Accept-Encoding", "identity")
	if c.rng != "" {
		req.Header.Set("Range", c.rng)
	}
	switch {
	case c.part != nil:
		p := web.NewPayload(c.part.Body, c.part.Size)
		defer p.Done()
		if err := p.Attach(req); err != nil {
			return nil, err
		}
	case c.stream != nil:
		d.trail(req, path, c)
	case c.method == http.MethodGet:
		// A body that cannot be had again keeps the transport from sending a GET a second time by itself, when
		// a kept connection breaks: servers refuse a signature that comes twice. Nothing of it is sent.
		req.Body = io.NopCloser(strings.NewReader(""))
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, web.WithoutURL(err)
	}
	return resp, nil
}

// trail sends the stream in chunks, and behind the last one the action with the digest that the
// server shall find, signed anew.
func (d *account) trail(req *http.Request, path string, c *call) {
	req.ContentLength = -1
	req.Trailer = http.Header{actionHeader: nil, dataHeader: nil, signHeader: nil}
	req.Body = io.NopCloser(&hashing{r: io.TeeReader(c.stream, c.sum), atEnd: func() {
		digest := hex.EncodeToString(c.sum.Sum(nil))
		d.authorize(req.Trailer, path, "version=1&action=upload&sha256="+digest)
	}})
}

// hashing calls atEnd when r has ended, in front of telling so.
type hashing struct {
	r     io.Reader
	atEnd func()
}

func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	if err == io.EOF {
		h.atEnd()
	}
	return n, err
}

// escape is the path as it is sent and signed.
func escape(path string) string {
	elements := strings.Split(path, "/")
	for i, e := range elements {
		elements[i] = url.PathEscape(e)
	}
	return strings.Join(elements, "/")
}

// do makes a request whose answer is its status.
func (d *account) do(ctx context.Context, c *call) error {
	resp, err := d.send(ctx, c)
	if err != nil {
		return err
	}
	defer drain(resp)
	return d.status(resp)
}

// drain reads the little that answers hold, which keeps the connection.
func drain(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // a failure shows in the next request
	resp.Body.Close()
}

// skew is how far the server's clock is ahead of ours, 0 when it does not tell.
func skew(resp *http.Response, now time.Time) time.Duration {
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return 0
	}
	return date.Sub(now).Round(time.Second)
}

package swiftstore

import (
	"context"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// request is one request to the account, its container or an object.
type request struct {
	method         string
	container, key string // key "" is the container, both "" the account
	query          url.Values
	header         map[string]string
	body           io.ReadSeeker // sent from its start; nil is none
	size           int64
	sum            hash.Hash // is given the bytes of body as they are sent; nil is nothing
	slow           bool      // the server works long before it answers
	ask            bool      // send the body only when the server has begun to work on the request
}

// maxUnasked is the largest body that is sent before the server has looked at the
// request's header. A refused token costs no more than that.
const maxUnasked = 64 << 10

// send makes one request, and a second one with a new token when the server
// refuses the first one's. The caller closes the answer's body.
func (d *store) send(ctx context.Context, r *request) (*http.Response, error) {
	for again := true; ; again = false {
		account, token, err := d.session.get(ctx)
		if err != nil {
			return nil, err
		}
		resp, err := d.once(ctx, r, account, token)
		if err != nil || resp.StatusCode != http.StatusUnauthorized || !again || !d.session.refused(ctx, token) {
			return resp, err
		}
		drain(resp)
	}
}

// call is send for requests whose answer is all in its header. Other statuses
// than 2xx are errors.
func (d *store) call(ctx context.Context, r *request) (http.Header, error) {
	resp, err := d.send(ctx, r)
	if err != nil {
		return nil, err
	}
	defer drain(resp)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, d.statusError(ctx, r, resp)
	}
	return resp.Header, nil
}

func (d *store) once(ctx context.Context, r *request, account *url.URL, token string) (*http.Response, error) {
	ctx, cancel := context.WithCancel(ctx)
	req, sent, err := r.build(ctx, account)
	if err != nil {
		cancel()
		return nil, err
	}
	if token != "" {
		req.Header.Set("X-Auth-Token", token)
	}
	c := d.clients.fast
	if r.slow {
		c = d.clients.slow
	}
	resp, err := c.Do(req)
	if err != nil {
		cancel()
		sent.wait()
		return nil, web.WithoutURL(err)
	}
	// The body of the answer is part of the request's life; the one that was sent is let go of when that ends.
	resp.Body = &answer{ReadCloser: resp.Body, cancel: cancel, sent: sent}
	return resp, nil
}

func (r *request) build(ctx context.Context, account *url.URL) (*http.Request, *sentBody, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, "http://host/", http.NoBody)
	if err != nil {
		return nil, nil, err
	}
	req.URL = r.url(account)
	req.Host = req.URL.Host
	req.Header.Set("User-Agent", userAgent)
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	if r.body == nil {
		return req, nil, nil
	}
	if _, err := r.body.Seek(0, io.SeekStart); err != nil {
		return nil, nil, err
	}
	if r.size == 0 {
		return req, nil, nil
	}
	body := &sentBody{Reader: r.body, done: make(chan struct{})}
	if r.sum != nil {
		r.sum.Reset()
		body.Reader = io.TeeReader(r.body, r.sum)
	}
	req.Body, req.ContentLength = body, r.size
	if r.ask || r.size > maxUnasked {
		req.Header.Set("Expect", "100-continue")
	}
	return req, body, nil
}

func (r *request) url(account *url.URL) *url.URL {
	u := *account
	u.RawQuery = r.query.Encode()
	if r.container != "" {
		escaped := account.EscapedPath() + escapePath("/"+r.container)
		u.Path += "/" + r.container
		if r.key != "" {
			escaped += escapePath("/" + r.key)
			u.Path += "/" + r.key
		}
		u.RawPath = escaped
	}
	return &u
}

// escapePath escapes all but the slashes.
func escapePath(path string) string {
	elements := strings.Split(path, "/")
	for i, e := range elements {
		elements[i] = url.PathEscape(e)
	}
	return strings.Join(elements, "/")
}

// sentBody is the body of a request. A transport may read from it after the answer has
// come, and the buffer behind it is used again: wait says when it is free.
type sentBody struct {
	io.Reader
	done   chan struct{}
	closed bool
}

// Close is called by the transport, by one goroutine at a time.
func (b *sentBody) Close() error {
	if !b.closed {
		b.closed = true
		close(b.done)
	}
	return nil
}

func (b *sentBody) wait() {
	if b != nil {
		<-b.done
	}
}

// answer is the body of an answer.
type answer struct {
	io.ReadCloser
	cancel context.CancelFunc
	sent   *sentBody
}

func (a *answer) Close() error {
	err := a.ReadCloser.Close()
	a.cancel()
	a.sent.wait()
	return err
}

// maxDrain is how much of an answer's rest is read to keep its connection.
const maxDrain = 64 << 10

func drain(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, maxDrain) // a failure shows in the next request
	resp.Body.Close()
}

package httpstore

import (
	"context"
	"crypto/md5" //nolint:gosec // what S3 and Azure verify an upload with
	"encoding/base64"
	"fmt"
	"io"
	"net/http"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// setClient makes the client with the store's own redirect rules.
func (d *site) setClient() {
	var c http.Client
	if d.opts.Client != nil {
		c = *d.opts.Client
	} else {
		d.own = web.Transport(d.opts.Dial)
		c.Transport = d.own
	}
	ask := c.CheckRedirect
	c.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if len(via) > max(d.opts.MaxRedirects, 0) {
			return redirect("more than %d redirects", max(d.opts.MaxRedirects, 0))
		}
		if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
			return redirect("a redirect to something other than http or https")
		}
		if req.Method != via[0].Method && via[0].Method != http.MethodHead {
			return redirect("a redirect that makes a %s of the %s", req.Method, via[0].Method) // status 301 to 303
		}
		d.protect(req, via[0])
		if ask != nil {
			return ask(req, via)
		}
		return nil
	}
	d.client = &c
}

func redirect(format string, args ...any) error {
	return &driver.Error{Kind: rendition.Unsupported, Err: fmt.Errorf(format, args...), Hint: "name the file by its last address"}
}

// protect keeps credentials from another host and from an unencrypted line,
// and the address of the first request (a signed query) from anybody.
func (d *site) protect(req, first *http.Request) {
	req.Header.Del("Referer")
	lower := first.URL.Scheme == "https" && req.URL.Scheme == "http"
	if req.URL.Host == first.URL.Host && !lower {
		return
	}
	req.Header.Del("Authorization")
	req.Header.Del("Cookie")
	for name := range d.opts.Header {
		req.Header.Del(name)
	}
}

// call is one request.
type call struct {
	method string
	key    string
	header http.Header
	query  string       // added to that of the URL
	part   *driver.Part // its Body is sent, with its Size
	sum    bool         // with the part's Content-MD5
	stream io.Reader    // sent in chunks
}

// send makes one request. The caller closes the response's body.
func (d *site) send(ctx context.Context, c *call) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, c.method, "http://host/", c.stream)
	if err != nil {
		return nil, err
	}
	u := *d.url(c.key)
	if c.query != "" {
		u.RawQuery += "&" + c.query
	}
	req.URL, req.Host = &u, u.Host
	d.setHeader(req, c.header)
	if c.part != nil {
		p := web.NewPayload(c.part.Body, c.part.Size)
		defer p.Done()
		if c.sum {
			if err := addMD5(req, p); err != nil {
				return nil, err
			}
		}
		if err := p.Attach(req); err != nil {
			return nil, err
		}
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, web.WithoutURL(err)
	}
	return resp, nil
}

func (d *site) setHeader(req *http.Request, header http.Header) {
	for name, values := range d.opts.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	switch {
	case d.opts.Bearer != "":
		req.Header.Set("Authorization", "Bearer "+d.opts.Bearer.Reveal())
	case d.opts.Username != "" || d.opts.Password != "":
		req.SetBasicAuth(d.opts.Username, d.opts.Password.Reveal())
	}
	req.Header.Set("Accept-Encoding", "identity")
	for name, values := range header {
		req.Header[name] = values
	}
}

// addMD5 has the server verify what arrives.
func addMD5(req *http.Request, p *web.Payload) error {
	body, err := p.Open()
	if err != nil {
		return err
	}
	sum := md5.New() //nolint:gosec // as above
	if _, err := io.Copy(sum, body); err != nil {
		return err
	}
	req.Header.Set("Content-Md5", base64.StdEncoding.EncodeToString(sum.Sum(nil)))
	return nil
}

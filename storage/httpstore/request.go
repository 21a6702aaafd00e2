package httpstore

import (
	"context"
	"fmt"
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

// send makes one request. The caller closes the response's body.
func (d *site) send(ctx context.Context, method, key string, header map[string]string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://host/", http.NoBody)
	if err != nil {
		return nil, err
	}
	u := *d.url(key)
	req.URL, req.Host = &u, u.Host
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
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, web.WithoutURL(err)
	}
	return resp, nil
}

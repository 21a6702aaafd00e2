package swiftstore

import (
	"fmt"
	"net/http"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

const userAgent = "rendition"

// slowTimeout is how long the first byte of an answer may take where the server
// works before it answers: it copies, or looks at each segment of a manifest.
const slowTimeout = 15 * time.Minute

// askTimeout is how long a body waits for the server's word that it may come. All
// Swifts give it; an early body could outlive the request to delete it (upload.go).
const askTimeout = 10 * time.Second

// clients make the requests. Both have connections of their own.
type clients struct {
	fast, slow           *http.Client
	fastRoads, slowRoads *http.Transport
}

func newClients(dial web.DialFunc) *clients {
	c := &clients{fastRoads: web.Transport(dial), slowRoads: web.Transport(dial)}
	c.slowRoads.ResponseHeaderTimeout = slowTimeout
	c.fastRoads.ExpectContinueTimeout, c.slowRoads.ExpectContinueTimeout = askTimeout, askTimeout
	c.fast, c.slow = client(c.fastRoads), client(c.slowRoads)
	return c
}

// client follows no redirect: a token is for the host it was made for.
func client(t *http.Transport) *http.Client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Transport: t, CheckRedirect: stay}
}

func (c *clients) close() {
	c.fastRoads.CloseIdleConnections()
	c.slowRoads.CloseIdleConnections()
}

// loginRoad is the transport of logins. It is a type of its own, so that ncw/swift
// does not close the idle connections of requests; it refuses redirects, which
// would carry the password on, and keeps what a busy server asks for.
type loginRoad struct{ next http.RoundTripper }

func (r loginRoad) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	code := resp.StatusCode
	switch {
	case code == http.StatusMultipleChoices: // Keystone's list of versions: the address lacks one
		return resp, nil
	case code > http.StatusMultipleChoices && code < http.StatusBadRequest:
		err = fail(rendition.InvalidJob, "give its last address as AuthURL", "the login was answered with a redirect")
	case code == http.StatusTooManyRequests || code == statusRateLimit || code >= http.StatusInternalServerError:
		err = &driver.Error{
			Kind: rendition.Unavailable, RetryAfter: web.RetryAfter(resp.Header.Get("Retry-After"), time.Now()),
			Err: fmt.Errorf("the login was answered with %d %s", code, http.StatusText(code)),
		}
	default:
		return resp, nil
	}
	resp.Body.Close()
	return nil, err
}

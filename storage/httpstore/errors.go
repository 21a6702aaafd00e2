package httpstore

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// Classify gives the kind of an error.
func (*site) Classify(err error) rendition.Kind { return web.Kind(err) }

// statusError turns the status of an answer into an error.
func statusError(resp *http.Response) error {
	e := &driver.Error{Err: fmt.Errorf("the server answered %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))}
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized:
		e.Kind, e.Hint = rendition.Permission, "give credentials that may read it"
	case code == http.StatusForbidden || code == http.StatusUnavailableForLegalReasons || code == http.StatusProxyAuthRequired:
		e.Kind, e.Hint = rendition.Permission, "check the credentials, and whether a signed URL has expired"
	case code == http.StatusNotFound || code == http.StatusGone:
		e.Kind = rendition.NotFound
	case code == http.StatusPreconditionFailed:
		return driver.ErrChanged
	case code == http.StatusMethodNotAllowed || code == http.StatusNotImplemented || code == http.StatusHTTPVersionNotSupported:
		e.Kind = rendition.Unsupported
	case code == http.StatusRequestTimeout || code == http.StatusTooEarly || code == http.StatusTooManyRequests || code >= 500:
		e.Kind, e.RetryAfter = rendition.Unavailable, web.RetryAfter(resp.Header.Get("Retry-After"), time.Now())
	case code >= 400:
		e.Kind, e.Hint = rendition.InvalidJob, "check the URL"
	default: // 1xx, 204, 304, a redirect without a place
		e.Kind, e.Hint = rendition.Unsupported, "name a URL that answers with the file itself"
	}
	return e
}

// broken is an answer against the rules of HTTP.
func broken(format string, args ...any) error {
	return &driver.Error{Kind: rendition.Integrity, Err: fmt.Errorf("the server's answer is broken: "+format, args...)}
}

// wrote says whether an answer means that a request that changes something was carried out.
func wrote(resp *http.Response) error {
	code := resp.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	err := statusError(resp)
	var e *driver.Error
	if !errors.As(err, &e) {
		return err
	}
	switch code {
	case http.StatusUnauthorized:
		e.Hint = "give credentials that may write it"
	case http.StatusForbidden:
		e.Hint = "check that the credentials may write; a signed URL must be for PUT, for these headers, and not have expired"
	case http.StatusConflict:
		e.Kind, e.Hint = rendition.Exists, "a folder is where the object should be, or its folder is missing"
	case http.StatusLengthRequired:
		e.Kind, e.Hint = rendition.Unsupported, "the server takes no chunked upload: use WritePut"
	case http.StatusRequestEntityTooLarge, http.StatusInsufficientStorage:
		e.Kind, e.RetryAfter, e.Hint = rendition.Quota, 0, "the object is too large for the server, or its disk is full"
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		e.Hint = "the server does not take uploads at this address"
	}
	if code >= 300 && code < 400 {
		e.Hint = "name the file by its last address: an upload follows status 307 and 308 alone, and a chunked one none"
	}
	explain(e, resp, time.Now())
	return e
}

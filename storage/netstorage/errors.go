package netstorage

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// maxSkew is less than what servers accept: 30 seconds by their older documentation, 60 by the newer.
const maxSkew = 25 * time.Second

var errMissing = &driver.Error{Kind: rendition.NotFound, Err: errors.New("there is no such object")}

// status turns an answer that is no success into an error. Its text is not quoted: servers may repeat
// what was signed.
func (d *account) status(resp *http.Response) error {
	code := resp.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	e := &driver.Error{Err: fmt.Errorf("NetStorage answered %d %s", code, http.StatusText(code)), Kind: web.StatusKind(code)}
	switch code {
	case http.StatusUnauthorized, http.StatusForbidden:
		e.Hint = "check the key name and key, and that the upload account may use this directory and this API"
		if s := skew(resp, d.opts.Now()); s.Abs() > maxSkew {
			e.Hint = fmt.Sprintf("this machine's clock differs from the server's by %s, and signatures live for a minute: set it", s.Abs())
		}
	case http.StatusConflict:
		e.Kind, e.Hint = rendition.Exists, "something else has this name, or a folder is not empty"
	case http.StatusPreconditionFailed:
		e.Kind, e.Hint = rendition.Integrity, "what arrived has another size or checksum; nothing was stored"
	case http.StatusLocked, 509:
		e.Kind = rendition.Unavailable
	case http.StatusRequestEntityTooLarge:
		e.Kind = rendition.Quota
	}
	switch {
	case e.Kind == 0 && code >= 400:
		e.Kind, e.Hint = rendition.InvalidJob, "check the host and the root directory (the CP code)"
	case e.Kind == 0:
		e.Kind, e.Hint = rendition.Unsupported, "name the host of the storage group, [prefix]-nsu.akamaihd.net"
	case e.Kind == rendition.Unavailable:
		e.RetryAfter = web.RetryAfter(resp.Header.Get("Retry-After"), d.opts.Now())
	}
	return e
}

// isKind says whether err is a driver's error of a kind.
func isKind(err error, kind rendition.Kind) bool {
	var e *driver.Error
	return errors.As(err, &e) && e.Kind == kind
}

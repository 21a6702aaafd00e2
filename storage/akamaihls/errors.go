package akamaihls

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// minPause is what a 429 without Retry-After asks for: the limits count requests in a second.
const minPause = time.Second

// status turns an answer that is no success into an error.
func status(resp *http.Response) error {
	code := resp.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	e := &driver.Error{Err: fmt.Errorf("the ingest answered %d %s", code, http.StatusText(code)), Kind: web.StatusKind(code)}
	if e.Kind == rendition.Unavailable {
		e.RetryAfter = web.RetryAfter(resp.Header.Get("Retry-After"), time.Now())
	}
	switch {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		e.Hint = "check the stream id, the user and password, and whether this machine's address may publish"
	case code == http.StatusNotFound:
		e.Hint = "check the account, the stream id and the stream's name"
	case code == http.StatusTooManyRequests:
		e.RetryAfter = max(e.RetryAfter, minPause)
		e.Hint = "the limit is 10 requests a second for a rendition and 100 for a stream id: make longer segments"
	case code == http.StatusRequestEntityTooLarge:
		e.Kind, e.Hint = rendition.Quota, "a segment has at most 100 MB: make shorter segments"
	case e.Kind == 0 && code >= 400:
		e.Kind, e.Hint = rendition.InvalidJob, "check the URL, the stream's format and the playlist"
	case e.Kind == 0:
		e.Kind, e.Hint = rendition.Unsupported, "name the entry point itself: an ingest is not redirected"
	}
	return e
}

func isKind(err error, kind rendition.Kind) bool {
	var e *driver.Error
	return errors.As(err, &e) && e.Kind == kind
}

package swiftstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// Statuses that only Swift and its proxies have.
const (
	statusRateLimit    = 498
	statusClientClosed = 499
)

// Classify gives the kind of an error.
func (*store) Classify(err error) rendition.Kind { return classify(err) }

func classify(err error) rendition.Kind { return web.Kind(err) }

func hintOf(err error) string {
	var said *driver.Error
	if errors.As(err, &said) {
		return said.Hint
	}
	return ""
}

func ctxCause(ctx context.Context) error {
	err, why := ctx.Err(), context.Cause(ctx)
	if errors.Is(why, err) {
		return why
	}
	return fmt.Errorf("%w: %w", err, why)
}

// statusError turns an answer that is no success into an error. It reads what the
// server says, where that is plain text, but does not close the body.
func (d *store) statusError(ctx context.Context, r *request, resp *http.Response) error {
	code := resp.StatusCode
	e := &driver.Error{Err: fmt.Errorf("the server answered %d %s", code, statusText(code))}
	switch {
	case code == http.StatusUnauthorized:
		e.Kind, e.Hint = rendition.Permission, "the token is not valid for this account; check StorageURL, or give a new AuthToken"
	case code == http.StatusForbidden:
		e.Kind, e.Hint = rendition.Permission, d.forbiddenHint(r)
	case code == http.StatusNotFound:
		return d.missing(ctx, r, e.Err)
	case code == http.StatusConflict && (r.method == http.MethodGet || r.method == methodCopy):
		e.Kind, e.Err = rendition.Integrity, errors.New("a segment of the large object is missing or has changed")
		e.Hint = "write the object again"
	case code == http.StatusConflict:
		e.Kind, e.Hint = rendition.Unavailable, "another write of the same object came in between, or the clocks of the cluster differ"
	case code == http.StatusRequestEntityTooLarge || code == http.StatusInsufficientStorage:
		e.Kind, e.Hint = rendition.Quota, "the quota of the container or account is used up, or the object is larger than the cluster allows"
	case code == http.StatusUnprocessableEntity:
		return errOtherBytes()
	case code == statusRateLimit || code == statusClientClosed:
		e.Kind = rendition.Unavailable
	case code >= 300 && code < 400:
		e.Kind, e.Hint = rendition.InvalidJob, "the server redirects; give its last address as StorageURL"
	default:
		if e.Kind = web.StatusKind(code); e.Kind == 0 {
			e.Kind, e.Hint = rendition.InvalidJob, plainText(resp)
		}
	}
	if e.Kind == rendition.Unavailable {
		e.RetryAfter = web.RetryAfter(resp.Header.Get("Retry-After"), time.Now())
	}
	return e
}

// fail makes an error of a kind that the status alone would not tell. The hint may be "".
func fail(kind rendition.Kind, hint, format string, args ...any) error {
	return &driver.Error{Kind: kind, Err: fmt.Errorf(format, args...), Hint: hint}
}

func errOtherBytes() error {
	return fail(rendition.Integrity, "", "the server got other bytes than were sent: their MD5 differs")
}

func statusText(code int) string {
	switch code {
	case statusRateLimit:
		return "Rate Limited"
	case statusClientClosed:
		return "Client Disconnected"
	}
	return http.StatusText(code)
}

func (d *store) forbiddenHint(r *request) string {
	if r.container == d.opts.SegmentContainer && r.container != d.container {
		return fmt.Sprintf("the user may not write to the container %q, where segments go; make it, or set SegmentContainer", r.container)
	}
	return "the user has no right to do this in the container; check its ACL and the user's roles, or Project"
}

// errMissing is the object that is not there.
var errMissing = errors.New("there is no such object")

// missing is a 404: it tells an object that is not there from a container that is not.
func (d *store) missing(ctx context.Context, r *request, answered error) error {
	e := &driver.Error{Kind: rendition.NotFound, Err: errMissing}
	if r.container == d.container && r.key != "" && r.method != http.MethodPut {
		there, err := d.hasContainer(ctx)
		if err != nil {
			return err
		}
		if there {
			return e
		}
	}
	e.Err, e.Hint = answered, fmt.Sprintf("there is no container %q in this account; make it, or check Project and Region", r.container)
	return e
}

// isMissing says whether err is an object that is not there, in a container that is.
func isMissing(err error) bool { return errors.Is(err, errMissing) }

// hasContainer asks for the container, until it was there once.
func (d *store) hasContainer(ctx context.Context) (bool, error) {
	d.mu.Lock()
	seen := d.seen
	d.mu.Unlock()
	if seen {
		return true, nil
	}
	// Not a HEAD: Swift 2.30 answers that with a 204 and stray bytes behind it.
	r := &request{method: http.MethodGet, container: d.container, query: url.Values{"format": {"json"}, "limit": {"1"}}}
	resp, err := d.send(ctx, r)
	if err != nil {
		return false, err
	}
	defer drain(resp)
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return false, nil
	case resp.StatusCode == http.StatusForbidden:
		return true, nil // who may use objects need not be allowed to list the container
	case resp.StatusCode > 299:
		return false, d.statusError(ctx, r, resp)
	}
	d.mu.Lock()
	d.seen = true
	d.mu.Unlock()
	return true, nil
}

// plainText is what a server wrote to explain a refusal, one short line.
func plainText(resp *http.Response) string {
	const limit = 200
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") {
		return ""
	}
	text, _ := io.ReadAll(io.LimitReader(resp.Body, limit)) // half a sentence is better than none
	clean := func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}
	return strings.TrimSpace(strings.Map(clean, strings.ToValidUTF8(string(text), "?")))
}

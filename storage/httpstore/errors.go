package httpstore

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Classify knows certificates; an error of the transport that nobody knows is
// one of the network.
func (*web) Classify(err error) rendition.Kind {
	var cert *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	if errors.As(err, &cert) || errors.As(err, &unknown) || errors.As(err, &host) {
		return rendition.Permission
	}
	if k := driver.DefaultKind(err); k != rendition.Internal {
		return k
	}
	return rendition.Unavailable
}

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
		e.Kind, e.RetryAfter = rendition.Unavailable, retryAfter(resp.Header.Get("Retry-After"), time.Now())
	case code >= 400:
		e.Kind, e.Hint = rendition.InvalidJob, "check the URL"
	default: // 1xx, 204, 304, a redirect without a place
		e.Kind, e.Hint = rendition.Unsupported, "name a URL that answers with the file itself"
	}
	return e
}

// retryAfter reads seconds or a date (RFC 9110 section 10.2.3); 0 is neither.
func retryAfter(value string, now time.Time) time.Duration {
	const most = 24 * time.Hour
	if s, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(s)*time.Second, most)
	}
	if t, err := http.ParseTime(value); err == nil {
		return min(max(t.Sub(now), 0), most)
	}
	return 0
}

// broken is an answer against the rules of HTTP.
func broken(format string, args ...any) error {
	return &driver.Error{Kind: rendition.Integrity, Err: fmt.Errorf("the server's answer is broken: "+format, args...)}
}

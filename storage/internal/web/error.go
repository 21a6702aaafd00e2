package web

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Kind gives the kind of a request's error: certificates are a matter of permission, and an
// error of the transport that nobody knows is one of the network.
func Kind(err error) rendition.Kind {
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

// StatusKind gives the kind of an answer with a status from 400 on, or 0 when only the
// protocol on top can tell.
func StatusKind(code int) rendition.Kind {
	switch code {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusUnavailableForLegalReasons, http.StatusProxyAuthRequired:
		return rendition.Permission
	case http.StatusNotFound, http.StatusGone:
		return rendition.NotFound
	case http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
		return rendition.Unsupported
	case http.StatusInsufficientStorage:
		return rendition.Quota
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return rendition.Unavailable
	}
	if code >= 500 {
		return rendition.Unavailable
	}
	return 0
}

// RetryAfter reads the header of that name: seconds or a date (RFC 9110 section
// 10.2.3), at most a day; 0 is neither.
func RetryAfter(value string, now time.Time) time.Duration {
	const most = 24 * time.Hour
	if s, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(s)*time.Second, most)
	}
	if t, err := http.ParseTime(value); err == nil {
		return min(max(t.Sub(now), 0), most)
	}
	return 0
}

// WithoutURL drops the address, query included, that the http package puts in
// front of its errors. An io.EOF, which a connection gives that ends in front of the
// answer, becomes io.ErrUnexpectedEOF: it is not the end of an object.
func WithoutURL(err error) error {
	var e *url.Error
	if !errors.As(err, &e) {
		return err
	}
	if strings.Contains(e.Err.Error(), "://") {
		return &driver.Error{Kind: rendition.Unavailable, Err: errors.New("the request failed at a redirect")}
	}
	if e.Err == io.EOF { //nolint:errorlint // the bare one is what readers take for the end
		return io.ErrUnexpectedEOF
	}
	return e.Err
}

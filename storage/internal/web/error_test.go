package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-7": 0, "soon": 0, "Wed, 02 Jan 2030 03:04:35 GMT": 30 * time.Second,
		"Wed, 02 Jan 2030 03:04:00 GMT": 0, "4000000000": 24 * time.Hour, "99999999999999999999": 0,
	} {
		require.Equal(t, want, RetryAfter(value, now), value)
	}
}

func TestStatusKind(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]rendition.Kind{
		http.StatusBadRequest: 0, http.StatusForbidden: rendition.Permission, http.StatusGone: rendition.NotFound, http.StatusConflict: 0,
		http.StatusTooManyRequests: rendition.Unavailable, http.StatusNotImplemented: rendition.Unsupported,
		http.StatusBadGateway: rendition.Unavailable, http.StatusInsufficientStorage: rendition.Quota,
	} {
		require.Equal(t, want, StatusKind(code), code)
	}
}

func TestWithoutURL(t *testing.T) {
	t.Parallel()
	inner := errors.New("connection reset")
	require.Equal(t, inner, WithoutURL(&url.Error{Op: "Get", URL: "https://host/?sig=secret", Err: inner}))
	got := WithoutURL(&url.Error{Op: "Get", URL: "https://a/", Err: errors.New("Get https://host/?sig=secret: refused")})
	require.NotContains(t, got.Error(), "secret")
	require.Equal(t, inner, WithoutURL(inner))
	require.Equal(t, io.ErrUnexpectedEOF, WithoutURL(&url.Error{Op: "Get", Err: io.EOF}))
}

package swiftstore

import (
	"context"
	"net/http"
	"net/url"

	"github.com/ncw/swift/v2"
)

// authV1 is the login of Swift v1, which sends user and key under both names that
// servers ask for: X-Auth-User and X-Auth-Key, and Oracle's X-Storage-User and
// X-Storage-Pass. It implements swift.Authenticator.
type authV1 struct {
	header http.Header // of the answer
}

var _ swift.Authenticator = (*authV1)(nil)

func (*authV1) Request(ctx context.Context, c *swift.Connection) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.AuthUrl, http.NoBody)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{
		"X-Auth-User": c.UserName, "X-Auth-Key": c.ApiKey, "X-Storage-User": c.UserName, "X-Storage-Pass": c.ApiKey, "User-Agent": c.UserAgent,
	} {
		req.Header.Set(name, value)
	}
	return req, nil
}

func (a *authV1) Response(_ context.Context, resp *http.Response) error {
	a.header = resp.Header
	return nil
}

// StorageUrl is where the account is.
func (a *authV1) StorageUrl(internal bool) string { //nolint:revive // the interface's spelling
	account := a.header.Get("X-Storage-Url")
	if u, err := url.Parse(account); internal && err == nil {
		u.Host = "snet-" + u.Host
		return u.String()
	}
	return account
}

func (a *authV1) Token() string { return a.header.Get("X-Auth-Token") }

// CdnUrl is not known in v1.
func (*authV1) CdnUrl() string { return "" } //nolint:revive // the interface's spelling

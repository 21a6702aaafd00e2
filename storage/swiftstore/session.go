package swiftstore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/ncw/swift/v2"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// session holds the token and fetches another one when it has expired. It is safe
// for concurrent use: one goroutine logs in and the others wait for it.
type session struct {
	opts *Options
	conn *swift.Connection
	// lock has room for one: a mutex that can be waited for until a ctx ends.
	lock chan struct{}

	token   string // "" when there is none, or the last was refused
	account *url.URL
}

// loginTimeout bounds one login. ncw/swift calls it ConnectTimeout.
const loginTimeout = time.Minute

func newSession(opts *Options, transport http.RoundTripper) (*session, error) {
	s := &session{opts: opts, lock: make(chan struct{}, 1), token: opts.AuthToken.Reveal()}
	s.conn = &swift.Connection{
		AuthUrl: opts.authURL(), AuthVersion: opts.authVersion(), UserName: opts.User, UserId: opts.UserID, ApiKey: opts.Key.Reveal(),
		Domain: opts.Domain, DomainId: opts.DomainID, Tenant: opts.Project, TenantId: opts.ProjectID,
		TenantDomain: opts.ProjectDomain, TenantDomainId: opts.ProjectDomainID, Region: opts.Region,
		ApplicationCredentialId: opts.ApplicationCredentialID, ApplicationCredentialName: opts.ApplicationCredentialName,
		ApplicationCredentialSecret: opts.ApplicationCredentialSecret.Reveal(),
		EndpointType:                swift.EndpointType(opts.EndpointType), Internal: opts.EndpointType == "internal",
		UserAgent: userAgent, ConnectTimeout: loginTimeout, Timeout: loginTimeout, Retries: -1, Transport: transport,
	}
	if s.conn.AuthVersion == 1 {
		s.conn.Auth = &authV1{}
	}
	if opts.StorageURL == "" {
		return s, nil
	}
	return s, s.setAccount(opts.StorageURL)
}

func (s *session) setAccount(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fail(rendition.Unavailable, "", "the login answered without the address of the account")
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.EscapedPath(), "/")
	s.account = u
	return nil
}

// get returns the account and a token, after a login where there is none.
func (s *session) get(ctx context.Context) (account *url.URL, token string, err error) {
	select {
	case s.lock <- struct{}{}:
		defer func() { <-s.lock }()
	case <-ctx.Done():
		return nil, "", context.Cause(ctx)
	}
	if s.token == "" || s.expiring() {
		if err := s.login(ctx); err != nil {
			return nil, "", err
		}
	}
	return s.account, s.token, nil
}

// expiring says whether the token's end is near, where the login told it.
func (s *session) expiring() bool {
	return !s.conn.Expires.IsZero() && time.Until(s.conn.Expires) < time.Minute
}

// refused drops a token that the server did not accept, unless another one has
// been fetched since. It says whether a request can be made with another token.
func (s *session) refused(ctx context.Context, token string) bool {
	select {
	case s.lock <- struct{}{}:
		defer func() { <-s.lock }()
	case <-ctx.Done():
		return false
	}
	if !s.opts.canLogIn() {
		return false
	}
	if s.token == token {
		s.token = ""
	}
	return true
}

// login fetches a token. The caller holds the lock.
func (s *session) login(ctx context.Context) error {
	if !s.opts.canLogIn() {
		return fail(rendition.Permission, "give a new AuthToken", "the token is not valid any more")
	}
	s.conn.UnAuthenticate()
	if err := s.conn.Authenticate(ctx); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return s.loginError(err)
	}
	if s.opts.StorageURL == "" {
		if err := s.setAccount(s.conn.StorageUrl); err != nil {
			return err
		}
	}
	s.token = s.conn.AuthToken
	return nil
}

// loginError says why a login failed. What the server wrote is left out: nobody
// knows what it quotes.
func (s *session) loginError(err error) error {
	var said *swift.Error
	if !errors.As(err, &said) {
		return web.WithoutURL(err)
	}
	if said.StatusCode == 0 {
		where := "object store"
		if s.opts.Region != "" {
			where = fmt.Sprintf("object store in region %q", s.opts.Region)
		}
		return &driver.Error{
			Kind: rendition.InvalidJob, Err: fmt.Errorf("the login's catalog has no %s %s", s.opts.EndpointType, where),
			Hint: "check Region, EndpointType and Project, or set StorageURL",
		}
	}
	if said == swift.TimeoutError {
		return fail(rendition.Unavailable, "", "the login took too long")
	}
	e := &driver.Error{Err: fmt.Errorf("the login was answered with %d %s", said.StatusCode, http.StatusText(said.StatusCode))}
	switch said.StatusCode {
	case http.StatusBadRequest, http.StatusUnauthorized:
		e.Kind, e.Hint = rendition.Permission, s.opts.loginHint()
	case http.StatusNotFound, http.StatusMultipleChoices, http.StatusMethodNotAllowed, http.StatusPreconditionFailed:
		// 412 is Swift's "Bad URL", 300 Keystone's list of versions.
		e.Kind, e.Hint = rendition.NotFound, "check AuthURL: it ends in /auth/v1.0, /v2.0 or /v3"
	default:
		if e.Kind = web.StatusKind(said.StatusCode); e.Kind == 0 {
			e.Kind = rendition.InvalidJob
		}
	}
	return e
}

func (o *Options) loginHint() string {
	switch {
	case o.ApplicationCredentialSecret != "":
		return "check the application credential, its secret and whether it has expired"
	case o.authVersion() == 1:
		return `check User, which is "account:user" on most servers, and Key`
	case o.authVersion() == 2:
		return "check User, Key and Project (the tenant)"
	default:
		return "check User, Key, Domain, Project and ProjectDomain"
	}
}

// authVersion is what AuthVersion or AuthURL's path says; 0 is nothing known.
func (o *Options) authVersion() int {
	if o.AuthVersion >= 1 && o.AuthVersion <= 3 {
		return o.AuthVersion
	}
	u, err := url.Parse(o.AuthURL)
	if err != nil {
		return 0
	}
	for version, element := range map[int]string{1: "v1", 2: "v2", 3: "v3"} {
		for part := range strings.SplitSeq(u.Path, "/") {
			if part == element || strings.HasPrefix(part, element+".") {
				return version
			}
		}
	}
	return 0
}

// authURL is AuthURL, with the version that an AuthURL of Keystone may leave out.
func (o *Options) authURL() string {
	base := strings.TrimRight(o.AuthURL, "/")
	version := map[int]string{2: "v2.0", 3: "v3"}[o.authVersion()]
	if version != "" && !strings.HasPrefix(path.Base(base), version[:2]) {
		base += "/" + version
	}
	return base
}

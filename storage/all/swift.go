package all

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/location"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

func (p *place) openSwift(ctx context.Context) (*storage.Bucket, string, error) {
	key, err := p.key()
	if err != nil {
		return nil, "", err
	}
	o := begin(p.Swift)
	o.Bucket = p.bucket(o.Bucket)
	o.AuthURL, o.AuthVersion, o.StorageURL, o.AuthToken = "", 0, "", ""
	if p.guarded() {
		o.Dial = p.Guard.Dial
		o.User, o.UserID, o.Key, o.TempURLKey = "", "", "", ""
		o.ApplicationCredentialID, o.ApplicationCredentialName, o.ApplicationCredentialSecret = "", "", ""
	}
	if err := p.swiftLogin(o); err != nil {
		return nil, "", err
	}
	bkt, err := swiftstore.Open(ctx, p.loc.Bucket, o)
	return bkt, key, err
}

// swiftLogin sets how to log in.
func (p *place) swiftLogin(o *swiftstore.Options) error {
	l := p.loc
	base := baseURL(l.Scheme, l.Host, l.Port)
	account := base + "/v1/" + url.PathEscape(l.Account)
	if l.User != "" {
		o.User, o.Key = l.User, l.Password
	}
	set(&o.Region, l.Option("region"))
	set(&o.Domain, l.Option("domain"))
	set(&o.ProjectDomain, l.Option("project-domain"))
	if l.Auth != location.AuthToken && o.Key == "" && o.ApplicationCredentialSecret == "" {
		return errors.New("it has no user and password; write user:password@ in front of the host")
	}
	switch l.Auth {
	case location.AuthToken:
		o.StorageURL, o.AuthToken = account, l.Token
	case location.AuthOracle:
		login, err := swiftstore.Oracle(account, o.User, o.Key)
		if err != nil {
			return err
		}
		o.AuthURL, o.AuthVersion, o.StorageURL, o.User = login.AuthURL, login.AuthVersion, login.StorageURL, login.User
	case location.AuthRackspace:
		login := swiftstore.Rackspace(o.User, o.Key, o.Region)
		o.AuthURL, o.AuthVersion, o.Region = login.AuthURL, login.AuthVersion, login.Region
	case location.AuthV1:
		o.AuthURL, o.AuthVersion = base+"/auth/v1.0", 1
		// The tenant of tempauth is the first half of its user, and its account AUTH_tenant.
		tenant, isAccount := strings.CutPrefix(l.Account, "AUTH_")
		if isAccount {
			o.StorageURL = account
		}
		if !strings.Contains(o.User, ":") {
			o.User = tenant + ":" + o.User
		}
	default:
		o.AuthURL, o.AuthVersion = base+"/"+l.Auth, 2
		if l.Auth == location.AuthV3 {
			o.AuthVersion = 3
		}
		if o.ApplicationCredentialSecret == "" {
			o.Project, o.ProjectID = l.Account, ""
		}
	}
	return nil
}

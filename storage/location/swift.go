package location

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/rendition-sdk/rendition/storage"
)

var (
	rackspaceStorage = regexp.MustCompile(`^storage\d+\.(?:[a-z0-9-]+\.)?clouddrive\.com$`)
	oracleStorage    = regexp.MustCompile(`^(?:[a-z0-9-]+\.)?storage\.(?:[a-z0-9-]+\.)?oraclecloud\.com$`)
)

const rackspaceVirtual = "storage.cloudfiles.com"

// swiftHost says whether an http or https URL of a host is one of Swift.
func swiftHost(host string) bool {
	return host == rackspaceVirtual || rackspaceStorage.MatchString(host) || oracleStorage.MatchString(host)
}

// readSwift reads swift://user:password@host:port/version/tenant/container/object and the hosts of Rackspace and
// Oracle, by swift: and by https:. These are always spoken to by TLS, since a password is sent.
func readSwift(p *parts) (*Location, error) {
	opts, err := readOptions(Swift, p.query)
	if err != nil {
		return nil, err
	}
	l := &Location{Driver: Swift, Host: p.host, User: p.user, Password: storage.Secret(p.password)}
	l.Token = storage.Secret(opts.take("auth-token"))
	own := swiftHost(p.host)
	if own {
		if opts.take("tls") == "no" || !webPort(p) {
			return nil, errNoPort
		}
		l.Scheme = "https"
	} else {
		l.Scheme = opts.httpScheme(p.port)
		l.Port = plainPort(l.Scheme, p.port)
	}
	if p.host == rackspaceVirtual {
		l.Auth = AuthRackspace
		l.Bucket, l.Key, err = cutBucket(p.path, "container")
	} else {
		err = l.readSwiftPath(p)
	}
	if err != nil {
		return nil, err
	}
	l.Options = opts.rest()
	return l, l.checkSwift()
}

// readSwiftPath reads /version/tenant/container/object.
func (l *Location) readSwiftPath(p *parts) error {
	version, rest, err := cutFirst(p.path, "version of the API: write /v1/, /v2.0/ or /v3/ in front of the tenant")
	if err != nil {
		return err
	}
	switch {
	case version == "v2":
		version = AuthV2
	case !slices.Contains([]string{AuthV1, AuthV2, AuthV3}, version):
		return errors.New("its path does not begin with the version of the API: /v1/, /v2.0/ or /v3/, then tenant, container and object")
	}
	l.Auth = version
	if l.Account, rest, err = cutFirst(rest, "tenant behind the version of the API"); err != nil {
		return err
	}
	l.Bucket, l.Key, err = cutBucket(rest, "container")
	switch {
	case l.Token != "":
		l.Auth = AuthToken
	case oracleStorage.MatchString(l.Host):
		l.Auth = AuthOracle
	}
	if (l.Auth == AuthToken || l.Auth == AuthOracle || rackspaceStorage.MatchString(l.Host)) && version != AuthV1 {
		return fmt.Errorf("its path begins with /%s/; addresses of a storage account begin with /v1/", version)
	}
	return err
}

func (l *Location) checkSwift() error {
	switch {
	case l.Token != "" && (l.User != "" || l.Password != ""):
		return errors.New("it has a token and a user; give one of them")
	case l.Token != "" && l.Auth == AuthRackspace:
		return errors.New("auth-token goes with the real address of the account, https://storage4.clouddrive.com/v1/ACCOUNT/container/object")
	case rackspaceStorage.MatchString(l.Host) && l.Token == "":
		return errors.New("an address of Rackspace's storage needs ?auth-token=; with user and API key write https://user:key@storage.cloudfiles.com/container/object")
	case l.Password != "" && l.User == "":
		return errors.New("it has a password and no user in front of it")
	}
	return nil
}

// swiftURL is the form that readSwift reads back.
func (l *Location) swiftURL(u *builder) {
	u.user(l.User, l.Password)
	u.host(l.Host, l.Port)
	switch l.Auth {
	case AuthRackspace:
	case AuthToken, AuthOracle:
		u.path("v1")
		u.path(l.Account)
	default:
		u.path(l.Auth)
		u.path(l.Account)
	}
	u.path(l.Bucket)
	u.path(l.Key)
	u.tls(l)
	u.option("auth-token", l.Token.Reveal())
}

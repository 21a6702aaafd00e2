package location

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// Driver is the kind of store that serves a Location.
type Driver string

// The drivers.
const (
	S3         Driver = "s3"
	Azure      Driver = "azblob"
	FTP        Driver = "ftp"
	SFTP       Driver = "sftp"
	Swift      Driver = "swift"
	HTTP       Driver = "http"
	NetStorage Driver = "netstorage"
	AkamaiHLS  Driver = "akamaihls"
	Aspera     Driver = "fasp"
	File       Driver = "file"
	Mem        Driver = "mem"
)

// How a Swift store is logged in to.
const (
	AuthV1        = "v1"        // tempauth: user and password at /auth/v1.0
	AuthV2        = "v2.0"      // Keystone's identity API 2.0
	AuthV3        = "v3"        // Keystone's identity API 3
	AuthRackspace = "rackspace" // Rackspace's identity service, user and API key
	AuthOracle    = "oracle"    // Oracle's classic object storage, user and password at /auth/v1.0
	AuthToken     = "token"     // a ready token: Location.Token
)

// Location is what a URL says. Its secrets are in fields of type storage.Secret,
// so that it may be printed and logged under every verb and as JSON. Two
// Locations of the same place need not be equal: a URL may say or leave out a default.
type Location struct {
	// Driver says which store.
	Driver Driver
	// Scheme is what the connection speaks where that is open: "http" or "https" for
	// stores over HTTP, "ftp", "ftps" (implicit TLS) or "ftpes" (explicit TLS). Else empty.
	Scheme string
	// Host is a name or an IP address without brackets, in lower case. Empty for
	// File and Mem, and for S3 when it is Amazon's, found by the region.
	Host string
	// Port is 0 when the URL has none.
	Port int
	// User is the user's name: the access key of S3, the key name of NetStorage. Azure has none.
	User string
	// Password is the password, secret key, API key or Azure account key.
	Password storage.Secret
	// Token is S3's session token or a ready token of Swift.
	Token storage.Secret
	// SAS is the shared access signature of Azure, as it stood in the query, without ?.
	SAS storage.Secret
	// Address is, with HTTP, the URL to request: byte for byte, without userinfo
	// and fragment. A secret, since it may be signed.
	Address storage.Secret
	// Presigned says, with HTTP, that Address is signed for one object of S3, Google's store or Swift.
	Presigned bool
	// Auth says, with Swift, how to log in: one of the Auth constants.
	Auth string
	// Account is Azure's storage account, Swift's tenant, project or account, and
	// the account in the host of AkamaiHLS.
	Account string
	// Bucket is S3's bucket, the container of Azure and Swift, the name of a Mem store.
	Bucket string
	// Key is the path below that, decoded, without a leading slash. It may be empty
	// or end in a slash. With File it is the operating system's path. See Object and Prefix.
	Key string
	// Absolute says, with FTP and SFTP, that Key begins at the server's root and
	// not in the folder that the user logs in to.
	Absolute bool
	// Options are the options of the URL that stand in no other field, by their
	// full name (see Options); values that are yes or no are exactly that. Nil when there are none.
	Options map[string]string
}

// Option returns the value of an option, "" when it is not given.
func (l *Location) Option(name string) string { return l.Options[name] }

// Object returns Key as the key of one object. Kind InvalidJob when it is none.
func (l *Location) Object() (string, error) {
	if l.Key == "" {
		return "", l.invalid(errors.New("it names no object; add the object's path"))
	}
	if strings.HasSuffix(l.Key, "/") {
		return "", l.invalid(errors.New("it ends in a slash, so it names a folder; name one object"))
	}
	if err := storage.ValidateKey(l.Key); err != nil {
		return "", err
	}
	return l.Key, nil
}

// Prefix returns Key as what the keys of many objects begin with, without the slash
// at its end; "" is everything. Kind InvalidJob when it is no valid key.
func (l *Location) Prefix() (string, error) {
	p := strings.TrimSuffix(l.Key, "/")
	if p == "" {
		return "", nil
	}
	if err := storage.ValidateKey(p); err != nil {
		return "", err
	}
	return p, nil
}

// String returns the URL without its secrets, user and options.
func (l Location) String() string { return storage.RedactURL(l.URL().Reveal()) }

// Format implements fmt.Formatter: %+v and %#v list the fields, with [redacted] for
// secrets, and every other verb is String.
func (l Location) Format(f fmt.State, verb rune) {
	type fields Location // without this method
	var text string
	switch {
	case verb == 'v' && f.Flag('#'):
		text = strings.Replace(fmt.Sprintf("%#v", fields(l)), "location.fields", "location.Location", 1)
	case verb == 'v' && f.Flag('+'):
		text = fmt.Sprintf("%+v", fields(l))
	default:
		text = l.String()
	}
	_, _ = io.WriteString(f, text) // fmt.State keeps what it is given; there is nobody to report to
}

func (l *Location) invalid(err error) error {
	return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: l.String(), Err: err}
}

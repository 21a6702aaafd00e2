package swiftstore

import (
	"context"
	"net"
	"time"

	"github.com/rendition-sdk/rendition/storage"
)

// LargeObjects says how objects of more than one part are stored.
type LargeObjects string

const (
	// LargeAuto is static where the cluster's /info offers it, else dynamic.
	LargeAuto LargeObjects = ""
	// LargeStatic is a static large object: Swift knows and checks each segment.
	LargeStatic LargeObjects = "static"
	// LargeDynamic is a dynamic large object: whatever lies below a prefix.
	LargeDynamic LargeObjects = "dynamic"
)

// Options are those of a Swift store. One way to log in is required: AuthURL with
// User and Key (or an application credential), or StorageURL with AuthToken.
type Options struct {
	// AuthURL is where tokens come from: https://host/auth/v1.0 (v1),
	// https://host:5000/v2.0 or https://host:5000/v3.
	AuthURL string
	// AuthVersion is 1, 2 or 3. Default what AuthURL's path says.
	AuthVersion int
	// User is the user's name: "account:user" with v1. UserID is for v3, in place of it.
	User   string
	UserID string
	// Key is the password, or the API key of v1 and Rackspace.
	Key storage.Secret
	// Domain and DomainID are the user's domain (v3). Default the domain with the ID "default".
	Domain   string
	DomainID string
	// Project and ProjectID (the tenant of v2.0) are what the token is for.
	Project   string
	ProjectID string
	// ProjectDomain and ProjectDomainID are the project's domain (v3). Default the user's.
	ProjectDomain   string
	ProjectDomainID string
	// ApplicationCredentialID, or ApplicationCredentialName with User and
	// Domain, and the secret log in without a password (v3). The project is the credential's.
	ApplicationCredentialID     string
	ApplicationCredentialName   string
	ApplicationCredentialSecret storage.Secret
	// Region chooses from the catalog of v2.0 and v3. Default its first entry.
	Region string
	// EndpointType is "public" (default), "internal" or "admin". With v1
	// "internal" puts "snet-" in front of the host (Rackspace's service network).
	EndpointType string

	// StorageURL is the account: https://host/v1/AUTH_account. Default what the
	// login answers. With AuthToken no login is made, until that token has
	// expired and there are credentials for another one.
	StorageURL string
	AuthToken  storage.Secret

	// LargeObjects is LargeAuto, LargeStatic or LargeDynamic.
	LargeObjects LargeObjects
	// SegmentContainer is where the segments of large objects lie; it is made when
	// it is not there. Default the container's name with "_segments". It may be
	// the container itself: then listings hide what begins with SegmentPrefix, and
	// such keys are refused.
	SegmentContainer string
	// SegmentPrefix is in front of the names of segments. Default none in another
	// container, ".rendition-segments/" in the same.
	SegmentPrefix string
	// DeleteAfter has Swift delete what is written this long after its upload
	// began. Default 0, never. Less than a second is a second.
	DeleteAfter time.Duration

	// TempURLKey signs URLs (TempURL). It is one of the keys that the account has
	// in X-Account-Meta-Temp-URL-Key or the container in
	// X-Container-Meta-Temp-URL-Key. Default none: no signed URLs.
	TempURLKey storage.Secret
	// TempURLDigest is "sha1", "sha256" or "sha512". Default the best of what the
	// cluster's /info allows, sha256 where it does not say.
	TempURLDigest string

	// Dial makes all connections. Default: net.Dialer, and the environment's proxy.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Bucket are the options of the Bucket; its Name is the container's URL, redacted.
	Bucket *storage.Options
}

const defaultSegmentPrefix = ".rendition-segments/"

func (o *Options) withDefaults(container string) *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.EndpointType == "" {
		c.EndpointType = "public"
	}
	if c.SegmentContainer == "" {
		c.SegmentContainer = container + "_segments"
	}
	if c.SegmentContainer == container && c.SegmentPrefix == "" {
		c.SegmentPrefix = defaultSegmentPrefix
	}
	if c.DomainID == "" && c.Domain == "" && c.UserID == "" {
		c.DomainID = "default"
	}
	return &c
}

// canLogIn says whether there are credentials for a token.
func (o *Options) canLogIn() bool {
	return o.AuthURL != "" && (o.Key != "" || o.ApplicationCredentialSecret != "")
}

package s3store

import (
	"context"
	"maps"
	"net"
	"net/http"
	"time"

	"github.com/rendition-sdk/rendition/storage"
)

// Options are those of an S3 bucket. The zero value is AWS, with the region and
// the credentials of the environment.
type Options struct {
	// Endpoint is the server: "https://s3.wasabisys.com", "http://127.0.0.1:9000", or
	// a host alone, which means https. It does not hold the bucket's name.
	// Default: that of AWS for the region.
	Endpoint string
	// Region is where the bucket is. Default: what the endpoint's name says
	// (AWS, Backblaze, Wasabi; "auto" for Cloudflare R2), else AWS_REGION or that of the
	// profile, else us-east-1. A default that is wrong is replaced by the region
	// that the server names; a Region that is wrong fails with a hint.
	Region string
	// PathStyle puts the bucket's name into the path (true) or in front of the
	// host's name (false). Default: in front at AWS, in the path elsewhere.
	PathStyle *bool

	// AccessKey, SecretKey and, for temporary credentials, SessionToken.
	// Default: AWS's chain of environment, profile, container and instance. Then
	// AWS_CA_BUNDLE holds as well.
	AccessKey    string
	SecretKey    storage.Secret
	SessionToken storage.Secret
	// Anonymous sends requests without a signature, for public buckets.
	Anonymous bool
	// AssumeRole exchanges the credentials for those of a role. Default none.
	AssumeRole *AssumeRole

	// ACL is a canned ACL for new objects, such as "public-read". Default: the
	// header is not sent, which means private or what the bucket says.
	ACL string
	// StorageClass of new objects, such as "STANDARD_IA". Default: the server's.
	StorageClass string
	// SSE is how objects are encrypted by the server. Default: as the bucket says.
	SSE *SSE
	// Tags of new objects, at most 10. Default none.
	Tags map[string]string
	// Checksum says what parts are sent with. Default ChecksumCRC32C.
	Checksum Checksum
	// UnsignedPayload leaves the bytes out of the signature over plain http too, as is always done over TLS. It
	// saves a SHA-256 on both sides; the checksum still finds accidents. Default false.
	UnsignedPayload bool
	// Folders says that the server keeps objects as files in folders, so that "a" and "a/b" cannot both
	// be objects: versitygw and other gateways to file systems. It is only declared (Capabilities.HasDirectories).
	Folders bool
	// RequesterPays agrees to pay for the requests to somebody else's bucket.
	RequesterPays bool

	// Client makes the requests; it is copied, and follows no redirects. Default: a client
	// of its own with time limits for connecting (10 s) and for the first byte
	// of an answer (1 minute). Give one for a proxy or for certificates of your own.
	Client *http.Client
	// Dial makes the connections of the default client, those for credentials
	// included. Default: net.Dialer, and the environment's proxy.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Bucket are the options of the Bucket; its Name is s3:// with the bucket's name.
	Bucket *storage.Options
}

// AssumeRole is a role whose temporary credentials are used. They are renewed
// in time.
type AssumeRole struct {
	// ARN names the role. Required; MinIO ignores what it says.
	ARN string
	// ExternalID is what the role's owner asks for. Default none.
	ExternalID string
	// SessionName stands in the owner's logs. Default "rendition".
	SessionName string
	// Duration is how long a session lasts, 15 minutes to 12 hours as the role
	// allows. Default 1 hour.
	Duration time.Duration
	// Endpoint is the token service. Default: AWS's for the region, or the
	// bucket's own Endpoint where that is not AWS.
	Endpoint string
}

// SSE is encryption at rest. The zero value is the server's own keys (SSE-S3).
type SSE struct {
	// KMSKeyID is the key of the key service with which objects are encrypted (SSE-KMS);
	// "default" is the account's default key. Default: the server's own keys.
	KMSKeyID string
	// CustomerKey is a key of 32 bytes that the server uses and forgets (SSE-C).
	// Reads need it as well. It is refused without TLS. Default none.
	CustomerKey storage.Secret
}

// Checksum is what uploads are verified with.
type Checksum string

const (
	// ChecksumCRC32C is fast, and finds what goes wrong by accident.
	ChecksumCRC32C Checksum = "crc32c"
	// ChecksumSHA256 costs more and is stored with the object.
	ChecksumSHA256 Checksum = "sha256"
	// ChecksumMD5 is for servers that refuse the other two: Content-MD5.
	ChecksumMD5 Checksum = "md5"
)

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	c.Tags = maps.Clone(c.Tags)
	if c.Checksum == "" {
		c.Checksum = ChecksumCRC32C
	}
	if c.SSE != nil {
		sse := *c.SSE
		c.SSE = &sse
	}
	if c.AssumeRole != nil {
		r := *c.AssumeRole
		if r.SessionName == "" {
			r.SessionName = "rendition"
		}
		if r.Duration == 0 {
			r.Duration = time.Hour
		}
		c.AssumeRole = &r
	}
	return &c
}

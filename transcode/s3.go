package transcode

import (
	"errors"
	"net/url"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// url is the location as one URL that the Opener's s3 scheme takes: it holds the
// keys, so it is not for messages. Everything that is not plain is percent-encoded,
// also what Go would leave as it is, such as a plus sign in a secret.
func (s *S3Location) url() string {
	var b strings.Builder
	b.WriteString("s3://")
	if s.AccessKey != "" {
		b.WriteString(percent(s.AccessKey) + ":" + percent(s.SecretKey.Reveal()) + "@")
	}
	if s.Endpoint == "" && strings.Contains(s.Bucket, ".") {
		b.WriteString("s3.amazonaws.com/") // or the bucket could be a host
	}
	b.WriteString(percent(s.Bucket))
	for part := range strings.SplitSeq(strings.TrimPrefix(s.Path, "/"), "/") {
		b.WriteString("/" + percent(part))
	}
	sep := "?"
	for _, q := range [][2]string{{"region", s.Region}, {"endpoint", s.Endpoint}} {
		if q[1] != "" {
			b.WriteString(sep + q[0] + "=" + percent(q[1]))
			sep = "&"
		}
	}
	return b.String()
}

// name is the location for messages, without its keys.
func (s *S3Location) name() string { return "s3://" + s.Bucket + "/" + strings.TrimPrefix(s.Path, "/") }

// percent encodes all but unreserved characters (RFC 3986 section 2.3).
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// knowsS3 says what to do when an Opener has no driver for S3.
func knowsS3(o *storage.Opener) error {
	if o.Schemes["s3"] != nil {
		return nil
	}
	return &rendition.Error{
		Kind: rendition.Unsupported, Op: "storage: open", Err: errors.New("the Opener has no driver for s3"),
		Hint: "set Config.Opener to that of the package storage/all, or give a Source or Bucket of your own from Go",
	}
}

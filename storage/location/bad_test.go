package location_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/location"
)

// What cannot be read says why, and quotes no secret.
func TestBadURLs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		raw  string
		kind rendition.Kind
		text string
	}{
		{"", rendition.InvalidJob, "empty"},
		{"a\x00b", rendition.InvalidJob, "NUL"},
		{"ftp://u:SECRET@h/" + strings.Repeat("@h", location.MaxLength/2), rendition.InvalidJob, "at most 16384"},
		// Schemes.
		{"gopher://u:SECRET@h/a", rendition.Unsupported, `no driver for "gopher"`},
		{"name:with-colon.mp4", rendition.Unsupported, "write ./ in front"},
		{"htttps://u:SECRET@h/a", rendition.Unsupported, "did you mean https:"},
		{"s3a://u:SECRET@h/a", rendition.Unsupported, "did you mean s3:"},
		{"gs://bucket/a", rendition.Unsupported, "s3://key:secret@storage.googleapis.com/bucket/object"},
		{"gcs://bucket/a", rendition.Unsupported, "HMAC"},
		{"webdav://u:SECRET@h/a", rendition.Unsupported, "WebDAV has no driver"},
		{"davs://u:SECRET@h/a", rendition.Unsupported, "WebDAV has no driver"},
		{"r2://bucket/a", rendition.Unsupported, "r2.cloudflarestorage.com"},
		{"minio://u:SECRET@h/a", rendition.Unsupported, "tls=no"},
		{"arn:aws:s3:::bucket/a", rendition.Unsupported, "ARN"},
		{"s3://arn:aws:s3:us-west-2:123456789012:accesspoint/name/object/a", rendition.Unsupported, "ARN"},
		{"s3://s3.amazonaws.com/arn:aws:s3:::bucket/a", rendition.Unsupported, "ARN"},
		{"s3:bucket/a", rendition.InvalidJob, "two slashes"},
		{"s3:AKIA:SECRET@bucket/a", rendition.InvalidJob, "two slashes"},
		// Hosts, users and ports.
		{"s3:///a", rendition.InvalidJob, "names no host"},
		{"ftp://u:SECRET@/a", rendition.InvalidJob, "host"},
		{"ftp://u:SECRET@h:port/a", rendition.InvalidJob, "percent-encode"},
		{"ftp://u:SECRET@h:0/a", rendition.InvalidJob, "percent-encode"},
		{"ftp://u:SECRET@h:70000/a", rendition.InvalidJob, "percent-encode"},
		{"ftp://u:SECRET@h:/a", rendition.InvalidJob, "percent-encode"},
		{"ftp://u:SECRET?x@h/a", rendition.InvalidJob, "? is %3F"},
		{"http://u:SECRET?x@h/a", rendition.InvalidJob, "? is %3F"},
		{"http://u:SECRET#x@h/a", rendition.InvalidJob, "# is %23"},
		{"ftp://u:SECRET#x@h/a", rendition.InvalidJob, "write # as %23"},
		{"ftp://u:SECRET%x@h/a", rendition.InvalidJob, "% is %25"},
		{"ftp://u:SECRET@h/a%x", rendition.InvalidJob, "write % as %25"},
		{"ftp://u:SECRET@h/a%0d%0aDELE b", rendition.InvalidJob, "control character"},
		{"ftp://u%0a:SECRET@h/a", rendition.InvalidJob, "control character"},
		{"ftp://u:SECRET%0d@h/a", rendition.InvalidJob, "control character"},
		{"http://müller.example/a", rendition.InvalidJob, "ASCII"},
		{"http://2001:db8::1/a", rendition.InvalidJob, "host or port"},
		{"http://[fe80::1%25eth0]/a", rendition.InvalidJob, "host or port"},
		{"http://example.com/a%zz", rendition.InvalidJob, "percent-encode"},
		// Two readings.
		{"ftp://u:SECRET/x@h.example.com/dir/a@b.mp4", rendition.InvalidJob, "several @"},
		{"ftp://u:12/SECRET@h.example.com/a", rendition.InvalidJob, "read in two ways"},
		{"ftp://u:SECRET@s/x@h.example.com/a", rendition.InvalidJob, "read in two ways"},
		{"ftp://u:SECRET@s.t/x@h.example.com/a", rendition.InvalidJob, "read in two ways"},
		// S3.
		{"s3://my.bucket/a", rendition.InvalidJob, "can be a bucket or a host"},
		{"s3://minio.example.com/bucket/a?region=us-east-1", rendition.InvalidJob, "can be a bucket or a host"},
		{"s3://h:9000", rendition.InvalidJob, "names no bucket"},
		{"s3://h:9000/b%2Fc/d", rendition.InvalidJob, "slash"},
		{"s3://h:9000/b%20c/d", rendition.InvalidJob, "name that no bucket can have"},
		{"s3://b/a?acl=public", rendition.InvalidJob, "allowed are private, public-read"},
		{"s3://b/a?regoin=eu-west-1", rendition.InvalidJob, `"regoin" is unknown; did you mean region?`},
		{"s3://b/a?SECRET=1&region=x", rendition.InvalidJob, "unknown"},
		{"s3://b/what?.mp4", rendition.InvalidJob, "write ? in a path as %3F"},
		{"s3://b/a?region=", rendition.InvalidJob, "no value"},
		{"s3://b/a?region=x&region=y", rendition.InvalidJob, "twice"},
		{"s3://b/a?region=%x", rendition.InvalidJob, "%25"},
		{"s3://b/a?region=a%0ab", rendition.InvalidJob, "control character"},
		{"s3://b/a?path-style=maybe", rendition.InvalidJob, "yes or no"},
		{"s3://b/a?tls=no", rendition.InvalidJob, "TLS"},
		{"s3://b/a?endpoint=ftp://h", rendition.InvalidJob, "https://host:port"},
		{"s3://b/a?endpoint=https://u:SECRET@h", rendition.InvalidJob, "https://host:port"},
		{"s3://b/a?endpoint=https://h/path", rendition.InvalidJob, "https://host:port"},
		{"s3://b/a?endpoint=https://media.s3.amazonaws.com", rendition.InvalidJob, "names a bucket"},
		{"s3://b:80/a?endpoint=https://h", rendition.InvalidJob, "a bucket has no port"},
		{"s3://b/a?endpoint=https://h&tls=no", rendition.InvalidJob, "tls"},
		{"s3://b/a?endpoint=https://h&accelerate=yes", rendition.InvalidJob, "Amazon"},
		{"s3://:SECRET@b/a", rendition.InvalidJob, "no access key"},
		{"s3://b/a" + presig, rendition.InvalidJob, "begins with https://"},
		{"https://s3.eu-west-1.amazonaws.com/b/a?region=us-east-1", rendition.InvalidJob, "something else"},
		{"https://s3.amazonaws.com:8443/b/a", rendition.InvalidJob, "port 443"},
		{"https://b.s3.amazonaws.com/a?endpoint=https://h", rendition.InvalidJob, "goes with s3://"},
		{"https://b.s3.amazonaws.com/a?X-Amz-Algorithm=AWS4-HMAC-SHA256", rendition.InvalidJob, "no whole one"},
		{"https://AKIA:SECRET@b.s3.amazonaws.com/a" + presig, rendition.InvalidJob, "leave user and password out"},
		{"https://s3-accelerate.amazonaws.com/b/a", rendition.InvalidJob, "bucket in front"},
		{"https://ap-1234.s3-accesspoint.us-west-2.amazonaws.com/a", rendition.Unsupported, "s3-accesspoint"},
		{"https://b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/a", rendition.Unsupported, "s3express"},
		{"s3://b--use1-az4--x-s3/a", rendition.Unsupported, "directory bucket"},
		{"s3://AKIA:SECRET@b/a?anonymous=yes", rendition.InvalidJob, "one of them"},
		// Azure.
		{"azblob://a:SECRET@media/b?anonymous=yes", rendition.InvalidJob, "one of them"},
		{"azblob://media/a", rendition.InvalidJob, "?account=name"},
		{"azblob://media/a?account=a.b", rendition.InvalidJob, "account"},
		{"azblob://media:90/a?account=a&endpoint=https://h", rendition.InvalidJob, "no port"},
		{"azblob://media/a?account=a&endpoint=h", rendition.InvalidJob, "endpoint"},
		{"azblob://media/a?account=a&endpoint=https://h/b", rendition.InvalidJob, "not the account"},
		{"https://SECRET@acct.blob.core.windows.net/", rendition.InvalidJob, "names no container"},
		{"https://SECRET@acct.blob.core.windows.net/c/a?" + sas, rendition.InvalidJob, "one of them"},
		{"https://acct.blob.core.windows.net/c/a?sv=1&se=2", rendition.InvalidJob, "no sig="},
		{"https://acct.blob.core.windows.net/c/a?tear=Hot", rendition.InvalidJob, "did you mean tier"},
		{"https://other:SECRET@acct.blob.core.windows.net/c/a", rendition.InvalidJob, "two accounts"},
		{"azblob://acct.queue.core.windows.net/c/a", rendition.InvalidJob, "none of Azure's"},
		{"wasbs://acct.blob.core.windows.net/a", rendition.InvalidJob, "wasbs://container@account"},
		{"wasbs://c@example.com/a", rendition.InvalidJob, "wasbs://container@account"},
		// Swift.
		{"swift://u:SECRET@h/test/c/o", rendition.InvalidJob, "/v1/, /v2.0/ or /v3/"},
		{"swift://u:SECRET@h/v1", rendition.InvalidJob, "tenant"},
		{"swift://u:SECRET@h/v1/t", rendition.InvalidJob, "container"},
		{"swift://u:SECRET@h/v1/t/c/o?auth-token=SECRET", rendition.InvalidJob, "one of them"},
		{"swift://h/v3/t/c/o?auth-token=SECRET", rendition.InvalidJob, "begin with /v1/"},
		{"https://storage4.clouddrive.com/v1/Mosso/c/o", rendition.InvalidJob, "auth-token"},
		{"https://storage4.clouddrive.com/v1/Mosso/c/o?auth-tokn=SECRET", rendition.InvalidJob, "did you mean auth-token"},
		{"https://storage.cloudfiles.com/c/o?auth-token=SECRET", rendition.InvalidJob, "real address"},
		{"https://storage.us2.oraclecloud.com/c/o", rendition.InvalidJob, "/v1/"},
		// Files.
		{"ftp://h/a?pasive=yes", rendition.InvalidJob, "did you mean passive"},
		{"ftp://h/a?passive=never", rendition.InvalidJob, "yes or no"},
		{"ftp://h/a?tls-pin=aa:bb", rendition.InvalidJob, "ftpes:"},
		{"ftp://:SECRET@h/a", rendition.InvalidJob, "no user"},
		{"sftp://u@h/~other/a", rendition.InvalidJob, "other users"},
		{"https://k:@e-nsu.akamaihd.net/1/a", rendition.InvalidJob, "keyname:key@"},
		{"https://k:SECRET@e-nsu.akamaihd.net/", rendition.InvalidJob, "CP code"},
		{"http://post.a.akamaihd.net/", rendition.InvalidJob, "no stream"},
		{"file://host", rendition.InvalidJob, "no path"},
		{"file://u:SECRET@host/a", rendition.InvalidJob, "another machine"},
		{"file:", rendition.InvalidJob, "no path"},
		{"file:///a?b", rendition.InvalidJob, "%3F"},
		{"file:///a%zz", rendition.InvalidJob, "%25"},
		{"mem:a", rendition.InvalidJob, "mem://name/key"},
		{"mem://u:SECRET@a/b", rendition.InvalidJob, "mem://name/key"},
	} {
		l, err := location.Parse(c.raw)
		require.ErrorIs(t, err, c.kind, c.raw)
		require.Nil(t, l)
		require.ErrorContains(t, err, c.text, c.raw)
		require.NotContains(t, err.Error(), "SECRET", c.raw)
	}
}

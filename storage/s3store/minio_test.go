package s3store

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
)

// TestMinIO has all that needs a running MinIO.
func TestMinIO(t *testing.T) {
	t.Parallel()
	p := newPeer(t, servers.StartMinIO(t), nil)
	t.Run("conformance", func(t *testing.T) { conformance(t, p) })
	common(t, p)
	t.Run("assume role", func(t *testing.T) { assumeRole(t, p) })
	t.Run("sse", func(t *testing.T) { sseMinIO(t, p) })
	t.Run("storage class", func(t *testing.T) {
		t.Parallel()
		name := p.bucket(t)
		b := p.open(t, name, func(o *Options) { o.StorageClass = "REDUCED_REDUNDANCY" })
		require.NoError(t, b.WriteAll(t.Context(), "a", []byte("x"), nil))
		out, err := p.sdk.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &name, Key: aws.String("a")})
		require.NoError(t, err)
		require.Equal(t, "REDUCED_REDUNDANCY", string(out.StorageClass))
		b = p.open(t, name, func(o *Options) { o.StorageClass = "GLACIER" })
		err = b.WriteAll(t.Context(), "a", []byte("x"), nil)
		require.ErrorIs(t, err, rendition.InvalidJob)
		require.Contains(t, hint(err), "StorageClass")
	})
}

// conformance is the whole suite.
func conformance(t *testing.T, p *peer) {
	drivertest.Run(t, drivertest.Harness{
		Open:    p.store,
		Secrets: []string{p.SecretKey},
		Errors:  errorCases(t, p),
	})
}

// errorCases are real mistakes.
func errorCases(t *testing.T, p *peer) []drivertest.ErrorCase {
	name := p.bucket(t)
	return []drivertest.ErrorCase{
		p.refused("no such bucket", rendition.NotFound, "NoSuchBucket", "missing-bucket", nil),
		p.refused("unknown access key", rendition.Permission, "InvalidAccessKeyId", name, func(o *Options) { o.AccessKey = "nobody" }),
		p.refused("wrong secret", rendition.Permission, "SignatureDoesNotMatch", name, func(o *Options) { o.SecretKey = "wrong-secret-key" }),
		p.refused("anonymous", rendition.Permission, "AccessDenied", name, func(o *Options) {
			o.Anonymous, o.AccessKey, o.SecretKey = true, "", ""
		}),
		p.refused("wrong region", rendition.InvalidJob, "AuthorizationHeaderMalformed", name, func(o *Options) { o.Region = "us-west-2" }),
		p.refused("clock skew", rendition.Permission, "RequestTimeTooSkewed", name, func(o *Options) { skew(t, o) }),
		p.refused("nobody listens", rendition.Unavailable, "refused", name, func(o *Options) { o.Endpoint = "http://127.0.0.1:1" }),
		p.refused("not S3", rendition.Permission, "", name, func(o *Options) {
			record(t, o).answer = func(*http.Request) *http.Response { return page(http.StatusForbidden, "<html>no</html>", nil) }
		}),
	}
}

// sseMinIO encrypts with the server's own key and with that of its key service.
func sseMinIO(t *testing.T, p *peer) {
	t.Parallel()
	for name, c := range map[string]struct {
		sse  SSE
		want string
	}{
		"sse-s3":  {SSE{}, "AES256"},
		"sse-kms": {SSE{KMSKeyID: "test-key"}, "aws:kms"},
	} {
		t.Run(name, func(t *testing.T) {
			bucket := p.bucket(t)
			b := p.open(t, bucket, func(o *Options) { o.SSE = &c.sse })
			for key, size := range map[string]int{"small": 1000, "large": 6 << 20} {
				data := pattern(size)
				require.NoError(t, b.WriteAll(t.Context(), key, data, &storage.WriterOptions{PartSize: minPartSize}))
				got, err := b.ReadAll(t.Context(), key, 0)
				require.NoError(t, err)
				require.True(t, string(data) == string(got))
				require.NoError(t, b.Copy(t.Context(), key+"-copy", key))
				for _, k := range []string{key, key + "-copy"} {
					out, err := p.sdk.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: &k})
					require.NoError(t, err)
					require.Equal(t, c.want, string(out.ServerSideEncryption), k)
				}
			}
		})
	}
	t.Run("a key that is not there", func(t *testing.T) {
		b := p.open(t, p.bucket(t), func(o *Options) { o.SSE = &SSE{KMSKeyID: "no-such-key"} })
		err := b.WriteAll(t.Context(), "a", []byte("x"), nil)
		require.Error(t, err)
		require.NotErrorIs(t, err, rendition.Unavailable)
	})
}

// TestCustomerKey keeps objects under a key of ours (SSE-C), which needs TLS.
func TestCustomerKey(t *testing.T) {
	t.Parallel()
	s, roots := servers.StartMinIOTLS(t)
	transport := &http.Transport{TLSClientConfig: roots}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	p := newPeer(t, s, client)
	bucket := p.bucket(t)
	const key = "0123456789abcdef0123456789abcdef"
	b := p.open(t, bucket, func(o *Options) { o.SSE, o.Client = &SSE{CustomerKey: key}, client })
	require.False(t, b.Capabilities().SignedURL)
	for name, size := range map[string]int{"small": 1000, "large": 12 << 20} {
		data := pattern(size)
		require.NoError(t, b.WriteAll(t.Context(), name, data, &storage.WriterOptions{PartSize: minPartSize}))
		require.NoError(t, b.Copy(t.Context(), name+"-copy", name))
		for _, k := range []string{name, name + "-copy"} {
			got, err := b.ReadAll(t.Context(), k, 0)
			require.NoError(t, err)
			require.True(t, string(data) == string(got))
			_, err = b.Stat(t.Context(), k)
			require.NoError(t, err)
			_, err = p.sdk.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: &k})
			require.Error(t, err, "it is not to be read without the key")
		}
	}
	other := p.open(t, bucket, func(o *Options) { o.SSE, o.Client = &SSE{CustomerKey: "f123456789abcdef0123456789abcdef"}, client })
	_, err := other.ReadAll(t.Context(), "small", 0)
	require.ErrorIs(t, err, rendition.Permission)
	require.NotContains(t, err.Error(), "f123456789abcdef0123456789abcdef")

	t.Run("unsigned payload over TLS", func(t *testing.T) {
		o := p.options()
		r := record(t, o)
		r.next = transport
		b, err := Open(t.Context(), bucket, o)
		require.NoError(t, err)
		defer b.Close()
		require.NoError(t, b.WriteAll(t.Context(), "a", []byte("x"), nil))
		require.Equal(t, "UNSIGNED-PAYLOAD", r.requests("PUT", "")[0].Header.Get("X-Amz-Content-Sha256"))
	})
}

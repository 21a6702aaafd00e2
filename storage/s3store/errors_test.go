package s3store

import (
	"net/http"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// fake opens a bucket whose server gives one answer.
func fake(t *testing.T, o *Options, answer func(*http.Request) *http.Response) (*storage.Bucket, *recorder) {
	t.Helper()
	if o.AccessKey == "" && !o.Anonymous {
		o.AccessKey, o.SecretKey = "AKIDEXAMPLE", "very-secret"
	}
	o.Bucket = &storage.Options{RetryDelay: time.Millisecond, Attempts: 2}
	r := record(t, o)
	r.answer = answer
	b, err := Open(t.Context(), "films", o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b, r
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		code   string
		kind   rendition.Kind
		hint   string
	}{
		{403, "AccessDenied", rendition.Permission, "policy"},
		{403, "InvalidAccessKeyId", rendition.Permission, "AccessKey"},
		{403, "SignatureDoesNotMatch", rendition.Permission, "SecretKey"},
		{403, "RequestTimeTooSkewed", rendition.Permission, "clock"},
		{400, "ExpiredToken", rendition.Permission, "temporary credentials"},
		{400, "InvalidToken", rendition.Permission, "session token"},
		{404, "NoSuchBucket", rendition.NotFound, "bucket"},
		{404, "NoSuchKey", rendition.NotFound, ""},
		{400, "InvalidBucketName", rendition.InvalidJob, "name"},
		{400, "EntityTooLarge", rendition.Quota, "size"},
		{400, "EntityTooSmall", rendition.InvalidJob, "PartSize"},
		{403, "QuotaExceeded", rendition.Quota, "quota"},
		{507, "XMinioStorageFull", rendition.Quota, "space"},
		{400, "BadDigest", rendition.Integrity, "again"},
		{400, "XAmzContentChecksumMismatch", rendition.Integrity, "again"},
		{400, "InvalidStorageClass", rendition.InvalidJob, "StorageClass"},
		{400, "KMS.NotFoundException", rendition.Permission, "KMSKeyID"},
		{400, "AccessControlListNotSupported", rendition.Unsupported, "ACL"},
		{403, "InvalidObjectState", rendition.Unsupported, "restore"},
		{501, "NotImplemented", rendition.Unsupported, ""},
		{503, "SlowDown", rendition.Unavailable, ""},
		{500, "InternalError", rendition.Unavailable, ""},
		{429, "Odd", rendition.Unavailable, ""},
		{418, "Odd", rendition.InvalidJob, ""},
		{409, "ExistingObjectIsDirectory", rendition.Exists, "folder"},
		{200, "InternalError", rendition.Unavailable, ""}, // an answer that begins well and ends badly
	} {
		b, _ := fake(t, &Options{Region: "us-east-1"}, func(*http.Request) *http.Response {
			return page(c.status, xmlError(c.code, "Because of very-secret.\nReally."), http.Header{"X-Amz-Request-Id": {"42"}})
		})
		if c.status == 200 {
			b, _ := fake(t, &Options{}, func(req *http.Request) *http.Response {
				if req.Method == http.MethodHead {
					return page(200, "", http.Header{"Etag": {`"x"`}})
				}
				return page(c.status, xmlError(c.code, "x"), nil)
			})
			require.ErrorIs(t, b.Copy(t.Context(), "b", "a"), c.kind)
			continue
		}
		_, err2 := b.Open(t.Context(), "a", nil)
		err := b.WriteAll(t.Context(), "a", nil, nil)
		for _, err := range []error{err, err2} {
			require.Equal(t, c.kind.String(), rendition.KindOf(err).String(), "%s: %v", c.code, err)
			require.Contains(t, hint(err), c.hint, c.code)
			require.ErrorContains(t, err, c.code)
			require.ErrorContains(t, err, "request 42")
			require.NotContains(t, err.Error(), "very-secret")
			require.NotContains(t, err.Error(), "\n")
			var api smithy.APIError
			require.ErrorAs(t, err, &api, "a program can still ask the SDK's error")
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	calls := 0
	b, _ := fake(t, &Options{}, func(*http.Request) *http.Response {
		if calls++; calls == 1 {
			return page(503, xmlError("SlowDown", "Reduce your request rate."), http.Header{"Retry-After": {"1"}})
		}
		return page(200, "", nil)
	})
	began := time.Now()
	require.NoError(t, b.Delete(t.Context(), "a"))
	require.Equal(t, 2, calls, "the Bucket repeats, the SDK does not")
	require.GreaterOrEqual(t, time.Since(began), time.Second)
}

func TestServerKeepsOtherBytes(t *testing.T) {
	t.Parallel()
	b, r := fake(t, &Options{}, func(req *http.Request) *http.Response {
		return page(200, "", http.Header{"X-Amz-Checksum-Crc32c": {"AAAAAA=="}, "Etag": {`"e"`}})
	})
	err := b.WriteAll(t.Context(), "a", []byte("hello"), nil)
	require.ErrorIs(t, err, rendition.Integrity)
	require.Len(t, r.requests(http.MethodDelete, ""), 1, "it was removed")
}

func TestPreconditionFailed(t *testing.T) {
	t.Parallel()
	d := &store{opts: &Options{}}
	require.NoError(t, d.explain(nil, ""))
	b, _ := fake(t, &Options{}, func(*http.Request) *http.Response { return page(412, xmlError("PreconditionFailed", "x"), nil) })
	_, err := b.Open(t.Context(), "a", nil)
	require.ErrorIs(t, err, driver.ErrChanged)
	require.ErrorIs(t, err, rendition.Integrity)
}

func TestNoCredentials(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", "/nonexistent")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
	b, err := Open(t.Context(), "films", nil)
	require.NoError(t, err)
	defer b.Close()
	err = b.WriteAll(t.Context(), "a", nil, nil)
	require.ErrorIs(t, err, rendition.Permission)
	require.Contains(t, hint(err), "AWS_ACCESS_KEY_ID")
}

func TestDefaultChain(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "FROMENV")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret-of-env")
	t.Setenv("AWS_SESSION_TOKEN", "token-of-env")
	t.Setenv("AWS_REGION", "eu-north-1")
	o := &Options{}
	r := record(t, o)
	r.answer = func(*http.Request) *http.Response { return page(200, "", nil) }
	b, err := Open(t.Context(), "films", o)
	require.NoError(t, err)
	defer b.Close()
	require.NoError(t, b.Delete(t.Context(), "a"))
	req := r.requests(http.MethodDelete, "")[0]
	require.Equal(t, "films.s3.eu-north-1.amazonaws.com", req.URL.Host)
	require.Contains(t, req.Header.Get("Authorization"), "FROMENV/")
	require.Equal(t, "token-of-env", req.Header.Get("X-Amz-Security-Token"))
}

package s3store

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// assumeRole gets temporary credentials from MinIO's token service.
func assumeRole(t *testing.T, p *peer) {
	t.Parallel()
	bucket := p.bucket(t)
	role := &AssumeRole{
		ARN: "arn:aws:iam::123456789012:role/delivery", ExternalID: "customer-7", SessionName: "job-42", Duration: 20 * time.Minute,
	}
	o := p.options()
	o.AssumeRole = role
	r := record(t, o)
	b, err := Open(t.Context(), bucket, o)
	require.NoError(t, err)
	defer b.Close()
	require.NoError(t, b.WriteAll(t.Context(), "a", []byte("by role"), nil))
	got, err := b.ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.Equal(t, "by role", string(got))
	require.Len(t, r.requests("POST", ""), 2, "one that tells of the region, and one session that is used again")
	form := r.forms[r.requests("POST", "")[1]]
	for _, want := range []string{"ExternalId=customer-7", "RoleSessionName=job-42", "DurationSeconds=1200", "RoleArn=arn%3Aaws%3Aiam"} {
		require.Contains(t, form, want)
	}
	put := r.requests("PUT", "")[0]
	token := put.Header.Get("X-Amz-Security-Token")
	require.NotEmpty(t, token)
	access, _, _ := strings.Cut(strings.TrimPrefix(put.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="), "/")
	require.NotEqual(t, p.AccessKey, access)

	t.Run("wrong token", func(t *testing.T) {
		b := p.open(t, bucket, func(o *Options) { o.SessionToken = "not-a-token" })
		err := b.WriteAll(t.Context(), "a", []byte("x"), nil)
		require.ErrorIs(t, err, rendition.Permission)
		require.Contains(t, hint(err), "session token")
		require.NotContains(t, err.Error(), "not-a-token")
	})
	t.Run("refused", func(t *testing.T) {
		b := p.open(t, bucket, func(o *Options) { o.AssumeRole, o.SecretKey = role, "wrong-secret-key" })
		err := b.WriteAll(t.Context(), "a", []byte("x"), nil)
		require.ErrorIs(t, err, rendition.Permission)
		require.ErrorContains(t, err, "the role was not given")
		require.Contains(t, hint(err), "SecretKey")
	})
	t.Run("expired", func(t *testing.T) {
		b := p.open(t, bucket, func(o *Options) {
			o.SessionToken = "old-token"
			record(t, o).answer = func(*http.Request) *http.Response {
				return page(http.StatusBadRequest, xmlError("ExpiredToken", "The provided token has expired."), nil)
			}
		})
		err := b.WriteAll(t.Context(), "a", []byte("x"), nil)
		require.ErrorIs(t, err, rendition.Permission)
		require.Contains(t, hint(err), "AssumeRole")
	})
	t.Run("token service is down", func(t *testing.T) {
		b := p.open(t, bucket, func(o *Options) {
			o.AssumeRole = &AssumeRole{ARN: role.ARN, Endpoint: "http://127.0.0.1:1"}
			o.Bucket = &storage.Options{RetryDelay: time.Millisecond}
		})
		require.ErrorIs(t, b.WriteAll(t.Context(), "a", []byte("x"), nil), rendition.Unavailable)
	})
}

package httpstore_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
	"github.com/rendition-sdk/rendition/storage/httpstore"
	"github.com/rendition-sdk/rendition/storage/s3store"
)

func noise(n int) []byte {
	data := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(data)
	return data
}

// TestPresignedS3 puts objects through URLs that s3store has signed, to real servers.
func TestPresignedS3(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(testing.TB) *servers.S3{"minio": servers.StartMinIO, "versitygw": servers.StartVersityGW} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			require.NoError(t, os.Mkdir(filepath.Join(s.Dir, "presigned"), 0o750))
			owner, err := s3store.Open(t.Context(), "presigned", &s3store.Options{
				Endpoint: s.Endpoint, Region: s.Region, AccessKey: s.AccessKey, SecretKey: storage.Secret(s.SecretKey), Bucket: quick(),
			})
			require.NoError(t, err)
			defer owner.Close()
			// A MinIO that has just started can leave its first write without an answer for a minute.
			require.Eventually(t, func() bool {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				return owner.WriteAll(ctx, "ready", nil, nil) == nil
			}, time.Minute, 10*time.Millisecond)
			presigned(t, owner, "SIGNED")
		})
	}
}

// TestSharedAccessSignature does the same with Azurite.
func TestSharedAccessSignature(t *testing.T) {
	t.Parallel()
	a := servers.StartAzurite(t)
	makeContainer(t, a, "presigned")
	owner, err := azurestore.Open(t.Context(), a.Account, "presigned", &azurestore.Options{
		Endpoint: a.Endpoint, AccountKey: storage.Secret(a.Key), Bucket: quick(),
	})
	require.NoError(t, err)
	defer owner.Close()
	presigned(t, owner, "sig=")

	// Block by block, on one signature.
	ctx, key := t.Context(), "in blocks/ä b.mp4"
	b, name := openSigned(ctx, t, owner, http.MethodPut, key, time.Hour)
	data := noise(5<<20 + 3)
	opts := &storage.WriterOptions{PartSize: 1 << 20, InFlight: 3, CacheControl: "max-age=7"}
	w, err := b.NewWriter(ctx, name, opts)
	require.NoError(t, err)
	_, err = w.Write(data)
	require.NoError(t, err)
	_, err = owner.Stat(ctx, key)
	require.ErrorIs(t, err, rendition.NotFound, "invisible until Close")
	require.NoError(t, w.Close())
	got, err := owner.ReadAll(ctx, key, 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	o, err := owner.Stat(ctx, key)
	require.NoError(t, err)
	require.Equal(t, "video/mp4", o.ContentType)
	require.Equal(t, "max-age=7", o.CacheControl)
	require.NoError(t, b.WriteAll(ctx, name, data[:2<<20], opts), "written again")
	got, err = owner.ReadAll(ctx, key, 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data[:2<<20], got))
}

func openSigned(ctx context.Context, t *testing.T, owner *storage.Bucket, method, key string, expiry time.Duration) (*storage.Bucket, string) {
	t.Helper()
	signed, err := owner.SignedURL(ctx, key, &storage.SignOptions{Method: method, Expiry: expiry})
	require.NoError(t, err)
	b, name, err := httpstore.OpenURL(ctx, signed, &httpstore.Options{Bucket: quick()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b, name
}

// presigned writes one key of a store through a signed URL and looks at it with the store's own driver.
func presigned(t *testing.T, owner *storage.Bucket, secret string) {
	t.Helper()
	ctx, key := t.Context(), "a b/%2F+ü日本.mp4"
	b, name := openSigned(ctx, t, owner, http.MethodPut, key, time.Hour)
	for _, size := range []int{0, 1, 3 << 20} {
		data := noise(size)
		require.NoError(t, b.WriteAll(ctx, name, data, nil), "%d bytes", size)
		got, err := owner.ReadAll(ctx, key, 0)
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, got))
		o, err := owner.Stat(ctx, key)
		require.NoError(t, err)
		require.Equal(t, "video/mp4", o.ContentType)
	}
	reader, name := openSigned(ctx, t, owner, http.MethodGet, key, time.Hour)
	got, err := reader.ReadAll(ctx, name, 0)
	require.NoError(t, err)
	require.Len(t, got, 3<<20)

	// What the signature is not for.
	for what, err := range map[string]error{
		"write with a URL for GET": reader.WriteAll(ctx, name, []byte("x"), nil),
		"expired":                  expired(ctx, t, owner, key),
	} {
		require.Error(t, err, what)
		require.Contains(t, []rendition.Kind{rendition.Permission, rendition.Unsupported}, rendition.KindOf(err), "%s: %v", what, err)
		require.NotContains(t, err.Error(), secret)
		t.Log(what+":", err)
	}
	require.ErrorIs(t, b.Delete(ctx, name), rendition.Unsupported)
	got, err = owner.ReadAll(ctx, key, 0)
	require.NoError(t, err)
	require.Len(t, got, 3<<20, "untouched")
}

func expired(ctx context.Context, t *testing.T, owner *storage.Bucket, key string) error {
	b, name := openSigned(ctx, t, owner, http.MethodPut, key, time.Second)
	time.Sleep(2100 * time.Millisecond)
	return b.WriteAll(ctx, name, []byte("late"), nil)
}

// makeContainer signs one request with the account's key: httpstore's tests know no SDK.
func makeContainer(t *testing.T, a *servers.Azurite, name string) {
	t.Helper()
	date := time.Now().UTC().Format(http.TimeFormat)
	text := "PUT" + strings.Repeat("\n", 12) + "x-ms-date:" + date + "\nx-ms-version:2021-08-06\n" +
		"/" + a.Account + "/" + a.Account + "/" + name + "\nrestype:container"
	key, err := base64.StdEncoding.DecodeString(a.Key)
	require.NoError(t, err)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, a.Endpoint+"/"+name+"?restype=container", nil)
	require.NoError(t, err)
	req.Header.Set("X-Ms-Date", date)
	req.Header.Set("X-Ms-Version", "2021-08-06")
	req.Header.Set("Authorization", "SharedKey "+a.Account+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	tr := &http.Transport{DisableKeepAlives: true}
	resp, err := tr.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusCreated, resp.StatusCode)
}

package swiftstore_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/httpstore"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

const waitLong = 20 * time.Second

// testToken works with tokens that somebody else has fetched, and with ones that end.
func testToken(t *testing.T, a *account, proxy, old *servers.SwiftProxy) {
	t.Run("ready", func(t *testing.T) {
		container := a.newContainer(t)
		b := open(t, container, &swiftstore.Options{StorageURL: a.url, AuthToken: storage.Secret(a.token), Bucket: quick()})
		data := random(2*part + 1)
		require.NoError(t, b.WriteAll(t.Context(), "a", data, parts()))
		got, err := b.ReadAll(t.Context(), "a", 0)
		require.NoError(t, err)
		require.Equal(t, data, got)
		require.Equal(t, "http://"+proxy.Addr+"/v1/"+proxy.Account+"/"+escape(container)+"/", b.Name())
	})
	t.Run("ready and refused", func(t *testing.T) {
		container := a.newContainer(t)
		o := &swiftstore.Options{StorageURL: a.url, AuthToken: "AUTH_tkSECRET", Bucket: quick()}
		b := open(t, container, o)
		err := b.WriteAll(t.Context(), "a", random(3*part), parts())
		require.ErrorIs(t, err, rendition.Permission)
		require.ErrorContains(t, err, "AuthToken")
		require.NotContains(t, err.Error(), "SECRET")

		o.AuthURL, o.User, o.Key = proxy.AuthURL, proxy.User, storage.Secret(proxy.Key)
		b = open(t, container, o)
		require.NoError(t, b.WriteAll(t.Context(), "a", random(3*part), parts()), "there are credentials for another one")
	})
	t.Run("ends in mid-work", func(t *testing.T) {
		container := a.newContainer(t)
		b := open(t, container, options(old)) // its tokens live for 3 s
		data := random(4 * part)
		require.NoError(t, b.WriteAll(t.Context(), "a", data, parts()))
		r, err := b.Open(t.Context(), "a", &storage.ReadOptions{FirstRange: part, MaxRange: part})
		require.NoError(t, err)
		defer r.Close()
		w, err := b.NewWriter(t.Context(), "b", parts())
		require.NoError(t, err)
		for i := range 4 {
			time.Sleep(1100 * time.Millisecond)
			_, err = io.CopyN(w, r, part)
			require.NoError(t, err, "part %d", i)
		}
		require.NoError(t, w.Close())
		got, err := b.ReadAll(t.Context(), "b", 0)
		require.NoError(t, err)
		require.Equal(t, data, got)
	})
	t.Run("every connection is dialed by the caller", func(t *testing.T) {
		container := a.newContainer(t)
		var dials atomic.Int32
		o := options(proxy)
		o.AuthURL = "http://swift.invalid/auth/v1.0"
		o.StorageURL = "http://swift.invalid/v1/" + proxy.Account
		o.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			dials.Add(1)
			require.Equal(t, "swift.invalid:80", addr)
			return (&net.Dialer{}).DialContext(ctx, network, proxy.Addr)
		}
		b := open(t, container, o)
		require.NoError(t, b.WriteAll(t.Context(), "a", random(3*part), parts()))
		require.NoError(t, b.Copy(t.Context(), "b", "a"))
		require.Positive(t, dials.Load())
	})
}

// testTempURL uses signed URLs without the driver.
func testTempURL(t *testing.T, a *account, p *servers.SwiftProxy) {
	container := a.newContainer(t)
	a.must(t, http.MethodPost, container, "", map[string]string{"X-Container-Meta-Temp-URL-Key": "of the container"}, nil)
	for key, digests := range map[string][]string{tempURLKey: {"", "sha256", "sha512", "sha1"}, "of the container": {""}} {
		for _, digest := range digests {
			o := options(p)
			o.TempURLKey, o.TempURLDigest = storage.Secret(key), digest
			b := open(t, container, o)
			name := "a b/ü%2F?.mp4"
			put, err := b.SignedURL(t.Context(), name, &storage.SignOptions{Method: http.MethodPut, Expiry: time.Minute})
			require.NoError(t, err)
			code := request(t, http.MethodPut, put, []byte("0123456789"))
			if digest == "sha1" && code == http.StatusUnauthorized {
				continue // clusters from 2.30 on refuse it unless told
			}
			require.Equal(t, http.StatusCreated, code, digest)
			get, err := b.SignedURL(t.Context(), name, nil)
			require.NoError(t, err)
			require.Equal(t, http.StatusUnauthorized, request(t, http.MethodPut, get, []byte("x")), "it is for reading")
			own, objectKey, err := httpstore.OpenURL(t.Context(), get, nil)
			require.NoError(t, err)
			r, err := own.Open(t.Context(), objectKey, nil)
			require.NoError(t, err)
			_, err = r.Seek(7, io.SeekStart)
			require.NoError(t, err)
			got, err := io.ReadAll(r)
			require.NoError(t, err)
			require.Equal(t, "789", string(got))
			require.NoError(t, r.Close())
			require.NoError(t, own.Close())
			require.NoError(t, b.Delete(t.Context(), name))
		}
	}
	o := options(p)
	o.TempURLKey = tempURLKey
	b := open(t, container, o)
	require.NoError(t, b.WriteAll(t.Context(), "large", random(3*part), parts()))
	get, err := b.SignedURL(t.Context(), "large", &storage.SignOptions{Expiry: time.Second})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, request(t, http.MethodGet, get, nil), "it covers the segments")
	require.Eventually(t, func() bool { return request(t, http.MethodGet, get, nil) == http.StatusUnauthorized }, waitLong, 200*time.Millisecond)
}

func request(t *testing.T, method, url string, body []byte) int {
	t.Helper()
	code, _, _ := send(t, method, url, "", nil, body)
	return code
}

package azurestore_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/sas"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
	"github.com/rendition-sdk/rendition/storage/drivertest"
)

// TestAzurite is all that runs against one Azurite.
func TestAzurite(t *testing.T) {
	t.Parallel()
	a := start(t)
	for name, test := range map[string]func(*testing.T, *account){
		"key": conformanceWithKey, "sas": conformanceWithSAS, "tiers": tiers, "headers": headers, "signed put": signedPut,
		"expired signed url": expiredSignedURL, "one blob": oneBlob, "account sas": accountSAS, "anonymous": anonymous, "abort": abortedBlocks,
		"racing writers": racingWriters, "corruption": corruption, "change": changeUnderneath, "metadata": metadata, "snapshots": snapshots,
		"rclone": withRclone, "folders": folders, "foreign blocks": foreignBlocks, "large copy": largeCopy, "broken connections": brokenConnections,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, a)
		})
	}
}

func conformanceWithKey(t *testing.T, a *account) {
	drivertest.Run(t, drivertest.Harness{
		Open: func(t *testing.T) drivertest.Store {
			name := a.container(t)
			return drivertest.Store{Bucket: unmanaged(t, a, name, &azurestore.Options{AccountKey: storage.Secret(a.Key)}), Leftovers: a.leftovers(name)}
		},
		Errors: a.errorCases(), Refuses: backslash, Secrets: []string{a.Key, wrongKey, "sig="},
	})
}

func conformanceWithSAS(t *testing.T, a *account) {
	drivertest.Run(t, drivertest.Harness{
		Open: func(t *testing.T) drivertest.Store {
			name := a.container(t)
			o := &azurestore.Options{SAS: a.sas(t, name, everything(), time.Hour)}
			return drivertest.Store{Bucket: unmanaged(t, a, name, o), Leftovers: a.leftovers(name)}
		},
		Refuses: backslash, Secrets: []string{"sig="},
	})
}

func backslash(key string) bool { return strings.Contains(key, `\`) }

// unmanaged opens a Bucket that the suite closes.
func unmanaged(t *testing.T, a *account, name string, o *azurestore.Options) *storage.Bucket {
	o.Endpoint, o.Bucket = a.Endpoint, quick()
	b, err := azurestore.Open(t.Context(), "", name, o)
	require.NoError(t, err)
	return b
}

const wrongKey = "d3Jvbmcga2V5IHdyb25nIGtleSB3cm9uZyBrZXk="

// errorCases are failures that Azurite or the network makes.
func (a *account) errorCases() []drivertest.ErrorCase {
	read := func(b *storage.Bucket) error {
		_, err := b.Open(context.Background(), "dir/clip.mp4", nil)
		return err
	}
	write := func(b *storage.Bucket) error {
		return b.WriteAll(context.Background(), "dir/clip.mp4", []byte("x"), nil)
	}
	all := func(o azurestore.Options) func(context.Context, *testing.T, func(*storage.Bucket) error) error {
		return func(_ context.Context, t *testing.T, do func(*storage.Bucket) error) error {
			return do(a.open(t, a.container(t), o))
		}
	}
	with := func(name string, kind rendition.Kind, mentions string, do func(t *testing.T) error) drivertest.ErrorCase {
		return drivertest.ErrorCase{Name: name, Kind: kind, Mentions: mentions, Do: func(_ context.Context, t *testing.T) error { return do(t) }}
	}
	wrong := all(azurestore.Options{AccountKey: wrongKey})
	return []drivertest.ErrorCase{
		with("wrong key", rendition.Permission, "account's name and key", func(t *testing.T) error { return wrong(t.Context(), t, read) }),
		with("wrong key, write", rendition.Permission, "account's name and key", func(t *testing.T) error { return wrong(t.Context(), t, write) }),
		with("no container", rendition.NotFound, "dir/clip.mp4", func(t *testing.T) error { return read(a.open(t, "no-such-container", azurestore.Options{})) }),
		with("no container, write", rendition.NotFound, "create the container", func(t *testing.T) error {
			return write(a.open(t, "no-such-container", azurestore.Options{}))
		}),
		with("expired", rendition.Permission, "expired at", func(t *testing.T) error {
			name := a.container(t)
			return read(a.open(t, name, azurestore.Options{SAS: a.sas(t, name, everything(), -time.Hour)}))
		}),
		with("may not write", rendition.Permission, `permits "r"`, func(t *testing.T) error {
			name := a.container(t)
			return write(a.open(t, name, azurestore.Options{SAS: a.sas(t, name, sas.ContainerPermissions{Read: true}, time.Hour)}))
		}),
		with("may not list", rendition.Permission, `permits "r"`, func(t *testing.T) error {
			name := a.container(t)
			b := a.open(t, name, azurestore.Options{SAS: a.sas(t, name, sas.ContainerPermissions{Read: true}, time.Hour)})
			for _, err := range b.List(t.Context(), nil) {
				return err
			}
			return nil
		}),
		with("other container", rendition.Permission, "", func(t *testing.T) error {
			return read(a.open(t, a.container(t), azurestore.Options{SAS: a.sas(t, a.container(t), everything(), time.Hour)}))
		}),
		with("no account", rendition.NotFound, "name of the storage account", func(t *testing.T) error {
			b, err := azurestore.Open(t.Context(), "no-such-account", "container", &azurestore.Options{
				AccountKey: wrongKey, Bucket: quick(), Dial: func(_ context.Context, _, addr string) (net.Conn, error) {
					return nil, &net.DNSError{Err: "no such host", Name: strings.TrimSuffix(addr, ":443"), IsNotFound: true}
				},
			})
			require.NoError(t, err)
			defer b.Close()
			return read(b)
		}),
	}
}

func tiers(t *testing.T, a *account) {
	name := a.container(t)
	for tier, part := range map[string]int64{"Cool": 0, "Hot": 5, "Archive": 5} {
		b := a.open(t, name, azurestore.Options{Tier: tier})
		require.NoError(t, b.WriteAll(t.Context(), tier, []byte("0123456789"), &storage.WriterOptions{PartSize: part}))
		p, err := a.admin(t, name).NewBlobClient(tier).GetProperties(t.Context(), nil)
		require.NoError(t, err)
		require.Equal(t, tier, *p.AccessTier)
	}
	b := a.open(t, name, azurestore.Options{Tier: "Cool"})
	require.NoError(t, b.Copy(t.Context(), "copy", "Hot"))
	p, err := a.admin(t, name).NewBlobClient("copy").GetProperties(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, "Cool", *p.AccessTier)
	_, err = b.ReadAll(t.Context(), "Archive", 0)
	require.ErrorIs(t, err, rendition.Unsupported)
	require.ErrorContains(t, err, "archive tier")
}

// headers looks at an object with the SDK's own client.
func headers(t *testing.T, a *account) {
	name := a.container(t)
	b := a.open(t, name, azurestore.Options{})
	data := []byte("some bytes")
	sum := md5.Sum(data)
	for key, part := range map[string]int64{"whole": 0, "blocks": 3} {
		o := &storage.WriterOptions{ContentType: "video/x-test", CacheControl: "max-age=7", Metadata: map[string]string{"Job_ID": "42"}, PartSize: part}
		require.NoError(t, b.WriteAll(t.Context(), key, data, o))
		resp, err := a.admin(t, name).NewBlobClient(key).DownloadStream(t.Context(), nil)
		require.NoError(t, err)
		got, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, data, got)
		require.Equal(t, "video/x-test", *resp.ContentType)
		require.Equal(t, "max-age=7", *resp.CacheControl)
		require.Equal(t, blob.BlobTypeBlockBlob, *resp.BlobType)
		if key == "whole" {
			require.Equal(t, sum[:], resp.ContentMD5)
		}
		object, err := b.Stat(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, map[string]string{"job_id": "42"}, object.Metadata)
		require.WithinDuration(t, time.Now(), object.ModTime, time.Minute)
	}
}

func put(t *testing.T, url string, data []byte) *http.Response {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, bytes.NewReader(data))
	require.NoError(t, err)
	req.Header.Set("x-ms-blob-type", "BlockBlob")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() {
		resp.Body.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return resp
}

func get(t *testing.T, url string) (status int, data []byte) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer http.DefaultClient.CloseIdleConnections()
	defer resp.Body.Close()
	data, err = io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, data
}

func signedPut(t *testing.T, a *account) {
	b := a.open(t, a.container(t), azurestore.Options{})
	for _, key := range []string{"a.mp4", "dir/sp ace+plus%25 ü#?&.mp4"} {
		data := []byte("put by " + key)
		url, err := b.SignedURL(t.Context(), key, &storage.SignOptions{Method: http.MethodPut, Expiry: time.Minute})
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, put(t, url, data).StatusCode)
		got, err := b.ReadAll(t.Context(), key, 0)
		require.NoError(t, err)
		require.Equal(t, data, got)
		status, _ := get(t, url)
		require.Equal(t, http.StatusForbidden, status, "a URL for PUT does not read")

		url, err = b.SignedURL(t.Context(), key, nil)
		require.NoError(t, err)
		status, got = get(t, url)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, data, got)
		require.Equal(t, http.StatusForbidden, put(t, url, data).StatusCode, "a URL for GET does not write")
		status, _ = get(t, strings.Replace(url, "sig=", "sig=A", 1))
		require.Equal(t, http.StatusForbidden, status)
	}
}

func expiredSignedURL(t *testing.T, a *account) {
	b := a.open(t, a.container(t), azurestore.Options{})
	require.NoError(t, b.WriteAll(t.Context(), "a", []byte("x"), nil))
	url, err := b.SignedURL(t.Context(), "a", &storage.SignOptions{Expiry: time.Second})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		status, _ := get(t, url)
		return status == http.StatusForbidden
	}, 10*time.Second, 500*time.Millisecond)
}

// oneBlob has a signature of a single blob, as the seed's URLs have.
func oneBlob(t *testing.T, a *account) {
	name := a.container(t)
	owner := a.open(t, name, azurestore.Options{})
	url, err := owner.SignedURL(t.Context(), "in/clip.mp4", &storage.SignOptions{Method: http.MethodPut})
	require.NoError(t, err)
	_, query, _ := strings.Cut(url, "?")
	writer := a.open(t, name, azurestore.Options{SAS: storage.Secret("?" + query)})
	data := bytes.Repeat([]byte("0123456789"), 10_000)
	require.NoError(t, writer.WriteAll(t.Context(), "in/clip.mp4", data, &storage.WriterOptions{PartSize: 30_000}))
	require.ErrorIs(t, writer.WriteAll(t.Context(), "in/other.mp4", data, nil), rendition.Permission)
	_, err = writer.ReadAll(t.Context(), "in/clip.mp4", 0)
	require.ErrorIs(t, err, rendition.Permission)
	require.False(t, writer.Capabilities().SignedURL, "a signature cannot sign")

	url, err = owner.SignedURL(t.Context(), "in/clip.mp4", nil)
	require.NoError(t, err)
	_, query, _ = strings.Cut(url, "?")
	got, err := a.open(t, name, azurestore.Options{SAS: storage.Secret(query)}).ReadAll(t.Context(), "in/clip.mp4", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
}

func accountSAS(t *testing.T, a *account) {
	q, err := sas.AccountSignatureValues{
		ExpiryTime:    time.Now().Add(time.Hour).UTC(),
		Permissions:   (&sas.AccountPermissions{Read: true, Write: true, Delete: true, List: true, Create: true}).String(),
		ResourceTypes: (&sas.AccountResourceTypes{Container: true, Object: true}).String(),
	}.SignWithSharedKey(a.cred)
	require.NoError(t, err)
	b := a.open(t, a.container(t), azurestore.Options{SAS: storage.Secret(q.Encode())})
	require.NoError(t, b.WriteAll(t.Context(), "a/b", []byte("x"), nil))
	require.NoError(t, b.Copy(t.Context(), "a/c", "a/b"))
	var keys []string
	for o, err := range b.List(t.Context(), nil) {
		require.NoError(t, err)
		keys = append(keys, o.Key)
	}
	require.Equal(t, []string{"a/b", "a/c"}, keys)
	require.NoError(t, b.Delete(t.Context(), "a/b"))
}

package all_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/all"
	"github.com/rendition-sdk/rendition/storage/ftpstore"
	"github.com/rendition-sdk/rendition/storage/location"
)

// user is user:password@ as it has to be written.
func user(name, password string) string { return url.UserPassword(name, password).String() + "@" }

// delivers writes below a URL, and reads, lists and deletes what is there by the URL of the object.
func delivers(t *testing.T, open *storage.Opener, raw string) {
	t.Helper()
	ctx := t.Context()
	base, query, _ := strings.Cut(raw, "?")
	if query != "" {
		query = "?" + query
	}
	out, err := open.OpenBucket(ctx, strings.TrimSuffix(base, "/")+"/out/42/"+query)
	require.NoError(t, err)
	defer out.Close()
	require.NoError(t, out.Check(ctx))
	require.NoError(t, out.WriteAll(ctx, "hls1/a b.m3u8", []byte("#EXTM3U"), nil))
	object := strings.TrimSuffix(base, "/") + "/out/42/hls1/a%20b.m3u8" + query
	in, key, err := open.OpenObject(ctx, object)
	require.NoError(t, err)
	got, err := in.ReadAll(ctx, key, 0)
	require.NoError(t, err)
	require.Equal(t, "#EXTM3U", string(got))
	require.NoError(t, in.Close())
	r, err := open.Source(object).Open(ctx)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	var names []string
	for o, err := range out.List(ctx, nil) {
		require.NoError(t, err)
		names = append(names, o.Key)
	}
	require.Equal(t, []string{"hls1/a b.m3u8"}, names)
	require.NoError(t, out.Delete(ctx, "hls1/a b.m3u8"))
}

func TestMinIO(t *testing.T) {
	t.Parallel()
	s := servers.StartMinIO(t)
	require.NoError(t, os.Mkdir(filepath.Join(s.Dir, "media"), 0o755)) //nolint:gosec // a bucket
	host := strings.TrimPrefix(s.Endpoint, "http://")
	login := user(s.AccessKey, s.SecretKey)
	open := all.New(nil)
	delivers(t, open, "s3://"+login+host+"/media?tls=no&region="+s.Region)
	delivers(t, open, "s3://"+login+"media?endpoint="+s.Endpoint)
	// Without an encoded slash, which the secret has.
	delivers(t, open, "s3://"+s.AccessKey+":"+s.SecretKey+"@"+host+"/media/deeper?tls=no")
	// By an alias, with no secret in the URL.
	delivers(t, all.New(&all.Options{Credentials: func(_ context.Context, loc *location.Location) error {
		if loc.User != "archive" {
			return errors.New("unknown alias")
		}
		loc.User, loc.Password = s.AccessKey, storage.Secret(s.SecretKey)
		loc.Scheme, loc.Host, loc.Port = "http", "127.0.0.1", s.Port
		return nil
	}}), "s3://archive@media/alias")
	// A presigned URL is written to and read from as it is.
	b, key, err := open.OpenObject(t.Context(), "s3://"+login+host+"/media/signed.mp4?tls=no&region="+s.Region)
	require.NoError(t, err)
	defer b.Close()
	put, err := b.SignedURL(t.Context(), key, &storage.SignOptions{Method: http.MethodPut})
	require.NoError(t, err)
	get, err := b.SignedURL(t.Context(), key, nil)
	require.NoError(t, err)
	p, key, err := open.OpenObject(t.Context(), put)
	require.NoError(t, err)
	require.NoError(t, p.WriteAll(t.Context(), key, []byte("signed"), nil))
	require.NoError(t, p.Close())
	g, key, err := open.OpenObject(t.Context(), get)
	require.NoError(t, err)
	got, err := g.ReadAll(t.Context(), key, 0)
	require.NoError(t, err)
	require.Equal(t, "signed", string(got))
	require.NoError(t, g.Close())
}

func TestAzurite(t *testing.T) {
	t.Parallel()
	a := servers.StartAzurite(t)
	cred, err := container.NewSharedKeyCredential(a.Account, a.Key)
	require.NoError(t, err)
	c, err := container.NewClientWithSharedKeyCredential(a.Endpoint+"/media", cred, nil)
	require.NoError(t, err)
	_, err = c.Create(t.Context(), nil)
	require.NoError(t, err)
	host, _, _ := strings.Cut(strings.TrimPrefix(a.Endpoint, "http://"), "/")
	key := url.QueryEscape(a.Key)
	open := all.New(nil)
	delivers(t, open, "azblob://"+key+"@"+host+"/"+a.Account+"/media?tls=no")
	delivers(t, open, "azblob://"+a.Account+":"+key+"@media?endpoint="+a.Endpoint)
	// A bare key, slashes and all.
	delivers(t, open, "azblob://"+a.Account+":"+a.Key+"@"+host+"/"+a.Account+"/media/deeper?tls=no")
}

func TestSSHD(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	if s.Password == "" {
		t.Skip("the server has no user with a password")
	}
	line, err := os.ReadFile(s.HostKeyFile)
	require.NoError(t, err)
	fields := strings.Fields(string(line))
	pin := "?host-key=" + url.QueryEscape(fields[0]+"%20"+fields[1])
	pin = strings.ReplaceAll(pin, "%2520", "%20")
	open := all.New(nil)
	delivers(t, open, "sftp://"+user(s.User, s.Password)+s.Addr+s.Dir+pin)
	_, err = open.OpenBucket(t.Context(), "sftp://"+user(s.User, s.Password)+s.Addr+s.Dir)
	require.ErrorContains(t, err, "host key")
	require.NotContains(t, err.Error(), s.Password)
}

func TestVsftpd(t *testing.T) {
	t.Parallel()
	f := servers.StartVsftpd(t)
	open := all.New(&all.Options{FTP: &ftpstore.Options{RootCAs: f.Roots}})
	login := user(f.User, f.Password)
	delivers(t, open, "ftp://"+login+f.Addr+"/plain?passive=yes")
	delivers(t, open, "ftp://"+login+f.Addr+"/%2Factive?passive=no")
	delivers(t, open, "ftpes://"+login+f.Addr+"/tls")
	if f.Implicit != "" {
		delivers(t, open, "ftps://"+login+f.Implicit+"/implicit")
	}
}

func TestSwift(t *testing.T) {
	t.Parallel()
	p := servers.StartSwift(t).StartProxy(t, nil)
	tenant, name, _ := strings.Cut(p.User, ":")
	token := makeContainer(t, p, "media")
	open := all.New(nil)
	delivers(t, open, "swift://"+user(name, p.Key)+p.Addr+"/v1/"+tenant+"/media?tls=no")
	delivers(t, open, "swift://"+user(p.User, p.Key)+p.Addr+"/v1/"+p.Account+"/media/deeper?tls=no")
	delivers(t, open, "swift://"+p.Addr+"/v1/"+p.Account+"/media/token?tls=no&auth-token="+token)
}

// makeContainer logs in and makes a container.
func makeContainer(t *testing.T, p *servers.SwiftProxy, name string) (token string) {
	t.Helper()
	do := func(method, url string, header http.Header) http.Header {
		req, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
		require.NoError(t, err)
		req.Header = header
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Less(t, resp.StatusCode, 300)
		return resp.Header
	}
	token = do(http.MethodGet, p.AuthURL, http.Header{"X-Auth-User": {p.User}, "X-Auth-Key": {p.Key}}).Get("X-Auth-Token")
	do(http.MethodPut, "http://"+p.Addr+"/v1/"+p.Account+"/"+name, http.Header{"X-Auth-Token": {token}})
	return token
}

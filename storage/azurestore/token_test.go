package azurestore_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
)

// issuer gives tokens as Entra ID would. Azurite looks at their claims and not at their signatures.
type issuer struct {
	audience string
	err      error
}

func (i *issuer) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	if i.err != nil {
		return azcore.AccessToken{}, i.err
	}
	if len(o.Scopes) != 1 || o.Scopes[0] != "https://storage.azure.com/.default" {
		return azcore.AccessToken{}, fmt.Errorf("scopes %v", o.Scopes)
	}
	now := time.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": "https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/", "aud": i.audience, "ver": "1.0",
		"iat": now.Add(-time.Minute).Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
		"oid": "11059fcc-5514-4800-b5f8-49808b9cfab6", "tid": "ab1f708d-50f6-404c-a006-d71b2ac7a606",
	})
	encode := base64.RawURLEncoding.EncodeToString
	token := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(claims) + "." + encode([]byte("SIGNED"))
	return azcore.AccessToken{Token: token, ExpiresOn: now.Add(time.Hour)}, err
}

func TestTokenCredential(t *testing.T) {
	t.Parallel()
	a := servers.StartAzuriteTLS(t)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: a.Roots, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	open := func(cred azcore.TokenCredential, c *http.Client) *storage.Bucket {
		b, err := azurestore.Open(t.Context(), "", "videos", &azurestore.Options{Endpoint: a.Endpoint, Credential: cred, Client: c, Bucket: quick()})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, b.Close()) })
		return b
	}
	key, err := blob.NewSharedKeyCredential(a.Account, a.Key)
	require.NoError(t, err)
	o := &container.ClientOptions{ClientOptions: azcore.ClientOptions{Transport: client}}
	admin, err := container.NewClientWithSharedKeyCredential(a.Endpoint+"/videos", key, o)
	require.NoError(t, err)
	_, err = admin.Create(t.Context(), nil)
	require.NoError(t, err)

	b := open(&issuer{audience: "https://storage.azure.com"}, client)
	data := random(300_000)
	require.NoError(t, b.WriteAll(t.Context(), "a/b.mp4", data, &storage.WriterOptions{PartSize: 100_000}))
	got, err := b.ReadAll(t.Context(), "a/b.mp4", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	require.NoError(t, b.Copy(t.Context(), "a/c.mp4", "a/b.mp4"))
	n := 0
	for _, err := range b.List(t.Context(), &storage.ListOptions{Prefix: "a/"}) {
		require.NoError(t, err)
		n++
	}
	require.Equal(t, 2, n)
	t.Run("user delegation", func(t *testing.T) { delegated(t, b, client, data) })
	require.NoError(t, b.Delete(t.Context(), "a/b.mp4"))

	_, err = open(&issuer{audience: "https://management.azure.com"}, client).Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Permission)
	require.ErrorContains(t, err, "check the tenant")
	require.NotContains(t, err.Error(), "SIGNED")
	_, err = open(&issuer{err: errors.New("the vault is sealed")}, client).Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Permission)
	require.ErrorContains(t, err, "the vault is sealed")
	_, err = open(&issuer{err: &net.OpError{Op: "dial", Err: errors.New("down")}}, client).Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Unavailable)
	_, err = open(&issuer{audience: "https://storage.azure.com"}, nil).Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Permission, "a certificate that nobody vouches for")
	require.ErrorContains(t, err, "certificate")
}

// delegated makes URLs with a key that the service gives, and uses them.
func delegated(t *testing.T, b *storage.Bucket, client *http.Client, data []byte) {
	_, err := b.SignedURL(t.Context(), "a", &storage.SignOptions{Expiry: 8 * 24 * time.Hour})
	require.ErrorIs(t, err, rendition.InvalidJob)
	for method, key := range map[string]string{http.MethodGet: "a/b.mp4", http.MethodPut: "a/d e.mp4"} {
		url, err := b.SignedURL(t.Context(), key, &storage.SignOptions{Method: method})
		require.NoError(t, err)
		require.Contains(t, url, "skoid=")
		req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(data))
		require.NoError(t, err)
		if method == http.MethodGet {
			req.Body, req.ContentLength = http.NoBody, 0
		}
		req.Header.Set("x-ms-blob-type", "BlockBlob")
		resp, err := client.Do(req)
		require.NoError(t, err)
		got, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		require.Less(t, resp.StatusCode, 300, "%s: %s", method, got)
		if method == http.MethodGet {
			require.True(t, bytes.Equal(data, got))
		}
	}
}

// TestDefaultCredential has nothing that could give a token: an error that says what was looked for,
// and no connection but with Dial.
func TestDefaultCredential(t *testing.T) {
	for _, name := range []string{"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "IDENTITY_ENDPOINT", "MSI_ENDPOINT"} {
		t.Setenv(name, "")
		require.NoError(t, os.Unsetenv(name)) // empty is not the same; the test's end puts it back
	}
	t.Setenv("PATH", t.TempDir()) // without az, azd and pwsh
	dialed := make(chan string, 100)
	b, err := azurestore.Open(t.Context(), "acct", "videos", &azurestore.Options{
		Bucket: &storage.Options{Attempts: 1}, Dial: func(_ context.Context, _, addr string) (net.Conn, error) {
			dialed <- addr
			return nil, &net.OpError{Op: "dial", Err: errors.New("not from here")}
		},
	})
	require.NoError(t, err)
	defer b.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err = b.Stat(ctx, "a")
	require.ErrorIs(t, err, rendition.Permission)
	require.ErrorContains(t, err, "no Azure credential was found")
	require.ErrorContains(t, err, "AZURE_TENANT_ID")
	require.NotContains(t, err.Error(), "\n")
	require.NotEmpty(t, dialed, "the identity endpoint was asked with Dial")
}

// TestServicePrincipal has an identity service that refuses.
func TestServicePrincipal(t *testing.T) {
	t.Setenv("AZURE_TENANT_ID", "ab1f708d-50f6-404c-a006-d71b2ac7a606")
	t.Setenv("AZURE_CLIENT_ID", "11059fcc-5514-4800-b5f8-49808b9cfab6")
	t.Setenv("AZURE_CLIENT_SECRET", "SIGNED")
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
	b, err := azurestore.Open(t.Context(), "acct", "videos", &azurestore.Options{
		Bucket: &storage.Options{Attempts: 1}, Client: &http.Client{Transport: identity{}},
	})
	require.NoError(t, err)
	defer b.Close()
	_, err = b.Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Permission)
	require.ErrorContains(t, err, "AADSTS7000215")
	require.NotContains(t, fmt.Sprintf("%+v", err), "SIGNED")
}

type identity struct{}

func (identity) RoundTrip(req *http.Request) (*http.Response, error) {
	status, body := http.StatusUnauthorized, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret SIGNED provided."}`
	if req.Method == http.MethodGet { // discovery
		host := "https://login.microsoftonline.com/ab1f708d-50f6-404c-a006-d71b2ac7a606"
		status, body = http.StatusOK, `{"token_endpoint":"`+host+`/oauth2/v2.0/token","authorization_endpoint":"`+host+`/oauth2/v2.0/authorize","issuer":"`+host+`/v2.0",
			"tenant_discovery_endpoint":"`+host+`/v2.0/.well-known/openid-configuration","metadata":[]}`
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader([]byte(body))), Request: req,
	}, nil
}

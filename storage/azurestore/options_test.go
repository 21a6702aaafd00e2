package azurestore_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	const key = "c2VjcmV0IFNJR05FRA=="
	for name, c := range map[string]struct {
		account, container string
		opts               azurestore.Options
		text               string
	}{
		"nothing":             {"", "videos", azurestore.Options{}, "give the name of the storage account"},
		"account":             {"ac/count", "videos", azurestore.Options{}, "account's name"},
		"no container":        {"acct", "", azurestore.Options{}, "name of the container"},
		"container":           {"acct", "Videos", azurestore.Options{}, "lower-case"},
		"short container":     {"acct", "ab", azurestore.Options{}, "3 to 63"},
		"container path":      {"acct", "a/../b", azurestore.Options{}, "lower-case"},
		"two credentials":     {"acct", "videos", azurestore.Options{AccountKey: key, SAS: "sig=SIGNED"}, "not several"},
		"key":                 {"acct", "videos", azurestore.Options{AccountKey: "SIGNED!"}, "not base64"},
		"sas":                 {"acct", "videos", azurestore.Options{SAS: "SIGNED"}, "no sig parameter"},
		"broken sas":          {"acct", "videos", azurestore.Options{SAS: "sig=SIGNED%zz"}, "query of a URL"},
		"sas with a space":    {"acct", "videos", azurestore.Options{SAS: "sig=SIGNED&a=b c"}, "query of a URL"},
		"sas with more":       {"acct", "videos", azurestore.Options{SAS: "sig=SIGNED&comp=list"}, "another request"},
		"endpoint":            {"acct", "videos", azurestore.Options{Endpoint: "ftp://host"}, "http or https"},
		"endpoint, no URL":    {"acct", "videos", azurestore.Options{Endpoint: "https://SIGNED\x00"}, "not a URL"},
		"endpoint, userinfo":  {"acct", "videos", azurestore.Options{Endpoint: "https://SIGNED@host"}, "AccountKey"},
		"endpoint, query":     {"acct", "videos", azurestore.Options{Endpoint: "https://host?sig=SIGNED"}, "SAS"},
		"endpoint, address":   {"", "videos", azurestore.Options{Endpoint: "http://127.0.0.1:10000", AccountKey: key}, "account's name"},
		"token over http":     {"acct", "videos", azurestore.Options{Endpoint: "http://host"}, "https alone"},
		"tier":                {"acct", "videos", azurestore.Options{AccountKey: key, Tier: "Lukewarm"}, "Lukewarm"},
		"encryption key":      {"acct", "videos", azurestore.Options{AccountKey: key, EncryptionKey: "SIGNED"}, "32 bytes"},
		"encryption and both": {"acct", "videos", azurestore.Options{AccountKey: key, EncryptionKey: wrongKey, EncryptionScope: "s"}, "not both"},
	} {
		_, err := azurestore.Open(t.Context(), c.account, c.container, &c.opts)
		require.ErrorIs(t, err, rendition.InvalidJob, name)
		require.ErrorContains(t, err, c.text, name)
		require.NotContains(t, fmt.Sprintf("%+v", err), "SIGNED", name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := azurestore.Open(ctx, "acct", "videos", nil)
	require.ErrorIs(t, err, rendition.Canceled)
}

func TestNames(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		account string
		opts    azurestore.Options
	}{
		"https://acct.blob.core.windows.net/videos/":           {"acct", azurestore.Options{}},
		"https://acct.blob.core.usgovcloudapi.net/videos/":     {"", azurestore.Options{Endpoint: "https://acct.blob.core.usgovcloudapi.net"}},
		"https://acct.blob.core.chinacloudapi.cn/videos/":      {"", azurestore.Options{Endpoint: "https://acct.blob.core.chinacloudapi.cn/"}},
		"https://acct-secondary.blob.core.windows.net/videos/": {"", azurestore.Options{Endpoint: "https://acct-secondary.blob.core.windows.net"}},
		"http://127.0.0.1:10000/devstoreaccount1/videos/":      {"", azurestore.Options{Endpoint: "http://127.0.0.1:10000/devstoreaccount1", AccountKey: wrongKey}},
		"http://azurite:10000/devstoreaccount1/videos/":        {"", azurestore.Options{Endpoint: "http://azurite:10000/devstoreaccount1/", SAS: "?sv=1&sig=a+b/c="}},
		"https://media.example.com/videos/":                    {"acct", azurestore.Options{Endpoint: "https://media.example.com"}},
	} {
		b, err := azurestore.Open(t.Context(), c.account, "videos", &c.opts)
		require.NoError(t, err, want)
		require.Equal(t, want, b.Name())
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", b, b, b), "sig")
		require.NoError(t, b.Close())
	}
	for _, name := range []string{"$root", "$web", "abc", "a-1-b"} {
		b, err := azurestore.Open(t.Context(), "acct", name, &azurestore.Options{AccountKey: wrongKey, Bucket: &storage.Options{Name: "mine"}})
		require.NoError(t, err)
		require.NoError(t, b.Close())
	}
}

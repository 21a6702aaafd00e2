package swiftstore_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

// account is an account seen by net/http alone: what the driver did is looked at from outside.
type account struct {
	url, token string
}

var plain = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// login is a v1 login.
func login(t *testing.T, p *servers.SwiftProxy) *account {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.AuthURL, http.NoBody)
	require.NoError(t, err)
	req.Header.Set("X-Auth-User", p.User)
	req.Header.Set("X-Auth-Key", p.Key)
	resp, err := plain.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	return &account{url: resp.Header.Get("X-Storage-Url"), token: resp.Header.Get("X-Auth-Token")}
}

func escape(path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// do makes a request for an unescaped path; query is sent as it is.
func (a *account) do(t *testing.T, method, path, query string, header map[string]string, body []byte) (int, http.Header, []byte) {
	t.Helper()
	return send(t, method, a.url+"/"+escape(path)+query, a.token, header, body)
}

func send(t *testing.T, method, url, token string, header map[string]string, body []byte) (int, http.Header, []byte) {
	t.Helper()
	// The suite looks for leftovers in a cleanup, when the ctx of the test has ended.
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, url, bytes.NewReader(body))
	require.NoError(t, err)
	if token != "" {
		req.Header.Set("X-Auth-Token", token)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := plain.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, text
}

func (a *account) must(t *testing.T, method, path, query string, header map[string]string, body []byte) (http.Header, []byte) {
	t.Helper()
	code, h, text := a.do(t, method, path, query, header, body)
	require.Less(t, code, 300, "%s %s: %s", method, path, text)
	return h, text
}

// names lists a container; one that is not there has none.
func (a *account) names(t *testing.T, container string) []string {
	t.Helper()
	code, _, text := a.do(t, http.MethodGet, container, "?format=json", nil, nil)
	if code == http.StatusNotFound || len(text) == 0 {
		return nil
	}
	var entries []struct{ Name string }
	require.NoError(t, json.Unmarshal(text, &entries), "%s", text)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	return names
}

// leftovers are the segments that no object of the container names.
func (a *account) leftovers(t *testing.T, container string) []string {
	t.Helper()
	used, prefixes := map[string]bool{}, []string{}
	for _, name := range a.names(t, container) {
		_, h, _ := a.do(t, http.MethodHead, container+"/"+name, "", nil, nil)
		if prefix := h.Get("X-Object-Manifest"); prefix != "" {
			prefix, err := url.PathUnescape(prefix)
			require.NoError(t, err)
			prefixes = append(prefixes, strings.TrimPrefix(prefix, container+"_segments/"))
		}
		if h.Get("X-Static-Large-Object") == "" {
			continue
		}
		_, text := a.must(t, http.MethodGet, container+"/"+name, "?multipart-manifest=get", nil, nil)
		var segments []struct{ Name string }
		require.NoError(t, json.Unmarshal(text, &segments))
		for _, s := range segments {
			used[strings.TrimPrefix(s.Name, "/"+container+"_segments/")] = true
		}
	}
	var left []string
next:
	for _, name := range a.names(t, container+"_segments") {
		for _, p := range prefixes {
			if strings.HasPrefix(name, p) {
				continue next
			}
		}
		if !used[name] {
			left = append(left, name)
		}
	}
	return left
}

// newContainer makes a container of its own.
func (a *account) newContainer(t *testing.T) string {
	t.Helper()
	name := "films " + rand.Text()[:8]
	a.must(t, http.MethodPut, name, "", nil, nil)
	return name
}

func quick() *storage.Options { return &storage.Options{RetryDelay: 10 * time.Millisecond} }

// options log in at a proxy with tempauth.
func options(p *servers.SwiftProxy) *swiftstore.Options {
	return &swiftstore.Options{AuthURL: p.AuthURL, User: p.User, Key: storage.Secret(p.Key), Bucket: quick()}
}

func open(t *testing.T, container string, opts *swiftstore.Options) *storage.Bucket {
	t.Helper()
	b, err := swiftstore.Open(t.Context(), container, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte("<!doctype html>hello"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "master.m3u8"), []byte("#EXTM3U\n"), 0o600))

	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-addr", "127.0.0.1:0", dir}, w) }()
	line, err := bufio.NewReader(r).ReadString('\n')
	require.NoError(t, err)
	url, _, _ := strings.Cut(line, " ")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

	get := func(path, ranges string) (*http.Response, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
		require.NoError(t, err)
		if ranges != "" {
			req.Header.Set("Range", ranges)
		}
		resp, err := client.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp, string(body)
	}
	resp, body := get("", "")
	require.Equal(t, "<!doctype html>hello", body)
	require.Contains(t, resp.Header.Get("Content-Type"), "text/html")
	resp, body = get("master.m3u8", "bytes=1-3")
	require.Equal(t, http.StatusPartialContent, resp.StatusCode)
	require.Equal(t, "EXT", body)
	require.Equal(t, "application/vnd.apple.mpegurl", resp.Header.Get("Content-Type"))
	resp, _ = get("../main.go", "")
	require.Equal(t, http.StatusNotFound, resp.StatusCode)

	cancel()
	require.NoError(t, <-ended)
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, run(t.Context(), nil, &bytes.Buffer{}), "give one folder")
	require.ErrorContains(t, run(t.Context(), []string{filepath.Join(t.TempDir(), "none")}, &bytes.Buffer{}), "no such file")
	require.ErrorContains(t, run(t.Context(), []string{"-addr", "nowhere", t.TempDir()}, &bytes.Buffer{}), "missing port")
}

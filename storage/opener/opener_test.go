package opener_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/opener"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestFilesByEveryName(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.MkdirAll("sub dir", 0o700))
	file := filepath.Join(dir, "sub dir", "a#1%.mp4")
	require.NoError(t, os.WriteFile(file, []byte("data"), 0o600))
	o := opener.New(nil)
	for _, url := range []string{
		file, "sub dir/a#1%.mp4", "./sub dir/a#1%.mp4", "sub dir/../sub dir/a#1%.mp4",
		"file://" + dir + "/sub%20dir/a%231%25.mp4", "file://localhost" + dir + "/sub dir/a%231%25.mp4",
		"FILE:" + dir + "/sub dir/a%231%25.mp4", "file:sub dir/a%231%25.mp4",
	} {
		b, key, err := o.OpenObject(t.Context(), url)
		require.NoError(t, err, url)
		require.Equal(t, "a#1%.mp4", key)
		got, err := b.ReadAll(t.Context(), key, 0)
		require.NoError(t, err)
		require.Equal(t, "data", string(got))
		require.NoError(t, b.Close())
	}
	for _, url := range []string{"out", "out/", "file:out", "file://" + dir + "/out/", dir + "/out"} {
		b, err := o.OpenBucket(t.Context(), url)
		require.NoError(t, err, url)
		require.Equal(t, dir+"/out/", b.Name())
		require.NoError(t, b.WriteAll(t.Context(), "hls0/a", []byte(url), nil))
		got, err := os.ReadFile(filepath.Join(dir, "out", "hls0", "a"))
		require.NoError(t, err)
		require.Equal(t, url, string(got))
		require.NoError(t, b.Close())
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	o := opener.New(nil)
	for url, want := range map[string]struct {
		kind rendition.Kind
		text string
	}{
		"":                              {rendition.InvalidJob, "empty"},
		"a\x00b":                        {rendition.InvalidJob, "NUL"},
		"/no/such/file.mp4":             {rendition.NotFound, "/no/such/file.mp4"},
		"s3://KEY:SECRET@host/b/k":      {rendition.Unsupported, "storage/all knows s3: too"},
		"azblob://SECRET@acct/k?SECRET": {rendition.Unsupported, "storage/all"},
		"ftp://u:SECRET@h/a":            {rendition.Unsupported, "storage/all"},
		"sftp://u:SECRET@h/a":           {rendition.Unsupported, "storage/all"},
		"swift://u:SECRET@h/a":          {rendition.Unsupported, "storage/all"},
		"gopher://u:SECRET@h/a":         {rendition.Unsupported, "known are plain paths, file:, http:, https:, mem:"},
		"name:with-colon.mp4":           {rendition.Unsupported, "write ./ in front"},
		"http://u:SECRET@h:port/a":      {rendition.InvalidJob, "percent-encode"},
		"http://u:SEC/SECRET@h/%zz":     {rendition.InvalidJob, "percent-encode"},
		"https://":                      {rendition.InvalidJob, "no host"},
		"file://u:SECRET@host/a":        {rendition.InvalidJob, "another machine"},
		"file://host":                   {rendition.InvalidJob, "no path"},
		"file:":                         {rendition.InvalidJob, "no path"},
		"file:///a?SECRETb":             {rendition.InvalidJob, "%3F"},
		"file:///a%zz":                  {rendition.InvalidJob, "%25"},
		"mem:a":                         {rendition.InvalidJob, "mem://name/key"},
		"mem://u:SECRET@a/b":            {rendition.InvalidJob, "mem://name/key"},
		"mem://a/../b":                  {rendition.InvalidJob, ".."},
		"mem://a":                       {rendition.InvalidJob, "names no object"},
		`C:\clips\a.mp4`:                {rendition.InvalidJob, "Windows"},
	} {
		_, _, err := o.OpenObject(t.Context(), url)
		require.ErrorIs(t, err, want.kind, url)
		require.ErrorContains(t, err, want.text, url)
		if !strings.HasPrefix(url, "file:///a?") {
			require.NotContains(t, err.Error(), "SECRET")
		}
		require.NotContains(t, o.Source(url).Name(), ":SECRET")
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("stopped"))
	_, err := o.OpenBucket(ctx, "mem://a/")
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "stopped")
}

func TestMemoryStoresAreTheOpeners(t *testing.T) {
	t.Parallel()
	a, b := opener.New(nil), opener.New(nil)
	out, err := a.OpenBucket(t.Context(), "mem://jobs/42/")
	require.NoError(t, err)
	require.NoError(t, out.WriteAll(t.Context(), "x y", []byte("1"), nil))
	require.NoError(t, out.Close())
	r, err := a.Source("mem://jobs/42/x%20y").Open(t.Context())
	require.NoError(t, err)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "1", string(got))
	require.NoError(t, r.Close())
	for _, o := range []*storage.Opener{b, a} {
		bkt, key, err := o.OpenObject(t.Context(), "mem://jobs/42/x%20y")
		require.NoError(t, err)
		_, err = bkt.Stat(t.Context(), key)
		require.Equal(t, o == b, errors.Is(err, rendition.NotFound))
	}
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, pass, _ := r.BasicAuth()
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(user+" "+pass+" "+r.RequestURI))
	}))
	defer s.Close()
	url := strings.Replace(s.URL, "://", "://me:p%40ss@", 1) + "/v/clip%20one.mp4?sig=a%2Bb"
	src := opener.New(nil).Source(url)
	require.NotContains(t, src.Name(), "p%40ss")
	require.NotContains(t, src.Name(), "sig")
	r, err := src.Open(t.Context())
	require.NoError(t, err)
	defer r.Close()
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "me p@ss /v/clip%20one.mp4?sig=a%2Bb", string(got))
	b, err := opener.New(nil).OpenBucket(t.Context(), s.URL+"/out?x=1")
	require.NoError(t, err)
	defer b.Close()
	require.True(t, b.Capabilities().ReadOnly)
}

func TestOwnScheme(t *testing.T) {
	t.Parallel()
	o := opener.New(nil)
	o.Schemes["tape"] = func(ctx context.Context, url string, target storage.Target) (*storage.Bucket, string, error) {
		return o.Schemes["mem"](ctx, "mem://"+strings.TrimPrefix(url, "tape://"), target)
	}
	_, key, err := o.OpenObject(t.Context(), "tape://7/reel")
	require.NoError(t, err)
	require.Equal(t, "reel", key)
}

func FuzzOpen(f *testing.F) {
	for _, s := range []string{
		"http://u:p@h/a?b", "file:///a%20b", "mem://a/b", "s3://k:s@h/b", "a:b", ":", "://", "http://[::1]:8/x", "file:", "HTTP://h", "mem://%2f/%2e%2e",
	} {
		f.Add(s)
	}
	o := opener.New(nil)
	f.Fuzz(func(t *testing.T, url string) {
		const secret = "hUNTer2"
		for _, u := range []string{url, "http://u:" + secret + "@" + url, "mem://" + url} {
			if storage.Scheme(u) == "" || storage.Scheme(u) == "file" {
				continue // do not look at the disk
			}
			b, key, err := o.OpenObject(context.Background(), u)
			if err != nil {
				var e *rendition.Error
				if !errors.As(err, &e) || strings.Contains(err.Error(), secret) {
					t.Errorf("%q: %v", u, err)
				}
				continue
			}
			if storage.ValidateKey(key) != nil || strings.Contains(b.Name(), secret) {
				t.Errorf("%q: key %q in %s", u, key, b)
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func ExampleNew() {
	ctx := context.Background()
	open := opener.New(nil)
	out, err := open.OpenBucket(ctx, "mem://results/jobs/42/")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer out.Close()
	_ = out.WriteAll(ctx, "output_0.mp4", []byte("..."), nil)
	fmt.Println(out)
	_, _, err = open.OpenObject(ctx, "gopher://user:password@host/clip.mp4")
	fmt.Println(err)
	// Output:
	// mem://results/jobs/42/
	// storage: open: gopher://[redacted]@host/clip.mp4: no driver for "gopher" (known are plain paths, file:, http:, https:, mem:; write ./ in front of a file name with a colon)
}

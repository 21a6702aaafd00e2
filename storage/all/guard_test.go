package all_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/all"
	"github.com/rendition-sdk/rendition/storage/aspera"
	"github.com/rendition-sdk/rendition/storage/guard"
	"github.com/rendition-sdk/rendition/storage/httpstore"
	"github.com/rendition-sdk/rendition/storage/sftpstore"
)

// doors is a listener that counts who comes.
func doors(t *testing.T) (addr string, came *atomic.Int64) {
	t.Helper()
	var c net.ListenConfig
	l, err := c.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	came = &atomic.Int64{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			came.Add(1)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String(), came
}

// No driver reaches an address within, whatever the URL looks like; the error is the job's and is not retried.
func TestEveryDriverIsGuarded(t *testing.T) {
	t.Parallel()
	addr, came := doors(t)
	_, port, _ := net.SplitHostPort(addr)
	ran := filepath.Join(t.TempDir(), "ran")
	ascp := filepath.Join(t.TempDir(), "ascp")
	require.NoError(t, os.WriteFile(ascp, []byte("#!/bin/sh\ntouch "+ran+"\n"), 0o700)) //nolint:gosec // it is a program
	open := all.New(&all.Options{
		Guard:  guard.New(nil),
		Bucket: &storage.Options{Attempts: 4, RetryDelay: 2 * time.Second},
		SFTP:   &sftpstore.Options{InsecureIgnoreHostKey: true},
		Aspera: &aspera.Options{Program: ascp},
		// Connections of a Client are not seen, so it is not used.
		HTTP: &httpstore.Options{Client: http.DefaultClient},
	})
	for _, form := range []string{
		"http://HOST/a/b.mp4", "https://HOST/a/b.mp4", "http://u:SECRET@HOST/a/b.mp4",
		"http://HOST/a/b.mp4?X-Amz-Signature=SECRET",
		"s3://AK:SECRET@HOST/media/a/b.mp4?tls=no", "s3://AK:SECRET@HOST/media/a/b.mp4", "s3://media/a/b.mp4?endpoint=http://HOST",
		"azblob://dev:U0VDUkVU@HOST/dev/media/a/b.mp4?tls=no", "azblob://media/a/b.mp4?account=dev&endpoint=http://HOST",
		"ftp://u:SECRET@HOST/a/b.mp4", "ftps://u:SECRET@HOST/a/b.mp4", "ftpes://u:SECRET@HOST/a/b.mp4",
		"sftp://u:SECRET@HOST/a/b.mp4",
		"swift://u:SECRET@HOST/v1/test/media/a/b.mp4?tls=no", "swift://u:SECRET@HOST/v2.0/test/media/a/b.mp4?tls=no", "swift://u:SECRET@HOST/v3/test/media/a/b.mp4?tls=no",
		"swift://HOST/v1/test/media/a/b.mp4?tls=no&auth-token=SECRET",
		"netstorage://k:SECRET@HOST/1/a/b.mp4?tls=no", "akamaihls://HOST/1/a/b.m3u8?tls=no",
		"fasp://u:SECRET@HOST/a/b.mp4",
	} {
		for _, host := range []string{addr, "localhost:" + port, "[::ffff:127.0.0.1]:" + port, "0.0.0.0:" + port} {
			if strings.HasPrefix(form, "swift://u") && host != addr {
				continue // each opening is a login of its own
			}
			begun := time.Now()
			err := tryBoth(t, open, strings.ReplaceAll(form, "HOST", host))
			require.ErrorContains(t, err, "private or internal address", "%s %s", form, host)
			require.ErrorIs(t, err, rendition.InvalidJob, "%s: %v", form, err)
			require.Equal(t, rendition.FaultJob, rendition.FaultOf(err))
			require.NotContains(t, err.Error(), "SECRET")
			require.Less(t, time.Since(begun), 1500*time.Millisecond, "%s was tried again", form)
		}
	}
	require.Zero(t, came.Load())
	require.NoFileExists(t, ran)
}

// tryBoth opens a URL and reads from it, or, where that cannot be, writes.
func tryBoth(t *testing.T, open *storage.Opener, raw string) error {
	t.Helper()
	b, key, err := open.OpenObject(t.Context(), raw)
	if err != nil {
		return err
	}
	defer b.Close()
	if b.Capabilities().NoRead {
		return b.WriteAll(t.Context(), key, []byte("x"), nil)
	}
	_, err = b.ReadAll(t.Context(), key, 0)
	return err
}

// The Guard lets a URL through when the program allows its address, and lends it nothing.
func TestAllowed(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
	}))
	defer s.Close()
	host := strings.TrimPrefix(s.URL, "http://")
	open := all.New(&all.Options{
		Guard: guard.New(&guard.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}),
		HTTP:  &httpstore.Options{Bearer: "own-token"},
	})
	b, key, err := open.OpenObject(t.Context(), "http://"+host+"/a/b.mp4")
	require.NoError(t, err)
	defer b.Close()
	got, err := b.ReadAll(t.Context(), key, 0)
	require.NoError(t, err)
	require.Equal(t, "GET /a/b.mp4 ", string(got), "the program's token is not for strangers")
}

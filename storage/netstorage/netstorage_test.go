package netstorage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/netstorage"
)

func TestMain(m *testing.M) { leak.Main(m) }

func quick() *storage.Options { return &storage.Options{RetryDelay: time.Millisecond, Attempts: 3} }

// address is the URL of a folder, with name and key.
func (s *server) address(dir string) string {
	u := strings.Replace(s.URL, "://", "://"+keyName+":"+url.QueryEscape(secret)+"@", 1)
	return u + dir
}

func (s *server) open(t *testing.T, dir string, opts *netstorage.Options) *storage.Bucket {
	t.Helper()
	if opts == nil {
		opts = &netstorage.Options{}
	}
	opts.Bucket = quick()
	b, err := netstorage.Open(t.Context(), s.address(dir), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, replaces := range map[string]bool{"rename replaces": true, "rename refuses": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.replaces = replaces
			var next atomic.Int32
			drivertest.Run(t, drivertest.Harness{
				Open: func(t *testing.T) drivertest.Store {
					dir := fmt.Sprintf("/123456/te st/%d", next.Add(1))
					b, err := netstorage.Open(t.Context(), s.address(dir), &netstorage.Options{Bucket: quick(), MakeFolders: replaces})
					require.NoError(t, err)
					return drivertest.Store{Bucket: b, Leftovers: func(*testing.T) []string { return s.temps(dir) }}
				},
				Errors:  errorCases(),
				Secrets: []string{secret, "SIGNED", url.QueryEscape(secret)},
			})
		})
	}
}

func errorCases() []drivertest.ErrorCase {
	status := func(code int, action string) func(context.Context, *testing.T) error {
		return func(ctx context.Context, t *testing.T) error {
			s := newServer(t)
			s.setHook(func(w http.ResponseWriter, r *http.Request, a string) bool {
				if a != action {
					return false
				}
				_, _ = io.Copy(io.Discard, r.Body)
				http.Error(w, "SIGNED", code)
				return true
			})
			b := s.open(t, "/123", nil)
			if action == "stat" {
				_, err := b.Stat(ctx, "clip.mp4")
				return err
			}
			return b.WriteAll(ctx, "clip.mp4", make([]byte, 1000), nil)
		}
	}
	opened := func(raw string, opts *netstorage.Options) func(context.Context, *testing.T) error {
		return func(ctx context.Context, _ *testing.T) error {
			b, err := netstorage.Open(ctx, raw, opts)
			if err == nil {
				_ = b.Close()
			}
			return err
		}
	}
	cases := []drivertest.ErrorCase{
		{Name: "wrong key", Kind: rendition.Permission, Mentions: "key name", Do: func(ctx context.Context, t *testing.T) error {
			s := newServer(t)
			return s.open(t, "/123", &netstorage.Options{Key: "wrong"}).WriteAll(ctx, "clip.mp4", nil, nil)
		}},
		{Name: "clock", Kind: rendition.Permission, Mentions: "clock differs from the server's by", Do: func(ctx context.Context, t *testing.T) error {
			s := newServer(t)
			s.skew = 10 * time.Minute
			_, err := s.open(t, "/123", nil).Stat(ctx, "clip.mp4")
			return err
		}},
		{Name: "checksum", Kind: rendition.Integrity, Mentions: "nothing was stored", Do: status(412, "upload")},
		{Name: "too large", Kind: rendition.Quota, Mentions: "413", Do: status(413, "upload")},
		{Name: "rate", Kind: rendition.Unavailable, Mentions: "429", Do: status(429, "stat")},
		{Name: "locked", Kind: rendition.Unavailable, Mentions: "423", Do: status(423, "upload")},
		{Name: "server", Kind: rendition.Unavailable, Mentions: "500", Do: status(500, "stat")},
		{Name: "bad request", Kind: rendition.InvalidJob, Mentions: "CP code", Do: status(400, "stat")},
		{Name: "redirect", Kind: rendition.Unsupported, Mentions: "302", Do: status(302, "stat")},
	}
	for name, raw := range map[string]string{
		"slash": "https://name:SIG/NED@host/1", "no root": "https://name:SIGNED@host/", "no key": "https://host/1", "query": "https://n:SIGNED@h/1?SIGNED",
		"scheme": "ftp://name:SIGNED@host/1", "comma": "https://na,me:SIGNED@host/1", "dots": "https://name:SIGNED@host/1/../2",
	} {
		cases = append(cases, drivertest.ErrorCase{Name: "bad url " + name, Kind: rendition.InvalidJob, Do: opened(raw, nil)})
	}
	return cases
}

// TestSmallObjectsAreOneRequest that the server verifies, without a temporary name.
func TestSmallObjectsAreOneRequest(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	b := s.open(t, "/123", nil)
	for range 2 {
		require.NoError(t, b.WriteAll(t.Context(), "hls/seg 1.ts", []byte("segment"), nil))
	}
	require.Equal(t, []string{"upload", "upload"}, s.actions())
	o, ok := s.get("/123/hls/seg 1.ts")
	require.True(t, ok)
	require.Equal(t, "segment", string(o.data))
}

// TestBreaks shows what a connection costs that ends in the middle of a chunked upload.
func TestBreaks(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	for name, c := range map[string]struct {
		part    int64
		after   int64
		want    rendition.Kind
		uploads int
	}{
		"first part": {12 << 20, 10_000, 0, 2}, // more than the buffers of a connection hold
		"later part": {1 << 20, 5 << 20, rendition.Unavailable, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			var uploads atomic.Int32
			s.setHook(func(_ http.ResponseWriter, r *http.Request, action string) bool {
				if action != "upload" || uploads.Add(1) > 1 {
					return false
				}
				_, _ = io.CopyN(io.Discard, r.Body, c.after)
				panic(http.ErrAbortHandler)
			})
			b := s.open(t, "/123", nil)
			err := b.WriteAll(t.Context(), "a", data, &storage.WriterOptions{PartSize: c.part})
			require.Equal(t, c.uploads, int(uploads.Load()))
			require.Empty(t, s.temps("/"))
			if c.want != 0 {
				require.ErrorIs(t, err, c.want)
				require.True(t, rendition.Retryable(err))
				require.ErrorContains(t, err, "write the object again")
				err = b.WriteAll(t.Context(), "a", data, &storage.WriterOptions{PartSize: c.part})
			}
			require.NoError(t, err)
			got, err := b.ReadAll(t.Context(), "a", 0)
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, got))
		})
	}
}

// TestWhatWasStoredIsCompared with what was sent, even where the server overlooks trailers.
func TestWhatWasStoredIsCompared(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.deaf = true
	b := s.open(t, "/123", nil)
	require.NoError(t, b.WriteAll(t.Context(), "a", make([]byte, 300_000), &storage.WriterOptions{PartSize: 100_000}))
	s.setHook(func(_ http.ResponseWriter, r *http.Request, action string) bool {
		if action == "stat" {
			s.mu.Lock()
			defer s.mu.Unlock()
			if o, ok := s.objects[r.URL.Path]; ok && len(o.data) > 0 {
				o.data = append([]byte("X"), o.data[1:]...)
				s.objects[r.URL.Path] = o
			}
		}
		return false
	})
	err := b.WriteAll(t.Context(), "b", make([]byte, 300_000), &storage.WriterOptions{PartSize: 100_000})
	require.ErrorIs(t, err, rendition.Integrity)
	require.Empty(t, s.temps("/"))
	_, ok := s.get("/123/b")
	require.False(t, ok)
}

// TestLostAnswerOfARename is mended by looking.
func TestLostAnswerOfARename(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var renames atomic.Int32
	s.setHook(func(w http.ResponseWriter, r *http.Request, action string) bool {
		if action != "rename" || renames.Add(1) > 1 {
			return false
		}
		params, _ := url.ParseQuery(r.Header.Get("X-Akamai-ACS-Action"))
		s.rename(w, r, params)
		panic(http.ErrAbortHandler)
	})
	b := s.open(t, "/123", nil)
	require.NoError(t, b.WriteAll(t.Context(), "a", make([]byte, 300_000), &storage.WriterOptions{PartSize: 100_000}))
	o, ok := s.get("/123/a")
	require.True(t, ok)
	require.Len(t, o.data, 300_000)
}

// TestKeptConnectionBreaks: what is sent again has a signature of its own.
func TestKeptConnectionBreaks(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	b := s.open(t, "/123", nil)
	require.NoError(t, b.WriteAll(t.Context(), "a", []byte("data"), nil))
	var asked atomic.Int32
	s.setHook(func(_ http.ResponseWriter, _ *http.Request, action string) bool {
		if action == "stat" && asked.Add(1)%2 == 1 {
			panic(http.ErrAbortHandler)
		}
		return false
	})
	for range 5 {
		_, err := b.Stat(t.Context(), "a")
		require.NoError(t, err)
	}
	require.Equal(t, int32(10), asked.Load())
}

func TestMakeFolders(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	b := s.open(t, "/123", &netstorage.Options{MakeFolders: true})
	require.NoError(t, b.WriteAll(t.Context(), "x/y/a", nil, nil))
	require.NoError(t, b.WriteAll(t.Context(), "x/y/b", nil, nil))
	require.Equal(t, []string{"mkdir", "mkdir", "upload", "upload"}, s.actions())
}

// TestDialIsTheOnlyWay out: a guard in it refuses everything.
func TestDialIsTheOnlyWay(t *testing.T) {
	t.Parallel()
	dial := func(context.Context, string, string) (net.Conn, error) {
		return nil, &driver.Error{Kind: rendition.Permission, Err: errors.New("the address is not public")}
	}
	ctx := t.Context()
	b, err := netstorage.Open(ctx, "https://name:SIGNED@host.test/123", &netstorage.Options{Dial: dial, Bucket: quick()})
	require.NoError(t, err)
	defer b.Close()
	for _, err := range []error{b.WriteAll(ctx, "a", nil, nil), b.Delete(ctx, "a")} {
		require.ErrorIs(t, err, rendition.Permission)
		require.ErrorContains(t, err, "not public")
	}
}

func ExampleOpen() {
	ctx := context.Background()
	bucket, err := netstorage.Open(ctx, "https://upload_account:secret@example-nsu.akamaihd.net/123456/vod", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	fmt.Println(bucket)
	// Output: https://example-nsu.akamaihd.net/123456/vod/
}

package httpstore_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/httpstore"
)

const password = "pa%ss/wörd"

func TestConformance(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	drivertest.Run(t, drivertest.Harness{
		Open: func(t *testing.T) drivertest.Store {
			b, err := httpstore.Open(t.Context(), s.URL+"/files?sig=SIGNED", &httpstore.Options{
				Username: "user", Password: password, Bucket: quick(),
			})
			require.NoError(t, err)
			return drivertest.Store{Bucket: b, Seed: func(_ *testing.T, key string, data []byte) { s.put("/files/"+key, data) }}
		},
		Secrets: []string{password, "SIGNED"},
		Errors:  errorCases(),
	})
	for _, r := range s.seen() {
		require.Equal(t, "sig=SIGNED", r.URL.RawQuery)
		_, pass, _ := r.BasicAuth()
		require.Equal(t, password, pass)
	}
}

// errorCases has a case for each status and for a host that is not there.
func errorCases() []drivertest.ErrorCase {
	var cases []drivertest.ErrorCase
	for status, kind := range map[int]rendition.Kind{
		400: rendition.InvalidJob, 401: rendition.Permission, 403: rendition.Permission, 404: rendition.NotFound, 405: rendition.Unsupported,
		408: rendition.Unavailable, 410: rendition.NotFound, 412: rendition.Integrity, 429: rendition.Unavailable, 451: rendition.Permission,
		500: rendition.Unavailable, 501: rendition.Unsupported, 503: rendition.Unavailable, 204: rendition.Unsupported, 304: rendition.Unsupported,
	} {
		cases = append(cases, drivertest.ErrorCase{
			Name: fmt.Sprint(status), Kind: kind, Mentions: "clip.mp4",
			Do: func(ctx context.Context, t *testing.T) error {
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
				defer s.Close()
				u := strings.Replace(s.URL, "://", "://user:SIGNED@", 1) + "/clip.mp4?sig=SIGNED"
				b, key, err := httpstore.OpenURL(ctx, u, &httpstore.Options{Bucket: quick()})
				require.NoError(t, err)
				defer b.Close()
				_, err = b.Open(ctx, key, nil)
				_, statErr := b.Stat(ctx, key)
				require.Error(t, statErr)
				return err
			},
		})
	}
	for name, u := range map[string]string{
		"port": "http://user:SIGNED@host:1x/a", "slash": "http://user:SIG/NED@host/a", "scheme": "gopher://SIGNED@host/a", "no host": "http:///a?SIGNED",
		"space": "http://user:SIGNED@ho st/a", "relative": "a/b?SIGNED",
	} {
		kind := rendition.InvalidJob
		cases = append(cases, drivertest.ErrorCase{Name: "bad url " + name, Kind: kind, Do: func(ctx context.Context, _ *testing.T) error {
			_, err := httpstore.Open(ctx, u, nil)
			return err
		}})
	}
	return append(cases, drivertest.ErrorCase{
		Name: "nobody listens", Kind: rendition.Unavailable, Mentions: "refused",
		Do: func(ctx context.Context, t *testing.T) error {
			s := httptest.NewServer(nil)
			s.Close()
			b, err := httpstore.Open(ctx, s.URL+"/?sig=SIGNED", &httpstore.Options{Bucket: quick()})
			require.NoError(t, err)
			defer b.Close()
			_, err = b.Open(ctx, "a", nil)
			return err
		},
	})
}

func TestOpenURLIsSentByteForByte(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.hook = noRanges([]byte("data"), false)
	for _, path := range []string{
		"/a/b.mp4?X-Amz-Signature=a%2Fb+c%3d&x=%zz;y&&", "/we%2Fird/na%20me%2B+.mp4?", "/folder/", "/", "", "/%F0%9F%98%80", "/a//b", "/x/..%2f",
	} {
		b, key, err := httpstore.OpenURL(t.Context(), s.URL+path, &httpstore.Options{Bucket: quick()})
		require.NoError(t, err)
		require.NoError(t, storage.ValidateKey(key), path)
		got, err := b.ReadAll(t.Context(), key, 0)
		require.NoError(t, err)
		require.Equal(t, "data", string(got))
		seen := s.seen()
		want := path
		if want == "" {
			want = "/"
		}
		require.Equal(t, want, seen[len(seen)-1].RequestURI)
		require.NoError(t, b.Close())
	}
}

func TestNeighborsOfAnObject(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.put("/hls/a b/seg 1.m4s", []byte("segment"))
	b, key, err := httpstore.OpenURL(t.Context(), s.URL+"/hls/a%20b/master.m3u8?token=T", nil)
	require.NoError(t, err)
	defer b.Close()
	require.Equal(t, "master.m3u8", key)
	require.Equal(t, s.URL+"/hls/a%20b/", b.Name())
	got, err := b.ReadAll(t.Context(), "seg 1.m4s", 0)
	require.NoError(t, err)
	require.Equal(t, "segment", string(got))
	require.Equal(t, "/hls/a%20b/seg%201.m4s?token=T", s.seen()[0].RequestURI)
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.put("/files/a", []byte("x"))
	u := strings.Replace(s.URL, "://", "://us%40er:p%2Fw@", 1) + "/files"
	for name, c := range map[string]struct {
		opts *httpstore.Options
		want string
	}{
		"userinfo": {nil, "Basic " + base64.StdEncoding.EncodeToString([]byte("us@er:p/w"))},
		"bearer":   {&httpstore.Options{Bearer: "tok"}, "Bearer tok"},
		"options":  {&httpstore.Options{Username: "u", Password: "p"}, "Basic " + base64.StdEncoding.EncodeToString([]byte("u:p"))},
	} {
		b, err := httpstore.Open(t.Context(), u, c.opts)
		require.NoError(t, err)
		_, err = b.Stat(t.Context(), "a")
		require.NoError(t, err)
		seen := s.seen()
		require.Equal(t, c.want, seen[len(seen)-1].Header.Get("Authorization"), name)
		require.NoError(t, b.Close())
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	other, s := newServer(t), newServer(t)
	other.put("/moved", []byte("moved"))
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	s.hook = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		switch r.URL.Path {
		case "/files/away":
			http.Redirect(w, r, elsewhere+"/moved?new=1", http.StatusFound)
		case "/files/loop":
			http.Redirect(w, r, "/files/loop?SIGNED", http.StatusFound)
		case "/files/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/files/here":
			http.Redirect(w, r, "/files/target", http.StatusMovedPermanently)
		default:
			return false
		}
		return true
	}
	s.put("/files/target", []byte("target"))
	b := s.open(t, &httpstore.Options{Bearer: "tok", Header: http.Header{"X-Api-Key": {"key"}}, MaxRedirects: 3})
	got, err := b.ReadAll(t.Context(), "away", 0)
	require.NoError(t, err)
	require.Equal(t, "moved", string(got))
	for _, r := range other.seen() {
		require.Empty(t, r.Header.Get("Authorization"))
		require.Empty(t, r.Header.Get("X-Api-Key"))
		require.Empty(t, r.Referer())
	}
	_, err = b.ReadAll(t.Context(), "here", 0)
	require.NoError(t, err)
	seen := s.seen()
	require.Equal(t, "key", seen[len(seen)-1].Header.Get("X-Api-Key"), "the same host gets them")
	before := len(s.seen())
	for _, key := range []string{"loop", "file"} {
		_, err = b.Open(t.Context(), key, nil)
		require.ErrorIs(t, err, rendition.Unsupported)
		require.NotContains(t, err.Error(), "SIGNED")
	}
	require.Equal(t, before+5, len(s.seen()), "1+3 requests for the loop and 1 for the file, not retried")
}

func TestServerWithoutRanges(t *testing.T) {
	t.Parallel()
	for _, chunked := range []bool{false, true} {
		data := pattern(100_000)
		s := newServer(t)
		s.hook = noRanges(data, chunked)
		b := s.open(t, &httpstore.Options{MaxSkip: 10_000})
		r, err := b.Open(t.Context(), "a", nil)
		require.NoError(t, err)
		read := func(off int64, n int) (string, error) {
			_, err := r.Seek(off, io.SeekStart)
			require.NoError(t, err)
			p := make([]byte, n)
			n, err = io.ReadFull(r, p)
			return string(p[:n]), err
		}
		if chunked {
			require.Equal(t, int64(-1), r.Size())
			_, err = r.Seek(-1, io.SeekEnd)
			require.ErrorIs(t, err, rendition.Unsupported)
		} else {
			require.Equal(t, int64(len(data)), r.Size())
		}
		for _, off := range []int64{0, 9_000, 100, 5_000} { // forward by reading on, back by a new request
			got, err := read(off, 50)
			require.NoError(t, err)
			require.Equal(t, string(data[off:off+50]), got)
		}
		_, err = read(60_000, 50)
		require.ErrorIs(t, err, rendition.Unsupported)
		require.ErrorContains(t, err, "range requests")
		got, err := read(5_050, 94_950)
		require.NoError(t, err, "reads where it was go on")
		require.Equal(t, string(data[5_050:]), got)
		n, err := r.Read(make([]byte, 1))
		require.Zero(t, n)
		require.Equal(t, io.EOF, err)
		require.Equal(t, int64(len(data)), r.Size(), "known at the end")
		require.NoError(t, r.Close())
		whole, err := b.ReadAll(t.Context(), "a", 0)
		require.NoError(t, err)
		require.Equal(t, data, whole)
	}
}

func TestChangeUnderneath(t *testing.T) {
	t.Parallel()
	data := pattern(500_000)
	for name, change := range map[string]func(s *server){
		"etag":   func(s *server) { s.setETag(`"v2"`) },
		"length": func(s *server) { s.put("/files/a", data[:400_000]) },
		"gone": func(s *server) {
			s.setHook(func(w http.ResponseWriter, _ *http.Request, _ int) bool {
				w.WriteHeader(http.StatusPreconditionFailed)
				return true
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.put("/files/a", data)
			r, err := s.open(t, nil).Open(t.Context(), "a", nil)
			require.NoError(t, err)
			defer r.Close()
			_, err = io.ReadFull(r, make([]byte, 10))
			require.NoError(t, err)
			change(s)
			_, err = r.Seek(300_000, io.SeekStart)
			require.NoError(t, err)
			_, err = io.ReadAll(r)
			require.ErrorIs(t, err, rendition.Integrity)
			_, again := r.Read(make([]byte, 1))
			require.Equal(t, err, again, "the error stays")
		})
	}
}

func TestResumeAfterDrops(t *testing.T) {
	t.Parallel()
	data := pattern(1_000_000)
	s := newServer(t)
	s.put("/files/a", data)
	s.hook = func(w http.ResponseWriter, r *http.Request, n int) bool {
		if n%2 == 0 {
			return false
		}
		// Announce the range, send a part of it, drop the connection.
		var first, last int
		_, _ = fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last)
		last = min(last, len(data)-1)
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(data)))
		w.Header().Set("Content-Length", fmt.Sprint(last-first+1))
		w.WriteHeader(http.StatusPartialContent)
		_, _ = w.Write(data[first : first+(last-first)/3])
		panic(http.ErrAbortHandler)
	}
	got, err := s.open(t, nil).ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.True(t, string(data) == string(got))
	for _, r := range s.seen()[1:] {
		require.Equal(t, `"v1"`, r.Header.Get("If-Range"))
	}
}

func TestGivesUp(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.hook = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	_, err := s.open(t, nil).Open(t.Context(), "a", nil)
	require.ErrorIs(t, err, rendition.Unavailable)
	require.True(t, rendition.Retryable(err))
	require.Len(t, s.seen(), 3)
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header map[string]string
		status int
		kind   rendition.Kind
	}{
		"other range":  {map[string]string{"Content-Range": "bytes 5-9/100"}, 206, rendition.Integrity},
		"no range":     {nil, 206, rendition.Integrity},
		"junk":         {map[string]string{"Content-Range": "bytes 0-x/100"}, 206, rendition.Integrity},
		"beyond total": {map[string]string{"Content-Range": "bytes 0-4/3"}, 206, rendition.Integrity},
		"length":       {map[string]string{"Content-Range": "bytes 0-9/100"}, 206, rendition.Integrity},
		"huge":         {map[string]string{"Content-Range": "bytes 0-99999999/999999999"}, 206, rendition.Integrity},
		"gzip":         {map[string]string{"Content-Encoding": "gzip"}, 200, rendition.Unsupported},
		"416 inside":   {map[string]string{"Content-Range": "bytes */100"}, 416, rendition.Integrity},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.hook = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte("hello"))
				return true
			}
			_, err := s.open(t, nil).Open(t.Context(), "a", nil)
			require.ErrorIs(t, err, c.kind)
		})
	}
}

func TestCancelUnblocksARead(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	started := make(chan struct{})
	s.hook = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte("x"))
		_ = http.NewResponseController(w).Flush()
		close(started)
		<-r.Context().Done()
		return true
	}
	ctx, cancel := context.WithCancel(t.Context())
	r, err := s.open(t, nil).Open(ctx, "a", nil)
	require.NoError(t, err)
	defer r.Close()
	go func() {
		<-started
		cancel()
	}()
	_, err = io.ReadAll(r)
	require.ErrorIs(t, err, rendition.Canceled)
	require.ErrorIs(t, err, context.Canceled)
}

func TestStalledConnectionIsResumed(t *testing.T) {
	t.Parallel()
	data := pattern(1000)
	s := newServer(t)
	s.put("/files/a", data)
	s.hook = func(w http.ResponseWriter, r *http.Request, n int) bool {
		if n > 1 {
			return false
		}
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write(data[:10])
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		return true
	}
	opts := quick()
	opts.StallTimeout = 100 * time.Millisecond
	got, err := s.open(t, &httpstore.Options{Bucket: opts}).ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.Equal(t, data, got)
}

// TestFewBytesAreSent reads as a demuxer does that finds the index at the end.
func TestFewBytesAreSent(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat(pattern(1<<20), 32)
	s := newServer(t)
	s.put("/files/a", data)
	b := s.open(t, nil)
	r, err := b.Open(t.Context(), "a", nil)
	require.NoError(t, err)
	defer r.Close()
	buf := make([]byte, 32<<10)
	for _, c := range []struct{ off, n int }{{0, 64 << 10}, {len(data) - 400<<10, 400 << 10}, {64 << 10, 32 << 10}, {1 << 20, 64 << 10}, {16 << 20, 64 << 10}} {
		_, err := r.Seek(int64(c.off), io.SeekStart)
		require.NoError(t, err)
		for n := 0; n < c.n; n += len(buf) {
			k, err := io.ReadFull(r, buf[:min(len(buf), c.n-n)])
			require.NoError(t, err)
			require.True(t, string(data[c.off+n:c.off+n+k]) == string(buf[:k]))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Less(t, s.sent, int64(1<<20))
}

func ExampleOpenURL() {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "clip.txt", time.Time{}, strings.NewReader("hello over http"))
	}))
	defer s.Close()
	ctx := context.Background()
	bucket, key, err := httpstore.OpenURL(ctx, s.URL+"/clip.txt?signature=abc", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	r, err := bucket.Open(ctx, key, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	_, _ = r.Seek(-4, io.SeekEnd)
	tail, err := io.ReadAll(r)
	fmt.Printf("%s %d %s %v\n", key, r.Size(), tail, err)
	// Output: clip.txt 15 http <nil>
}

func TestOneConnectionServesAll(t *testing.T) {
	t.Parallel()
	data := pattern(3 << 20)
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Unix(1, 0), bytes.NewReader(data))
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	b, err := httpstore.Open(t.Context(), s.URL, nil)
	require.NoError(t, err)
	defer b.Close()
	r, err := b.Open(t.Context(), "a", nil)
	require.NoError(t, err)
	defer r.Close()
	for _, off := range []int64{0, 2 << 20, 1000, 1 << 20} { // leaves a little of a range unread each time
		_, err := r.Seek(off, io.SeekStart)
		require.NoError(t, err)
		_, err = io.ReadFull(r, make([]byte, 20_000))
		require.NoError(t, err)
	}
	_, err = r.Seek(0, io.SeekStart)
	require.NoError(t, err)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	require.Equal(t, int32(1), opened.Load())
}

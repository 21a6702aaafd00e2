package akamaihls_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/akamaihls"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/drivertest"
)

func TestMain(m *testing.M) { leak.Main(m) }

const password = "SIGNED/pass"

func quick() *storage.Options { return &storage.Options{RetryDelay: time.Millisecond, Attempts: 3} }

func (s *ingest) openAt(t *testing.T, dir string, opts *akamaihls.Options) *storage.Bucket {
	t.Helper()
	if opts == nil {
		opts = &akamaihls.Options{}
	}
	if opts.Bucket == nil {
		opts.Bucket = quick()
	}
	b, err := akamaihls.Open(t.Context(), strings.Replace(s.URL, "://", "://user:SIGNED%2Fpass@", 1)+dir, opts)
	require.NoError(t, err)
	return b
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodPut, http.MethodPost} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := newIngest(t)
			var next atomic.Int32
			drivertest.Run(t, drivertest.Harness{
				PartSize: 64 << 10,
				Open: func(t *testing.T) drivertest.Store {
					dir := fmt.Sprintf("/1234/ev ent%d/", next.Add(1))
					return drivertest.Store{
						Bucket: s.openAt(t, dir, &akamaihls.Options{Method: method, MaxFile: 1 << 20}),
						Peek:   func(_ *testing.T, key string) ([]byte, bool) { return s.get(dir + key) },
					}
				},
				Secrets: []string{password, "SIGNED"},
				Errors:  errorCases(),
			})
			require.Zero(t, s.methods[map[string]string{http.MethodPut: http.MethodPost, http.MethodPost: http.MethodPut}[method]])
			require.Empty(t, s.faults())
		})
	}
}

func errorCases() []drivertest.ErrorCase {
	var cases []drivertest.ErrorCase
	for status, c := range map[int]struct {
		kind     rendition.Kind
		mentions string
		tries    int
	}{
		400: {rendition.InvalidJob, "playlist", 1}, 401: {rendition.Permission, "password", 1}, 403: {rendition.Permission, "stream id", 1},
		404: {rendition.NotFound, "stream's name", 1}, 405: {rendition.Unsupported, "405", 1}, 413: {rendition.Quota, "100 MB", 1},
		408: {rendition.Unavailable, "408", 3}, 500: {rendition.Unavailable, "500", 3}, 503: {rendition.Unavailable, "503", 3},
		302: {rendition.Unsupported, "entry point", 1},
	} {
		cases = append(cases, drivertest.ErrorCase{
			Name: fmt.Sprint(status), Kind: c.kind, Mentions: c.mentions,
			Do: func(ctx context.Context, t *testing.T) error {
				s := newIngest(t)
				s.hook = func(w http.ResponseWriter, r *http.Request, _ int) bool {
					_, _ = io.Copy(io.Discard, r.Body)
					w.WriteHeader(status)
					return true
				}
				b := s.openAt(t, "/1/e", nil)
				defer b.Close()
				err := b.WriteAll(ctx, "seg.ts", make([]byte, 100_000), nil)
				require.Equal(t, c.tries, s.requests)
				return err
			},
		})
	}
	for name, raw := range map[string]string{
		"slash": "http://user:SIG/NED@post.acc.akamaihd.net/1/e", "no stream": "http://user:SIGNED@post.acc.akamaihd.net/",
		"query": "http://user:SIGNED@host/1/e?SIGNED", "scheme": "rtmp://user:SIGNED@host/1/e",
	} {
		cases = append(cases, drivertest.ErrorCase{Name: "bad url " + name, Kind: rendition.InvalidJob, Do: func(ctx context.Context, _ *testing.T) error {
			_, err := akamaihls.Open(ctx, raw, nil)
			return err
		}})
	}
	return append(cases, drivertest.ErrorCase{Name: "too large", Kind: rendition.Quota, Mentions: "1000 bytes", Do: func(ctx context.Context, t *testing.T) error {
		s := newIngest(t)
		b := s.openAt(t, "/1/e", &akamaihls.Options{MaxFile: 1000})
		defer b.Close()
		return b.WriteAll(ctx, "seg.ts", make([]byte, 1001), &storage.WriterOptions{PartSize: 2000})
	}}, drivertest.ErrorCase{Name: "bad method", Kind: rendition.InvalidJob, Mentions: "PUT or POST", Do: func(ctx context.Context, _ *testing.T) error {
		_, err := akamaihls.Open(ctx, "http://host/1/e", &akamaihls.Options{Method: "PATCH"})
		return err
	}})
}

// TestLiveEvent uploads segments of two renditions at a time, with faults, and the playlists while the segments
// that they name are still on their way.
func TestLiveEvent(t *testing.T) {
	t.Parallel()
	s := newIngest(t)
	s.hook = func(w http.ResponseWriter, r *http.Request, n int) bool {
		switch {
		case n%5 == 0:
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		case n%7 == 0:
			panic(http.ErrAbortHandler)
		case strings.HasSuffix(r.URL.Path, ".ts"):
			time.Sleep(2 * time.Millisecond)
		}
		return false
	}
	opts := quick()
	opts.Attempts = 20
	b := s.openAt(t, "/1234/event", &akamaihls.Options{MaxConnections: 3, Bucket: opts})
	defer b.Close()
	var wg sync.WaitGroup
	for _, rendition := range []string{"low", "high"} {
		wg.Go(func() { s.publish(t, b, rendition) })
	}
	wg.Wait()
	require.Empty(t, s.faults())
	for _, rendition := range []string{"low", "high"} {
		text, ok := s.get("/1234/event/" + rendition + "/playlist.m3u8")
		require.True(t, ok)
		require.Contains(t, string(text), "seg9.ts")
		_, ok = s.get("/1234/event/" + rendition + "/seg4.ts")
		require.False(t, ok, "it has left the window")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	require.LessOrEqual(t, s.most, 3, "connections at a time")
}

// publish uploads each segment and, at the same time, the playlist that names it.
func (s *ingest) publish(t *testing.T, b *storage.Bucket, dir string) {
	for i := range 10 {
		w, err := b.NewWriter(t.Context(), fmt.Sprintf("%s/seg%d.ts", dir, i), nil)
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = w.Write(make([]byte, 10_000))
		var wg sync.WaitGroup
		wg.Go(func() {
			time.Sleep(5 * time.Millisecond)
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		})
		text := "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
		for k := max(i-4, 0); k <= i; k++ {
			text += fmt.Sprintf("#EXTINF:2,\nseg%d.ts\n", k)
		}
		if err := b.WriteAll(t.Context(), dir+"/playlist.m3u8", []byte(text), nil); err != nil {
			t.Error(err)
		}
		wg.Wait()
		if old := i - 5; old >= 0 {
			if err := b.Delete(t.Context(), fmt.Sprintf("%s/seg%d.ts", dir, old)); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestPlaylistOfALostSegmentIsNotSent(t *testing.T) {
	t.Parallel()
	s := newIngest(t)
	s.hook = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		if strings.HasSuffix(r.URL.Path, "seg 1.ts") {
			w.WriteHeader(http.StatusForbidden)
			return true
		}
		return false
	}
	b := s.openAt(t, "/1/e", &akamaihls.Options{OrderWait: 20 * time.Millisecond})
	defer b.Close()
	require.Error(t, b.WriteAll(t.Context(), "v/seg 1.ts", nil, nil))
	playlist := []byte("#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\nseg%201.ts\nhttps://elsewhere/x.ts\n")
	err := b.WriteAll(t.Context(), "v/p.m3u8", playlist, nil)
	require.ErrorIs(t, err, rendition.Unavailable)
	require.ErrorContains(t, err, "has not arrived")
	_, ok := s.get("/1/e/v/p.m3u8")
	require.False(t, ok)

	w, err := b.NewWriter(t.Context(), "v/init.mp4", nil)
	require.NoError(t, err)
	err = b.WriteAll(t.Context(), "v/p.m3u8", []byte("#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n"), nil)
	require.ErrorContains(t, err, "still on its way")
	require.NoError(t, w.Close())
	s.mu.Lock()
	s.hook = nil
	s.mu.Unlock()
	require.NoError(t, b.WriteAll(t.Context(), "v/seg 1.ts", nil, nil))
	require.NoError(t, b.WriteAll(t.Context(), "v/p.m3u8", playlist, nil))
}

// TestConnections are kept, and made anew after a failure.
func TestConnections(t *testing.T) {
	t.Parallel()
	s := newIngest(t)
	b := s.openAt(t, "/1/e", nil)
	defer b.Close()
	write := func(n int) {
		t.Helper()
		for i := range n {
			require.NoError(t, b.WriteAll(t.Context(), fmt.Sprintf("seg%d.ts", i), make([]byte, 50_000), nil))
		}
	}
	connections := func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.opened
	}
	write(20)
	require.Equal(t, 1, connections())
	failed := false
	s.mu.Lock()
	s.hook = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		if failed {
			return false
		}
		failed = true
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusBadGateway)
		return true
	}
	s.mu.Unlock()
	write(5)
	require.Equal(t, 2, connections(), "a 502 gave the next attempt a connection of its own")
}

func TestRateLimitPauses(t *testing.T) {
	t.Parallel()
	s := newIngest(t)
	s.hook = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		if n == 1 {
			w.WriteHeader(http.StatusTooManyRequests)
		}
		return n == 1
	}
	b := s.openAt(t, "/1/e", nil)
	defer b.Close()
	begin := time.Now()
	require.NoError(t, b.WriteAll(t.Context(), "seg.ts", nil, nil))
	require.GreaterOrEqual(t, time.Since(begin), time.Second)
}

// TestDialIsTheOnlyWay out: a guard in it refuses everything.
func TestDialIsTheOnlyWay(t *testing.T) {
	t.Parallel()
	dial := func(context.Context, string, string) (net.Conn, error) {
		return nil, &driver.Error{Kind: rendition.Permission, Err: errors.New("the address is not public")}
	}
	ctx := t.Context()
	b, err := akamaihls.Open(ctx, "http://user:SIGNED@post.acc.test/1/e", &akamaihls.Options{Dial: dial, Bucket: quick()})
	require.NoError(t, err)
	defer b.Close()
	for _, err := range []error{b.WriteAll(ctx, "a", nil, nil), b.Delete(ctx, "a")} {
		require.ErrorIs(t, err, rendition.Permission)
		require.ErrorContains(t, err, "not public")
	}
}

func ExampleOpen() {
	ctx := context.Background()
	bucket, err := akamaihls.Open(ctx, "http://user:secret@post.example.akamaihd.net/1234/event", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	fmt.Println(bucket, bucket.Capabilities().NoRead)
	// Output: http://post.example.akamaihd.net/1234/event/ true
}

package httpstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/httpstore"
)

// TestConformanceWriting runs the suite where objects are PUT, whole and in chunks.
func TestConformanceWriting(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]httpstore.WriteMode{"put": httpstore.WritePut, "chunked": httpstore.WriteChunked} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newDAV(t)
			var next atomic.Int32
			drivertest.Run(t, drivertest.Harness{
				PartSize: 64 << 10,
				Open: func(t *testing.T) drivertest.Store {
					dir := fmt.Sprintf("/files/%d", next.Add(1))
					b, err := httpstore.Open(t.Context(), s.URL+dir+"?sig=SIGNED", &httpstore.Options{
						Username: "user", Password: password, Write: mode, MaxPut: 1 << 20, Bucket: quick(),
					})
					require.NoError(t, err)
					return drivertest.Store{Bucket: b, Leftovers: func(*testing.T) []string { return s.unfinished(dir + "/") }}
				},
				Secrets: []string{password, "SIGNED"},
				Errors:  writeErrors(),
			})
			for _, r := range s.requests() {
				require.Equal(t, "sig=SIGNED", r.URL.RawQuery)
			}
		})
	}
}

// writeErrors has a case for each status that a PUT can get.
func writeErrors() []drivertest.ErrorCase {
	var cases []drivertest.ErrorCase
	for name, c := range map[string]struct {
		status   int
		body     string
		kind     rendition.Kind
		mentions string
	}{
		"401":              {401, "", rendition.Permission, "credentials"},
		"403":              {403, "", rendition.Permission, "for PUT"},
		"expired":          {403, "<Code>AccessDenied</Code><Message>SIGNED</Message>", rendition.Permission, "expired"},
		"other method":     {403, "<Code>SignatureDoesNotMatch</Code><StringToSign>SIGNED", rendition.Permission, "another method"},
		"skew":             {403, "<Code>RequestTimeTooSkewed</Code>", rendition.Permission, "clock"},
		"no bucket":        {404, "<Code>NoSuchBucket</Code>", rendition.NotFound, "bucket does not exist"},
		"405":              {405, "", rendition.Unsupported, "does not take uploads"},
		"409":              {409, "", rendition.Exists, "folder"},
		"411":              {411, "", rendition.Unsupported, "WritePut"},
		"413":              {413, "", rendition.Quota, "too large"},
		"507":              {507, "", rendition.Quota, "full"},
		"400 digest":       {400, "<Code>BadDigest</Code>", rendition.Integrity, "BadDigest"},
		"400 unknown code": {400, "<Code>SIGNED</Code>", rendition.InvalidJob, "400"},
		"503":              {503, "<Code>SlowDown</Code>", rendition.Unavailable, "503"},
		"500":              {500, "", rendition.Unavailable, "500"},
		"307 to nowhere":   {307, "", rendition.Unsupported, "307"},
	} {
		cases = append(cases, drivertest.ErrorCase{
			Name: "write " + name, Kind: c.kind, Mentions: c.mentions,
			Do: func(ctx context.Context, t *testing.T) error {
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					w.WriteHeader(c.status)
					_, _ = io.WriteString(w, c.body)
				}))
				defer s.Close()
				b, key, err := httpstore.OpenURL(ctx, s.URL+"/clip.mp4?X-Amz-Signature=SIGNED", &httpstore.Options{Bucket: quick()})
				require.NoError(t, err)
				defer b.Close()
				return b.WriteAll(ctx, key, []byte("data"), nil)
			},
		})
	}
	return cases
}

func TestClockSkewIsNamed(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "Wed, 02 Jan 2030 03:04:05 GMT")
		w.WriteHeader(http.StatusForbidden)
	}))
	defer s.Close()
	b, key, err := httpstore.OpenURL(t.Context(), s.URL+"/a?X-Amz-Signature=1", &httpstore.Options{Bucket: quick()})
	require.NoError(t, err)
	defer b.Close()
	require.ErrorContains(t, b.WriteAll(t.Context(), key, nil, nil), "clock differs")
}

// TestPresignedPut checks that the URL arrives byte for byte, with a length and a checksum, and that nothing but its key can be written.
func TestPresignedPut(t *testing.T) {
	t.Parallel()
	s := newDAV(t)
	s.lengths = true
	const query = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2FB&X-Amz-SignedHeaders=host&X-Amz-Signature=a%2Fb+c%3d&&x=%zz"
	for _, path := range []string{"/bucket/out%2Fa%20b.mp4", "/bucket/%F0%9F%98%80+.mp4"} {
		b, key, err := httpstore.OpenURL(t.Context(), s.URL+path+query, &httpstore.Options{Bucket: quick(), MaxPut: 9 << 20})
		require.NoError(t, err)
		defer b.Close()
		caps := b.Capabilities()
		require.False(t, caps.ReadOnly)
		require.True(t, caps.AtomicReplace)
		require.Equal(t, 1, caps.MaxParts)
		data := pattern(90_000)
		require.NoError(t, b.WriteAll(t.Context(), key, data, &storage.WriterOptions{CacheControl: "max-age=1"}))
		seen := s.requests()
		last := seen[len(seen)-1]
		require.Equal(t, path+query, last.RequestURI)
		require.Equal(t, http.MethodPut, last.Method)
		require.Equal(t, int64(90_000), last.ContentLength)
		require.Equal(t, md5Of(data), last.Header.Get("Content-Md5"))
		require.Equal(t, "max-age=1", last.Header.Get("Cache-Control"))
		got, err := b.ReadAll(t.Context(), key, 0)
		require.NoError(t, err)
		require.Equal(t, data, got)

		err = b.WriteAll(t.Context(), key, make([]byte, 9<<20+1), nil)
		require.ErrorIs(t, err, rendition.Quota)
		require.ErrorContains(t, err, "PartSize")
		require.NoError(t, b.WriteAll(t.Context(), key, make([]byte, 9<<20+1), &storage.WriterOptions{PartSize: 10 << 20}))
		require.NoError(t, b.WriteAll(t.Context(), key, nil, nil), "an empty object")
		require.ErrorIs(t, b.WriteAll(t.Context(), "another", nil, nil), rendition.Permission)
		require.ErrorIs(t, b.Delete(t.Context(), key), rendition.Unsupported)
		require.Len(t, s.requests(), len(seen)+4, "2 for the read, 2 for the writes")
	}
}

func TestWhatMayBeWritten(t *testing.T) {
	t.Parallel()
	for query, writable := range map[string]bool{
		"":                                  false,
		"?token=1":                          false,
		"?sig=1":                            false,
		"?X-Amz-Signature=1":                true,
		"?X-Amz-Signature=1&x-id=PutObject": true,
		"?X-Amz-Signature=1&x-id=GetObject": false,
		"?X-Goog-Signature=1":               true,
		"?AWSAccessKeyId=A&Expires=1&Signature=x%3D": true,
		"?Signature=1":                                               false,
		"?temp_url_sig=1&temp_url_expires=2":                         true,
		"?sv=2024-11-04&sp=r&sig=1":                                  false,
		"?sv=2024-11-04&sp=rcw&sig=1":                                true,
		"?sv=2024-11-04&si=policy&sig=1":                             true,
		"?sig=1&se=2030-01-01T00%3A00%3A00Z&sv=2020-02-10&sp=w&sr=b": true,
	} {
		b, _, err := httpstore.OpenURL(t.Context(), "https://host/a/b.mp4"+query, nil)
		require.NoError(t, err)
		require.Equal(t, !writable, b.Capabilities().ReadOnly, query)
		require.NoError(t, b.Close())
		b, err = httpstore.Open(t.Context(), "https://host/a/"+query, nil)
		require.NoError(t, err)
		require.True(t, b.Capabilities().ReadOnly, "a folder is written when it is asked for")
		require.NoError(t, b.Close())
	}
}

// TestPutFollowsRedirects that keep the method, and no others.
func TestPutFollowsRedirects(t *testing.T) {
	t.Parallel()
	s := newDAV(t)
	s.hook = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		var status int
		if _, err := fmt.Sscanf(r.URL.Path, "/files/from%d", &status); err != nil {
			return false
		}
		if r.URL.Query().Has("late") {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		http.Redirect(w, r, "/files/target", status)
		return true
	}
	data := pattern(300_000)
	for _, late := range []string{"", "?late"} {
		b, err := httpstore.Open(t.Context(), s.URL+"/files/"+late, &httpstore.Options{Write: httpstore.WritePut, Bucket: quick()})
		require.NoError(t, err)
		defer b.Close()
		for _, key := range []string{"from307", "from308"} {
			require.NoError(t, b.WriteAll(t.Context(), key, data, nil))
			got, ok := s.get("/files/target")
			require.True(t, ok && bytes.Equal(data, got))
			s.store("/files/target", nil, nil)
		}
		for _, key := range []string{"from301", "from302", "from303"} {
			require.ErrorIs(t, b.WriteAll(t.Context(), key, data, nil), rendition.Unsupported)
			require.ErrorIs(t, b.Delete(t.Context(), key), rendition.Unsupported)
		}
	}
}

// TestChunkedUpload sends parts as they come and shows what a break costs.
func TestChunkedUpload(t *testing.T) {
	t.Parallel()
	const size = 16 << 20
	data := bytes.Repeat(pattern(1<<20), size>>20)
	for name, c := range map[string]struct {
		part   int64
		breaks int64 // bytes after which the first request breaks
		want   rendition.Kind
		puts   int
	}{
		"whole":          {1 << 20, -1, 0, 1},
		"in first part":  {12 << 20, 10_000, 0, 2}, // of more than the buffers of a connection hold, so that it is noticed there
		"in a later one": {1 << 20, 5 << 20, rendition.Unavailable, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newDAV(t)
			s.hook = func(_ http.ResponseWriter, r *http.Request, n int) bool {
				require.Equal(t, []string{"chunked"}, r.TransferEncoding)
				if n > 1 || c.breaks < 0 {
					return false
				}
				_, _ = io.CopyN(io.Discard, r.Body, c.breaks)
				panic(http.ErrAbortHandler)
			}
			b, err := httpstore.Open(t.Context(), s.URL, &httpstore.Options{Write: httpstore.WriteChunked, Bucket: quick()})
			require.NoError(t, err)
			defer b.Close()
			err = b.WriteAll(t.Context(), "a", data, &storage.WriterOptions{PartSize: c.part})
			require.Len(t, s.requests(), c.puts, "no attempt that cannot succeed")
			if c.want == 0 {
				require.NoError(t, err)
				got, _ := s.get("/a")
				require.True(t, bytes.Equal(data, got))
				return
			}
			require.ErrorIs(t, err, c.want)
			require.True(t, rendition.Retryable(err))
			_, ok := s.get("/a")
			require.False(t, ok)
			s.mu.Lock()
			s.hook = nil
			s.mu.Unlock()
			require.NoError(t, b.WriteAll(t.Context(), "a", data, &storage.WriterOptions{PartSize: c.part}), "written anew")
		})
	}
}

// TestChunkedRefused gives the server's reason, also when it comes in the middle.
func TestChunkedRefused(t *testing.T) {
	t.Parallel()
	s := newDAV(t)
	s.lengths = true
	b, err := httpstore.Open(t.Context(), s.URL, &httpstore.Options{Write: httpstore.WriteChunked, Bucket: quick()})
	require.NoError(t, err)
	defer b.Close()
	err = b.WriteAll(t.Context(), "a", make([]byte, 9<<20), &storage.WriterOptions{PartSize: 1 << 20})
	require.ErrorIs(t, err, rendition.Unsupported)
	require.ErrorContains(t, err, "WritePut")
	require.NoError(t, b.WriteAll(t.Context(), "a", make([]byte, 9<<20), &storage.WriterOptions{PartSize: 10 << 20}), "one part has a length")
}

// TestHTTP2 uploads over TLS, where there are no chunks.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	s := &davServer{files: map[string]file{}, active: map[string]int{}}
	s.Server = httptest.NewUnstartedServer(s)
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	b, err := httpstore.Open(t.Context(), s.URL, &httpstore.Options{Client: s.Client(), Write: httpstore.WriteChunked, Bucket: quick()})
	require.NoError(t, err)
	defer b.Close()
	data := pattern(1_000_000)
	for _, part := range []int64{100_000, 2_000_000} {
		require.NoError(t, b.WriteAll(t.Context(), "a", data, &storage.WriterOptions{PartSize: part}))
		got, err := b.ReadAll(t.Context(), "a", 0)
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, got))
	}
	w, err := b.NewWriter(t.Context(), "b", &storage.WriterOptions{PartSize: 1000})
	require.NoError(t, err)
	_, err = w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Abort())
	require.Empty(t, s.unfinished("/"))
	_, ok := s.get("/b")
	require.False(t, ok)
	require.Equal(t, 2, s.requests()[0].ProtoMajor)
}

// TestDialIsTheOnlyWay out: a guard in it refuses reads and writes.
func TestDialIsTheOnlyWay(t *testing.T) {
	t.Parallel()
	s := newDAV(t)
	b, err := httpstore.Open(t.Context(), s.URL, &httpstore.Options{
		Write: httpstore.WriteChunked, Bucket: quick(),
		Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &driver.Error{Kind: rendition.Permission, Err: errors.New("the address is not public")}
		},
	})
	require.NoError(t, err)
	defer b.Close()
	for _, err := range []error{
		b.WriteAll(t.Context(), "a", nil, nil), b.WriteAll(t.Context(), "a", make([]byte, 10), &storage.WriterOptions{PartSize: 4}),
		b.Delete(t.Context(), "a"),
	} {
		require.ErrorIs(t, err, rendition.Permission)
		require.ErrorContains(t, err, "not public")
	}
	require.Empty(t, s.requests())
}

func ExampleOpenURL_put() {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.Method, r.URL.Path, r.Header.Get("Content-Type"), len(body))
		w.WriteHeader(http.StatusOK)
	}))
	defer s.Close()
	ctx := context.Background()
	// A URL that an S3 store has signed for one PUT.
	bucket, key, err := httpstore.OpenURL(ctx, s.URL+"/bucket/talk.mp4?X-Amz-Signature=abc", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	fmt.Println(bucket.WriteAll(ctx, key, []byte(strings.Repeat("x", 1000)), nil))
	// Output:
	// PUT /bucket/talk.mp4 video/mp4 1000
	// <nil>
}

package azurestore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
)

// fake is a server of the test's own, for what Azurite does not answer.
func fake(t *testing.T, o *azurestore.Options, answer http.HandlerFunc) *storage.Bucket {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	if o == nil {
		o = &azurestore.Options{AccountKey: wrongKey}
	}
	o.Endpoint = s.URL
	if o.Bucket == nil {
		o.Bucket = quick()
	}
	b, err := azurestore.Open(t.Context(), "acct", "container", o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// say answers as the service does.
func say(w http.ResponseWriter, status int, code string) {
	if code != "" {
		w.Header().Set("x-ms-error-code", code)
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>%s</Code><Message>sig=SIGNED</Message></Error>", code)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		code   string
		kind   rendition.Kind
		text   string
	}{
		{400, "Md5Mismatch", rendition.Integrity, "changed on their way"},
		{400, "InvalidBlobOrBlock", rendition.Exists, "unfinished blocks"},
		{400, "InvalidUri", rendition.InvalidJob, "InvalidUri"},
		{400, "", rendition.InvalidJob, "Bad Request"},
		{403, "AuthenticationFailed", rendition.Permission, "account's name and key"},
		{403, "KeyBasedAuthenticationNotPermitted", rendition.Permission, "token credential"},
		{403, "AuthorizationFailure", rendition.Permission, "network rules"},
		{403, "sig=SIGNED", rendition.Permission, "403 Forbidden"},
		{404, "BlobNotFound", rendition.NotFound, "BlobNotFound"},
		{404, "ContainerNotFound", rendition.NotFound, "create the container"},
		{404, "", rendition.NotFound, "Not Found"},
		{409, "BlobArchived", rendition.Unsupported, "archive tier"},
		{409, "BlobBeingRehydrated", rendition.Unavailable, "takes hours"},
		{409, "BlobImmutableDueToPolicy", rendition.Permission, "immutability"},
		{409, "InvalidBlobType", rendition.Exists, "page or append"},
		{409, "SomethingNew", rendition.Exists, "SomethingNew"},
		{412, "LeaseIdMissing", rendition.Permission, "lease"},
		{412, "ConditionNotMet", rendition.Integrity, "changed"},
		{412, "", rendition.Integrity, "changed"},
		{413, "RequestBodyTooLarge", rendition.Quota, ""},
		{301, "", rendition.Unsupported, "301"},
		{302, "", rendition.Unsupported, "302"},
		{429, "", rendition.Unavailable, ""},
		{500, "OperationTimedOut", rendition.Unavailable, ""},
		{501, "", rendition.Unsupported, ""},
		{503, "ServerBusy", rendition.Unavailable, "limit of requests"},
	} {
		b := fake(t, nil, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "http://"+r.Host+"/elsewhere?sig=SIGNED")
			say(w, c.status, c.code)
		})
		for op, err := range calls(t.Context(), b) {
			require.Error(t, err, op)
			if op == "stat" && c.status == 302 { // HEAD: no difference, but said once
				require.ErrorIs(t, err, rendition.Unsupported)
			}
			require.Equal(t, c.kind.String(), rendition.KindOf(err).String(), "%s: %d %s: %v", op, c.status, c.code, err)
			require.ErrorContains(t, err, c.text)
			require.NotContains(t, fmt.Sprintf("%+v", err), "SIGNED")
			require.NotContains(t, err.Error(), wrongKey)
		}
	}
}

// calls makes a call of each kind and gives its errors.
func calls(ctx context.Context, b *storage.Bucket) map[string]error {
	_, stat := b.Stat(ctx, "a")
	_, read := b.Open(ctx, "a", nil)
	var list error
	for _, err := range b.List(ctx, nil) {
		list = err
	}
	return map[string]error{
		"stat": stat, "read": read, "list": list, "write": b.WriteAll(ctx, "a", []byte("x"), nil),
		"copy": b.Copy(ctx, "b", "a"),
	}
}

func TestThrottled(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	b := fake(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			say(w, http.StatusServiceUnavailable, "ServerBusy")
			return
		}
		say(w, http.StatusNotFound, "BlobNotFound")
	})
	began := time.Now()
	_, err := b.Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.NotFound)
	require.Equal(t, int32(2), asked.Load(), "one retry, and none by the SDK below")
	require.GreaterOrEqual(t, time.Since(began), time.Second, "the server's pause is kept")
}

func TestLostBlocksAreNotCommittedAgain(t *testing.T) {
	t.Parallel()
	var commits atomic.Int32
	b := fake(t, nil, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Query().Get("comp") == "blocklist" {
			commits.Add(1)
			say(w, http.StatusBadRequest, "InvalidBlockList")
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
	err := b.RetryFor(time.Hour).WriteAll(t.Context(), "a", random(100), &storage.WriterOptions{PartSize: 10})
	require.ErrorIs(t, err, rendition.Unavailable)
	require.True(t, rendition.Retryable(err))
	require.Equal(t, int32(1), commits.Load())
}

func TestClocks(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	form := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339) }
	for name, c := range map[string]struct {
		sas    string
		server time.Duration
		want   string
	}{
		"expired":         {"sv=1&sp=r&sig=SIGNED&se=" + form(-time.Hour), 0, "the signature expired at " + form(-time.Hour)},
		"expired by date": {"sig=SIGNED&se=2020-01-02", 0, "expired at 2020-01-02T00:00:00Z"},
		"expired there":   {"sig=SIGNED&se=" + form(time.Hour), 2 * time.Hour, "expired at"},
		"not yet":         {"sig=SIGNED&st=" + form(time.Hour) + "&se=" + form(2*time.Hour), 0, "works from " + form(time.Hour)},
		"policy":          {"sig=SIGNED&si=policy", 0, "copy it whole"},
		"slow clock":      {"", 20 * time.Minute, "clock is 20m0s behind the server's"},
		"fast clock":      {"", -2 * time.Hour, "clock is 2h0m0s ahead of the server's"},
		"right clock":     {"", 5 * time.Minute, "account's name and key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &azurestore.Options{SAS: storage.Secret(c.sas)}
			if c.sas == "" {
				o = &azurestore.Options{AccountKey: wrongKey}
			}
			b := fake(t, o, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", time.Now().Add(c.server).UTC().Format(http.TimeFormat))
				say(w, http.StatusForbidden, "AuthenticationFailed")
			})
			for op, err := range calls(t.Context(), b) {
				require.ErrorIs(t, err, rendition.Permission, op)
				require.ErrorContains(t, err, c.want, op)
				require.NotContains(t, err.Error(), "SIGNED")
			}
		})
	}
}

// TestHostileAnswers has answers that no service gives.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	list := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			_, _ = io.WriteString(w, body)
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"no xml":     list("hello"),
		"empty":      list(""),
		"endless":    endless,
		"own marker": list("<EnumerationResults><Blobs></Blobs><NextMarker>again</NextMarker></EnumerationResults>"),
		"entities":   list(`<!DOCTYPE x [<!ENTITY a "aaaa">]><EnumerationResults><Blobs><Blob><Name>&a;</Name></Blob></Blobs></EnumerationResults>`),
		"no such end": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("<E"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := fake(t, nil, answer)
			var last error
			n := 0
			for _, err := range b.List(t.Context(), nil) {
				last = err
				n++
			}
			require.Error(t, last)
			require.Less(t, n, 3)
		})
	}
	b := fake(t, nil, list(`<EnumerationResults><Blobs><Blob/><Blob><Name>ok</Name></Blob><Blob><Name>pre/x</Name><Properties/></Blob>
		<Blob><Name>pre/.rendition-x.part</Name></Blob><BlobPrefix/><BlobPrefix><Name>pre/d/</Name></BlobPrefix></Blobs></EnumerationResults>`))
	for _, delimiter := range []string{"", "/"} {
		for o, err := range b.List(t.Context(), &storage.ListOptions{Prefix: "pre/", Delimiter: delimiter}) {
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(o.Key, "pre/"), "what was not asked for is left out")
			require.NotContains(t, o.Key, ".part")
		}
	}
}

// endless sends a list that does not end.
func endless(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, "<EnumerationResults><Blobs><Blob><Name>")
	chunk := bytes.Repeat([]byte("x"), 1<<20)
	for range 200 {
		if _, err := w.Write(chunk); err != nil || r.Context().Err() != nil {
			return
		}
	}
}

func TestBrokenRanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header map[string]string
		status int
		want   rendition.Kind
	}{
		"other range": {map[string]string{"Content-Range": "bytes 5-9/100", "Content-Length": "5"}, 206, rendition.Integrity},
		"junk":        {map[string]string{"Content-Range": "bytes x-9/100", "Content-Length": "5"}, 206, rendition.Integrity},
		"no total":    {map[string]string{"Content-Range": "bytes 0-4/*", "Content-Length": "5"}, 206, rendition.Integrity},
		"length":      {map[string]string{"Content-Range": "bytes 0-9/100", "Content-Length": "5"}, 206, rendition.Integrity},
		"416 inside":  {map[string]string{"Content-Length": "5"}, 416, rendition.Integrity},
		"all of it":   {map[string]string{"Content-Length": "90000"}, 200, rendition.Integrity},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := fake(t, nil, func(w http.ResponseWriter, r *http.Request) {
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				if r.Method == http.MethodHead {
					return
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte("hello"))
			})
			_, err := b.Open(t.Context(), "a", nil)
			require.ErrorIs(t, err, c.want)
		})
	}
}

func TestVersionIsAskedFor(t *testing.T) {
	t.Parallel()
	data := random(200_000)
	var matched atomic.Int32
	b := fake(t, nil, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-Match") == `"v1"` {
			matched.Add(1)
		}
		// The SDK sends its range in a header of the service's own.
		r.Header.Set("Range", r.Header.Get("x-ms-range"))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	})
	got, err := b.ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	require.Equal(t, int32(2), matched.Load(), "the second and third range ask for the version of the first")
}

// TestEarlyAnswers has a server that answers before it has read what is sent: the
// buffer belongs to the Bucket again then. The race detector is what finds a read after that.
func TestEarlyAnswers(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	b := fake(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%2 == 0 {
			say(w, http.StatusServiceUnavailable, "ServerBusy")
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
	_ = b.WriteAll(t.Context(), "a", make([]byte, 64<<20), &storage.WriterOptions{PartSize: 8 << 20, InFlight: 4})
}

func TestCancelInAStage(t *testing.T) {
	t.Parallel()
	reached, cause := make(chan struct{}), errors.New("stop")
	var once atomic.Bool
	b := fake(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if once.CompareAndSwap(false, true) {
			close(reached)
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusCreated)
	})
	ctx, cancel := context.WithCancelCause(t.Context())
	w, err := b.NewWriter(ctx, "a", &storage.WriterOptions{PartSize: 1000, InFlight: 1})
	require.NoError(t, err)
	go func() {
		<-reached
		cancel(cause)
	}()
	_, err = w.Write(random(10_000))
	require.ErrorIs(t, err, rendition.Canceled)
	began := time.Now()
	require.ErrorIs(t, w.Close(), cause)
	require.Less(t, time.Since(began), 10*time.Second)
}

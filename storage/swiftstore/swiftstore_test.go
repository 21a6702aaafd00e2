package swiftstore_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

func TestMain(m *testing.M) { leak.Main(m) }

const tempURLKey = "temp/url key"

// TestSwift runs all that needs a Swift, which is started once.
func TestSwift(t *testing.T) {
	swift := servers.StartSwift(t)
	proxy := swift.StartProxy(t, nil)
	// An old cluster: no static large objects, no TempURL, and tokens that end while the tests run.
	old := swift.StartProxy(t, &servers.SwiftProxyOptions{NoSLO: true, TokenLife: 3})
	a := login(t, proxy)
	a.must(t, http.MethodPost, "", "", map[string]string{"X-Account-Meta-Temp-URL-Key": tempURLKey}, nil)
	t.Run("tests", func(t *testing.T) {
		t.Run("static", func(t *testing.T) { t.Parallel(); conformance(t, a, proxy, options(proxy)) })
		t.Run("dynamic", func(t *testing.T) { t.Parallel(); conformance(t, a, old, options(old)) })
		t.Run("keystone", func(t *testing.T) { t.Parallel(); testKeystone(t, swift) })
		t.Run("segments", func(t *testing.T) { t.Parallel(); testSegments(t, a, proxy, old) })
		t.Run("copy", func(t *testing.T) { t.Parallel(); testCopy(t, a, proxy, old) })
		t.Run("token", func(t *testing.T) { t.Parallel(); testToken(t, a, proxy, old) })
		t.Run("tempurl", func(t *testing.T) { t.Parallel(); testTempURL(t, a, proxy) })
		t.Run("objects", func(t *testing.T) { t.Parallel(); testObjects(t, a, proxy) })
		t.Run("swiftclient", func(t *testing.T) { t.Parallel(); testSwiftclient(t, a, proxy) })
	})
}

func conformance(t *testing.T, a *account, p *servers.SwiftProxy, opts *swiftstore.Options) {
	if p.AuthURL == opts.AuthURL && opts.TempURLKey == "" && !isOld(t, opts) {
		opts.TempURLKey = tempURLKey
	}
	drivertest.Run(t, drivertest.Harness{
		Open: func(t *testing.T) drivertest.Store {
			container := a.newContainer(t)
			b, err := swiftstore.Open(t.Context(), container, opts)
			require.NoError(t, err)
			return drivertest.Store{Bucket: b, Leftovers: func(t *testing.T) (left []string) {
				// Swift's listings may lag behind what was deleted.
				for range 50 {
					if left = a.leftovers(t, container); len(left) == 0 {
						break
					}
					time.Sleep(100 * time.Millisecond)
				}
				return left
			}}
		},
		EventualWait: 10 * time.Second,
		Secrets:      []string{p.Key, tempURLKey, "SECRET"},
		Errors:       append(realErrors(a, p), statusErrors()...),
	})
}

// isOld says whether the cluster has no TempURL.
func isOld(t *testing.T, opts *swiftstore.Options) bool {
	t.Helper()
	o := *opts
	o.TempURLKey = "x"
	return !open(t, "any", &o).Capabilities().SignedURL
}

// realErrors are failures that a Swift has to make itself.
func realErrors(a *account, p *servers.SwiftProxy) []drivertest.ErrorCase {
	opened := func(ctx context.Context, container string, change func(*swiftstore.Options), do func(*storage.Bucket) error) error {
		o := options(p)
		if change != nil {
			change(o)
		}
		b, err := swiftstore.Open(ctx, container, o)
		if err != nil {
			return err
		}
		defer b.Close()
		return do(b)
	}
	return []drivertest.ErrorCase{
		{Name: "wrong key", Kind: rendition.Permission, Mentions: "account:user", Do: func(ctx context.Context, _ *testing.T) error {
			return opened(ctx, "c", func(o *swiftstore.Options) { o.Key = "SECRET" }, nil)
		}},
		{Name: "wrong login address", Kind: rendition.NotFound, Mentions: "AuthURL", Do: func(ctx context.Context, _ *testing.T) error {
			return opened(ctx, "c", func(o *swiftstore.Options) { o.AuthURL, o.AuthVersion = "http://"+p.Addr+"/nowhere", 1 }, nil)
		}},
		{Name: "no container to read", Kind: rendition.NotFound, Mentions: `no container "absent"`, Do: func(ctx context.Context, _ *testing.T) error {
			return opened(ctx, "absent", nil, func(b *storage.Bucket) error { _, err := b.Stat(ctx, "a"); return err })
		}},
		{Name: "no container to write", Kind: rendition.NotFound, Mentions: `no container "absent"`, Do: func(ctx context.Context, _ *testing.T) error {
			return opened(ctx, "absent", nil, func(b *storage.Bucket) error { return b.WriteAll(ctx, "a", []byte("x"), nil) })
		}},
		{Name: "no container for a large object", Kind: rendition.NotFound, Mentions: `no container "absent"`, Do: func(ctx context.Context, _ *testing.T) error {
			return opened(ctx, "absent", nil, func(b *storage.Bucket) error {
				return b.WriteAll(ctx, "a", make([]byte, 3000), &storage.WriterOptions{PartSize: 1000})
			})
		}},
		{Name: "no container to list", Kind: rendition.NotFound, Mentions: `no container "absent"`, Do: func(ctx context.Context, _ *testing.T) error {
			return opened(ctx, "absent", nil, func(b *storage.Bucket) error {
				for _, err := range b.List(ctx, nil) {
					return err
				}
				return nil
			})
		}},
		{Name: "no right", Kind: rendition.Permission, Mentions: "ACL", Do: func(ctx context.Context, t *testing.T) error {
			container := a.newContainer(t)
			return opened(ctx, container, func(o *swiftstore.Options) { o.User, o.Key = p.Reader, storage.Secret(p.ReaderKey) },
				func(b *storage.Bucket) error { _, err := b.Stat(ctx, "a"); return err })
		}},
		{Name: "quota", Kind: rendition.Quota, Mentions: "quota", Do: func(ctx context.Context, t *testing.T) error {
			container := a.newContainer(t)
			a.must(t, http.MethodPost, container, "", map[string]string{"X-Container-Meta-Quota-Bytes": "100"}, nil)
			return opened(ctx, container, nil, func(b *storage.Bucket) error { return b.WriteAll(ctx, "a", make([]byte, 101), nil) })
		}},
		{Name: "too much metadata", Kind: rendition.InvalidJob, Mentions: "256", Do: func(ctx context.Context, t *testing.T) error {
			return opened(ctx, a.newContainer(t), nil, func(b *storage.Bucket) error {
				return b.WriteAll(ctx, "a", nil, &storage.WriterOptions{Metadata: map[string]string{"long": fmt.Sprintf("%0300d", 1)}})
			})
		}},
		{Name: "metadata that is no header", Kind: rendition.InvalidJob, Mentions: "letters", Do: func(ctx context.Context, _ *testing.T) error {
			return opened(ctx, "c", nil, func(b *storage.Bucket) error {
				return b.WriteAll(ctx, "a", nil, &storage.WriterOptions{Metadata: map[string]string{"a b": "x"}})
			})
		}},
	}
}

// statusErrors are answers that a small Swift does not give: a server of the test's own gives them.
func statusErrors() []drivertest.ErrorCase {
	var cases []drivertest.ErrorCase
	for status, kind := range map[int]rendition.Kind{
		400: rendition.InvalidJob, 401: rendition.Permission, 403: rendition.Permission, 405: rendition.Unsupported, 408: rendition.Unavailable,
		412: rendition.InvalidJob, 413: rendition.Quota, 422: rendition.Integrity, 429: rendition.Unavailable, 498: rendition.Unavailable,
		409: rendition.Integrity, 500: rendition.Unavailable, 503: rendition.Unavailable, 507: rendition.Quota, 301: rendition.InvalidJob,
	} {
		cases = append(cases, drivertest.ErrorCase{
			Name: fmt.Sprint("status ", status), Kind: kind, Mentions: "clip.mp4",
			Do: func(ctx context.Context, t *testing.T) error {
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/info" {
						w.WriteHeader(http.StatusForbidden)
						return
					}
					if r.Header.Get("X-Auth-Token") != "SECRET" {
						t.Error("the token is not sent")
					}
					w.Header().Set("Location", "http://127.0.0.1:1/SECRET")
					w.WriteHeader(status)
				}))
				defer s.Close()
				b, err := swiftstore.Open(ctx, "films", &swiftstore.Options{StorageURL: s.URL + "/v1/AUTH_a", AuthToken: "SECRET", Bucket: quick()})
				require.NoError(t, err)
				defer b.Close()
				_, err = b.Open(ctx, "clip.mp4", nil)
				return err
			},
		})
	}
	return cases
}

package s3store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
)

func TestMain(m *testing.M) { leak.Main(m) }

// peer is a running server and a client of the SDK that looks at it past this package.
type peer struct {
	*servers.S3
	sdk *s3.Client
	// folders is Options.Folders.
	folders bool
}

func newPeer(t *testing.T, s *servers.S3, client *http.Client) *peer {
	t.Helper()
	if client == nil {
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		client = &http.Client{Transport: transport}
	}
	return &peer{S3: s, sdk: s3.New(s3.Options{
		Region: s.Region, BaseEndpoint: &s.Endpoint, UsePathStyle: true, HTTPClient: client,
		Credentials: credentials.NewStaticCredentialsProvider(s.AccessKey, s.SecretKey, ""),
	})}
}

// bucket makes a new bucket.
func (p *peer) bucket(t *testing.T) string {
	t.Helper()
	name := "b-" + strings.ToLower(rand.Text())
	_, err := p.sdk.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name})
	require.NoError(t, err)
	return name
}

// options are those for the server, with short pauses.
func (p *peer) options() *Options {
	return &Options{
		Endpoint: p.Endpoint, AccessKey: p.AccessKey, SecretKey: storage.Secret(p.SecretKey),
		Folders: p.folders, Bucket: &storage.Options{RetryDelay: 50 * time.Millisecond},
	}
}

// open opens a bucket with changed options, until the test ends.
func (p *peer) open(t *testing.T, bucket string, change func(*Options)) *storage.Bucket {
	t.Helper()
	o := p.options()
	if change != nil {
		change(o)
	}
	b, err := Open(t.Context(), bucket, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// unfinished lists the multipart uploads of keys that nobody has ended. MinIO lists those of one key alone.
func (p *peer) unfinished(t *testing.T, bucket string, keys ...string) (left []string) {
	t.Helper()
	for _, key := range keys {
		out, err := p.sdk.ListMultipartUploads(context.WithoutCancel(t.Context()), &s3.ListMultipartUploadsInput{Bucket: &bucket, Prefix: &key})
		require.NoError(t, err)
		for _, u := range out.Uploads {
			left = append(left, aws.ToString(u.Key))
		}
	}
	return left
}

// store is a new bucket for the suite.
func (p *peer) store(t *testing.T) drivertest.Store {
	name := p.bucket(t)
	if p.folders {
		// versitygw removes a folder that a deletion has emptied, from under those who just begin to write there.
		_, err := p.sdk.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: aws.String("pre fix/deep/keep")})
		require.NoError(t, err)
	}
	o := p.options()
	r := record(t, o)
	b, err := Open(t.Context(), name, o)
	require.NoError(t, err)
	return drivertest.Store{Bucket: b, Leftovers: func(t *testing.T) []string {
		var keys []string
		for _, req := range r.requests(http.MethodPost, "uploads") {
			keys = append(keys, strings.TrimPrefix(req.URL.Path, "/"+name+"/"))
		}
		slices.Sort(keys)
		return p.unfinished(t, name, slices.Compact(keys)...)
	}}
}

// refused is an error case of the suite: a Stat, listing and write that fail.
func (p *peer) refused(name string, kind rendition.Kind, mentions, bucket string, change func(*Options)) drivertest.ErrorCase {
	return drivertest.ErrorCase{Name: name, Kind: kind, Mentions: mentions, Do: func(ctx context.Context, t *testing.T) error {
		return p.open(t, bucket, change).WriteAll(ctx, "a.mp4", []byte("x"), nil)
	}}
}

// recorder is a transport that keeps what was asked for.
type recorder struct {
	next http.RoundTripper
	// answer, when not nil, makes the answers.
	answer func(*http.Request) *http.Response

	mu    sync.Mutex
	seen  []*http.Request
	forms map[*http.Request]string // bodies of requests with forms
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	kept := req.Clone(context.WithoutCancel(req.Context()))
	r.mu.Lock()
	r.seen = append(r.seen, kept)
	if strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, _ := io.ReadAll(req.Body)
		r.forms[kept] = string(form)
		req.Body = io.NopCloser(bytes.NewReader(form))
	}
	r.mu.Unlock()
	if r.answer != nil {
		if resp := r.answer(req); resp != nil {
			return resp, nil
		}
	}
	return r.next.RoundTrip(req)
}

// requests returns those made so far whose method and query fit: "PUT", "POST ?uploads".
func (r *recorder) requests(method, query string) (out []*http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, req := range r.seen {
		if req.Method == method && (query == "" || req.URL.Query().Has(query)) {
			out = append(out, req)
		}
	}
	return out
}

// record makes the requests of options pass a recorder.
func record(t *testing.T, o *Options) *recorder {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	r := &recorder{next: transport, forms: map[*http.Request]string{}}
	o.Client = &http.Client{Transport: r}
	return r
}

// hint is what an error tells the user to do.
func hint(err error) string {
	if e := new(rendition.Error); errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

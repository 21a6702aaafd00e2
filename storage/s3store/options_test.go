package s3store

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// ok answers every request of an upload, a copy and a read as if it had worked.
func ok(req *http.Request) *http.Response {
	q := req.URL.Query()
	header := http.Header{"Etag": {`"e"`}, "Last-Modified": {"Wed, 02 Jan 2030 03:04:05 GMT"}}
	switch {
	case req.Method == http.MethodPost && q.Has("uploads"):
		return page(200, `<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>`, header)
	case req.Method == http.MethodPost:
		return page(200, `<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>`, header)
	case req.Header.Get("X-Amz-Copy-Source") != "" && q.Has("partNumber"):
		return page(200, `<CopyPartResult><ETag>"e"</ETag></CopyPartResult>`, header)
	case req.Header.Get("X-Amz-Copy-Source") != "":
		return page(200, `<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>`, header)
	case req.Method == http.MethodHead:
		resp := page(200, "", header)
		resp.ContentLength = 6 << 20
		header.Set("Content-Length", fmt.Sprint(6<<20))
		return resp
	case req.Method == http.MethodGet:
		header.Set("Content-Range", "bytes 0-0/1")
		return page(206, "x", header)
	}
	for _, name := range []string{"X-Amz-Checksum-Crc32c", "X-Amz-Checksum-Sha256"} {
		if v := req.Header.Get(name); v != "" {
			header.Set(name, v)
		}
	}
	return page(200, "", header)
}

// everything makes each kind of request once.
func everything(t *testing.T, b *storage.Bucket) {
	t.Helper()
	require.NoError(t, b.WriteAll(t.Context(), "small", []byte("x"), nil))
	require.NoError(t, b.WriteAll(t.Context(), "large", pattern(6<<20), &storage.WriterOptions{PartSize: minPartSize}))
	require.NoError(t, b.Copy(t.Context(), "copy", "small"))
	_, err := b.ReadAll(t.Context(), "small", 0)
	require.NoError(t, err)
	_, err = b.Stat(t.Context(), "small")
	require.NoError(t, err)
}

// TestRequestHeaders looks at what is sent, for the options that test servers take no notice of.
func TestRequestHeaders(t *testing.T) {
	t.Parallel()
	const key = "0123456789abcdef0123456789abcdef"
	for name, c := range map[string]struct {
		o Options
		// create, key and all are headers of the requests that begin an object, that touch its bytes, and of all.
		create, key, all map[string]string
	}{
		"acl":     {o: Options{ACL: "public-read"}, create: map[string]string{"X-Amz-Acl": "public-read"}},
		"class":   {o: Options{StorageClass: "GLACIER_IR"}, create: map[string]string{"X-Amz-Storage-Class": "GLACIER_IR"}},
		"tags":    {o: Options{Tags: map[string]string{"a b": "c&d", "e": ""}}, create: map[string]string{"X-Amz-Tagging": "a+b=c%26d&e="}},
		"sse-s3":  {o: Options{SSE: &SSE{}}, create: map[string]string{"X-Amz-Server-Side-Encryption": "AES256"}},
		"sse-kms": {o: Options{SSE: &SSE{KMSKeyID: "k1"}}, create: map[string]string{"X-Amz-Server-Side-Encryption": "aws:kms", "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id": "k1"}},
		"sse-kms default": {o: Options{SSE: &SSE{KMSKeyID: "default"}}, create: map[string]string{
			"X-Amz-Server-Side-Encryption": "aws:kms", "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id": "",
		}},
		"sse-c": {o: Options{SSE: &SSE{CustomerKey: key}}, key: map[string]string{
			"X-Amz-Server-Side-Encryption-Customer-Algorithm": "AES256",
			"X-Amz-Server-Side-Encryption-Customer-Key":       "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
			"X-Amz-Server-Side-Encryption-Customer-Key-Md5":   "hRasmdxgYDKV3nvbahU1MA==",
		}},
		"payer": {o: Options{RequesterPays: true}, all: map[string]string{"X-Amz-Request-Payer": "requester"}},
	} {
		b, r := fake(t, &c.o, ok)
		everything(t, b)
		for _, req := range r.requests(http.MethodPut, "") {
			begins := !req.URL.Query().Has("partNumber")
			requireHeaders(t, name, req, c.create, begins)
			requireHeaders(t, name, req, c.key, true)
			if c.o.SSE.customer() && req.Header.Get("X-Amz-Copy-Source") != "" {
				require.Equal(t, "AES256", req.Header.Get("X-Amz-Copy-Source-Server-Side-Encryption-Customer-Algorithm"))
			}
		}
		for _, req := range r.requests(http.MethodPost, "uploads") {
			requireHeaders(t, name, req, c.create, true)
			requireHeaders(t, name, req, c.key, true)
		}
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			for _, req := range r.requests(method, "") {
				requireHeaders(t, name, req, c.create, false)
				requireHeaders(t, name, req, c.key, true)
			}
		}
		for _, req := range r.seen {
			requireHeaders(t, name, req, c.all, true)
			for h := range c.all {
				require.Contains(t, req.Header.Get("Authorization"), strings.ToLower(h), "it is signed")
			}
		}
	}
}

func requireHeaders(t *testing.T, name string, req *http.Request, want map[string]string, present bool) {
	t.Helper()
	for h, v := range want {
		if !present {
			v = ""
		}
		require.Equal(t, v, req.Header.Get(h), "%s: %s %s: %s", name, req.Method, req.URL.RawQuery, h)
	}
}

func TestAddressing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{}, "https://films.s3.us-east-1.amazonaws.com/a%20b"},
		{Options{Region: "eu-west-1"}, "https://films.s3.eu-west-1.amazonaws.com/a%20b"},
		{Options{Endpoint: "s3-eu-west-1.amazonaws.com"}, "https://films.s3.eu-west-1.amazonaws.com/a%20b"},
		{Options{PathStyle: aws.Bool(true)}, "https://s3.us-east-1.amazonaws.com/films/a%20b"},
		{Options{Endpoint: "http://localhost:9000"}, "http://localhost:9000/films/a%20b"},
		{Options{Endpoint: "http://localhost:9000", PathStyle: aws.Bool(false)}, "http://films.localhost:9000/a%20b"},
		{Options{Endpoint: "s3.wasabisys.com"}, "https://s3.wasabisys.com/films/a%20b"},
		{Options{Endpoint: "https://gateway.example.com/s3/"}, "https://gateway.example.com/s3/films/a%20b"},
	} {
		b, r := fake(t, &c.o, ok)
		require.NoError(t, b.Delete(t.Context(), "a b"))
		u := *r.requests(http.MethodDelete, "")[0].URL
		u.RawQuery = ""
		require.Equal(t, c.want, u.String())
	}
}

func TestBadOptions(t *testing.T) {
	t.Parallel()
	keys := func(o Options) *Options {
		o.AccessKey, o.SecretKey = "k", "very-secret"
		return &o
	}
	for name, o := range map[string]*Options{
		"half a key":      {AccessKey: "k"},
		"token alone":     {SessionToken: "very-secret"},
		"both":            keys(Options{Anonymous: true}),
		"acl":             keys(Options{ACL: "public"}),
		"checksum":        keys(Options{Checksum: "crc64"}),
		"short sse-c":     keys(Options{SSE: &SSE{CustomerKey: "very-secret"}}),
		"two keys":        keys(Options{SSE: &SSE{KMSKeyID: "k", CustomerKey: storage.Secret(strings.Repeat("k", 32))}}),
		"sse-c in clear":  keys(Options{Endpoint: "http://host", SSE: &SSE{CustomerKey: storage.Secret(strings.Repeat("k", 32))}}),
		"role without id": keys(Options{AssumeRole: &AssumeRole{}}),
		"short session":   keys(Options{AssumeRole: &AssumeRole{ARN: "arn:x", Duration: time.Minute}}),
		"endpoint":        keys(Options{Endpoint: "https://user:very-secret@host"}),
	} {
		_, err := Open(t.Context(), "films", o)
		require.ErrorIs(t, err, rendition.InvalidJob, name)
		require.NotContains(t, err.Error(), "very-secret")
	}
	for _, bucket := range []string{"", ".", "..", "a/b", "a?b", "a b", "a@b", "a#b", "a\nb", strings.Repeat("b", 256), "arn:x?y"} {
		_, err := Open(t.Context(), bucket, keys(Options{}))
		require.ErrorIs(t, err, rendition.InvalidJob, bucket)
	}
}

func TestOptionsPrintNoSecret(t *testing.T) {
	t.Parallel()
	o := Options{AccessKey: "k", SecretKey: "very-secret", SessionToken: "very-secret", SSE: &SSE{CustomerKey: "very-secret"}}
	text, err := json.Marshal(struct{ S, T, C storage.Secret }{o.SecretKey, o.SessionToken, o.SSE.CustomerKey})
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %v", o, o, o, *o.SSE)+string(text), "very-secret")
	b, err := Open(t.Context(), "films", &Options{AccessKey: "k", SecretKey: "very-secret"})
	require.NoError(t, err)
	defer b.Close()
	require.Equal(t, "s3://films/", b.Name())
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", b, b, b), "very-secret")
}

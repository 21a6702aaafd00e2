package s3store

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// common is what every server must do.
func common(t *testing.T, p *peer) {
	for name, test := range map[string]func(*testing.T, *peer){
		"check":                checks,
		"virtual host":         virtualHost,
		"region is found":      findRegion,
		"signed urls":          signedURLs,
		"tags and headers":     tagsAndHeaders,
		"metadata":             metadataText,
		"checksums are stored": checksumsStored,
		"copy in parts":        copyInParts,
		"cancel":               cancelUpload,
		"lost answers":         lostAnswers,
		"no checksums":         noChecksums,
		"change is noticed":    change,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, p)
		})
	}
}

// pattern is data that differs everywhere.
func pattern(n int) []byte {
	data := make([]byte, n)
	x := uint32(1)
	for i := range data {
		x = x*1664525 + 1013904223
		data[i] = byte(x >> 24)
	}
	return data
}

// page is an answer.
func page(status int, text string, header http.Header) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header,
		Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)),
	}
}

func checks(t *testing.T, p *peer) {
	require.NoError(t, p.open(t, p.bucket(t), nil).Prefix("jobs/7").Check(t.Context()))
	err := p.open(t, "missing-bucket", nil).Check(t.Context())
	require.ErrorIs(t, err, rendition.NotFound)
	require.Contains(t, hint(err), "create the bucket")
	err = p.open(t, p.bucket(t), func(o *Options) { o.SecretKey = "wrong-secret" }).Check(t.Context())
	require.ErrorIs(t, err, rendition.Permission)
	require.Contains(t, hint(err), "check SecretKey")
}

// virtualHost puts the bucket's name in front of the host's.
func virtualHost(t *testing.T, p *peer) {
	bucket := p.bucket(t)
	o := p.options()
	o.Endpoint, o.PathStyle = "http://localhost:"+p.port(), aws.Bool(false)
	hosts := make(chan string, 100)
	o.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		hosts <- addr
		return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+p.port())
	}
	b, err := Open(t.Context(), bucket, o)
	require.NoError(t, err)
	defer b.Close()
	data := pattern(6 << 20)
	require.NoError(t, b.WriteAll(t.Context(), "a b/c+d", data, &storage.WriterOptions{PartSize: minPartSize}))
	require.NoError(t, b.Copy(t.Context(), "copy", "a b/c+d"))
	got, err := b.ReadAll(t.Context(), "copy", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	require.Equal(t, bucket+".localhost:"+p.port(), <-hosts, "every connection goes through Dial")
}

// findRegion begins with a region that is wrong because nobody gave one.
func findRegion(t *testing.T, p *peer) {
	bucket := p.bucket(t)
	for name, call := range map[string]func(*storage.Bucket) error{
		"write": func(b *storage.Bucket) error { return b.WriteAll(t.Context(), "a", []byte("x"), nil) },
		"parts": func(b *storage.Bucket) error {
			return b.WriteAll(t.Context(), "b", pattern(6<<20), &storage.WriterOptions{PartSize: minPartSize})
		},
		"list": func(b *storage.Bucket) error {
			for _, err := range b.List(t.Context(), nil) {
				return err
			}
			return nil
		},
		"stat": func(b *storage.Bucket) error {
			if _, err := b.Stat(t.Context(), "missing"); rendition.KindOf(err) != rendition.NotFound {
				return err
			}
			return nil
		},
	} {
		require.NoError(t, call(p.open(t, bucket, nil)), name)
	}
	b := p.open(t, bucket, func(o *Options) { o.Region = "us-west-2" })
	for _, err := range []error{b.WriteAll(t.Context(), "a", []byte("x"), nil), b.Delete(t.Context(), "a"), b.Check(t.Context())} {
		require.ErrorIs(t, err, rendition.InvalidJob)
		require.Contains(t, hint(err), p.Region)
	}
	_, err := b.Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.InvalidJob, "HEAD has no body that tells")
}

// signedURLs are used by a client that knows nothing else.
func signedURLs(t *testing.T, p *peer) {
	b := p.open(t, p.bucket(t), func(o *Options) { o.Region = p.Region })
	key := "a b/ü+%.bin"
	send := func(method, url, body string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(text)
	}
	put, err := b.SignedURL(t.Context(), key, &storage.SignOptions{Method: "PUT", Expiry: time.Minute})
	require.NoError(t, err)
	status, _ := send("PUT", put, "by url")
	require.Equal(t, http.StatusOK, status)
	got, err := b.ReadAll(t.Context(), key, 0)
	require.NoError(t, err)
	require.Equal(t, "by url", string(got))

	get, err := b.SignedURL(t.Context(), key, &storage.SignOptions{Expiry: time.Minute})
	require.NoError(t, err)
	status, text := send("GET", get, "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "by url", text)
	status, _ = send("PUT", get, "no")
	require.Equal(t, http.StatusForbidden, status, "it is for GET alone")
	status, _ = send("GET", strings.Replace(get, "bin?", "other?", 1), "")
	require.Equal(t, http.StatusForbidden, status, "it is for one object")

	_, err = b.SignedURL(t.Context(), key, &storage.SignOptions{Expiry: 8 * 24 * time.Hour})
	require.ErrorIs(t, err, rendition.InvalidJob)
	anonymous := p.open(t, p.bucket(t), func(o *Options) { o.Anonymous, o.AccessKey, o.SecretKey = true, "", "" })
	_, err = anonymous.SignedURL(t.Context(), key, nil)
	require.ErrorIs(t, err, rendition.Unsupported)
}

func tagsAndHeaders(t *testing.T, p *peer) {
	bucket := p.bucket(t)
	b := p.open(t, bucket, func(o *Options) { o.Tags = map[string]string{"job": "42", "owner": "film + tv = all"} })
	for key, size := range map[string]int{"small": 10, "large": 6 << 20} {
		opts := &storage.WriterOptions{
			PartSize: minPartSize, ContentType: "video/x-test", CacheControl: "max-age=60", Metadata: map[string]string{"job": "42"},
		}
		require.NoError(t, b.WriteAll(t.Context(), key, pattern(size), opts))
		require.NoError(t, b.Copy(t.Context(), key+"-copy", key))
		for _, k := range []string{key, key + "-copy"} {
			tags, err := p.sdk.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: &bucket, Key: &k})
			require.NoError(t, err)
			got := map[string]string{}
			for _, tag := range tags.TagSet {
				got[*tag.Key] = *tag.Value
			}
			require.Equal(t, map[string]string{"job": "42", "owner": "film + tv = all"}, got, k)
			head, err := p.sdk.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: &k})
			require.NoError(t, err)
			require.Equal(t, "video/x-test", *head.ContentType)
			require.Equal(t, "max-age=60", *head.CacheControl)
			require.Equal(t, map[string]string{"job": "42"}, head.Metadata)
		}
	}
}

// metadataText has values that a header cannot hold as they are.
func metadataText(t *testing.T, p *peer) {
	b := p.open(t, p.bucket(t), nil)
	meta := map[string]string{"title": "Größe 日本", "plain": "a b=c", "empty": ""}
	require.NoError(t, b.WriteAll(t.Context(), "a", nil, &storage.WriterOptions{Metadata: meta}))
	o, err := b.Stat(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, meta["title"], o.Metadata["title"])
	require.Equal(t, meta["plain"], o.Metadata["plain"])
	err = b.WriteAll(t.Context(), "a", nil, &storage.WriterOptions{Metadata: map[string]string{"a b\r\nx": "1"}})
	require.ErrorIs(t, err, rendition.InvalidJob)
}

// checksumsStored asks the server what it has kept.
func checksumsStored(t *testing.T, p *peer) {
	bucket := p.bucket(t)
	for _, sum := range []Checksum{ChecksumCRC32C, ChecksumSHA256, ChecksumMD5} {
		b := p.open(t, bucket, func(o *Options) { o.Checksum = sum })
		for key, size := range map[string]int{"small": 10, "large": 11 << 20} {
			data := pattern(size)
			require.NoError(t, b.WriteAll(t.Context(), key, data, &storage.WriterOptions{PartSize: minPartSize}), "%s %s", sum, key)
			got, err := b.ReadAll(t.Context(), key, 0)
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, got))
			out, err := p.sdk.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: &key, ChecksumMode: "ENABLED"})
			require.NoError(t, err)
			stored := map[Checksum]string{ChecksumCRC32C: aws.ToString(out.ChecksumCRC32C), ChecksumSHA256: aws.ToString(out.ChecksumSHA256)}
			if sum != ChecksumMD5 {
				require.NotEmpty(t, stored[sum], "%s %s", sum, key)
			}
		}
	}
}

func copyInParts(t *testing.T, p *peer) {
	name := p.bucket(t)
	d, err := newStore(t.Context(), name, p.options())
	require.NoError(t, err)
	d.copyLimit, d.copyPart = 1<<20, minPartSize
	b := storage.NewBucket(d, nil)
	defer b.Close()
	data := pattern(12 << 20)
	opts := &storage.WriterOptions{ContentType: "video/x-test", CacheControl: "no-store", Metadata: map[string]string{"job": "7"}}
	require.NoError(t, b.WriteAll(t.Context(), "src + ü", data, opts))
	require.NoError(t, b.Copy(t.Context(), "dst", "src + ü"))
	got, err := b.ReadAll(t.Context(), "dst", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	o, err := b.Stat(t.Context(), "dst")
	require.NoError(t, err)
	require.Equal(t, "video/x-test", o.ContentType)
	require.Equal(t, "no-store", o.CacheControl)
	require.Equal(t, "7", o.Metadata["job"])
	require.NoError(t, b.Copy(t.Context(), "dst", "dst"), "onto itself")
	require.ErrorIs(t, b.Copy(t.Context(), "x", "missing"), rendition.NotFound)

	// A failure in the middle leaves nothing.
	o2 := p.options()
	record(t, o2).answer = func(req *http.Request) *http.Response {
		if req.URL.Query().Get("partNumber") == "2" {
			return page(http.StatusForbidden, xmlError("AccessDenied", "no"), nil)
		}
		return nil
	}
	bad, err := newStore(t.Context(), name, o2)
	require.NoError(t, err)
	bad.copyLimit, bad.copyPart = 1<<20, minPartSize
	b2 := storage.NewBucket(bad, nil)
	defer b2.Close()
	require.ErrorIs(t, b2.Copy(t.Context(), "dst2", "src + ü"), rendition.Permission)
	require.Empty(t, p.unfinished(t, name, "dst", "dst2"))
}

// cancelUpload cancels while a part is under way.
func cancelUpload(t *testing.T, p *peer) {
	name := p.bucket(t)
	out, err := p.sdk.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &name, Key: aws.String("seen")})
	require.NoError(t, err)
	require.Equal(t, []string{"seen"}, p.unfinished(t, name, "seen"), "else the test would see nothing")
	_, err = p.sdk.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: &name, Key: aws.String("seen"), UploadId: out.UploadId})
	require.NoError(t, err)
	o := p.options()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	record(t, o).answer = func(req *http.Request) *http.Response {
		if req.URL.Query().Get("partNumber") == "3" {
			cancel()
			<-req.Context().Done()
		}
		return nil
	}
	b, err := Open(t.Context(), name, o)
	require.NoError(t, err)
	defer b.Close()
	began := time.Now()
	err = b.WriteAll(ctx, "a", pattern(30<<20), &storage.WriterOptions{PartSize: minPartSize})
	require.ErrorIs(t, err, rendition.Canceled)
	require.Less(t, time.Since(began), 20*time.Second)
	require.Empty(t, p.unfinished(t, name, "a"))
	_, err = b.Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.NotFound)
}

// lostAnswers drops the connection after the server has done what it was asked for.
func lostAnswers(t *testing.T, p *peer) {
	name := p.bucket(t)
	for what, lost := range map[string]func(*http.Request) bool{
		"begin":    func(req *http.Request) bool { return req.Method == "POST" && req.URL.Query().Has("uploads") },
		"part":     func(req *http.Request) bool { return req.URL.Query().Get("partNumber") == "2" },
		"complete": func(req *http.Request) bool { return req.Method == "POST" && req.URL.Query().Has("uploadId") },
	} {
		for _, forever := range []bool{false, true} {
			o := p.options()
			r := &forgetful{lost: lost, forever: forever}
			record(t, o).next = r
			r.next = &http.Transport{DisableKeepAlives: true}
			b, err := Open(t.Context(), name, o)
			require.NoError(t, err)
			data := pattern(11 << 20)
			err = b.WriteAll(t.Context(), what, data, &storage.WriterOptions{PartSize: minPartSize})
			switch {
			case !forever:
				require.NoError(t, err, what)
				got, err := b.ReadAll(t.Context(), what, 0)
				require.NoError(t, err)
				require.True(t, bytes.Equal(data, got))
			default:
				require.ErrorIs(t, err, rendition.Unavailable, what)
			}
			require.NoError(t, b.Close())
			require.Empty(t, p.unfinished(t, name, what), "%s forever=%v", what, forever)
		}
	}
}

// forgetful loses answers: the first one that fits, or all of them.
type forgetful struct {
	next    http.RoundTripper
	lost    func(*http.Request) bool
	forever bool
	done    bool
}

func (f *forgetful) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := f.next.RoundTrip(req)
	if err == nil && f.lost(req) && (f.forever || !f.done) {
		f.done = true
		_, _ = io.Copy(io.Discard, resp.Body) // the server has finished
		resp.Body.Close()
		return nil, &net.OpError{Op: "read", Err: io.ErrUnexpectedEOF}
	}
	return resp, err
}

// noChecksums is a server that refuses the headers of checksums: parts go with Content-MD5.
func noChecksums(t *testing.T, p *peer) {
	name := p.bucket(t)
	o := p.options()
	r := record(t, o)
	r.answer = func(req *http.Request) *http.Response {
		for h := range req.Header {
			if strings.HasPrefix(h, "X-Amz-Checksum-") || h == "X-Amz-Sdk-Checksum-Algorithm" {
				return page(http.StatusNotImplemented, xmlError("NotImplemented", "A header you provided implies functionality that is not implemented"), nil)
			}
		}
		return nil
	}
	b, err := Open(t.Context(), name, o)
	require.NoError(t, err)
	defer b.Close()
	for key, size := range map[string]int{"small": 10, "large": 11 << 20} {
		data := pattern(size)
		require.NoError(t, b.WriteAll(t.Context(), key, data, &storage.WriterOptions{PartSize: minPartSize}))
		got, err := b.ReadAll(t.Context(), key, 0)
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, got))
	}
	puts := r.requests("PUT", "partNumber")
	require.NotEmpty(t, puts[len(puts)-1].Header.Get("Content-Md5"))
}

// change replaces an object between two ranges: If-Match fails.
func change(t *testing.T, p *peer) {
	b := p.open(t, p.bucket(t), func(o *Options) { o.UnsignedPayload = true })
	require.NoError(t, b.WriteAll(t.Context(), "a", pattern(100_000), nil))
	r, err := b.Open(t.Context(), "a", &storage.ReadOptions{FirstRange: 1000, MaxRange: 1000})
	require.NoError(t, err)
	defer r.Close()
	_, err = io.ReadFull(r, make([]byte, 1000))
	require.NoError(t, err)
	require.NoError(t, b.WriteAll(t.Context(), "a", make([]byte, 100_000), nil))
	_, err = io.ReadFull(r, make([]byte, 1000))
	require.ErrorIs(t, err, rendition.Integrity)
	require.ErrorIs(t, err, driver.ErrChanged)
}

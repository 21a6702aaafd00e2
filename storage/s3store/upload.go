package s3store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// upload is one object being written. Nothing is sent before the first part: a small object is one PutObject.
type upload struct {
	d    *store
	key  string
	opts *driver.UploadOptions
	meta map[string]string

	mu    sync.Mutex // begins the multipart upload once
	id    string
	begun *beginning // the request for an id that has not been answered
	lost  []window   // requests to begin it whose answers did not arrive
	whole *driver.Part

	cut     atomic.Bool // a part's request had no answer
	partsMu sync.Mutex
	parts   map[int32]stored
	tried   time.Time // when Commit was called first
}

// window is a time on the local clock.
type window struct{ from, to time.Time }

type stored struct {
	types.CompletedPart
	raw    []byte // the checksum
	size   int64
	proven bool
}

func (d *store) NewUpload(_ context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	meta, err := encodeMetadata(opts.Metadata)
	if err != nil {
		return nil, err
	}
	return &upload{d: d, key: key, opts: opts, meta: meta, parts: map[int32]stored{}}, nil
}

func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	if part.Index == 0 && part.Last {
		u.whole = part
		return ctx.Err()
	}
	return u.d.degrade(func() error { return u.writePart(ctx, part) })
}

// degrade makes a request again without checksums when the server refuses them.
func (d *store) degrade(call func() error) error {
	had := !d.plain.Load()
	err := call()
	if had && d.opts.Checksum != ChecksumMD5 && refusesChecksums(err) {
		d.plain.Store(true)
		err = call()
	}
	return err
}

func (u *upload) writePart(ctx context.Context, part *driver.Part) error {
	id, err := u.begin(ctx)
	if err != nil {
		return err
	}
	g, err := u.d.digest(part.Body)
	if err != nil {
		return err
	}
	number := int32(part.Index) + 1 //nolint:gosec // 10,000 at most
	var out *s3.UploadPartOutput
	err = u.d.do(ctx, func(ctx context.Context, c *s3.Client) (err error) {
		if _, err := part.Body.Seek(0, 0); err != nil {
			return err
		}
		body := web.Lend(part.Body)
		defer body.Take()
		out, err = c.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: &u.d.bucket, Key: &u.key, UploadId: &id, PartNumber: &number, Body: body, ContentLength: &part.Size,
			ChecksumCRC32C: g.crc32c, ChecksumSHA256: g.sha256, ContentMD5: g.md5,
		}, with(u.d.heads.key), u.d.sign(g), unasked)
		return err
	})
	if err != nil {
		if statusOf(err) == 0 {
			u.cut.Store(true)
		}
		return err
	}
	proven, err := g.compare(out.ChecksumCRC32C, out.ChecksumSHA256, out.ETag)
	if err != nil {
		return err
	}
	p := stored{size: part.Size, raw: g.raw, proven: proven}
	p.PartNumber, p.ETag = &number, out.ETag
	if proven && g.raw != nil {
		p.ChecksumCRC32C, p.ChecksumSHA256 = g.crc32c, g.sha256
	}
	u.partsMu.Lock()
	defer u.partsMu.Unlock()
	u.parts[number] = p
	return nil
}

// unasked sends a part without waiting for the server's leave (Expect: 100-continue): it has let the upload begin.
func unasked(o *s3.Options) { o.ContinueHeaderThresholdBytes = -1 }

// begin returns the id of the multipart upload, which the first call makes.
func (u *upload) begin(ctx context.Context) (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.id != "" {
		return u.id, nil
	}
	in := &s3.CreateMultipartUploadInput{Bucket: &u.d.bucket, Key: &u.key, ContentType: &u.opts.ContentType, Metadata: u.meta}
	if u.opts.CacheControl != "" {
		in.CacheControl = &u.opts.CacheControl
	}
	if !u.d.plain.Load() {
		in.ChecksumAlgorithm = u.d.opts.Checksum.algorithm()
	}
	return u.create(ctx, in)
}

func (c Checksum) algorithm() types.ChecksumAlgorithm {
	switch c {
	case ChecksumCRC32C:
		return types.ChecksumAlgorithmCrc32c
	case ChecksumSHA256:
		return types.ChecksumAlgorithmSha256
	default:
		return ""
	}
}

package s3store

import (
	"context"
	"crypto/md5" //nolint:gosec // how S3 makes the ETag of an object of several parts
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// Commit puts a small object in one request, or completes the multipart upload.
func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if u.whole != nil {
		var info *driver.Info
		err := u.d.degrade(func() (err error) {
			info, err = u.put(ctx)
			return err
		})
		return info, err
	}
	again := !u.tried.IsZero()
	if !again {
		u.tried = time.Now()
	}
	info, err := u.complete(ctx)
	if again && codeOf(err) == "NoSuchUpload" {
		if info := u.committed(ctx); info != nil {
			u.d.live.Delete(u.id)
			return info, nil // the answer to an earlier try was lost
		}
	}
	if err != nil {
		return nil, err
	}
	if len(u.lost) > 0 {
		_ = u.sweep(ctx) // what it leaves is invisible; the object is there
	}
	u.d.live.Delete(u.id)
	return info, nil
}

func (u *upload) put(ctx context.Context) (*driver.Info, error) {
	part := u.whole
	if _, err := part.Body.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	g, err := u.d.digest(part.Body)
	if err != nil {
		return nil, err
	}
	in := &s3.PutObjectInput{
		Bucket: &u.d.bucket, Key: &u.key, ContentLength: &part.Size, ContentType: &u.opts.ContentType, Metadata: u.meta,
		ChecksumCRC32C: g.crc32c, ChecksumSHA256: g.sha256, ContentMD5: g.md5,
	}
	if u.opts.CacheControl != "" {
		in.CacheControl = &u.opts.CacheControl
	}
	var out *s3.PutObjectOutput
	err = u.d.do(ctx, func(ctx context.Context, c *s3.Client) (err error) {
		if _, err := part.Body.Seek(0, io.SeekStart); err != nil {
			return err
		}
		body := web.Lend(part.Body)
		defer body.Take()
		in.Body = body
		out, err = c.PutObject(ctx, in, with(u.d.heads.create, u.d.heads.key), u.d.sign(g))
		return err
	})
	if err != nil {
		return nil, err
	}
	proven, err := g.compare(out.ChecksumCRC32C, out.ChecksumSHA256, out.ETag)
	if err != nil {
		return nil, u.d.remove(ctx, u.key, err)
	}
	return u.describe(ctx, part.Size, proven, out.ETag)
}

// complete makes the object of the parts.
func (u *upload) complete(ctx context.Context) (*driver.Info, error) {
	parts := u.list()
	in := &s3.CompleteMultipartUploadInput{
		Bucket: &u.d.bucket, Key: &u.key, UploadId: &u.id, MultipartUpload: &types.CompletedMultipartUpload{},
	}
	size, proven := int64(0), true
	var raw [][]byte
	for _, p := range parts {
		in.MultipartUpload.Parts = append(in.MultipartUpload.Parts, p.CompletedPart)
		size, proven, raw = size+p.size, proven && p.proven, append(raw, p.raw)
	}
	in.MpuObjectSize = &size // servers that know it compare
	var out *s3.CompleteMultipartUploadOutput
	err := u.d.do(ctx, func(ctx context.Context, c *s3.Client) (err error) {
		out, err = c.CompleteMultipartUpload(ctx, in, with(u.d.heads.key))
		return err
	})
	if err != nil {
		return nil, err
	}
	its := aws.ToString(out.ChecksumCRC32C) + aws.ToString(out.ChecksumSHA256)
	// Some servers make one checksum of the whole object instead, which has no number of parts.
	if mine := combine(u.d.opts.Checksum, raw); proven && strings.Contains(its, "-") && its != mine && raw[0] != nil {
		return nil, u.d.remove(ctx, u.key, differs(mine, its))
	}
	return u.describe(ctx, size, proven && its != "", out.ETag)
}

// list returns the parts in their order.
func (u *upload) list() []stored {
	u.partsMu.Lock()
	defer u.partsMu.Unlock()
	parts := make([]stored, 0, len(u.parts))
	for _, n := range slices.Sorted(maps.Keys(u.parts)) {
		parts = append(parts, u.parts[n])
	}
	return parts
}

// describe tells about the object that was just made. Where no checksum has proven its bytes, its
// size is asked for; one that cannot be told is left to the caller.
func (u *upload) describe(ctx context.Context, size int64, proven bool, etag *string) (*driver.Info, error) {
	info := &driver.Info{Key: u.key, Size: size, ETag: aws.ToString(etag), ContentType: u.opts.ContentType, CacheControl: u.opts.CacheControl}
	if proven {
		return info, nil
	}
	now, err := u.d.Stat(ctx, u.key)
	switch {
	case err != nil:
		info.Size = -1 // credentials that may write and not read
	case now.ETag == info.ETag: // else somebody has replaced it since
		info.Size = now.Size
	}
	return info, nil
}

// committed looks whether the object is the one of this upload: the answer to an earlier Commit may have been lost.
func (u *upload) committed(ctx context.Context) *driver.Info {
	info, err := u.d.Stat(ctx, u.key)
	if err != nil {
		return nil
	}
	size, sum := int64(0), md5.New() //nolint:gosec // as above
	parts := u.list()
	for _, p := range parts {
		size += p.size
		raw, err := hex.DecodeString(strings.Trim(aws.ToString(p.ETag), `"`))
		if err != nil {
			return nil
		}
		_, _ = sum.Write(raw) // a hash never fails
	}
	if info.Size != size {
		return nil
	}
	if strings.Trim(info.ETag, `"`) == fmt.Sprintf("%x-%d", sum.Sum(nil), len(parts)) {
		return info
	}
	// ETags of encrypted objects are made in another way. The server's clock may be behind ours.
	if strings.HasSuffix(strings.Trim(info.ETag, `"`), fmt.Sprintf("-%d", len(parts))) && info.ModTime.After(u.tried.Add(-time.Minute)) {
		return info
	}
	return nil
}

// remove deletes an object whose bytes are not those that were sent, and returns why.
func (d *store) remove(ctx context.Context, key string, why error) error {
	if err := d.Delete(ctx, key); err != nil {
		return errors.Join(why, fmt.Errorf("and it could not be removed: %w", err))
	}
	return why
}

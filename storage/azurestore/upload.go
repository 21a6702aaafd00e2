package azurestore

import (
	"context"
	"crypto/md5" //nolint:gosec // what the service compares bodies with; no secret depends on it
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blockblob"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// upload is one object being written: staged blocks, or the one part that is
// the whole object.
type upload struct {
	d        *blobs
	client   *blockblob.Client
	key      string
	headers  *blob.HTTPHeaders
	metadata map[string]*string
	id       [12]byte // random, part of the names of its blocks

	mu      sync.Mutex
	blocks  map[int]struct{} // indexes of blocks that may have been staged
	unknown map[int]struct{} // blocks with a request that had no answer
	whole   *driver.Part
}

// NewUpload makes no request: blocks need no beginning.
func (d *blobs) NewUpload(ctx context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	if err := errors.Join(ctx.Err(), checkKey(key)); err != nil {
		return nil, err
	}
	if err := checkMetadata(opts.Metadata); err != nil {
		return nil, err
	}
	u := d.newUpload(key)
	u.headers = &blob.HTTPHeaders{BlobContentType: &opts.ContentType}
	if opts.CacheControl != "" {
		u.headers.BlobCacheControl = &opts.CacheControl
	}
	u.metadata = make(map[string]*string, len(opts.Metadata))
	for name, v := range opts.Metadata {
		u.metadata[name] = &v
	}
	return u, nil
}

func (d *blobs) newUpload(key string) *upload {
	u := &upload{d: d, client: d.client.NewBlockBlobClient(key), key: key, blocks: map[int]struct{}{}, unknown: map[int]struct{}{}}
	_, _ = rand.Read(u.id[:]) // it does not fail
	return u
}

// maxMetadata is the limit of the service for names and values together.
const maxMetadata = 8 << 10

// checkMetadata finds what cannot be sent in headers or would come back as
// something else.
func checkMetadata(m map[string]string) error {
	size, lower := 0, map[string]bool{}
	bad := func(format string, args ...any) error {
		return &driver.Error{Kind: rendition.InvalidJob, Err: fmt.Errorf(format, args...)}
	}
	for name, v := range m {
		size += len(name) + len(v)
		name = asciiLower(name)
		switch {
		case !isIdentifier(name):
			return bad("the metadata name %q is not letters, digits and underscores, or begins with a digit", printable(name))
		case lower[name]:
			return bad("the metadata has the name %q twice, and this store does not tell case apart", name)
		case !isHeaderValue(v):
			return bad("the metadata value of %q is empty, begins or ends with a space, or is not printable ASCII", name)
		}
		lower[name] = true
	}
	if size > maxMetadata {
		return bad("the metadata has %d bytes; this store allows %d", size, maxMetadata)
	}
	return nil
}

// blockID names a block. All names of an object's blocks have the same length:
// the service wants it.
func (u *upload) blockID(index int) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(u.id[:], uint32(index))) //nolint:gosec // at most maxBlocks
}

// WritePart stages a block, or keeps the part that is the whole object for the commit.
func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	if part.Index == 0 && part.Last {
		u.whole = part
		return ctx.Err()
	}
	sum, err := md5Of(part.Body)
	if err != nil {
		return err
	}
	u.note(part.Index)
	return u.stage(ctx, part.Index, part.Body, sum)
}

// note remembers a block before it is staged: it may be there after an error.
func (u *upload) note(index int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.blocks[index] = struct{}{}
}

// staged notes what became of a request: without an answer, the server may carry it out yet.
func (u *upload) staged(index int, err error) error {
	if _, status := codeOf(err); err != nil && status == 0 {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.unknown[index] = struct{}{}
	}
	return u.d.fail(err)
}

func (u *upload) stage(ctx context.Context, index int, from io.ReadSeeker, sum []byte) error {
	b := web.Lend(from)
	defer b.Take()
	_, err := u.client.StageBlock(ctx, u.blockID(index), streaming.NopCloser(b), &blockblob.StageBlockOptions{
		CPKInfo: u.d.cpk, CPKScopeInfo: u.d.scope, TransactionalValidation: blob.TransferValidationTypeMD5(sum),
	})
	return u.staged(index, err)
}

// Commit makes the blocks the object, or puts the whole object.
func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if u.whole != nil {
		return u.put(ctx)
	}
	ids, err := u.list()
	if err != nil {
		return nil, err
	}
	resp, err := u.client.CommitBlockList(ctx, ids, &blockblob.CommitBlockListOptions{
		HTTPHeaders: u.headers, Metadata: u.metadata, Tier: u.d.tier, CPKInfo: u.d.cpk, CPKScopeInfo: u.d.scope,
	})
	if err != nil {
		return nil, u.d.fail(err)
	}
	return u.verify(ctx, quoted(string(value(resp.ETag)))), nil
}

// put writes the whole object in one request.
func (u *upload) put(ctx context.Context) (*driver.Info, error) {
	sum, err := md5Of(u.whole.Body)
	if err != nil {
		return nil, err
	}
	b := web.Lend(u.whole.Body)
	defer b.Take()
	resp, err := u.client.Upload(ctx, streaming.NopCloser(b), &blockblob.UploadOptions{
		HTTPHeaders: u.headers, Metadata: u.metadata, Tier: u.d.tier, CPKInfo: u.d.cpk, CPKScopeInfo: u.d.scope,
		TransactionalValidation: blob.TransferValidationTypeMD5(sum),
	})
	if err != nil {
		return nil, u.d.fail(err)
	}
	p := properties{etag: resp.ETag, modified: resp.LastModified}
	info := p.info(u.key, u.whole.Size)
	return &info, nil
}

// list names the blocks in their order.
func (u *upload) list() (ids []string, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for i := range len(u.blocks) {
		if _, ok := u.blocks[i]; !ok {
			return nil, errors.New("a commit without all of its parts")
		}
		ids = append(ids, u.blockID(i))
	}
	return ids, nil
}

// verify asks for the size of what was committed, which the Bucket compares. It is left out
// when the credential may write alone, or another object is there by now.
func (u *upload) verify(ctx context.Context, etag string) *driver.Info {
	info, err := u.d.Stat(ctx, u.key)
	if err != nil || info.ETag != etag {
		return &driver.Info{Key: u.key, Size: -1, ETag: etag}
	}
	return info
}

// md5Of is the MD5 of a body, which it leaves at its start.
func md5Of(body io.ReadSeeker) ([]byte, error) {
	h := md5.New() //nolint:gosec // as above
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if _, err := io.Copy(h, body); err != nil {
		return nil, err
	}
	_, err := body.Seek(0, io.SeekStart)
	return h.Sum(nil), err
}

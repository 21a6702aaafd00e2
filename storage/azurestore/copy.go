package azurestore

import (
	"context"
	"errors"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blockblob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/sas"
)

const (
	// maxCopy is what Copy Blob From URL copies at most.
	maxCopy = 256 << 20
	// copyBlock is the block of larger copies, unless maxBlocks of them are too few.
	copyBlock = 64 << 20
	// copyFor is how long the service may read the source.
	copyFor = time.Hour
)

// Copy has the service copy the bytes: in one request, or from 256 MiB on block by
// block. Not with Copy Blob, which makes the object visible before it is complete. It
// copies the version that is there when it begins (driver.ErrChanged).
func (d *blobs) Copy(ctx context.Context, dst, src string) error {
	if err := errors.Join(checkKey(dst), checkKey(src)); err != nil {
		return err
	}
	from := d.client.NewBlobClient(src)
	props, err := from.GetProperties(ctx, nil)
	if err != nil {
		return d.fail(err)
	}
	if isFolder(props.Metadata) {
		return errFolder
	}
	source, err := d.source(ctx, from.URL(), src)
	if err != nil {
		return d.fail(err)
	}
	source.only = &blob.SourceModifiedAccessConditions{SourceIfMatch: props.ETag}
	if size := value(props.ContentLength); size > d.maxCopy {
		return d.copyBlocks(ctx, dst, source, &props)
	}
	_, err = d.client.NewBlobClient(dst).CopyFromURL(ctx, source.url, &blob.CopyFromURLOptions{
		Tier: d.tier, SourceModifiedAccessConditions: source.only, CopySourceAuthorization: source.token, CPKScopeInfo: d.scope,
	})
	return d.fail(err)
}

// source is what the service reads, and how it may.
type source struct {
	url   string  // a secret
	token *string // for the Authorization header of the read, nil when the URL has a signature
	only  *blob.SourceModifiedAccessConditions
}

// source makes an address that the service may read src from: a request's own
// authorization is for its target alone.
func (d *blobs) source(ctx context.Context, address, src string) (*source, error) {
	switch {
	case d.key != nil:
		address, err := d.signWithKey(src, sas.BlobPermissions{Read: true}, time.Now().Add(copyFor))
		return &source{url: address}, err
	case d.token != nil:
		token, err := d.token.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{scope}})
		return &source{url: address, token: ptr("Bearer " + token.Token)}, err
	default: // the signature is in the address
		return &source{url: address}, nil
	}
}

// copyBlocks stages the ranges of a large source, one after the other, and commits them.
func (d *blobs) copyBlocks(ctx context.Context, dst string, from *source, props *blob.GetPropertiesResponse) error {
	u := d.newUpload(dst)
	u.metadata = props.Metadata
	u.headers = &blob.HTTPHeaders{
		BlobContentType: props.ContentType, BlobCacheControl: props.CacheControl, BlobContentEncoding: props.ContentEncoding,
		BlobContentDisposition: props.ContentDisposition, BlobContentLanguage: props.ContentLanguage, BlobContentMD5: props.ContentMD5,
	}
	size := value(props.ContentLength)
	err := u.stageFrom(ctx, from, size, max(d.copyBlock, (size+maxBlocks-1)/maxBlocks))
	if err == nil {
		_, err = u.Commit(ctx)
	}
	if err != nil {
		cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTimeout)
		defer cancel()
		_ = u.Abort(cleanup) // the error that matters is the one of the copy
	}
	return err
}

func (u *upload) stageFrom(ctx context.Context, from *source, size, step int64) error {
	for i, off := 0, int64(0); off < size; i, off = i+1, off+step {
		n := min(step, size-off)
		u.note(i)
		_, err := u.client.StageBlockFromURL(ctx, u.blockID(i), from.url, &blockblob.StageBlockFromURLOptions{
			Range: blob.HTTPRange{Offset: off, Count: n}, SourceModifiedAccessConditions: from.only,
			CopySourceAuthorization: from.token, CPKScopeInfo: u.d.scope,
		})
		if err = u.staged(i, err); err != nil {
			return err
		}
	}
	return nil
}

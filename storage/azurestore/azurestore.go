package azurestore

import (
	"context"
	"encoding/base64"
	"errors"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Open returns a Bucket of the container of a storage account. It asks the
// service nothing: whether the container is there and may be used shows with
// the first call. account may be empty where Options.Endpoint tells it. Kind
// InvalidJob when a name, the endpoint or an option cannot be valid.
func Open(ctx context.Context, account, containerName string, opts *Options) (*storage.Bucket, error) {
	d, err := newDriver(account, containerName, opts)
	if ctx.Err() != nil {
		err = &rendition.Error{Kind: rendition.Canceled, Op: op, Err: context.Cause(ctx)}
	}
	if err != nil {
		if d != nil {
			_ = d.Close() // nothing was opened
		}
		var own *rendition.Error
		if !errors.As(err, &own) {
			err = &rendition.Error{Kind: rendition.InvalidJob, Op: op, Err: err}
		}
		return nil, err
	}
	var o storage.Options
	if d.opts.Bucket != nil {
		o = *d.opts.Bucket
	}
	o.Name = storage.RedactURL(d.end.container(containerName) + "/")
	return storage.NewBucket(d, &o), nil
}

const op = "azurestore: open"

// blobs is the driver.
type blobs struct {
	opts   *Options
	end    *endpoint
	name   string // of the container
	http   *transport
	client *container.Client

	// Which of them is set says how requests are authorized; none is anonymous.
	key   *blob.SharedKeyCredential
	sas   *signature
	token azcore.TokenCredential

	cpk   *blob.CPKInfo
	scope *blob.CPKScopeInfo
	tier  *blob.AccessTier

	maxCopy, copyBlock int64 // the constants of these names; tests set less
}

var _ interface {
	driver.Driver
	driver.Copier
	driver.Signer
} = (*blobs)(nil)

func newDriver(account, name string, opts *Options) (*blobs, error) {
	o := opts.withDefaults()
	end, err := parseEndpoint(account, o.Endpoint)
	if err == nil {
		err = checkContainer(name)
	}
	if err == nil {
		err = o.check(end.secure())
	}
	if err != nil {
		return nil, err
	}
	d := &blobs{opts: o, end: end, name: name, http: newTransport(o), maxCopy: maxCopy, copyBlock: copyBlock}
	if o.Tier != "" {
		d.tier = ptr(blob.AccessTier(o.Tier))
	}
	if o.EncryptionScope != "" {
		d.scope = &blob.CPKScopeInfo{EncryptionScope: &o.EncryptionScope}
	}
	if o.EncryptionKey != "" {
		d.cpk = customerKey(o.EncryptionKey.Reveal())
	}
	return d, d.connect()
}

// customerKey is a key as it is sent with each request.
func customerKey(encoded string) *blob.CPKInfo {
	key, _ := base64.StdEncoding.DecodeString(encoded) // Options.check has decoded it
	return &blob.CPKInfo{
		EncryptionAlgorithm: ptr(blob.EncryptionAlgorithmTypeAES256), EncryptionKey: &encoded, EncryptionKeySHA256: ptr(digest(key)),
	}
}

func ptr[T any](v T) *T { return &v }

// maxBlocks and maxBlock are limits of the service: blocks of an object, and bytes of a block.
const (
	maxBlocks = 50_000
	maxBlock  = 4000 << 20
)

func (d *blobs) Capabilities() driver.Capabilities {
	return driver.Capabilities{
		AtomicReplace: true, ServerCopy: d.cpk == nil, SignedURL: (d.key != nil || d.token != nil) && d.cpk == nil,
		ContentType: true, UserMetadata: true, ConsistentList: true,
		MaxParts: maxBlocks, MaxObjectSize: maxBlocks * maxBlock,
	}
}

// Delete removes a blob that has no snapshots.
func (d *blobs) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	_, err := d.client.NewBlobClient(key).Delete(ctx, nil)
	if code, _ := codeOf(err); code == blobNotFound {
		return nil
	}
	return d.fail(err)
}

// Close drops idle connections.
func (d *blobs) Close() error {
	d.http.close()
	return nil
}

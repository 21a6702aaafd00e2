package azurestore

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/sas"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/service"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// maxDelegation is how long a key of the service for token credentials works at most.
const maxDelegation = 7 * 24 * time.Hour

// maxSkew is how far this machine's clock may be ahead of the service's.
const maxSkew = 5 * time.Minute

// SignedURL makes a shared access signature for one blob: with the account's
// key, or with a user delegation key that the service gives to token
// credentials, for 7 days at most. A PUT needs the header
// "x-ms-blob-type: BlockBlob". A URL of an https endpoint works over https alone.
func (d *blobs) SignedURL(ctx context.Context, key string, opts *driver.SignOptions) (string, error) {
	if err := checkKey(key); err != nil {
		return "", err
	}
	may := sas.BlobPermissions{Read: true}
	if opts.Method == http.MethodPut {
		may = sas.BlobPermissions{Create: true, Write: true}
	}
	expiry := time.Now().Add(opts.Expiry)
	if d.key != nil {
		return d.signWithKey(key, may, expiry)
	}
	if opts.Expiry > maxDelegation-2*maxSkew {
		err := errors.New("a signed URL works for less than 7 days without the account's key")
		return "", &driver.Error{Kind: rendition.InvalidJob, Err: err, Hint: "give a shorter Expiry, or AccountKey"}
	}
	return d.signWithDelegation(ctx, key, may, expiry)
}

func (d *blobs) signWithKey(key string, may sas.BlobPermissions, expiry time.Time) (string, error) {
	query, err := d.signature(key, may, expiry).SignWithSharedKey(d.key)
	if err != nil {
		return "", errors.New("the URL cannot be signed")
	}
	return d.client.NewBlobClient(key).URL() + "?" + query.Encode(), nil
}

func (d *blobs) signWithDelegation(ctx context.Context, key string, may sas.BlobPermissions, expiry time.Time) (string, error) {
	// The SDK signs for the account that is the first label of the host, which it is not in emulators
	// and own domains: it is shown such a host, and the requests go to the endpoint.
	o := &service.ClientOptions{ClientOptions: d.sdkOptions()}
	o.Transport = &rerouted{transport: d.http, to: d.end.url}
	account, err := service.NewClient("https://"+d.end.account+".invalid/", d.token, o)
	if err != nil {
		return "", errors.New("the account's service cannot be reached with this endpoint")
	}
	info := service.KeyInfo{
		Start:  ptr(time.Now().Add(-maxSkew).UTC().Format(sas.TimeFormat)),
		Expiry: ptr(expiry.Add(maxSkew).UTC().Format(sas.TimeFormat)),
	}
	cred, err := account.GetUserDelegationCredential(ctx, info, nil)
	if err != nil {
		return "", d.fail(err)
	}
	query, err := d.signature(key, may, expiry).SignWithUserDelegation(cred)
	if err != nil {
		return "", errors.New("the URL cannot be signed")
	}
	return d.client.NewBlobClient(key).URL() + "?" + query.Encode(), nil
}

func (d *blobs) signature(key string, may sas.BlobPermissions, expiry time.Time) sas.BlobSignatureValues {
	v := sas.BlobSignatureValues{
		ContainerName: d.name, BlobName: key, Permissions: may.String(), ExpiryTime: expiry.UTC(), EncryptionScope: d.opts.EncryptionScope,
	}
	if d.end.secure() {
		v.Protocol = sas.ProtocolHTTPS
	}
	return v
}

// rerouted sends requests for the root of a host to an endpoint.
type rerouted struct {
	*transport
	to *url.URL
}

// Do is that of the transport.
func (r *rerouted) Do(req *http.Request) (*http.Response, error) {
	u := *r.to
	u.Path, u.RawQuery = u.Path+"/", req.URL.RawQuery
	req.URL, req.Host = &u, u.Host
	return r.transport.Do(req)
}

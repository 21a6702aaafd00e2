package azurestore_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blockblob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/sas"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
)

func TestMain(m *testing.M) { leak.Main(m) }

// account is a running Azurite and its account.
type account struct {
	*servers.Azurite
	cred *blob.SharedKeyCredential
}

func start(t *testing.T) *account {
	t.Helper()
	a := &account{Azurite: servers.StartAzurite(t)}
	var err error
	a.cred, err = blob.NewSharedKeyCredential(a.Account, a.Key)
	require.NoError(t, err)
	return a
}

// admin is the SDK's own client of a container, for what tests look at behind the driver's back.
func (a *account) admin(t *testing.T, name string) *container.Client {
	t.Helper()
	c, err := container.NewClientWithSharedKeyCredential(a.Endpoint+"/"+name, a.cred, nil)
	require.NoError(t, err)
	return c
}

// container makes a new container.
func (a *account) container(t *testing.T) string {
	t.Helper()
	name := "c-" + strings.ToLower(rand.Text())
	_, err := a.admin(t, name).Create(t.Context(), nil)
	require.NoError(t, err)
	return name
}

// open opens a container with the account's key. The test's end closes the Bucket.
func (a *account) open(t *testing.T, name string, o azurestore.Options) *storage.Bucket {
	t.Helper()
	if o.SAS == "" && o.AccountKey == "" && !o.Anonymous {
		o.AccountKey = storage.Secret(a.Key)
	}
	o.Endpoint = a.Endpoint
	if o.Bucket == nil {
		o.Bucket = quick()
	}
	b, err := azurestore.Open(t.Context(), a.Account, name, &o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func quick() *storage.Options {
	return &storage.Options{RetryDelay: 10 * time.Millisecond}
}

// sas signs a signature for a container that expires in d.
func (a *account) sas(t *testing.T, name string, may sas.ContainerPermissions, d time.Duration) storage.Secret {
	t.Helper()
	q, err := sas.BlobSignatureValues{
		ContainerName: name, Permissions: may.String(), StartTime: time.Now().Add(-48 * time.Hour), ExpiryTime: time.Now().Add(d).UTC(),
	}.SignWithSharedKey(a.cred)
	require.NoError(t, err)
	return storage.Secret(q.Encode())
}

func everything() sas.ContainerPermissions {
	return sas.ContainerPermissions{Read: true, Add: true, Create: true, Write: true, Delete: true, List: true}
}

// leftovers lists uncommitted blobs with more than a byte in a block.
func (a *account) leftovers(name string) func(t *testing.T) []string {
	return func(t *testing.T) []string {
		t.Helper()
		c := a.admin(t, name)
		var left []string
		pager := c.NewListBlobsFlatPager(&container.ListBlobsFlatOptions{Include: container.ListBlobsInclude{UncommittedBlobs: true}})
		for pager.More() {
			page, err := pager.NextPage(context.Background())
			require.NoError(t, err)
			for _, item := range page.Segment.BlobItems {
				left = append(left, bigBlocks(t, c.NewBlockBlobClient(*item.Name), *item.Name)...)
			}
		}
		return left
	}
}

func bigBlocks(t *testing.T, c *blockblob.Client, name string) []string {
	t.Helper()
	list, err := c.GetBlockList(context.Background(), blockblob.BlockListTypeUncommitted, nil)
	require.NoError(t, err)
	for _, b := range list.UncommittedBlocks {
		if *b.Size > 1 {
			return []string{name}
		}
	}
	return nil
}

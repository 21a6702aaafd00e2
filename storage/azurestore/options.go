package azurestore

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"

	"github.com/rendition-sdk/rendition/storage"
)

// Options are those of a container. The zero value is good: it uses
// azidentity.DefaultAzureCredential. At most one of AccountKey, SAS, Credential
// and Anonymous is given.
type Options struct {
	// AccountKey is one of the account's two keys, in base64 as the portal shows it.
	AccountKey storage.Secret
	// SAS is a shared access signature: the query of a signed URL, with or
	// without the question mark. What it does not permit is kind Permission.
	SAS storage.Secret
	// Credential gives tokens. It makes its connections itself, not with Dial.
	Credential azcore.TokenCredential
	// Anonymous sends no credential: for containers that anyone may read.
	Anonymous bool
	// Endpoint is the URL of the blob service, without container and query:
	// for sovereign clouds (https://ACCOUNT.blob.core.usgovcloudapi.net), own
	// domains and emulators (http://127.0.0.1:10000/devstoreaccount1).
	// Default https://ACCOUNT.blob.core.windows.net.
	Endpoint string
	// Tier is the access tier of written objects: "Hot", "Cool", "Cold",
	// "Archive" or a premium one. Default that of the account.
	Tier string
	// EncryptionScope names the scope that written objects are encrypted
	// with. Default that of the container.
	EncryptionScope string
	// EncryptionKey is an AES-256 key, 32 bytes in base64, that the service encrypts and
	// decrypts objects with and does not keep. It needs HTTPS, and turns
	// server copies and signed URLs off. Default none.
	EncryptionKey storage.Secret
	// Client makes the requests; it is copied, and follows no redirect.
	// Default: a client of its own with time limits for connecting (10 s) and
	// for the first byte of an answer (1 minute).
	Client *http.Client
	// Dial makes the connections of the default client, those of the default
	// credential included. Default: net.Dialer, and the environment's proxy.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Bucket are the options of the Bucket; its Name is the container's URL.
	Bucket *storage.Options
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	return &c
}

// check finds what cannot work, before anything is asked.
func (o *Options) check(secure bool) error {
	given := 0
	for _, is := range []bool{o.AccountKey != "", o.SAS != "", o.Credential != nil, o.Anonymous} {
		if is {
			given++
		}
	}
	switch {
	case given > 1:
		return errors.New("give one of AccountKey, SAS, Credential and Anonymous, not several")
	case !secure && o.AccountKey == "" && o.SAS == "" && !o.Anonymous:
		return errors.New("token credentials are sent over https alone; give AccountKey or SAS, or an https endpoint")
	case o.Tier != "" && !slices.Contains(blob.PossibleAccessTierValues(), blob.AccessTier(o.Tier)):
		return fmt.Errorf("there is no access tier %q; use one of %v", o.Tier, blob.PossibleAccessTierValues())
	case o.EncryptionKey != "" && !secure:
		return errors.New("EncryptionKey is sent over https alone")
	case o.EncryptionKey != "" && o.EncryptionScope != "":
		return errors.New("give EncryptionKey or EncryptionScope, not both")
	}
	if o.EncryptionKey == "" {
		return nil
	}
	if key, err := base64.StdEncoding.DecodeString(o.EncryptionKey.Reveal()); err != nil || len(key) != 32 {
		return errors.New("EncryptionKey is not 32 bytes in base64")
	}
	return nil
}

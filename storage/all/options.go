package all

import (
	"context"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/akamaihls"
	"github.com/rendition-sdk/rendition/storage/aspera"
	"github.com/rendition-sdk/rendition/storage/azurestore"
	"github.com/rendition-sdk/rendition/storage/filestore"
	"github.com/rendition-sdk/rendition/storage/ftpstore"
	"github.com/rendition-sdk/rendition/storage/guard"
	"github.com/rendition-sdk/rendition/storage/httpstore"
	"github.com/rendition-sdk/rendition/storage/location"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/storage/netstorage"
	"github.com/rendition-sdk/rendition/storage/s3store"
	"github.com/rendition-sdk/rendition/storage/sftpstore"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

// Options are those of the Opener. The zero value is good for URLs that the program itself
// or somebody it trusts has written.
type Options struct {
	// Guard, when not nil, makes all connections and decides which are allowed: for URLs from strangers
	// (see the package's comment for all that it changes). A Client in a driver's
	// options is not used then, since its connections could not be seen.
	Guard *guard.Guard
	// Credentials is asked about each URL that has no password, token or signature in it, so that URLs
	// need no secrets. It fills in User, Password, Token or SAS of loc, or leaves it as it is;
	// it may change everything else as well, such as Host and Options, and so
	// make a whole place of an alias: a user without a password (s3://archive@media/42) is a good name for one. Its
	// errors end the opening; give them a Kind. It is called from several goroutines.
	Credentials func(ctx context.Context, loc *location.Location) error
	// Bucket are the options of each Bucket whose driver's options have none.
	Bucket *storage.Options

	// The options that each driver begins with; what the URL says is set over them. What says where to connect, which folder, and
	// how the login goes is the URL's alone: the fields Endpoint, Root, AuthURL, StorageURL and Security are not used.
	File       *filestore.Options
	Mem        *memstore.Options
	HTTP       *httpstore.Options
	S3         *s3store.Options
	Azure      *azurestore.Options
	FTP        *ftpstore.Options
	SFTP       *sftpstore.Options
	Swift      *swiftstore.Options
	NetStorage *netstorage.Options
	AkamaiHLS  *akamaihls.Options
	Aspera     *aspera.Options
}

// begin copies the options of a driver.
func begin[T any](o *T) *T {
	var c T
	if o != nil {
		c = *o
	}
	return &c
}

// bucket is for the field of that name in a driver's options.
func (o *Options) bucket(own *storage.Options) *storage.Options {
	if own != nil {
		return own
	}
	return o.Bucket
}

package ftpstore_test

import (
	"context"
	"fmt"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/ftpstore"
)

// A customer's FTP server with explicit TLS, and a folder below that of the login.
func ExampleOpen() {
	bucket, err := ftpstore.Open(context.Background(), "ftp.example.com", &ftpstore.Options{
		Username: "acme", Password: storage.Secret("a/b@c"), Security: ftpstore.ExplicitTLS, Root: "incoming/42",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	fmt.Println(bucket)
	// Output: ftp://ftp.example.com/incoming/42/
}

package azurestore_test

import (
	"context"
	"fmt"
	"os"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
)

func ExampleOpen() {
	ctx := context.Background()
	// Without a key or signature, the default Azure credential is used.
	bucket, err := azurestore.Open(ctx, "mediaaccount", "videos", &azurestore.Options{
		AccountKey: storage.Secret(os.Getenv("AZURE_STORAGE_KEY")),
		Tier:       "Cool",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	fmt.Println(bucket)
	// Output: https://mediaaccount.blob.core.windows.net/videos/
}

func ExampleOpen_emulator() {
	bucket, err := azurestore.Open(context.Background(), "", "videos", &azurestore.Options{
		Endpoint: "http://127.0.0.1:10000/devstoreaccount1",
		SAS:      "sv=2024-11-04&se=2030-01-01&sr=c&sp=rwdl&sig=...",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	fmt.Println(bucket)
	// Output: http://127.0.0.1:10000/devstoreaccount1/videos/
}

package swiftstore_test

import (
	"context"
	"fmt"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

func ExampleOpen() {
	ctx := context.Background()
	bucket, err := swiftstore.Open(ctx, "films", &swiftstore.Options{
		AuthURL: "https://cloud.example.com:5000/v3",
		User:    "encoder", Key: storage.Secret("from your vault"), Domain: "Default", Project: "media", Region: "RegionOne",
	})
	if err != nil {
		fmt.Println(err) // says what to check: it logs in here
		return
	}
	defer bucket.Close()
	err = bucket.WriteAll(ctx, "talks/42/notes.txt", []byte("hello"), nil)
	fmt.Println(err)
}

package s3store_test

import (
	"context"
	"fmt"

	"github.com/rendition-sdk/rendition/storage/s3store"
)

// A bucket of another account at AWS, through a role that its owner has made.
func ExampleOpen() {
	ctx := context.Background()
	bucket, err := s3store.Open(ctx, "customer-films", &s3store.Options{
		Region:       "eu-west-1",
		AccessKey:    "AKIDEXAMPLE",
		SecretKey:    "a secret from the environment",
		AssumeRole:   &s3store.AssumeRole{ARN: "arn:aws:iam::123456789012:role/delivery", ExternalID: "customer-7"},
		ACL:          "bucket-owner-full-control",
		StorageClass: "STANDARD_IA",
		SSE:          &s3store.SSE{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	fmt.Println(bucket.Prefix("deliveries/42"))
	// Output: s3://customer-films/deliveries/42/
}

// Other servers have an endpoint.
func ExampleOpen_endpoint() {
	ctx := context.Background()
	bucket, err := s3store.Open(ctx, "films", &s3store.Options{
		Endpoint:  "https://s3.eu-central-1.wasabisys.com",
		AccessKey: "key",
		SecretKey: "secret",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	if err := bucket.Check(ctx); err != nil {
		fmt.Println(err) // what the credentials cannot do, and the likely cause
	}
}

package all_test

import (
	"context"
	"fmt"

	"github.com/rendition-sdk/rendition/storage/all"
	"github.com/rendition-sdk/rendition/storage/guard"
	"github.com/rendition-sdk/rendition/storage/location"
)

func ExampleNew() {
	ctx := context.Background()
	open := all.New(nil)
	out, err := open.OpenBucket(ctx, "mem://results/jobs/42/")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer out.Close()
	_ = out.WriteAll(ctx, "output_0.mp4", []byte("..."), nil)
	fmt.Println(out)
	// Output: mem://results/jobs/42/
}

// URLs that strangers write.
func ExampleNew_strangers() {
	ctx := context.Background()
	open := all.New(&all.Options{Guard: guard.New(nil)})
	_, _, err := open.OpenObject(ctx, "/etc/passwd")
	fmt.Println(err)
	b, key, err := open.OpenObject(ctx, "http://169.254.169.254/latest/meta-data/")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer b.Close()
	_, err = b.Open(ctx, key, nil)
	fmt.Println(err)
	// Output:
	// storage: open: /etc/passwd: files and memory of this machine are not open to URLs from outside (give the URL of a server)
	// storage: open: http://169.254.169.254/latest/meta-data/object: the URL targets a private or internal address (give one that anybody can reach, or have the program allow this one)
}

// Credentials that the program has, by an alias in the URL.
func ExampleOptions_credentials() {
	open := all.New(&all.Options{Credentials: func(_ context.Context, loc *location.Location) error {
		if loc.Driver == location.S3 && loc.User == "archive" {
			loc.Scheme, loc.Host = "https", "minio.example.com"
			loc.User, loc.Password = "AKIA", "secret"
		}
		return nil
	}})
	out, err := open.OpenBucket(context.Background(), "s3://archive@media/42/")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer out.Close()
	fmt.Println(out)
	// Output: s3://media/42/
}

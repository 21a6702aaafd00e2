package servers

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// S3 is a running server with that protocol.
type S3 struct {
	// Endpoint is its address, such as "http://127.0.0.1:20000". Buckets also answer as
	// BUCKET.localhost with the same port.
	Endpoint string
	Port     int
	// AccessKey and SecretKey may do everything.
	AccessKey, SecretKey string
	Region               string
	// Dir is where it keeps its objects.
	Dir string
}

// answers is a Ready that waits until a GET has an answer below 500.
func answers(client *http.Client, url string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if resp.StatusCode >= http.StatusInternalServerError {
			return fmt.Errorf("it answers %d", resp.StatusCode)
		}
		return nil
	}
}

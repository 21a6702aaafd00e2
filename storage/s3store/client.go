package s3store

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// newClient makes the SDK's client for a region. It does not repeat requests, but for
// a wrong clock: the Bucket does.
func (d *store) newClient(region string, creds aws.CredentialsProvider) *s3.Client {
	path := d.site.pathStyle()
	if d.opts.PathStyle != nil {
		path = *d.opts.PathStyle
	}
	o := s3.Options{
		Region: region, UsePathStyle: path, Credentials: creds, HTTPClient: d.http, Retryer: clockRetryer{},
		// Checksums are made here, once for a part, and compared with the server's.
		RequestChecksumCalculation:  aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation:  aws.ResponseChecksumValidationWhenRequired,
		DisableS3ExpressSessionAuth: aws.Bool(d.site.url != nil),
	}
	if base := d.site.base(); base != "" {
		o.BaseEndpoint = &base
	}
	if d.opts.RequesterPays {
		o.APIOptions = append(o.APIOptions, setHeader("X-Amz-Request-Payer", "requester"))
	}
	return s3.New(o)
}

// do makes a call, and a second time when the first one tells that the bucket is in
// another region. The error is explained.
func (d *store) do(ctx context.Context, call func(context.Context, *s3.Client) error) error {
	c := d.client.Load()
	err := call(ctx, c)
	if err == nil {
		return nil
	}
	moved, hint := d.follow(ctx, c, err)
	if moved {
		err = call(ctx, d.client.Load())
	}
	return d.explain(err, hint)
}

// clockRetryer repeats a request once when the clocks differ: the SDK has learned the
// difference from the answer by then.
type clockRetryer struct{}

func (clockRetryer) IsErrorRetryable(err error) bool { return codeOf(err) == "RequestTimeTooSkewed" }
func (clockRetryer) MaxAttempts() int                { return 2 }
func (clockRetryer) RetryDelay(int, error) (time.Duration, error) {
	return 0, nil
}

func (clockRetryer) GetRetryToken(context.Context, error) (func(error) error, error) {
	return release, nil
}
func (clockRetryer) GetInitialToken() func(error) error { return release }

func release(error) error { return nil }

// errNoCredentials has no secret in it: what the SDK's chain says quotes files and addresses.
var errNoCredentials = errors.New("no credentials were found")

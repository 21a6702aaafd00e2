package s3store

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// setCredentials finds where requests get their signature, and the region to begin with.
func (d *store) setCredentials(ctx context.Context) (region string, err error) {
	o := d.opts
	region = cmp.Or(o.Region, d.site.region)
	switch {
	case o.Anonymous:
		d.creds = aws.AnonymousCredentials{}
	case o.AccessKey != "":
		d.creds = credentials.NewStaticCredentialsProvider(o.AccessKey, o.SecretKey.Reveal(), o.SessionToken.Reveal())
	default:
		cfg, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(d.http))
		if err != nil {
			return "", fmt.Errorf("the environment's AWS configuration cannot be read: %w", web.WithoutURL(err))
		}
		d.creds = aws.NewCredentialsCache(chain{cfg.Credentials})
		region = cmp.Or(region, cfg.Region)
	}
	region = cmp.Or(region, defaultRegion)
	if o.AssumeRole != nil {
		d.creds = d.assume(region)
	}
	return region, nil
}

// assume wraps the credentials into those of a role.
func (d *store) assume(region string) aws.CredentialsProvider {
	r := d.opts.AssumeRole
	so := sts.Options{Region: region, Credentials: d.creds, HTTPClient: d.http, Retryer: clockRetryer{}}
	base := r.Endpoint
	if base == "" && !d.site.aws {
		base = d.site.base()
	}
	if base != "" {
		so.BaseEndpoint = &base
	}
	provider := stscreds.NewAssumeRoleProvider(sts.New(so), r.ARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName, o.Duration = r.SessionName, r.Duration
		if r.ExternalID != "" {
			o.ExternalID = &r.ExternalID
		}
	})
	return aws.NewCredentialsCache(role{provider, d})
}

// chain is AWS's default chain, with an error that says what to do.
type chain struct{ aws.CredentialsProvider }

func (c chain) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if c.CredentialsProvider == nil {
		return aws.Credentials{}, noCredentials()
	}
	creds, err := c.CredentialsProvider.Retrieve(ctx)
	if err != nil && ctx.Err() == nil {
		err = noCredentials()
	}
	return creds, err
}

func noCredentials() error {
	return &driver.Error{
		Kind: rendition.Permission, Err: errNoCredentials,
		Hint: "give AccessKey and SecretKey, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or set Anonymous for a public bucket",
	}
}

// role is the token service, with errors that say that it was this one.
type role struct {
	aws.CredentialsProvider
	d *store
}

func (r role) Retrieve(ctx context.Context) (aws.Credentials, error) {
	creds, err := r.CredentialsProvider.Retrieve(ctx)
	if err == nil || ctx.Err() != nil {
		return creds, err
	}
	said := &driver.Error{Kind: web.Kind(err), Err: fmt.Errorf("the role was not given: %w", web.WithoutURL(err))}
	var explained *driver.Error
	if errors.As(r.d.explain(err, ""), &explained) {
		said.Kind, said.Hint, said.RetryAfter = explained.Kind, explained.Hint, explained.RetryAfter
		said.Err = fmt.Errorf("the role was not given: %w", explained.Err)
	}
	if codeOf(err) == "AccessDenied" {
		said.Hint = "the role must trust these credentials: check its ARN, its trust policy and the ExternalID"
	}
	return creds, said
}

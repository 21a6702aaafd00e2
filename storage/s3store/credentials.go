package s3store

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

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
		cfg, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(d.chainClient()))
		if err != nil {
			return "", fmt.Errorf("the environment's AWS configuration cannot be read: %w", web.WithoutURL(err))
		}
		d.creds = aws.NewCredentialsCache(chain{cfg.Credentials})
		region = cmp.Or(region, cfg.Region)
		d.trust(cfg.HTTPClient)
	}
	region = cmp.Or(region, defaultRegion)
	if o.AssumeRole != nil {
		d.creds = d.assume(region)
	}
	return region, nil
}

// chainClient makes the requests of AWS's chain, to the instance's or the container's address for one. It is of the one
// type that takes AWS_CA_BUNDLE, and keeps no connections, which nobody could close.
func (d *store) chainClient() *awshttp.BuildableClient {
	like, ok := d.http.Transport.(*http.Transport)
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.DisableKeepAlives = true
		if !ok {
			return
		}
		t.Proxy, t.DialContext = like.Proxy, like.DialContext
		if like.TLSClientConfig != nil {
			t.TLSClientConfig = like.TLSClientConfig.Clone()
		}
	})
}

// trust takes over the certificates of AWS_CA_BUNDLE.
func (d *store) trust(client aws.HTTPClient) {
	c, ok := client.(*awshttp.BuildableClient)
	if !ok || d.own == nil {
		return
	}
	if tc := c.GetTransport().TLSClientConfig; tc != nil && tc.RootCAs != nil {
		d.own.TLSClientConfig = &tls.Config{RootCAs: tc.RootCAs, MinVersion: tls.VersionTLS12}
	}
}

// assume wraps the credentials into those of a role.
func (d *store) assume(region string) aws.CredentialsProvider {
	return aws.NewCredentialsCache(&role{d: d, base: d.creds, region: region})
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

// role gets credentials from the token service, with errors that say that it was this one. The cache calls it
// from one goroutine at a time.
type role struct {
	d      *store
	base   aws.CredentialsProvider
	region string
}

func (r *role) Retrieve(ctx context.Context) (aws.Credentials, error) {
	creds, err := r.provider().Retrieve(ctx)
	if err != nil && ctx.Err() == nil && r.move(ctx, err) {
		creds, err = r.provider().Retrieve(ctx)
	}
	if err == nil || ctx.Err() != nil {
		return creds, err
	}
	said := &driver.Error{Kind: web.Kind(err), Err: fmt.Errorf("the role was not given: %w", web.WithoutURL(err))}
	var explained *driver.Error
	if errors.As(r.d.explain(err, ""), &explained) {
		said.Kind, said.Hint, said.RetryAfter = explained.Kind, explained.Hint, explained.RetryAfter
		said.Err = fmt.Errorf("the role was not given: %w", explained.Err)
	}
	switch {
	case inMessage(err, "signature we calculated"):
		said.Hint = meanings["SignatureDoesNotMatch"].hint
	case inMessage(err, wrongTokenRegion):
		said.Kind, said.Hint = rendition.InvalidJob, "the token service expects another region: set Region"
	case codeOf(err) == "AccessDenied":
		said.Hint = "the role must trust these credentials: check its ARN, its trust policy and the ExternalID"
	}
	return creds, said
}

func (r *role) provider() aws.CredentialsProvider {
	d, o := r.d, r.d.opts.AssumeRole
	so := sts.Options{Region: r.region, Credentials: r.base, HTTPClient: d.http, Retryer: clockRetryer{}}
	base := o.Endpoint
	if base == "" && !d.site.aws {
		base = d.site.base()
	}
	if base != "" {
		so.BaseEndpoint = &base
	}
	return stscreds.NewAssumeRoleProvider(sts.New(so), o.ARN, func(to *stscreds.AssumeRoleOptions) {
		to.RoleSessionName, to.Duration = o.SessionName, o.Duration
		if o.ExternalID != "" {
			to.ExternalID = &o.ExternalID
		}
	})
}

// move finds the region of a server that is its own token service, as MinIO is: the two have the same one, and the
// bucket's can be asked for.
func (r *role) move(ctx context.Context, err error) bool {
	d := r.d
	if d.opts.Region != "" || d.site.aws || d.opts.AssumeRole.Endpoint != "" || !inMessage(err, wrongTokenRegion) {
		return false
	}
	region := d.locate(ctx, d.newClient(r.region, r.base))
	if region == "" || region == r.region {
		return false
	}
	r.region = region
	return true
}

// wrongTokenRegion is in what MinIO's token service says.
const wrongTokenRegion = "region is wrong"

// inMessage looks into the server's text: MinIO's token service has the code AccessDenied for everything.
func inMessage(err error, part string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && strings.Contains(api.ErrorMessage(), part)
}

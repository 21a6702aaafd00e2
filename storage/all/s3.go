package all

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/s3store"
)

func (p *place) openS3(ctx context.Context) (*storage.Bucket, string, error) {
	key, err := p.key()
	if err != nil {
		return nil, "", err
	}
	o, err := p.s3Options()
	if err != nil {
		return nil, "", err
	}
	bkt, err := s3store.Open(ctx, p.loc.Bucket, o)
	return bkt, key, err
}

func (p *place) s3Options() (*s3store.Options, error) {
	l, o := p.loc, begin(p.S3)
	o.Bucket = p.bucket(o.Bucket)
	if p.guarded() {
		o.Dial, o.Client = p.Guard.Dial, nil
		o.AccessKey, o.SecretKey, o.SessionToken, o.AssumeRole = "", "", "", nil
		if o.SSE != nil && o.SSE.CustomerKey != "" {
			o.SSE = nil
		}
	}
	var err error
	if o.Endpoint, err = p.s3Endpoint(); err != nil {
		return nil, err
	}
	set(&o.Region, l.Option("region"))
	set(&o.ACL, l.Option("acl"))
	set(&o.StorageClass, l.Option("storage-class"))
	if s := l.Option("path-style"); s != "" {
		yes := s == "yes"
		o.PathStyle = &yes
	}
	p.s3Encryption(o)
	return o, p.s3Credentials(o)
}

func set(field *string, value string) {
	if value != "" {
		*field = value
	}
}

// s3Endpoint is the endpoint of the URL; "" is Amazon's for the region.
func (p *place) s3Endpoint() (string, error) {
	l := p.loc
	if l.Host != "" {
		return baseURL(l.Scheme, l.Host, l.Port), nil
	}
	region, dual := l.Option("region"), l.Option("dualstack") == "yes"
	suffix := ".amazonaws.com"
	if strings.HasPrefix(region, "cn-") {
		suffix += ".cn"
	}
	switch {
	case l.Option("accelerate") == "yes" && dual:
		return "https://s3-accelerate.dualstack" + suffix, nil
	case l.Option("accelerate") == "yes":
		return "https://s3-accelerate" + suffix, nil
	case dual && region == "":
		return "", errors.New("the option dualstack needs the option region")
	case dual:
		return "https://s3.dualstack." + region + suffix, nil
	}
	return "", nil
}

// baseURL is scheme://host:port.
func baseURL(scheme, host string, port int) string {
	switch {
	case port != 0:
		return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(port))
	case strings.Contains(host, ":"):
		return scheme + "://[" + host + "]"
	}
	return scheme + "://" + host
}

func (p *place) s3Encryption(o *s3store.Options) {
	sse, key := p.loc.Option("sse"), p.loc.Option("sse-kms-key-id")
	switch {
	case key != "":
		o.SSE = &s3store.SSE{KMSKeyID: key}
	case sse == "aws:kms":
		o.SSE = &s3store.SSE{KMSKeyID: "default"}
	case sse != "":
		o.SSE = &s3store.SSE{}
	}
}

func (p *place) s3Credentials(o *s3store.Options) error {
	l := p.loc
	switch {
	case l.User != "" && l.Password == "":
		return errors.New("it has an access key without the secret key; write accesskey:secretkey@")
	case l.User != "":
		o.AccessKey, o.SecretKey, o.SessionToken, o.Anonymous = l.User, l.Password, l.Token, false
	case l.Token != "":
		return errors.New("it has a session token without access key and secret key")
	case l.Option("anonymous") == "yes":
		o.AccessKey, o.SecretKey, o.SessionToken, o.AssumeRole, o.Anonymous = "", "", "", nil, true
	case p.guarded():
		o.Anonymous = true
	}
	role := l.Option("role-arn")
	if role == "" {
		if l.Option("external-id") != "" && o.AssumeRole == nil {
			return errors.New("the option external-id needs the option role-arn")
		}
		return nil
	}
	if o.Anonymous {
		return errors.New("the option role-arn needs an access key that may take the role")
	}
	r := begin(o.AssumeRole)
	r.ARN = role
	set(&r.ExternalID, l.Option("external-id"))
	o.AssumeRole = r
	return nil
}

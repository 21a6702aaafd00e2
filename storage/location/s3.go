package location

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
)

// readS3 reads s3://bucket/key and s3://host/bucket/key. What stands in the place of
// the host is a bucket when it has no dot and no port, or when the option
// endpoint is given; a host when it has a port, is an address or localhost, is a
// known host of S3, or has a dot and user:secret@ in front. Anything else is refused.
func readS3(p *parts) (*Location, error) {
	opts, err := readOptions(S3, p.query)
	if err != nil {
		return nil, err
	}
	site, known, err := s3Host(p.host)
	switch {
	case err != nil:
		return nil, err
	case opts["endpoint"] != "":
		return readS3Bucket(p, opts)
	case p.short():
		return s3Location(p, &s3Site{bucket: p.name}, opts)
	case known:
		return s3Location(p, site, opts)
	case p.port == 0 && !p.hasUser && p.host != "localhost" && strings.Contains(p.name, ".") && !isAddress(p.name):
		return nil, errors.New("what follows s3:// has a dot and can be a bucket or a host: " +
			"for a bucket of Amazon's write s3://s3.amazonaws.com/bucket/key, for a host add its port, as in s3://host:443/bucket/key")
	}
	return s3Location(p, &s3Site{host: p.host}, opts)
}

func isAddress(name string) bool {
	return strings.HasPrefix(name, "[") || strings.Trim(name, "0123456789.") == ""
}

// readS3Bucket is a bucket behind the endpoint of the options.
func readS3Bucket(p *parts, opts values) (*Location, error) {
	raw := opts.take("endpoint")
	if p.port != 0 {
		return nil, errors.New("with the option endpoint a bucket follows s3://, and a bucket has no port")
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	e := &parts{}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" || !e.setHost(u.Host) {
		return nil, errors.New("the option endpoint is not like https://host or https://host:port")
	}
	if opts["tls"] != "" {
		return nil, errors.New("the option tls does not go with endpoint, which says http: or https: itself")
	}
	site, known, err := s3Host(e.host)
	switch {
	case err != nil:
		return nil, err
	case !known:
		site = &s3Site{host: e.host}
	case site.bucket != "":
		return nil, errors.New("the option endpoint names a bucket; give the host without it")
	}
	if site.host != "" {
		site.scheme, site.port = u.Scheme, e.port
	}
	site.bucket = p.name
	return s3Location(p, site, opts)
}

// s3Location puts together what URL, host and options say.
func s3Location(p *parts, site *s3Site, opts values) (*Location, error) {
	l := &Location{Driver: S3, User: p.user, Password: storage.Secret(p.password), Bucket: site.bucket}
	var err error
	if l.Bucket == "" {
		l.Bucket, l.Key, err = cutBucket(p.path, "bucket")
	} else {
		l.Key, err = p.decoded()
	}
	if err != nil {
		return nil, err
	}
	if err := checkBucket(l.Bucket); err != nil {
		return nil, err
	}
	if l.Password != "" && l.User == "" {
		return nil, errors.New("it has a secret key and no access key in front of it")
	}
	if err := site.into(opts); err != nil {
		return nil, err
	}
	l.Token = storage.Secret(opts.take("session-token"))
	if err := l.setS3Endpoint(p, site, opts); err != nil {
		return nil, err
	}
	for _, name := range []string{"accelerate", "dualstack", "anonymous"} {
		if opts[name] == "no" {
			delete(opts, name)
		}
	}
	if opts["anonymous"] != "" && (l.User != "" || l.Token != "" || opts["role-arn"] != "") {
		return nil, errors.New("it is anonymous and has credentials; give one of them")
	}
	l.Options = opts.rest()
	return l, nil
}

// setS3Endpoint sets scheme, host and port. Amazon's own is empty: it follows from the region.
func (l *Location) setS3Endpoint(p *parts, site *s3Site, opts values) error {
	if site.host == "" {
		if opts.take("tls") == "no" || !webPort(p) {
			return errNoPort
		}
		return nil
	}
	for _, name := range []string{"dualstack", "accelerate"} {
		if opts[name] == "yes" {
			return fmt.Errorf("the option %s is for Amazon's own hosts", name)
		}
	}
	l.Scheme, l.Host, l.Port = site.scheme, site.host, site.port
	if l.Scheme == "" {
		l.Port, l.Scheme = p.port, opts.httpScheme(p.port)
	}
	l.Port = plainPort(l.Scheme, l.Port)
	return nil
}

func defaultPort(scheme string) int {
	if scheme == "http" {
		return 80
	}
	return 443
}

// plainPort is 0 for a scheme's default port.
func plainPort(scheme string, port int) int {
	if port == defaultPort(scheme) {
		return 0
	}
	return port
}

// checkBucket refuses what is no bucket's name in any store.
func checkBucket(name string) error {
	if strings.HasPrefix(name, "arn:") {
		return errARN
	}
	if !validHost(name) || strings.HasPrefix(name, "[") {
		return errors.New("its bucket has a name that no bucket can have; names are of letters, digits, dots and hyphens")
	}
	if strings.HasSuffix(name, "--x-s3") {
		return &unsupported{"directory buckets (S3 Express) are not supported; name a bucket of the standard kind"}
	}
	return nil
}

// into adds to the options what the host says. Those of the URL win where a seller's host is
// meant, and must not differ from Amazon's.
func (s *s3Site) into(opts values) error {
	for _, o := range [][2]string{{"region", s.region}, {"dualstack", s.dualstack}, {"accelerate", s.accelerate}} {
		name, said := o[0], o[1]
		switch given := opts[name]; {
		case said == "":
		case given == "":
			opts[name] = said
		case given != said && s.host == "":
			return fmt.Errorf("its host says %s=%s and its options something else", name, said)
		}
	}
	return nil
}

// s3URL is the form that readS3 reads back.
func (l *Location) s3URL(u *builder) {
	u.user(l.User, l.Password)
	switch {
	case l.Host != "":
		u.host(l.Bucket, 0)
		endpoint := l.Scheme + "://" + bracketed(l.Host)
		if l.Port != 0 {
			endpoint += ":" + strconv.Itoa(l.Port)
		}
		u.option("endpoint", endpoint)
	case strings.Contains(l.Bucket, ".") || l.Bucket == "localhost":
		u.host("s3.amazonaws.com", 0)
		u.path(l.Bucket)
	default:
		u.host(l.Bucket, 0)
	}
	u.path(l.Key)
	u.option("session-token", l.Token.Reveal())
}

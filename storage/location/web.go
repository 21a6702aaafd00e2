package location

import (
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
)

var (
	netStorageHost = regexp.MustCompile(`^[a-z0-9-]+-nsu(?:\.[a-z0-9-]+)?\.akamaihd\.net$`)
	ingestHost     = regexp.MustCompile(`^post\.([a-z0-9-]+)\.akamaihd\.net$`)
	entryPointHost = regexp.MustCompile(`^(?:p|b|post)[a-z0-9-]*\.(?:[a-z0-9-]+\.)*akamaientrypoint\.net$`)
)

// readWeb reads http and https URLs. The host says whose they are; what is nobody's, or
// signed for one object, is plain HTTP.
func readWeb(p *parts) (*Location, error) {
	signed := presigned(p.query)
	account, _, azure := azureHost(p.host)
	switch {
	case signed:
	case azure && account != "":
		return readWebAzure(p)
	case swiftHost(p.host):
		return readSwift(p)
	case netStorageHost.MatchString(p.host):
		return readNetStorage(p)
	case ingestHost.MatchString(p.host) || entryPointHost.MatchString(p.host):
		return readAkamaiHLS(p)
	default:
		site, known, err := s3Host(p.host)
		// A seller's host without a user serves public objects, like any web server.
		if err != nil || known && (p.hasUser || strings.HasSuffix(p.host, ".amazonaws.com") || strings.HasSuffix(p.host, ".amazonaws.com.cn")) {
			return readWebS3(p, site, err)
		}
	}
	if signed && p.hasUser {
		return nil, errors.New("a presigned URL has its permission in it; leave user and password out")
	}
	return readPlain(p, signed)
}

func readWebS3(p *parts, site *s3Site, err error) (*Location, error) {
	if err != nil {
		return nil, err
	}
	opts, err := readOptions(S3, p.query)
	if err != nil {
		return nil, err
	}
	if opts["endpoint"] != "" {
		return nil, errors.New("the option endpoint goes with s3://bucket/key; this URL has its host already")
	}
	if opts.take("tls") == "no" || !webPort(p) {
		return nil, errNoPort
	}
	if site.host != "" {
		site.scheme = "https"
	}
	return s3Location(p, site, opts)
}

func readWebAzure(p *parts) (*Location, error) {
	if !webPort(p) {
		return nil, errNoPort
	}
	q := *p
	q.port = 0
	return readAzure(&q)
}

// webPort says that a port is one that the hosts of the great stores have. They are spoken to by TLS, also when the URL
// says http: what is sent is somebody's.
func webPort(p *parts) bool { return p.port == 0 || p.port == 80 || p.port == 443 }

var errNoPort = errors.New("this host is always spoken to by TLS, at port 443")

// presigned says whether a query has a signature of S3 (versions 4 and 2), Google or Swift (TempURL).
func presigned(query string) bool {
	has := map[string]bool{}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		has[strings.ToLower(name)] = value != ""
	}
	return has["x-amz-signature"] || has["x-goog-signature"] || has["temp_url_sig"] ||
		has["signature"] && (has["awsaccesskeyid"] || has["googleaccessid"]) && has["expires"]
}

// readPlain keeps the address as it is but for user and fragment.
func readPlain(p *parts, signed bool) (*Location, error) {
	authority := p.name
	if p.port != 0 {
		authority += ":" + strconv.Itoa(p.port)
	}
	address := p.scheme + "://" + authority + p.path
	if p.hasQuery {
		address += "?" + p.query
	}
	key, err := p.decoded()
	if err == nil {
		_, err = url.Parse(address)
	}
	if err != nil {
		return nil, errors.New("it is not a valid URL; percent-encode what is no letter, digit or one of -._~")
	}
	return &Location{
		Driver: HTTP, Scheme: p.scheme, Host: p.host, Port: plainPort(p.scheme, p.port), User: p.user, Password: storage.Secret(p.password),
		Address: storage.Secret(address), Presigned: signed, Key: key,
	}, nil
}

// webScheme is http or https as the URL or its option tls says.
func webScheme(p *parts, opts values) string {
	if p.scheme == "http" || p.scheme == "https" {
		if opts["tls"] == "" {
			return p.scheme
		}
	}
	return opts.httpScheme(p.port)
}

// readNetStorage reads http(s)://keyname:key@name-nsu.akamaihd.net/cpcode/path, and netstorage: for other hosts.
func readNetStorage(p *parts) (*Location, error) {
	opts, err := readOptions(NetStorage, p.query)
	if err != nil {
		return nil, err
	}
	if p.hasUser && (p.user == "" || p.password == "") {
		return nil, errors.New("it needs the name of the key and the key: keyname:key@")
	}
	l := &Location{Driver: NetStorage, Host: p.host, User: p.user, Password: storage.Secret(p.password)}
	l.Scheme = webScheme(p, opts)
	l.Port = plainPort(l.Scheme, p.port)
	if l.Key, err = p.decoded(); err != nil {
		return nil, err
	}
	if strings.Trim(l.Key, "/") == "" {
		return nil, errors.New("it names no root folder; write the CP code or folder behind the host")
	}
	return l, nil
}

// readAkamaiHLS reads http(s)://post.account.akamaihd.net/stream/name/playlist.m3u8, and akamaihls: for other hosts.
func readAkamaiHLS(p *parts) (*Location, error) {
	opts, err := readOptions(AkamaiHLS, p.query)
	if err != nil {
		return nil, err
	}
	l := &Location{Driver: AkamaiHLS, Host: p.host, User: p.user, Password: storage.Secret(p.password)}
	if m := ingestHost.FindStringSubmatch(p.host); m != nil {
		l.Account = m[1]
	}
	l.Scheme = webScheme(p, opts)
	l.Port = plainPort(l.Scheme, p.port)
	if l.Key, err = p.decoded(); err != nil {
		return nil, err
	}
	if strings.Trim(l.Key, "/") == "" {
		return nil, errors.New("it names no stream; write /stream/name/playlist.m3u8 behind the host")
	}
	return l, nil
}

// plainURL is Address with the user in it again.
func (l *Location) plainURL() string {
	scheme, rest, _ := strings.Cut(l.Address.Reveal(), "://")
	u := &builder{scheme: scheme}
	u.user(l.User, l.Password)
	return u.String() + rest
}

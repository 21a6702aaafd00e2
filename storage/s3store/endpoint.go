package s3store

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

const defaultRegion = "us-east-1"

// endpoint is what an Endpoint's name tells.
type endpoint struct {
	// url is nil where AWS's own rules make the address of the region.
	url *url.URL
	// region is the one in the name, "" if there is none.
	region string
	// aws says that the server is AWS.
	aws bool
}

// parseEndpoint reads Options.Endpoint. Errors do not quote it: people write
// keys into it.
func parseEndpoint(s string) (*endpoint, error) {
	if s == "" {
		return &endpoint{aws: true}, nil
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("the endpoint is not a valid URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the endpoint does not begin with http:// or https://")
	case u.User != nil:
		return nil, errors.New("the endpoint holds credentials; give them as AccessKey and SecretKey")
	case u.Hostname() == "" || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the endpoint is more or less than a host; write https://host or https://host:port")
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	e := &endpoint{url: u}
	e.aws = host == "amazonaws.com" || strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn")
	region, plain := regionOfHost(host)
	e.region = region
	if plain && e.aws && u.Scheme == "https" && u.Port() == "" && u.Path == "" {
		e.url = nil
	}
	return e, nil
}

// regionOfHost finds the region in the names of known servers. plain means that AWS's rules
// make the same or a better address from the region alone.
func regionOfHost(host string) (region string, plain bool) {
	switch {
	case host == "s3.amazonaws.com":
		return "", true
	case host == "s3-external-1.amazonaws.com":
		return defaultRegion, true
	case strings.HasSuffix(host, ".r2.cloudflarestorage.com"):
		return "auto", false
	}
	for _, suffix := range []string{".amazonaws.com", ".amazonaws.com.cn", ".backblazeb2.com", ".wasabisys.com"} {
		name, ok := strings.CutSuffix(host, suffix)
		if !ok {
			continue
		}
		old, isOld := strings.CutPrefix(name, "s3-") // s3-eu-west-1.amazonaws.com
		if isOld && isRegion(old) {
			return old, true
		}
		labels := strings.Split(name, ".")
		for i, label := range labels {
			if isRegion(label) && i > 0 {
				return label, i == 1 && len(labels) == 2 && labels[0] == "s3"
			}
		}
		if suffix == ".wasabisys.com" && name == "s3" {
			return defaultRegion, false
		}
	}
	return "", false
}

// isRegion says whether a label is like "eu-west-1", "us-gov-east-1" or "us-west-004".
func isRegion(s string) bool {
	parts := strings.Split(s, "-")
	if len(parts) < 3 || len(parts) > 5 {
		return false
	}
	last := parts[len(parts)-1]
	return len(parts[0]) == 2 && last != "" && strings.Trim(last, "0123456789") == "" && strings.Trim(parts[1], "0123456789") != ""
}

// pathStyle says whether the bucket's name belongs into the path when nobody said so.
func (e *endpoint) pathStyle() bool {
	if e.aws {
		return false
	}
	host := strings.ToLower(e.url.Hostname())
	if net.ParseIP(host) != nil {
		return true
	}
	// These two refuse the path style.
	return !strings.HasSuffix(host, ".aliyuncs.com") && !strings.HasSuffix(host, ".myqcloud.com")
}

// secure says whether requests are encrypted.
func (e *endpoint) secure() bool { return e.url == nil || e.url.Scheme == "https" }

// base is the address for the SDK, "" for its own.
func (e *endpoint) base() string {
	if e.url == nil {
		return ""
	}
	return e.url.String()
}

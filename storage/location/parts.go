package location

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// parts are the pieces of a URL with an authority.
type parts struct {
	scheme   string
	user     string // decoded, like password
	password string
	hasUser  bool
	hasColon bool   // a password is given, maybe an empty one
	name     string // the host as it was written: a bucket's name keeps its case
	host     string // in lower case, without brackets
	port     int
	path     string // still percent-encoded; empty or begins with a slash
	query    string // still percent-encoded, without ?
	hasQuery bool   // a ? is there, maybe with nothing behind it
}

const encodeHint = "percent-encode reserved characters in user and password: / is %2F, @ is %40, ? is %3F, # is %23, % is %25"

// split cuts a URL into its parts.
func split(scheme, raw string) (*parts, error) {
	rest, ok := strings.CutPrefix(raw[len(scheme)+1:], "//")
	if !ok {
		return nil, fmt.Errorf("write %s:// with two slashes", scheme)
	}
	web := scheme == "http" || scheme == "https"
	before, fragment, ok := strings.Cut(rest, "#")
	if ok && !web {
		return nil, errors.New("it has a #; write # as %23")
	}
	p := &parts{scheme: scheme}
	var body string
	body, p.query, p.hasQuery = strings.Cut(before, "?")
	userinfo, authority, path, err := splitAuthority(body)
	if err != nil {
		return nil, err
	}
	if !p.setHost(authority) {
		return nil, badHost(authority, userinfo+p.query+fragment)
	}
	p.path = path
	return p, p.setUser(userinfo, strings.HasPrefix(body, "@") || userinfo != "")
}

// badHost says what is wrong with what should be host:port.
func badHost(authority, rest string) error {
	switch {
	case authority == "":
		return errors.New("it names no host")
	case rest != "" || strings.Contains(authority, ":"):
		return errors.New("its host or port is not valid; " + encodeHint)
	default:
		return errors.New("its host is not valid; write names in ASCII and addresses of IPv6 in brackets")
	}
}

// setHost takes host, host:port, [address] or [address]:port, and says whether it is one of them.
func (p *parts) setHost(authority string) bool {
	name, port, hasPort := authority, "", false
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") {
		name, port, hasPort = authority[:i], authority[i+1:], true
	}
	if hasPort {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return false
		}
		p.port = int(n)
	}
	p.name, p.host = name, strings.ToLower(strings.Trim(name, "[]"))
	return validHost(name)
}

func (p *parts) setUser(userinfo string, has bool) (err error) {
	user, password, colon := strings.Cut(userinfo, ":")
	p.hasUser, p.hasColon = has, colon
	if p.user, err = url.PathUnescape(user); err == nil {
		p.password, err = url.PathUnescape(password)
	}
	if err != nil {
		return errors.New("user or password has a % that is not followed by two hex digits; " + encodeHint)
	}
	return nil
}

// splitAuthority finds user, host and path in what lies between :// and the query. A
// password may hold a bare @ (the last one in front of the path counts), and a
// bare / where no other reading is possible.
func splitAuthority(body string) (userinfo, authority, path string, err error) {
	first, _, _ := strings.Cut(body, "/")
	path = body[len(first):]
	i := strings.LastIndexByte(first, '@')
	userinfo, authority = first[:max(i, 0)], first[i+1:]
	later := hostsIn(path)
	if validAuthority(authority) {
		if len(later) > 0 && doubtful(userinfo, authority, path, later) {
			return "", "", "", errors.New("it can be read in two ways, because of its @: write a / of the password as %2F, an @ of the path as %40")
		}
		if len(later) != 1 || i >= 0 || !azureKey(authority, path[later[0]+1:]) {
			return userinfo, authority, path, nil
		}
	}
	// What should be the host is none, so the password goes on behind a slash.
	switch len(later) {
	case 0:
		return userinfo, authority, path, nil
	case 1:
		at := len(first) + later[0]
		rest := body[at+1:]
		authority, _, _ = strings.Cut(rest, "/")
		return body[:at], authority, rest[len(authority):], nil
	default:
		return "", "", "", errors.New("it has several @ that a host could follow: write a / of the password as %2F, an @ of the path as %40")
	}
}

// hostsIn returns where in a path an @ stands that a host follows.
func hostsIn(path string) (list []int) {
	for i := range len(path) {
		if path[i] != '@' {
			continue
		}
		if host, _, _ := strings.Cut(path[i+1:], "/"); validAuthority(host) {
			list = append(list, i)
		}
	}
	return list
}

// doubtful says that what reads as a host by RFC 3986 may as well be a piece of a password, because of an @ in the
// path that a name with a dot follows: where the host is a short name with a port or behind user:password,
// and, behind user:password, where that name is not the end of the path (a file may well be called icon@2x.png).
func doubtful(userinfo, authority, path string, later []int) bool {
	host, _, hasPort := strings.Cut(authority, ":")
	short := !strings.ContainsAny(host, ".[") && host != "localhost"
	login := strings.Contains(userinfo, ":")
	for _, i := range later {
		next, _, more := strings.Cut(path[i+1:], "/")
		if strings.ContainsAny(next, ".:[") && (short && (hasPort || login) || login && more) {
			return true
		}
	}
	return false
}

// azureKey says that a "host" is the first part of an account key with a bare
// slash, because one of Azure's hosts follows.
func azureKey(authority, next string) bool {
	host, _, _ := strings.Cut(next, "/")
	_, _, ok := azureHost(strings.ToLower(host))
	return ok && !strings.Contains(authority, ".")
}

// validAuthority says whether s is a host with or without a port.
func validAuthority(s string) bool { return new(parts).setHost(s) }

// validHost says whether s is a host's name in ASCII, an IPv4 address, or an IPv6 address in brackets.
func validHost(s string) bool {
	if inner, ok := strings.CutPrefix(s, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		a, err := netip.ParseAddr(inner)
		return ok && err == nil && a.Is6() && a.Zone() == ""
	}
	if s == "" || len(s) > 253 || strings.HasPrefix(s, ".") || strings.Contains(s, "..") {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return true
}

// short says that the host is a bare name, as buckets have: no dot, no port, no address.
func (p *parts) short() bool {
	return p.port == 0 && !strings.ContainsAny(p.name, ".[") && p.host != "localhost"
}

// decoded is the path without its leading slash, decoded.
func (p *parts) decoded() (string, error) { return unescapePath(strings.TrimPrefix(p.path, "/")) }

func unescapePath(s string) (string, error) {
	d, err := url.PathUnescape(s)
	if err != nil {
		return "", errors.New("its path has a % that is not followed by two hex digits; write % as %25")
	}
	return d, nil
}

// cutBucket cuts a path, still percent-encoded, into its first element and the key.
func cutBucket(path, what string) (bucket, key string, err error) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if bucket, err = unescapePath(first); err != nil {
		return "", "", err
	}
	if bucket == "" {
		return "", "", fmt.Errorf("it names no %s", what)
	}
	if strings.Contains(bucket, "/") {
		return "", "", fmt.Errorf("the name of the %s has a slash", what)
	}
	key, err = unescapePath(rest)
	return bucket, key, err
}

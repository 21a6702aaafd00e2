package location

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
)

// URL returns a URL that Parse reads as a Location equal to this one. It holds the
// secrets. A plain path comes back as a file: URL.
func (l *Location) URL() storage.Secret {
	u := &builder{scheme: l.urlScheme()}
	switch l.Driver {
	case File, Mem:
		return storage.Secret(l.localURL())
	case HTTP:
		return storage.Secret(l.plainURL())
	case S3:
		l.s3URL(u)
	case Azure:
		l.azureURL(u)
	case Swift:
		l.swiftURL(u)
	case FTP, SFTP, Aspera:
		l.filesURL(u)
	case NetStorage, AkamaiHLS:
		u.user(l.User, l.Password)
		u.host(l.Host, l.Port)
		u.path(l.Key)
		u.tls(l)
	}
	for _, name := range slices.Sorted(maps.Keys(l.Options)) {
		u.option(name, l.Options[name])
	}
	return storage.Secret(u.String())
}

func (l *Location) urlScheme() string {
	if l.Driver == FTP {
		return l.Scheme
	}
	return string(l.Driver)
}

// builder writes a URL. Everything is percent-encoded that is more than a letter or digit to anybody.
type builder struct {
	scheme  string
	body    strings.Builder
	options []string
}

func (u *builder) String() string {
	s := u.scheme + "://" + u.body.String()
	if len(u.options) > 0 {
		s += "?" + strings.Join(u.options, "&")
	}
	return s
}

func (u *builder) text(s string) { u.body.WriteString(s) }

func (u *builder) user(name string, password storage.Secret) {
	if name == "" && password == "" {
		return
	}
	u.text(escape(name))
	if password != "" {
		u.text(":" + escape(password.Reveal()))
	}
	u.text("@")
}

// secretUser is a key without a name.
func (u *builder) secretUser(key storage.Secret) {
	if key != "" {
		u.text(escape(key.Reveal()) + "@")
	}
}

func (u *builder) host(name string, port int) {
	u.text(bracketed(name))
	if port != 0 {
		u.text(":" + strconv.Itoa(port))
	}
}

func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// path adds a slash and a path. A key with nothing in it adds a slash too.
func (u *builder) path(p string) { u.text("/" + escapePath(p)) }

func (u *builder) option(name, value string) {
	if value != "" {
		u.options = append(u.options, name+"="+escape(value))
	}
}

// tls adds the option of that name where the port does not say the same.
func (u *builder) tls(l *Location) {
	switch {
	case l.Scheme == "http":
		u.option("tls", "no")
	case l.Port == 80:
		u.option("tls", "yes")
	}
}

// raw adds a piece of a query as it is.
func (u *builder) raw(query string) {
	if query != "" {
		u.options = append(u.options, query)
	}
}

// escape percent-encodes all but what RFC 3986 calls unreserved.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// escapePath does so between the slashes of a path.
func escapePath(p string) string {
	elements := strings.Split(p, "/")
	for i, e := range elements {
		elements[i] = escape(e)
	}
	return strings.Join(elements, "/")
}

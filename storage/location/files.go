package location

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
)

// readFTP reads ftp:, ftpes: (TLS begun on the ordinary port) and ftps: (TLS from the first byte). A path begins
// in the folder that the user logs in to; one that begins with %2F or a second slash at the server's root (RFC 1738, section 3.2.2).
func readFTP(p *parts) (*Location, error) {
	l, err := readFiles(p, FTP)
	if err != nil {
		return nil, err
	}
	l.Scheme = p.scheme
	if l.Option("tls-pin") != "" && l.Scheme == "ftp" {
		return nil, errors.New("the option tls-pin goes with ftps: and ftpes:, which use TLS")
	}
	path := strings.TrimPrefix(p.path, "/")
	if rest, ok := cutAnyPrefix(path, "/", "%2F", "%2f"); ok {
		path, l.Absolute = rest, true
	}
	l.Key, err = unescapePath(path)
	return l, err
}

// readSFTP reads sftp://user@host/absolute/path and sftp://user@host/~/path, which begins in the user's folder.
func readSFTP(p *parts) (*Location, error) {
	l, err := readFiles(p, SFTP)
	if err != nil {
		return nil, err
	}
	path := strings.TrimPrefix(p.path, "/")
	l.Absolute = true
	if rest, ok := cutAnyPrefix(path, "~/", "%7E/", "%7e/"); ok {
		path, l.Absolute = rest, false
	} else if path == "~" || strings.EqualFold(path, "%7E") {
		path, l.Absolute = "", false
	} else if strings.HasPrefix(path, "~") {
		return nil, errors.New("folders of other users are not known; write /~/path for one's own, or a path from the root")
	}
	l.Key, err = unescapePath(strings.TrimLeft(path, "/"))
	return l, err
}

// readAspera reads fasp://user:password@host:port/path, where the port is that of SSH.
func readAspera(p *parts) (*Location, error) {
	l, err := readFiles(p, Aspera)
	if err != nil {
		return nil, err
	}
	l.Key, err = p.decoded()
	return l, err
}

func readFiles(p *parts, d Driver) (*Location, error) {
	opts, err := readOptions(d, p.query)
	if err != nil {
		return nil, err
	}
	if p.password != "" && p.user == "" {
		return nil, errors.New("it has a password and no user in front of it")
	}
	return &Location{
		Driver: d, Host: p.host, Port: p.port, User: p.user, Password: storage.Secret(p.password), Options: opts.rest(),
	}, nil
}

func cutAnyPrefix(s string, prefixes ...string) (rest string, ok bool) {
	for _, prefix := range prefixes {
		if rest, ok = strings.CutPrefix(s, prefix); ok {
			return rest, true
		}
	}
	return s, false
}

// parseFile reads file URLs (RFC 8089). Key is a path with forward slashes.
func parseFile(raw string) (*Location, error) {
	rest := raw[len("file:"):]
	if host, ok := strings.CutPrefix(rest, "//"); ok {
		i := strings.IndexByte(host, '/')
		if i < 0 {
			return nil, errors.New("it names a host and no path; write file:///path")
		}
		if h := host[:i]; h != "" && !strings.EqualFold(h, "localhost") {
			return nil, errors.New("it names a file of another machine; write file:///path")
		}
		rest = host[i:]
	}
	if strings.ContainsAny(rest, "?#") {
		return nil, errors.New("a file URL has no query; write ? as %3F and # as %23")
	}
	path, err := unescapePath(rest)
	if err != nil {
		return nil, err
	}
	if path == "" || strings.ContainsRune(path, 0) {
		return nil, errors.New("it names no path")
	}
	if Drive(path[1:]) && strings.HasPrefix(rest[2:], ":") {
		path = path[1:] // file:///C:/path; a folder that is really named C: is written C%3A
	}
	return &Location{Driver: File, Key: path}, nil
}

// Drive says whether a path begins with a drive letter of Windows, as in C:\clips or C:/clips.
func Drive(path string) bool {
	return len(path) >= 3 && path[0]|0x20 >= 'a' && path[0]|0x20 <= 'z' && path[1] == ':' && (path[2] == '/' || path[2] == '\\')
}

// parseMem reads mem://name/key.
func parseMem(raw string) (*Location, error) {
	rest, ok := strings.CutPrefix(raw[len("mem:"):], "//")
	if !ok {
		return nil, errors.New("write mem://name/key")
	}
	name, escaped, _ := strings.Cut(rest, "/")
	key, err := unescapePath(escaped)
	if err != nil || strings.ContainsAny(rest, "?#@") {
		return nil, errors.New("write mem://name/key, with reserved characters percent-encoded")
	}
	return &Location{Driver: Mem, Bucket: name, Key: key}, nil
}

// filesURL is the form that the readers above read back.
func (l *Location) filesURL(u *builder) {
	u.user(l.User, l.Password)
	u.host(l.Host, l.Port)
	switch {
	case l.Driver == FTP && l.Absolute:
		u.text("/%2F")
	case l.Driver == SFTP && !l.Absolute:
		u.text("/~/")
	case l.Driver == SFTP && strings.HasPrefix(l.Key, "~"):
		u.text("//")
	default:
		u.text("/")
	}
	u.text(escapePath(l.Key))
}

func (l *Location) localURL() string {
	switch {
	case l.Driver == Mem:
		return "mem://" + l.Bucket + "/" + escapePath(l.Key)
	case strings.HasPrefix(l.Key, "/"):
		return "file://" + escapePath(l.Key)
	case Drive(l.Key):
		return "file:///" + l.Key[:2] + escapePath(l.Key[2:])
	}
	return fmt.Sprintf("file:%s", escapePath(l.Key))
}

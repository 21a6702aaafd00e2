package hls

import (
	"net/url"
	"strings"
)

// uri turns a relative file name into a relative URI reference: every part is
// escaped, and a first part with a colon cannot be taken for a scheme.
func uri(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
		if i == 0 {
			parts[i] = strings.ReplaceAll(parts[i], ":", "%3A")
		}
	}
	return strings.Join(parts, "/")
}

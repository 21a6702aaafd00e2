package azurestore

import (
	"errors"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

var errBackslash = &driver.Error{
	Kind: rendition.InvalidJob, Err: errors.New("the key has a backslash, which this store takes for a slash"), Hint: "use another name",
}

// checkKey refuses keys that would name another object.
func checkKey(key string) error {
	if strings.Contains(key, `\`) {
		return errBackslash
	}
	return nil
}

// isIdentifier says whether a metadata name, in lower case, is one that the service takes
// and that headers keep: a C# identifier in ASCII.
func isIdentifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// isHeaderValue says whether a value comes through a header as it is.
func isHeaderValue(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && strings.TrimSpace(s) == s
}

func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

package storage

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// MaxKeyBytes is the longest key in bytes, its prefix included. Some stores
// allow less (Capabilities.MaxKeyBytes).
const MaxKeyBytes = 1024

// ValidateKey says whether key can name an object in every store: a relative
// slash-separated path in UTF-8 of at most MaxKeyBytes, without empty, "." or
// ".." elements, control characters or names reserved for temporary files.
// Nothing is rewritten: what is not valid is refused. The error has kind
// InvalidJob.
func ValidateKey(key string) error {
	if err := checkKey(key); err != nil {
		return &rendition.Error{Kind: rendition.InvalidJob, Op: "storage: key", Key: printable(key), Err: err}
	}
	return nil
}

func checkKey(key string) error {
	if key == "" {
		return errors.New("the key is empty")
	}
	if err := checkText(key); err != nil {
		return err
	}
	for element := range strings.SplitSeq(key, "/") {
		switch {
		case element == "":
			return errors.New("the key has an empty element; write it without a slash at its ends and without //")
		case element == "." || element == "..":
			return fmt.Errorf("the key has the element %q; write the path it means", element)
		case driver.IsTempName(element):
			return errors.New("the key has a name that is reserved for temporary files")
		}
	}
	return nil
}

// checkListPrefix is checkKey for what keys may begin with: the empty string
// and a cut at any byte of the last element are allowed.
func checkListPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	if err := checkText(prefix); err != nil {
		return err
	}
	if dir, _ := splitKey(prefix); dir != "" {
		return checkKey(strings.TrimSuffix(dir, "/"))
	}
	return nil
}

func checkText(s string) error {
	if len(s) > MaxKeyBytes {
		return fmt.Errorf("the key has %d bytes; at most %d are allowed", len(s), MaxKeyBytes)
	}
	if !utf8.ValidString(s) {
		return errors.New("the key is not valid UTF-8")
	}
	if strings.HasPrefix(s, "/") {
		return errors.New("the key begins with a slash; keys are relative")
	}
	for _, r := range s {
		if r < 0x20 || r == 0x7f {
			return fmt.Errorf("the key has the control character %U", r)
		}
	}
	return nil
}

// splitKey cuts key after its last slash.
func splitKey(key string) (dir, name string) {
	i := strings.LastIndexByte(key, '/') + 1
	return key[:i], key[i:]
}

// printable makes a bad key fit for a message: one line, not too long.
func printable(key string) string {
	const limit = 80
	bad := func(r rune) bool { return r < 0x20 || r == 0x7f || r == utf8.RuneError }
	if len(key) <= limit && !strings.ContainsFunc(key, bad) {
		return key
	}
	key = strings.Map(func(r rune) rune {
		if bad(r) {
			return '?'
		}
		return r
	}, key)
	if len(key) > limit {
		key = strings.ToValidUTF8(key[:limit], "") + "..."
	}
	return key
}

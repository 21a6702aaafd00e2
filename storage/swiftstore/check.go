package swiftstore

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

const op = "swiftstore: open"

// check says what is wrong with the options. They have their defaults.
func (o *Options) check(container string) error {
	if err := checkContainer(container); err != nil {
		return invalid(container, err)
	}
	if err := checkContainer(o.SegmentContainer); err != nil {
		return invalid(container, fmt.Errorf("SegmentContainer: %w", err))
	}
	for name, raw := range map[string]string{"AuthURL": o.AuthURL, "StorageURL": o.StorageURL} {
		if err := checkURL(raw); err != nil {
			return invalid(container, fmt.Errorf("%s: %w", name, err))
		}
	}
	switch {
	case o.AuthToken != "" && o.StorageURL == "":
		return invalid(container, errors.New("AuthToken needs a StorageURL"))
	case o.AuthToken == "" && !o.canLogIn():
		return invalid(container, errors.New("no way to log in; give AuthURL, User and Key, or StorageURL and AuthToken"))
	case o.ApplicationCredentialName != "" && o.ApplicationCredentialID == "" && o.User == "" && o.UserID == "":
		return invalid(container, errors.New("ApplicationCredentialName needs a User with Domain, or a UserID"))
	case o.AuthURL != "" && o.authVersion() == 0:
		return invalid(container, errors.New("AuthURL does not tell its version; end it in /auth/v1.0, /v2.0 or /v3, or set AuthVersion"))
	case !oneOf(o.EndpointType, "public", "internal", "admin"):
		return invalid(container, errors.New("EndpointType is public, internal or admin"))
	case !oneOf(string(o.LargeObjects), "", "static", "dynamic"):
		return invalid(container, errors.New("LargeObjects is static or dynamic"))
	case !oneOf(o.TempURLDigest, "", "sha1", "sha256", "sha512"):
		return invalid(container, errors.New("TempURLDigest is sha1, sha256 or sha512"))
	case len(o.SegmentPrefix) > maxSegmentPrefix || !utf8.ValidString(o.SegmentPrefix):
		return invalid(container, fmt.Errorf("SegmentPrefix is UTF-8 of at most %d bytes", maxSegmentPrefix))
	case o.DeleteAfter < 0:
		return invalid(container, errors.New("DeleteAfter is negative"))
	}
	return nil
}

// checkContainer has the rules of Swift: 256 bytes of UTF-8 without a slash.
func checkContainer(name string) error {
	const limit = 256
	switch {
	case name == "" || name == "." || name == "..":
		return errors.New("name a container")
	case len(name) > limit:
		return fmt.Errorf("a container's name has at most %d bytes", limit)
	case strings.Contains(name, "/") || !utf8.ValidString(name):
		return errors.New("a container's name is UTF-8 without a slash")
	}
	return nil
}

// checkURL refuses what is no plain address. Its errors do not quote it.
func checkURL(raw string) error {
	if raw == "" {
		return nil
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return errors.New("it is not a valid URL")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return errors.New("it is not an absolute http or https URL")
	case u.User != nil:
		return errors.New("user and password go into User and Key")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("it has a query; a token goes into AuthToken")
	}
	return nil
}

func oneOf(s string, list ...string) bool { return slices.Contains(list, s) }

func invalid(container string, err error) error {
	return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: storage.RedactURL(strings.ToValidUTF8(container, "?")), Err: err}
}

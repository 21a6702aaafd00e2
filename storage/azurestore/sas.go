package azurestore

import (
	"errors"
	"net/url"
	"strings"
	"time"
)

// signature is a shared access signature and what can be read from it.
type signature struct {
	query string // as it is appended to URLs
	// start and expiry are zero when a stored access policy has them.
	start, expiry time.Time
	permissions   string // "sp", such as "rwl"
}

// parseSAS reads a signature. Errors do not quote it.
func parseSAS(raw string) (*signature, error) {
	raw = strings.TrimPrefix(strings.TrimSpace(raw), "?")
	s := &signature{query: mendPlus(raw)}
	values, err := url.ParseQuery(s.query)
	if err != nil || strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return nil, errors.New("SAS is not the query of a URL")
	}
	if values.Get("sig") == "" {
		return nil, errors.New("SAS has no sig parameter; give the whole query of the signed URL")
	}
	for name := range values {
		// They would make other requests of ours.
		if name == "comp" || name == "restype" || name == "snapshot" || name == "versionid" {
			return nil, errors.New("SAS has parameters of another request; give those of the signature alone")
		}
	}
	s.start, s.expiry, s.permissions = sasTime(values.Get("st")), sasTime(values.Get("se")), printable(values.Get("sp"))
	return s, nil
}

// mendPlus escapes a plus in the signature, which is base64: a plus that was not
// escaped would be read as a space.
func mendPlus(query string) string {
	parts := strings.Split(query, "&")
	for i, p := range parts {
		if strings.HasPrefix(p, "sig=") {
			parts[i] = strings.ReplaceAll(p, "+", "%2B")
		}
	}
	return strings.Join(parts, "&")
}

// sasTime reads a time in one of the forms that signatures may have; zero when
// it is none.
func sasTime(s string) time.Time {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z", "2006-01-02"} {
		if t, err := time.Parse(form, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

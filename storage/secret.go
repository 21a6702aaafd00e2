package storage

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a password, key or token. It reads from JSON and text like a
// string and prints as "[redacted]" under every fmt verb, in JSON, in text and
// in slog, so that an options struct can be logged. The empty Secret prints as
// the empty string. Convert it with Reveal, at the place where it is used.
//
// Keep it in exported fields: fmt calls no methods of unexported ones. (%p is
// the one verb that fmt does not offer to a type; go vet refuses it here.)
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String returns "[redacted]", or "" when the secret is empty.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format implements fmt.Formatter for every verb, %#v and %x among them.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.String()) // fmt.State keeps what it is given; there is nobody to report to
}

// GoString is String, for code that calls it directly.
func (s Secret) GoString() string { return s.String() }

// MarshalText writes String, so that JSON and text encoders redact too. What
// was marshaled cannot be read back into the secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

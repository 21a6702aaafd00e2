package aspera

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// says are what ascp says when it fails, in lower case, and what that means; the first match wins. Its exit status is
// 1 whatever the cause.
var says = []struct {
	text string
	kind rendition.Kind
	hint string
}{
	{"no such file", rendition.NotFound, ""},
	{"file not found", rendition.NotFound, ""},
	{"does not exist", rendition.NotFound, ""},
	{"is a directory", rendition.Exists, "a folder is where the object should be"},
	{"not a directory", rendition.Exists, "an object is where a folder should be"},
	{"failed to authenticate", rendition.Permission, "check the user, and the password or key file"},
	{"authentication failed", rendition.Permission, "check the user, and the password or key file"},
	{"fingerprint", rendition.Permission, "the server's host key is not the expected one: check HostFingerprint"},
	{"remote host is not who we expected", rendition.Permission, "the server's host key is not the expected one: check HostFingerprint"},
	{"permission denied", rendition.Permission, "the transfer user may not use this folder, or the password is wrong"},
	{"not authorized", rendition.Permission, "the transfer user may not do this on the server"},
	{"license", rendition.Permission, "the license of ascp or of the server does not allow this"},
	{"no space left", rendition.Quota, "the server's disk is full"},
	{"disk full", rendition.Quota, "the server's disk is full"},
	{"quota", rendition.Quota, "the account on the server is full"},
	{"udp", rendition.Unavailable, "open UDP port 33001 of the server's firewall, and this machine's"},
	{"unrecognized option", rendition.Unsupported, "this version of ascp is too old"},
	{"invalid option", rendition.Unsupported, "this version of ascp is too old"},
}

// failure is what a session that failed means. Its last line that speaks of an error is quoted.
func failure(ctx context.Context, err error, said *lastLines) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	text := said.text()
	e := &driver.Error{Kind: rendition.Unavailable, Err: fmt.Errorf("ascp failed: %w", err)}
	if line := errorLine(text); line != "" {
		e.Err = errors.New("ascp: " + line)
	}
	lower := strings.ToLower(text)
	for _, s := range says {
		if strings.Contains(lower, s.text) {
			e.Kind, e.Hint = s.kind, s.hint
			break
		}
	}
	return e
}

// errorLine is the last line that has the word error, or else the last line.
func errorLine(text string) string {
	const limit = 200
	last, found := "", false
	for line := range strings.Lines(text) {
		line = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, strings.TrimSpace(line))
		isError := strings.Contains(strings.ToLower(line), "error")
		if line != "" && (isError || !found) {
			last, found = line, found || isError
		}
	}
	if len(last) > limit {
		last = strings.ToValidUTF8(last[:limit], "") + "..."
	}
	return last
}

package httpstore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestErrorCode(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"": "", "plain": "", "<Code>": "", "<Error><Code> SlowDown </Code><Message>x</Message>": "SlowDown", "</Code><Code>A</Code>": "A",
	} {
		require.Equal(t, want, errorCode("", body), body)
	}
	require.Equal(t, "ServerBusy", errorCode("ServerBusy", "<Code>Other</Code>"))
}

func FuzzErrorCode(f *testing.F) {
	f.Add("<Error><Code>AccessDenied</Code>")
	f.Fuzz(func(t *testing.T, body string) {
		if code := errorCode("", body); len(code) > len(body) {
			t.Errorf("%q", code)
		}
	})
}

func FuzzParseSignature(f *testing.F) {
	for _, q := range []string{
		"X-Amz-Signature=1&x-id=PutObject", "AWSAccessKeyId=A&Expires=1&Signature=x%3D", "sv=1&sp=rw&sig=%zz", "sig=a&sv=b&si=c", "&&=&", "temp_url_sig=1",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s := parseSignature(query)
		if s.scheme == unsigned && (s.put || s.remove) {
			t.Errorf("%q: %+v", query, s)
		}
	})
}

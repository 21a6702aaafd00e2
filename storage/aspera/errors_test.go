package aspera

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

func TestFailure(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		kind rendition.Kind
		text string
	}{
		"": {rendition.Unavailable, "ascp failed"},
		"Session Stop  (Error: failed to authenticate)\n":            {rendition.Permission, "failed to authenticate"},
		"one\nascp: Error: Disk full (no space left)\r\nlast\n":      {rendition.Quota, "Disk full"},
		"Error: Client unable to connect to server (check UDP port)": {rendition.Unavailable, "UDP"},
		"ERR No such file or directory, the password is hunter2":     {rendition.NotFound, "[redacted]"},
	} {
		said := &lastLines{secret: "hunter2"}
		_, _ = said.Write([]byte(text))
		err := failure(t.Context(), driver.ErrChanged, said)
		var e *driver.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, want.kind, e.Kind, text)
		require.ErrorContains(t, err, want.text)
		require.NotContains(t, err.Error(), "hunter2")
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	own := []string{"A=1", "ASPERA_SCP_PASS=old", "ASPERA_SCP_TOKEN=old"}
	require.Equal(t, []string{"A=1", "ASPERA_SCP_PASS=new"}, environment(own, "new"))
	require.Equal(t, []string{"A=1"}, environment(own, ""))
}

func FuzzErrorLine(f *testing.F) {
	f.Add("a\nError: b\r\nc")
	f.Fuzz(func(t *testing.T, s string) {
		line := errorLine(strings.ToValidUTF8(s, "?"))
		if len(line) > 203 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%q", line)
		}
	})
}

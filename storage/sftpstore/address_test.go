package sftpstore

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage"
)

func TestAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"host": "host:22", "host:2222": "host:2222", "10.0.0.1": "10.0.0.1:22", "::1": "[::1]:22", "[::1]": "[::1]:22", "[::1]:2222": "[::1]:2222",
		"": "", ":22": "", "host:": "", "host:0": "", "host:65536": "", "host:ssh": "", "user@host": "", "sftp://host": "", "a:b:c": "", "a b": "", "host/dir": "",
	} {
		got, err := withPort(address)
		require.Equal(t, want, got, address)
		require.Equal(t, want == "", err != nil, address)
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for root, want := range map[string]string{
		"": "sftp://host:22/~/", ".": "sftp://host:22/~/", "/": "sftp://host:22/", "/a/b/": "sftp://host:22/a/b/", "in/x": "sftp://host:22/~/in/x/",
	} {
		d, err := newStore("host", &Options{User: "u", Password: "p", InsecureIgnoreHostKey: true, Root: root})
		require.NoError(t, err)
		require.Equal(t, want, d.name())
	}
}

// TestQuestions checks that a password is given to a question for one and to no other.
func TestQuestions(t *testing.T) {
	t.Parallel()
	l := &login{password: "secret"}
	for _, c := range []struct {
		questions []string
		echos     []bool
		want      []string
		fails     bool
	}{
		{nil, nil, nil, false},
		{[]string{"Password: "}, []bool{false}, []string{"secret"}, false},
		{[]string{"Your name: "}, []bool{true}, nil, true},
		{[]string{"Password: ", "Code: "}, []bool{false, false}, nil, true},
	} {
		got, err := l.answer("", "", c.questions, c.echos)
		require.Equal(t, c.want, got)
		require.Equal(t, c.fails, err != nil)
	}
}

// FuzzHostKey has any text of Options.HostKey parsed or refused.
func FuzzHostKey(f *testing.F) {
	f.Add("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")
	f.Add("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPUQWZ1H8vXH2J4tS+oVd6fG5H4l4xJmSMAEY8vR3N0r comment")
	f.Add("[host]:22 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPUQWZ1H8vXH2J4tS+oVd6fG5H4l4xJmSMAEY8vR3N0r\n#")
	f.Fuzz(func(t *testing.T, text string) {
		tr, err := newTrust("host:22", &Options{HostKey: text, Bucket: &storage.Options{}})
		if err != nil {
			return
		}
		for _, p := range tr.prints {
			require.Len(t, p, len("SHA256:")+43)
		}
		require.NotEmpty(t, tr.attempts())
	})
}

package sftpstore_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/sftpstore"
)

// refused checks how Open fails.
func refused(t *testing.T, s *servers.SSHD, o *sftpstore.Options, kind rendition.Kind, mentions ...string) {
	t.Helper()
	b, err := sftpstore.Open(t.Context(), s.Addr, o)
	if err == nil {
		b.Close()
	}
	require.ErrorIs(t, err, kind, "%v", err)
	var e *rendition.Error
	require.ErrorAs(t, err, &e)
	for _, m := range mentions {
		require.Contains(t, err.Error()+" "+e.Hint, m)
	}
	for _, secret := range []string{o.Password.Reveal(), o.Passphrase.Reveal()} {
		if secret != "" {
			require.NotContains(t, err.Error()+e.Hint, secret)
		}
	}
}

// works checks that Open succeeds and the Bucket is of use.
func works(t *testing.T, s *servers.SSHD, o *sftpstore.Options) {
	t.Helper()
	o.Root = folder(t, s)
	b := open(t, s, o)
	require.NoError(t, b.WriteAll(t.Context(), "a", []byte("x"), nil))
	got, err := b.ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	t.Run("key text", func(t *testing.T) {
		text, err := os.ReadFile(s.KeyFile)
		require.NoError(t, err)
		o := options(s)
		o.PrivateKeyFile, o.PrivateKey = "", storage.Secret(text)
		works(t, s, o)
	})
	t.Run("encrypted key", func(t *testing.T) {
		o := options(s)
		o.PrivateKeyFile = s.EncryptedKeyFile
		refused(t, s, o, rendition.Permission, "no passphrase")
		o.Passphrase = "wrong passphrase"
		refused(t, s, o, rendition.Permission, "does not open")
		o.Passphrase = storage.Secret(s.Passphrase)
		works(t, s, o)
	})
	t.Run("no private key", func(t *testing.T) {
		for text, mentions := range map[string]string{
			"nonsense": "cannot be read", "PuTTY-User-Key-File-3: ssh-ed25519": "puttygen", "ssh-ed25519 AAAA": "without .pub",
		} {
			o := options(s)
			o.PrivateKeyFile, o.PrivateKey = "", storage.Secret(text)
			refused(t, s, o, rendition.InvalidJob, mentions)
		}
		o := options(s)
		o.PrivateKeyFile = "/no/such/file"
		refused(t, s, o, rendition.InvalidJob, "PrivateKeyFile")
	})
	t.Run("password", func(t *testing.T) {
		o := options(s)
		o.PrivateKeyFile, o.Password = "", password(t, s)
		works(t, s, o)
		o.Password = "wrong password"
		refused(t, s, o, rendition.Permission, "tried: password", "check the user and the password")
	})
	t.Run("key and password", func(t *testing.T) {
		o := options(s)
		o.PrivateKeyFile, o.Password = strangeKey(t), password(t, s)
		works(t, s, o)
		o.Password = "wrong password"
		refused(t, s, o, rendition.Permission, "publickey", "password")
	})
	t.Run("agent", func(t *testing.T) { agent(t, s) })
}

func TestKeyboardInteractive(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, &servers.SSHDOptions{Interactive: true})
	o := options(s)
	o.PrivateKeyFile, o.Password = "", password(t, s)
	works(t, s, o)
	o.Password = "wrong password"
	refused(t, s, o, rendition.Permission, "keyboard-interactive")
}

// strangeKey is a key that no server knows.
func strangeKey(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "strange")
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", file).CombinedOutput() //nolint:gosec // its own
	require.NoError(t, err, "%s", out)
	return file
}

// agent starts an ssh-agent. It sets the environment: the test that runs it has no parallel subtests.
func agent(t *testing.T, s *servers.SSHD) {
	t.Helper()
	o := options(s)
	o.PrivateKeyFile, o.Agent = "", true
	restore := os.Getenv("SSH_AUTH_SOCK")
	set := func(socket string) { require.NoError(t, os.Setenv("SSH_AUTH_SOCK", socket)) } //nolint:usetesting // the parent is parallel
	defer func() { set(restore) }()
	set("")
	refused(t, s, o, rendition.InvalidJob, "SSH_AUTH_SOCK")
	socket := filepath.Join(t.TempDir(), "agent")
	set(socket)
	refused(t, s, o, rendition.InvalidJob, "start ssh-agent")

	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ssh-agent"), "-a", socket).Output() //nolint:gosec // its own
	require.NoError(t, err)
	match := regexp.MustCompile(`SSH_AGENT_PID=(\d+)`).FindStringSubmatch(string(out))
	require.Len(t, match, 2, "%s", out)
	pid, err := strconv.Atoi(match[1])
	require.NoError(t, err)
	defer func() { _ = syscall.Kill(pid, syscall.SIGTERM) }()
	refused(t, s, o, rendition.Permission, "takes none of the methods") // an empty agent
	add := func(file string) {
		out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ssh-add"), "-q", file).CombinedOutput() //nolint:gosec // its own
		require.NoError(t, err, "%s", out)
	}
	add(strangeKey(t))
	refused(t, s, o, rendition.Permission, "publickey")
	add(s.KeyFile)
	works(t, s, o)
}

func TestHostKeys(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	rsa := servers.StartSSHD(t, &servers.SSHDOptions{HostKeys: []string{"rsa"}})
	line, err := os.ReadFile(s.HostKeyFile)
	require.NoError(t, err)
	known, err := os.ReadFile(s.KnownHostsFile)
	require.NoError(t, err)
	file := func(t *testing.T, text string) string {
		name := filepath.Join(t.TempDir(), "known_hosts")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	with := func(on *servers.SSHD, knownHosts, hostKey string) *sftpstore.Options {
		o := options(on)
		o.KnownHostsFile, o.HostKey = knownHosts, hostKey
		return o
	}
	fingerprint := func(t *testing.T, kind string) string {
		out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ssh-keygen"), "-l", "-f", filepath.Join(s.Home, "host_"+kind+".pub")).Output() //nolint:gosec // its own
		require.NoError(t, err)
		return strings.Fields(string(out))[1]
	}
	t.Run("unknown", func(t *testing.T) {
		t.Parallel()
		refused(t, s, with(s, "", ""), rendition.Permission, "is not known", "set HostKey")
		refused(t, s, with(s, file(t, ""), ""), rendition.Permission, "is not known", "SHA256:")
		refused(t, rsa, with(rsa, s.KnownHostsFile, ""), rendition.Permission, "is not known", "ssh-rsa SHA256:")
	})
	t.Run("insecure", func(t *testing.T) {
		t.Parallel()
		o := with(s, "", "")
		o.InsecureIgnoreHostKey = true
		works(t, s, o)
	})
	t.Run("changed", func(t *testing.T) {
		t.Parallel()
		other, err := os.ReadFile(filepath.Join(rsa.Home, "host_rsa.pub"))
		require.NoError(t, err)
		text := "[127.0.0.1]:" + strings.TrimPrefix(s.Addr, "127.0.0.1:") + " " + string(other)
		refused(t, s, with(s, file(t, text), ""), rendition.Permission, "another one is known", "somebody may be between")
		refused(t, s, with(s, "", string(other)), rendition.Permission, "another one is known")
		refused(t, s, with(s, "", "SHA256:"+strings.Repeat("A", 43)), rendition.Permission, "another one is known")
		refused(t, rsa, with(rsa, "", string(line)), rendition.Permission, "no host key of the kind")
	})
	t.Run("hashed", func(t *testing.T) {
		t.Parallel()
		name := file(t, string(known))
		out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ssh-keygen"), "-q", "-H", "-f", name).CombinedOutput() //nolint:gosec // its own
		require.NoError(t, err, "%s", out)
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NotContains(t, string(text), "127.0.0.1")
		works(t, s, with(s, name, ""))
	})
	t.Run("one kind known", func(t *testing.T) { // the server would show another one first
		t.Parallel()
		for _, kind := range []string{"ed25519", "rsa", "ecdsa"} {
			for l := range strings.Lines(string(known)) {
				if strings.Contains(l, kind) {
					works(t, s, with(s, file(t, l), ""))
				}
			}
		}
	})
	t.Run("pinned", func(t *testing.T) {
		t.Parallel()
		works(t, s, with(s, "", string(line)))
		works(t, s, with(s, "", "# comment\n"+string(known)))
		for _, kind := range []string{"ed25519", "rsa", "ecdsa"} {
			works(t, s, with(s, "", fingerprint(t, kind)))
		}
		works(t, s, with(s, file(t, ""), "SHA256:"+strings.Repeat("A", 43)+"\n"+fingerprint(t, "rsa")+"="))
	})
	t.Run("broken", func(t *testing.T) {
		t.Parallel()
		refused(t, s, with(s, "/no/such/file", ""), rendition.InvalidJob, "KnownHostsFile")
		refused(t, s, with(s, file(t, "[127.0.0.1]:22 ssh-ed25519 nonsense\n"), ""), rendition.InvalidJob, "broken")
		for _, bad := range []string{"nonsense", "SHA256:short", "SHA256:" + strings.Repeat("A", 44), "MD5:00", "ssh-ed25519 AAAA"} {
			refused(t, s, with(s, "", bad), rendition.InvalidJob, "HostKey")
		}
	})
}

package servers

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// SSHDUser is who logs in with a password. scripts/servers.sh makes him.
const SSHDUser = "rendition-sftp"

// SSHD is a running OpenSSH server with SFTP. When the tests are not root's, the user is
// the one who runs them, and has a key but no password.
type SSHD struct {
	Addr string
	User string
	// Password is "" where there is none.
	Password string
	// KeyFile is a private key of the user; EncryptedKeyFile another one, which Passphrase opens.
	KeyFile, EncryptedKeyFile, Passphrase string
	// KnownHostsFile has all host keys; HostKeyFile is the public half of the Ed25519 one.
	KnownHostsFile, HostKeyFile string
	// Dir is an empty folder that belongs to the user; Home holds everything else, for all to read.
	Dir, Home string

	uid, gid int
}

// SSHDOptions are those of StartSSHD. The zero value is good.
type SSHDOptions struct {
	// Deny are SFTP requests that the server refuses and does not announce, such as "posix-rename".
	Deny []string
	// Interactive asks for passwords with keyboard-interactive alone.
	Interactive bool
	// HostKeys are the kinds of host keys. Default ed25519, rsa and ecdsa.
	HostKeys []string
}

// StartSSHD starts an OpenSSH server.
func StartSSHD(t testing.TB, opts *SSHDOptions) *SSHD {
	t.Helper()
	if opts == nil {
		opts = &SSHDOptions{}
	}
	program := Program(t, "sshd", "sbin/sshd")
	s := &SSHD{Addr: Addr(Ports(t, 1)), Passphrase: "open sesame", uid: os.Getuid(), gid: os.Getgid()}
	s.folders(t)
	s.user(t)
	s.keys(t, opts)
	if os.Getuid() == 0 {
		require.NoError(t, os.MkdirAll("/run/sshd", 0o755)) //nolint:gosec // that is how sshd wants it
	}
	config := filepath.Join(s.Home, "sshd_config")
	require.NoError(t, os.WriteFile(config, []byte(s.config(opts)), 0o600))
	_, port, _ := strings.Cut(s.Addr, ":")
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	Run(t, &Command{Name: "sshd", Path: program, Args: []string{"-D", "-e", "-f", config}, Ready: Listens(n)})
	t.Cleanup(func() { s.KillConnections(t) })
	return s
}

// folders makes Home and Dir where another user can reach them, which t.TempDir is not.
func (s *SSHD) folders(t testing.TB) {
	t.Helper()
	home, err := os.MkdirTemp("", "rendition-sshd-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	require.NoError(t, os.Chmod(home, 0o755)) //nolint:gosec // the server's user reads it
	s.Home, s.Dir = home, filepath.Join(home, "files")
	require.NoError(t, os.Mkdir(s.Dir, 0o755)) //nolint:gosec // as above
}

func (s *SSHD) user(t testing.TB) {
	t.Helper()
	if os.Getuid() != 0 {
		me, err := user.Current()
		require.NoError(t, err)
		s.User = me.Username
		return
	}
	password := Program(t, "sshd", "sshd.password")
	text, err := os.ReadFile(password)
	who, uerr := user.Lookup(SSHDUser)
	if err != nil || uerr != nil || filepath.Base(password) != "sshd.password" {
		t.Fatalf("there is no user %s with a password; run scripts/servers.sh sshd", SSHDUser)
	}
	s.User, s.Password = SSHDUser, strings.TrimSpace(string(text))
	s.uid, err = strconv.Atoi(who.Uid)
	require.NoError(t, err)
	s.gid, err = strconv.Atoi(who.Gid)
	require.NoError(t, err)
	s.Own(t, s.Dir)
}

// Own gives a file or folder to the user.
func (s *SSHD) Own(t testing.TB, path string) {
	t.Helper()
	require.NoError(t, os.Chown(path, s.uid, s.gid))
}

// keys makes the keys of the host and the user.
func (s *SSHD) keys(t testing.TB, opts *SSHDOptions) {
	t.Helper()
	if len(opts.HostKeys) == 0 {
		opts.HostKeys = []string{"ed25519", "rsa", "ecdsa"}
	}
	host, port, _ := strings.Cut(s.Addr, ":")
	var known strings.Builder
	for _, kind := range opts.HostKeys {
		pub := keygen(t, filepath.Join(s.Home, "host_"+kind), kind, "")
		fmt.Fprintf(&known, "[%s]:%s %s", host, port, pub)
	}
	s.HostKeyFile = filepath.Join(s.Home, "host_"+opts.HostKeys[0]+".pub")
	s.KnownHostsFile = filepath.Join(s.Home, "known_hosts")
	require.NoError(t, os.WriteFile(s.KnownHostsFile, []byte(known.String()), 0o644)) //nolint:gosec // public
	s.KeyFile, s.EncryptedKeyFile = filepath.Join(s.Home, "id_ed25519"), filepath.Join(s.Home, "id_rsa")
	authorized := keygen(t, s.KeyFile, "ed25519", "") + keygen(t, s.EncryptedKeyFile, "rsa", s.Passphrase)
	require.NoError(t, os.WriteFile(filepath.Join(s.Home, "authorized_keys"), []byte(authorized), 0o644)) //nolint:gosec // public
}

// keygen makes a key pair and returns the public half's line.
func keygen(t testing.TB, file, kind, passphrase string) string {
	t.Helper()
	args := []string{"-q", "-t", kind, "-N", passphrase, "-C", "test", "-f", file}
	if kind == "rsa" {
		args = append(args, "-b", "2048")
	}
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ssh-keygen"), args...).CombinedOutput() //nolint:gosec // a test's own
	if err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
	line, err := os.ReadFile(file + ".pub")
	require.NoError(t, err)
	return string(line)
}

func (s *SSHD) config(opts *SSHDOptions) string {
	host, port, _ := strings.Cut(s.Addr, ":")
	yes := map[bool]string{true: "yes", false: "no"}
	lines := []string{
		"Port " + port, "ListenAddress " + host, "PidFile " + s.pidFile(), "AuthorizedKeysFile " + filepath.Join(s.Home, "authorized_keys"),
		"StrictModes no", "UseDNS no", "PermitRootLogin no", "AllowUsers " + s.User, "PubkeyAuthentication yes",
		"UsePAM " + yes[s.Password != ""], "PasswordAuthentication " + yes[s.Password != "" && !opts.Interactive],
		"KbdInteractiveAuthentication " + yes[opts.Interactive], "MaxStartups 1000", "MaxSessions 1000", "PrintMotd no",
		"AllowTcpForwarding no", "AllowAgentForwarding no", "X11Forwarding no", "PermitTunnel no",
	}
	for _, kind := range opts.HostKeys {
		lines = append(lines, "HostKey "+filepath.Join(s.Home, "host_"+kind))
	}
	sftp := "internal-sftp"
	if len(opts.Deny) > 0 {
		sftp += " -P " + strings.Join(opts.Deny, ",")
	}
	lines = append(lines, "Subsystem sftp "+sftp, "ForceCommand "+sftp)
	return strings.Join(lines, "\n") + "\n"
}

func (s *SSHD) pidFile() string { return filepath.Join(s.Home, "sshd.pid") }

// KillConnections kills the processes of all connections and returns how many connections there were.
func (s *SSHD) KillConnections(t testing.TB) int {
	t.Helper()
	connections := s.connections(t)
	for _, c := range connections {
		for _, session := range append(children(c), c) {
			_ = syscall.Kill(session, syscall.SIGKILL) // it may have ended
		}
	}
	return len(connections)
}

// Connections is how many connections there are.
func (s *SSHD) Connections(t testing.TB) int {
	t.Helper()
	return len(s.connections(t))
}

// connections are the processes that serve one each.
func (s *SSHD) connections(t testing.TB) []int {
	t.Helper()
	text, err := os.ReadFile(s.pidFile())
	if err != nil {
		return nil // the server has ended
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	return children(pid)
}

// children are the processes whose parent is pid.
func children(pid int) (list []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// "pid (name) state parent ...": the name may hold anything.
		_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')')+1:]), " ")
		fields := strings.Fields(rest)
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			child, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if err == nil {
				list = append(list, child)
			}
		}
	}
	return list
}

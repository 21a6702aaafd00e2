package sftpstore_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/sftpstore"
)

func TestMain(m *testing.M) { leak.Main(m) }

// options log in to a server by key.
func options(s *servers.SSHD) *sftpstore.Options {
	return &sftpstore.Options{
		User: s.User, PrivateKeyFile: s.KeyFile, KnownHostsFile: s.KnownHostsFile, Root: s.Dir,
		Bucket: &storage.Options{RetryDelay: 5 * time.Millisecond},
	}
}

func open(t *testing.T, s *servers.SSHD, o *sftpstore.Options) *storage.Bucket {
	t.Helper()
	b, err := sftpstore.Open(t.Context(), s.Addr, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// password skips a test that needs one.
func password(t *testing.T, s *servers.SSHD) storage.Secret {
	t.Helper()
	if s.Password == "" {
		t.Skip("only root can start a server with passwords")
	}
	return storage.Secret(s.Password)
}

// temps lists the temporary files below dir.
func temps(t *testing.T, dir string) (names []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
		if driver.IsTempName(filepath.Base(p)) {
			names = append(names, p)
		}
		return err
	}))
	return names
}

// folder makes a folder of the user's.
func folder(t *testing.T, s *servers.SSHD) string {
	t.Helper()
	dir, err := os.MkdirTemp(s.Dir, "")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	s.Own(t, dir)
	return dir
}

func TestConformance(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	plain := servers.StartSSHD(t, &servers.SSHDOptions{Deny: []string{"posix-rename", "fsync", "statvfs", "limits"}})
	for _, c := range []struct {
		name string
		on   *servers.SSHD
		set  func(t *testing.T, o *sftpstore.Options)
	}{
		{"key", s, func(*testing.T, *sftpstore.Options) {}},
		{"password", s, func(t *testing.T, o *sftpstore.Options) { o.PrivateKeyFile, o.Password = "", password(t, s) }},
		{"one connection, sync", s, func(_ *testing.T, o *sftpstore.Options) { o.Connections, o.Sync, o.FileMode = 1, true, 0o640 }},
		{"no extensions", plain, func(*testing.T, *sftpstore.Options) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			drivertest.Run(t, drivertest.Harness{
				Open: func(t *testing.T) drivertest.Store {
					dir, o := folder(t, c.on), options(c.on)
					c.set(t, o)
					o.Root = dir
					b, err := sftpstore.Open(t.Context(), c.on.Addr, o)
					require.NoError(t, err)
					require.Equal(t, c.on != plain, b.Capabilities().AtomicReplace)
					return drivertest.Store{Bucket: b, Leftovers: func(t *testing.T) []string { return temps(t, dir) }}
				},
				Errors:  errorCases(c.on),
				Secrets: secrets(c.on),
			})
		})
	}
}

func secrets(s *servers.SSHD) []string {
	if s.Password == "" {
		return []string{s.Passphrase}
	}
	return []string{s.Passphrase, s.Password}
}

func errorCases(s *servers.SSHD) []drivertest.ErrorCase {
	opening := func(change func(o *sftpstore.Options)) func(ctx context.Context, t *testing.T) error {
		return func(ctx context.Context, _ *testing.T) error {
			o := options(s)
			change(o)
			_, err := sftpstore.Open(ctx, s.Addr, o)
			return err
		}
	}
	return []drivertest.ErrorCase{
		{Name: "no user", Kind: rendition.InvalidJob, Mentions: "user", Do: opening(func(o *sftpstore.Options) { o.User = "" })},
		{Name: "no way to log in", Kind: rendition.InvalidJob, Mentions: "log in", Do: opening(func(o *sftpstore.Options) { o.PrivateKeyFile = "" })},
		{Name: "unknown user", Kind: rendition.Permission, Mentions: "tried: publickey", Do: opening(func(o *sftpstore.Options) { o.User = "nobody-of-that-name" })},
		{Name: "root is a file", Kind: rendition.Exists, Mentions: "root", Do: opening(func(o *sftpstore.Options) { o.Root = s.HostKeyFile })},
		{Name: "nobody listens", Kind: rendition.Unavailable, Mentions: "refused", Do: func(ctx context.Context, t *testing.T) error {
			_, err := sftpstore.Open(ctx, servers.Addr(servers.Ports(t, 1)), options(s))
			return err
		}},
		{Name: "folder of another", Kind: rendition.Permission, Mentions: "locked/a", Do: func(ctx context.Context, t *testing.T) error {
			dir := folder(t, s)
			require.NoError(t, os.Mkdir(filepath.Join(dir, "locked"), 0o500))
			o := options(s)
			o.Root = dir
			return open(t, s, o).WriteAll(ctx, "locked/a", nil, nil)
		}},
		{Name: "name too long", Kind: rendition.InvalidJob, Mentions: "nnnn", Do: func(ctx context.Context, t *testing.T) error {
			name := make([]byte, 300)
			for i := range name {
				name[i] = 'n'
			}
			return open(t, s, options(s)).WriteAll(ctx, string(name), nil, nil)
		}},
	}
}

// TestIndependentCheck compares with OpenSSH's own client.
func TestIndependentCheck(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	program, err := exec.LookPath("sftp")
	if err != nil {
		t.Skip("no sftp")
	}
	dir, local := folder(t, s), t.TempDir()
	o := options(s)
	o.Root = dir
	b := open(t, s, o)
	data := make([]byte, 5<<20+17)
	for i := range data {
		data[i] = byte(i * i >> 7)
	}
	require.NoError(t, b.WriteAll(t.Context(), "a/b c.bin", data, &storage.WriterOptions{PartSize: 1 << 20}))
	require.NoError(t, os.WriteFile(filepath.Join(local, "up"), data[7:], 0o600))
	script := fmt.Sprintf("get %q %q\nput %q %q\n", dir+"/a/b c.bin", local+"/down", local+"/up", dir+"/put")
	batch := filepath.Join(local, "batch")
	require.NoError(t, os.WriteFile(batch, []byte(script), 0o600))
	host, port := s.Addr[:len("127.0.0.1")], s.Addr[len("127.0.0.1:"):]
	out, err := exec.CommandContext(t.Context(), program, "-q", "-P", port, "-i", s.KeyFile, "-o", "UserKnownHostsFile="+s.KnownHostsFile, //nolint:gosec // its own
		"-o", "IdentitiesOnly=yes", "-b", batch, s.User+"@"+host).CombinedOutput()
	require.NoError(t, err, "%s", out)
	down, err := os.ReadFile(filepath.Join(local, "down"))
	require.NoError(t, err)
	require.True(t, string(data) == string(down), "what we wrote, sftp reads")
	up, err := b.ReadAll(t.Context(), "put", 0)
	require.NoError(t, err)
	require.True(t, string(data[7:]) == string(up), "what sftp wrote, we read")
}

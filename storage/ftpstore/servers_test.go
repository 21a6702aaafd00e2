package ftpstore_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/ftpstore"
)

// mode is a way to reach a server.
type mode struct {
	security ftpstore.Security
	passive  ftpstore.Passive
}

func (m mode) String() string {
	return [...]string{"plain", "explicit", "implicit"}[m.security] + [...]string{"", "-passive", "-active"}[m.passive]
}

var modes = []mode{
	{ftpstore.Plain, ftpstore.PassiveYes},
	{ftpstore.Plain, ftpstore.PassiveNo},
	{ftpstore.ExplicitTLS, ftpstore.PassiveYes},
	{ftpstore.ExplicitTLS, ftpstore.PassiveNo},
	{ftpstore.ImplicitTLS, ftpstore.PassiveYes},
	{ftpstore.ImplicitTLS, ftpstore.PassiveNo},
}

// TestServers runs everything that needs a real server, each started once. The
// whole suite runs in one mode of each server, chosen so that each of passive,
// active, plain, explicit and implicit is among them; a transfer with parts,
// ranges and listing in all other modes.
func TestServers(t *testing.T) {
	t.Parallel()
	for _, s := range []struct {
		name  string
		start func(t testing.TB) *servers.FTP
		whole []mode
	}{
		{"vsftpd", servers.StartVsftpd, []mode{modes[2]}},
		{"pureftpd", servers.StartPureFTPd, []mode{modes[1]}},
		{"proftpd", servers.StartProFTPD, []mode{modes[4]}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			f := &ftpServer{FTP: s.start(t), name: s.name}
			for _, m := range modes {
				if m.security == ftpstore.ImplicitTLS && f.Implicit == "" {
					continue
				}
				t.Run(m.String(), func(t *testing.T) {
					t.Parallel()
					if m == s.whole[0] {
						f.conformance(t, m)
					} else {
						f.smoke(t, m)
					}
				})
			}
			t.Run("faults", func(t *testing.T) {
				t.Parallel()
				f.faults(t)
			})
			t.Run("behavior", func(t *testing.T) {
				t.Parallel()
				f.behavior(t)
			})
		})
	}
}

type ftpServer struct {
	*servers.FTP
	name  string
	roots atomic.Int32
}

// options are those to reach the server with, in a folder of their own.
func (f *ftpServer) options(m mode) *ftpstore.Options {
	return &ftpstore.Options{
		Root: fmt.Sprintf("b%d/root", f.roots.Add(1)), Username: f.User, Password: storage.Secret(f.Password),
		Security: m.security, Passive: m.passive, RootCAs: f.Roots, Timeout: 20 * time.Second,
		Bucket: &storage.Options{RetryDelay: time.Millisecond, MaxRetryDelay: 50 * time.Millisecond},
	}
}

func (f *ftpServer) addr(m mode) string {
	if m.security == ftpstore.ImplicitTLS {
		return f.Implicit
	}
	return f.Addr
}

// open opens a Bucket that is closed with the test.
func (f *ftpServer) open(t *testing.T, m mode, opts *ftpstore.Options) *storage.Bucket {
	t.Helper()
	b, err := ftpstore.Open(t.Context(), f.addr(m), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// leftovers lists temporary names below a root.
func (f *ftpServer) leftovers(t *testing.T, root string) []string {
	var found []string
	err := filepath.WalkDir(filepath.Join(f.Dir, root), func(path string, _ fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if driver.IsTempName(filepath.Base(path)) {
			found = append(found, path)
		}
		return err
	})
	require.NoError(t, err)
	return found
}

func (f *ftpServer) conformance(t *testing.T, m mode) {
	drivertest.Run(t, drivertest.Harness{
		Open: func(t *testing.T) drivertest.Store {
			opts := f.options(m)
			b, err := ftpstore.Open(t.Context(), f.addr(m), opts)
			require.NoError(t, err)
			return drivertest.Store{Bucket: b, Leftovers: func(t *testing.T) []string { return f.leftovers(t, opts.Root) }}
		},
		Refused: f.refused(),
		Errors:  f.errorCases(m),
		Secrets: []string{f.Password, wrongPassword},
	})
}

// refused are names that the server prohibits.
func (f *ftpServer) refused() []string {
	if f.name == "pureftpd" {
		return []string{"back\\slash"}
	}
	return nil
}

// smoke is one object there and back.
func (f *ftpServer) smoke(t *testing.T, m mode) {
	opts := f.options(m)
	b := f.open(t, m, opts)
	data := random(700_001)
	for range 2 { // the second replaces the first
		require.NoError(t, b.WriteAll(t.Context(), "a/b c/*x.bin", data, &storage.WriterOptions{PartSize: 100_000}))
	}
	require.NoError(t, b.WriteAll(t.Context(), "a/empty", nil, nil))
	got, err := b.ReadAll(t.Context(), "a/b c/*x.bin", 0)
	require.NoError(t, err)
	require.True(t, string(data) == string(got))
	r, err := b.Open(t.Context(), "a/b c/*x.bin", nil)
	require.NoError(t, err)
	defer r.Close()
	for _, off := range []int64{699_990, 5, 300_000} {
		p := make([]byte, 10)
		_, err := r.Seek(off, 0)
		require.NoError(t, err)
		_, err = r.Read(p)
		require.NoError(t, err)
		require.Equal(t, data[off:off+10], p)
	}
	var keys []string
	for o, err := range b.List(t.Context(), nil) {
		require.NoError(t, err)
		keys = append(keys, fmt.Sprint(o.Key, " ", o.Size))
	}
	require.Equal(t, []string{"a/b c/*x.bin 700001", "a/empty 0"}, keys)
	require.NoError(t, b.Delete(t.Context(), "a/empty"))
	require.Empty(t, f.leftovers(t, opts.Root))
	onDisk, err := os.ReadFile(filepath.Join(f.Dir, opts.Root, "a/b c/*x.bin"))
	require.NoError(t, err)
	require.True(t, string(data) == string(onDisk))
}

// random returns bytes that are the same in every run.
func random(n int) []byte {
	data := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(data)
	return data
}

package ftpstore_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/ftpstore"
)

const wrongPassword = "wrong:pass@word"

// errorCases are real causes for what can go wrong in front of a server.
func (f *ftpServer) errorCases(m mode) []drivertest.ErrorCase {
	stat := func(change func(o *ftpstore.Options), addr string) func(ctx context.Context, t *testing.T) error {
		return func(ctx context.Context, t *testing.T) error {
			o := f.options(m)
			o.Bucket = &storage.Options{Attempts: 1}
			change(o)
			b, err := ftpstore.Open(ctx, addr, o)
			require.NoError(t, err)
			defer b.Close()
			_, err = b.Stat(ctx, "key.mp4")
			return err
		}
	}
	cases := []drivertest.ErrorCase{
		{Name: "password", Kind: rendition.Permission, Mentions: "user name", Do: stat(func(o *ftpstore.Options) { o.Password = wrongPassword }, f.addr(m))},
		{Name: "anonymous", Kind: rendition.Permission, Mentions: "530", Do: stat(func(o *ftpstore.Options) { o.Username, o.Password = "", "" }, f.addr(m))},
		{Name: "no server", Kind: rendition.Unavailable, Mentions: "key.mp4", Do: stat(func(*ftpstore.Options) {}, "127.0.0.1:1")},
		{Name: "not ftp", Kind: rendition.Unsupported, Mentions: "Security", Do: func(ctx context.Context, t *testing.T) error {
			return stat(func(o *ftpstore.Options) { o.Security = ftpstore.Plain }, greeter(t, "SSH-2.0-OpenSSH_9.2\r\n"))(ctx, t)
		}},
		{Name: "missing", Kind: rendition.NotFound, Mentions: "key.mp4", Do: stat(func(*ftpstore.Options) {}, f.addr(m))},
		{Name: "may not write", Kind: rendition.Permission, Mentions: "may", Do: f.locked(m, func(ctx context.Context, b *storage.Bucket) error {
			return b.WriteAll(ctx, "locked/new", []byte("x"), nil)
		})},
		{Name: "may not write below", Kind: rendition.Permission, Mentions: "may", Do: f.locked(m, func(ctx context.Context, b *storage.Bucket) error {
			return b.WriteAll(ctx, "locked/deeper/new", []byte("x"), nil)
		})},
		{Name: "may not delete", Kind: rendition.Permission, Mentions: "may", Do: f.locked(m, func(ctx context.Context, b *storage.Bucket) error {
			return b.Delete(ctx, "locked/old")
		})},
		{Name: "may not read", Kind: rendition.Permission, Mentions: "may", Do: f.locked(m, func(ctx context.Context, b *storage.Bucket) error {
			_, err := b.ReadAll(ctx, "locked/old", 0)
			return err
		})},
	}
	if m.security != ftpstore.Plain {
		cases = append(
			cases,
			drivertest.ErrorCase{Name: "certificate", Kind: rendition.Permission, Mentions: "RootCAs", Do: stat(func(o *ftpstore.Options) { o.RootCAs = nil }, f.addr(m))},
			drivertest.ErrorCase{Name: "pin", Kind: rendition.Permission, Mentions: "PinnedSHA256", Do: stat(func(o *ftpstore.Options) { o.PinnedSHA256 = zeroPin }, f.addr(m))},
			drivertest.ErrorCase{Name: "no tls there", Kind: rendition.Unsupported, Mentions: "ExplicitTLS", Do: stat(func(o *ftpstore.Options) { o.Security = ftpstore.ImplicitTLS }, f.Addr)},
		)
	}
	return cases
}

const zeroPin = "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00"

// locked makes a folder that is root's, with a file that only root may read.
func (f *ftpServer) locked(m mode, do func(ctx context.Context, b *storage.Bucket) error) func(ctx context.Context, t *testing.T) error {
	return func(ctx context.Context, t *testing.T) error {
		o := f.options(m)
		dir := filepath.Join(f.Dir, o.Root, "locked")
		require.NoError(t, os.MkdirAll(dir, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "old"), []byte("secret"), 0o600))
		return do(ctx, f.open(t, m, o))
	}
}

// greeter is a server that says one thing.
func greeter(t *testing.T, greeting string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte(greeting))
			_, _ = c.Read(make([]byte, 100))
			c.Close()
		}
	}()
	return l.Addr().String()
}

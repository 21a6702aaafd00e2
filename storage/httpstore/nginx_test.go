package httpstore_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/httpstore"
)

// TestNginx runs the suite against a real server that stores files.
func TestNginx(t *testing.T) {
	t.Parallel()
	n := servers.StartNginx(t)
	open := func(ctx context.Context, t *testing.T, path string, mode httpstore.WriteMode, password string) *storage.Bucket {
		b, err := httpstore.Open(ctx, n.URL+path, &httpstore.Options{
			Username: n.User, Password: storage.Secret(password), Write: mode, MaxPut: 1 << 20, Folders: true, Bucket: quick(),
		})
		require.NoError(t, err)
		return b
	}
	write := func(path, password string, size int) func(context.Context, *testing.T) error {
		return func(ctx context.Context, t *testing.T) error {
			b := open(ctx, t, path, httpstore.WriteChunked, password)
			defer b.Close()
			return b.WriteAll(ctx, "clip.mp4", make([]byte, size), &storage.WriterOptions{PartSize: 64 << 10})
		}
	}
	for name, mode := range map[string]httpstore.WriteMode{"put": httpstore.WritePut, "chunked": httpstore.WriteChunked} {
		t.Run(name, func(t *testing.T) {
			var next atomic.Int32
			drivertest.Run(t, drivertest.Harness{
				PartSize: 64 << 10,
				Open: func(t *testing.T) drivertest.Store {
					b := open(t.Context(), t, fmt.Sprintf("/%s%d", name, next.Add(1)), mode, n.Password)
					return drivertest.Store{Bucket: b}
				},
				Secrets: []string{n.Password},
				Errors: []drivertest.ErrorCase{
					{Name: "wrong password", Kind: rendition.Permission, Mentions: "credentials", Do: write("/x", "wrong", 10)},
					{Name: "closed place", Kind: rendition.Permission, Mentions: "clip.mp4", Do: write("/closed", n.Password, 10)},
					{Name: "too large", Kind: rendition.Quota, Mentions: "too large", Do: write("/small", n.Password, 110<<10)},
					{Name: "too large in chunks", Kind: rendition.Quota, Mentions: "too large", Do: write("/small", n.Password, 300<<10)},
				},
			})
		})
	}
	require.Eventually(t, func() bool { return bodies(t, n) == 0 }, 5*time.Second, 50*time.Millisecond, "nothing is left over")
}

// bodies are the uploads that nginx has neither renamed nor removed.
func bodies(t *testing.T, n *servers.Nginx) int {
	files, err := os.ReadDir(filepath.Join(filepath.Dir(n.Folder), "body"))
	require.NoError(t, err)
	return len(files)
}

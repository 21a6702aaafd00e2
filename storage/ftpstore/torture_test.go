package ftpstore_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/ftpstore"
)

func TestTorture(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		start func(t testing.TB) *servers.FTP
		mode  mode
	}{"vsftpd": {servers.StartVsftpd, modes[0]}, "pureftpd": {servers.StartPureFTPd, modes[2]}, "proftpd": {servers.StartProFTPD, modes[4]}} {
		t.Run(name, func(t *testing.T) {
			f := &ftpServer{FTP: c.start(t), name: name}
			root := f.options(c.mode).Root
			drivertest.Torture(t, drivertest.TortureHarness{
				Transfers: 40, MaxSize: 16 << 20,
				Open: func(t *testing.T, dial drivertest.Dial, opts *storage.Options) drivertest.Store {
					o := f.options(c.mode)
					o.Root, o.Dial, o.Bucket, o.Timeout = root, dial, opts, 4*time.Second
					b, err := ftpstore.Open(t.Context(), f.addr(c.mode), o)
					require.NoError(t, err)
					return drivertest.Store{Bucket: b, Leftovers: func(t *testing.T) []string { return f.leftovers(t, root) }}
				},
			})
		})
	}
}

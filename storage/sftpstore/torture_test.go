package sftpstore_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/sftpstore"
)

func TestTorture(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	dir := folder(t, s)
	drivertest.Torture(t, drivertest.TortureHarness{
		Open: func(t *testing.T, dial drivertest.Dial, opts *storage.Options) drivertest.Store {
			o := options(s)
			o.Root, o.Dial, o.Bucket = dir, dial, opts
			o.KeepAlive, o.ConnectTimeout = time.Second, 5*time.Second
			b, err := sftpstore.Open(t.Context(), s.Addr, o)
			require.NoError(t, err)
			return drivertest.Store{Bucket: b, Leftovers: func(t *testing.T) []string { return temps(t, dir) }}
		},
	})
}

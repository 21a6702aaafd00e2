package httpstore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/httpstore"
)

// TestTorture moves objects to and from nginx over a network that goes wrong.
func TestTorture(t *testing.T) {
	t.Parallel()
	n := servers.StartNginx(t)
	for name, mode := range map[string]httpstore.WriteMode{"put": httpstore.WritePut, "chunked": httpstore.WriteChunked} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			drivertest.Torture(t, drivertest.TortureHarness{
				HTTP: true, Transfers: 60, MaxSize: 8 << 20, PartSize: 1 << 20,
				Open: func(t *testing.T, dial drivertest.Dial, opts *storage.Options) drivertest.Store {
					b, err := httpstore.Open(t.Context(), n.URL+"/"+name, &httpstore.Options{
						Username: n.User, Password: storage.Secret(n.Password), Write: mode, MaxPut: 10 << 20, Folders: true,
						Dial: dial, Bucket: opts,
					})
					require.NoError(t, err)
					return drivertest.Store{Bucket: b}
				},
			})
		})
	}
}

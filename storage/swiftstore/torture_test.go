package swiftstore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

func TestTorture(t *testing.T) {
	swift := servers.StartSwift(t)
	proxy := swift.StartProxy(t, nil)
	a := login(t, proxy)
	container := a.newContainer(t)
	drivertest.Torture(t, drivertest.TortureHarness{
		HTTP: true, Transfers: 60, MaxSize: 16 << 20,
		Open: func(t *testing.T, dial drivertest.Dial, opts *storage.Options) drivertest.Store {
			o := options(proxy)
			o.Dial, o.Bucket = dial, opts
			b, err := swiftstore.Open(t.Context(), container, o)
			require.NoError(t, err)
			return drivertest.Store{Bucket: b, Leftovers: func(t *testing.T) []string { return a.leftovers(t, container) }}
		},
	})
}

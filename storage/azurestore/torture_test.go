package azurestore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
	"github.com/rendition-sdk/rendition/storage/drivertest"
)

func TestTorture(t *testing.T) {
	t.Parallel()
	a := start(t)
	name := a.container(t)
	drivertest.Torture(t, drivertest.TortureHarness{
		HTTP: true, Transfers: 60, MaxSize: 16 << 20,
		Open: func(t *testing.T, dial drivertest.Dial, opts *storage.Options) drivertest.Store {
			o := &azurestore.Options{AccountKey: storage.Secret(a.Key), Endpoint: a.Endpoint, Dial: dial, Bucket: opts}
			b, err := azurestore.Open(t.Context(), a.Account, name, o)
			require.NoError(t, err)
			return drivertest.Store{Bucket: b, Leftovers: a.leftovers(name)}
		},
	})
}

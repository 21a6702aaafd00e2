package netstorage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/netstorage"
)

// TestTorture moves objects over a network that goes wrong.
func TestTorture(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	drivertest.Torture(t, drivertest.TortureHarness{
		HTTP: true, Transfers: 60, MaxSize: 8 << 20,
		Open: func(t *testing.T, dial drivertest.Dial, opts *storage.Options) drivertest.Store {
			b, err := netstorage.Open(t.Context(), s.address("/123/torture"), &netstorage.Options{Dial: dial, Bucket: opts})
			require.NoError(t, err)
			return drivertest.Store{Bucket: b, Leftovers: func(*testing.T) []string { return s.temps("/123/torture") }}
		},
	})
}

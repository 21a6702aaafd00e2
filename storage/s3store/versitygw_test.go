package s3store

import (
	"testing"

	"github.com/rendition-sdk/rendition/internal/servers"
)

// TestVersityGW has all that needs a running versitygw.
func TestVersityGW(t *testing.T) {
	t.Parallel()
	p := newPeer(t, servers.StartVersityGW(t), nil)
	p.folders = true
	t.Run("conformance", func(t *testing.T) { conformance(t, p) })
	common(t, p)
}

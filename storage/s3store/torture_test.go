package s3store

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
)

func TestTorture(t *testing.T) {
	t.Parallel()
	p := newPeer(t, servers.StartMinIO(t), nil)
	name := p.bucket(t)
	drivertest.Torture(t, drivertest.TortureHarness{
		HTTP: true, Transfers: 60, MaxSize: 16 << 20,
		Open: func(t *testing.T, dial drivertest.Dial, opts *storage.Options) drivertest.Store {
			o := p.options()
			o.Dial, o.Bucket = dial, opts
			b, err := Open(t.Context(), name, o)
			require.NoError(t, err)
			return drivertest.Store{Bucket: b, Leftovers: func(t *testing.T) []string {
				out, err := p.sdk.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &name})
				require.NoError(t, err)
				var left []string
				for _, u := range out.Uploads {
					left = append(left, *u.Key)
				}
				return left
			}}
		},
	})
}

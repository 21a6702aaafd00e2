package memstore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestConformance(t *testing.T) {
	t.Parallel()
	drivertest.Run(t, drivertest.Harness{
		Open: func(*testing.T) drivertest.Store {
			return drivertest.Store{Bucket: memstore.New(&memstore.Options{Bucket: &storage.Options{RetryDelay: time.Millisecond}})}
		},
		Errors: []drivertest.ErrorCase{{
			Name: "quota", Kind: rendition.Quota, Mentions: "a/big.mp4",
			Do: func(ctx context.Context, _ *testing.T) error {
				return memstore.New(&memstore.Options{MaxBytes: 9}).WriteAll(ctx, "a/big.mp4", make([]byte, 10), nil)
			},
		}},
	})
}

func TestQuotaCountsWhatIsThere(t *testing.T) {
	t.Parallel()
	s := memstore.NewStore(&memstore.Options{MaxBytes: 100})
	b := s.Bucket()
	require.NoError(t, b.WriteAll(t.Context(), "a", make([]byte, 60), nil))
	require.ErrorIs(t, b.WriteAll(t.Context(), "b", make([]byte, 41), nil), rendition.Quota)
	require.Equal(t, int64(60), s.Used(), "a failed write gives its bytes back")
	require.ErrorIs(t, b.WriteAll(t.Context(), "b", make([]byte, 60), &storage.WriterOptions{PartSize: 10}), rendition.Quota)
	require.Equal(t, int64(60), s.Used(), "and so does one whose first parts had room")
	require.ErrorIs(t, b.Copy(t.Context(), "c", "a"), rendition.Quota)
	require.NoError(t, b.WriteAll(t.Context(), "a", make([]byte, 40), nil))
	require.Equal(t, int64(40), s.Used(), "a replaced object gives its bytes back")
	require.NoError(t, b.Delete(t.Context(), "a"))
	require.Zero(t, s.Used())
	require.NoError(t, b.Close())
	require.NoError(t, s.Bucket().WriteAll(t.Context(), "a", nil, nil), "the store outlives its Buckets")
}

func ExampleNew() {
	ctx := context.Background()
	bucket := memstore.New(nil)
	defer bucket.Close()
	if err := bucket.WriteAll(ctx, "talks/42/notes.txt", []byte("hello"), nil); err != nil {
		fmt.Println(err)
		return
	}
	for object, err := range bucket.List(ctx, &storage.ListOptions{Prefix: "talks/"}) {
		fmt.Println(object.Key, object.Size, object.ContentType, err)
	}
	// Output: talks/42/notes.txt 5 text/plain; charset=utf-8 <nil>
}

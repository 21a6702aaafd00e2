package azurestore_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
)

// cut is a connection that breaks after so many bytes.
type cut struct {
	net.Conn
	left   atomic.Int64
	broken *atomic.Int32 // counts them
}

func (c *cut) spend(n int, err error) (int, error) {
	if left := c.left.Add(-int64(n)); left < 0 {
		if left+int64(n) >= 0 {
			c.broken.Add(1)
		}
		c.Conn.Close()
	}
	return n, err
}

func (c *cut) Read(p []byte) (int, error)  { return c.spend(c.Conn.Read(p)) }
func (c *cut) Write(p []byte) (int, error) { return c.spend(c.Conn.Write(p)) }

// brokenConnections moves objects over connections that each break at a random byte.
func brokenConnections(t *testing.T, a *account) {
	name := a.container(t)
	var broken atomic.Int32
	o := azurestore.Options{Bucket: quick(), Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		c := &cut{Conn: conn, broken: &broken}
		c.left.Store(rand.Int64N(2_000_000))
		return c, nil
	}}
	o.Bucket.Attempts = 6
	b := a.open(t, name, o)
	steady := a.open(t, name, azurestore.Options{})
	failed := 0
	for i := range 60 {
		key, data := fmt.Sprint("dir/", i), random(1+rand.N(1_500_000))
		err := b.WriteAll(t.Context(), key, data, &storage.WriterOptions{PartSize: 200_000, InFlight: 3})
		if err != nil {
			require.ErrorIs(t, err, rendition.Unavailable)
			failed++
			continue
		}
		got, err := b.ReadAll(t.Context(), key, 0)
		if err != nil {
			require.ErrorIs(t, err, rendition.Unavailable)
			failed++
			got, err = steady.ReadAll(t.Context(), key, 0)
			require.NoError(t, err)
		}
		require.True(t, bytes.Equal(data, got), key)
	}
	require.Greater(t, broken.Load(), int32(10))
	require.Less(t, failed, 20)
	t.Logf("%d connections broke, %d of 60 transfers failed", broken.Load(), failed)
}

package ftpstore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// cutter is a Dial whose connections pass a proxy that resets them, on both
// sides, after a number of bytes.
type cutter struct {
	control string // address of control connections
	// next says after how many bytes the next connection is reset; negative is never.
	next  func(control bool) int64
	cuts  atomic.Int64
	bytes atomic.Int64 // of data connections, that came through
	wg    sync.WaitGroup
}

func (c *cutter) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	control := addr == c.control
	limit := c.next(control)
	var d net.Dialer
	if limit < 0 && control {
		return d.DialContext(ctx, network, addr)
	}
	far, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer l.Close()
	near, err := d.DialContext(ctx, network, l.Addr().String())
	if err != nil {
		return nil, err
	}
	mid, err := l.Accept()
	if err != nil {
		return nil, err
	}
	c.wg.Go(func() { c.relay(mid.(*net.TCPConn), far.(*net.TCPConn), limit, control) })
	return near, nil
}

func (c *cutter) relay(a, b *net.TCPConn, limit int64, control bool) {
	var left atomic.Int64
	left.Store(limit)
	var wg sync.WaitGroup
	pipe := func(to, from *net.TCPConn) {
		buf := make([]byte, 16<<10)
		for {
			n, err := from.Read(buf)
			if !control {
				c.bytes.Add(int64(n))
			}
			if limit >= 0 {
				time.Sleep(500 * time.Microsecond) // a reset takes what the server has not read yet along
			}
			if limit >= 0 && left.Add(int64(-n)) < 0 {
				c.cuts.Add(1)
				for _, conn := range []*net.TCPConn{a, b} {
					_ = conn.SetLinger(0) // a reset, which takes what is on its way along
					_ = conn.Close()
				}
				return
			}
			if _, werr := to.Write(buf[:n]); werr != nil {
				_ = from.Close()
				return
			}
			if errors.Is(err, io.EOF) {
				_ = to.CloseWrite()
				return
			}
			if err != nil {
				_ = to.Close()
				return
			}
		}
	}
	wg.Go(func() { pipe(a, b) })
	wg.Go(func() { pipe(b, a) })
	wg.Wait()
	_ = a.Close()
	_ = b.Close()
}

// faults cuts connections in uploads and downloads.
func (f *ftpServer) faults(t *testing.T) {
	for _, m := range []mode{modes[0], modes[2]} {
		t.Run(m.String(), func(t *testing.T) {
			t.Parallel()
			t.Run("data", func(t *testing.T) {
				t.Parallel()
				f.cutTransfers(t, m, func(n int64, control bool) int64 {
					if control || n > 8 {
						return -1
					}
					return 300_000 * n
				})
			})
			t.Run("torture", func(t *testing.T) {
				t.Parallel()
				f.torture(t, m)
			})
			t.Run("data and control", func(t *testing.T) {
				t.Parallel()
				f.cutTransfers(t, m, func(n int64, control bool) int64 {
					switch {
					case n > 40:
						return -1
					case control:
						return 12_000 + 100*n
					}
					return 250_000 * n
				})
			})
		})
	}
}

func (f *ftpServer) cutTransfers(t *testing.T, m mode, limit func(n int64, control bool) int64) {
	var n atomic.Int64
	c := &cutter{control: f.addr(m), next: func(control bool) int64 { return limit(n.Add(1), control) }}
	t.Cleanup(c.wg.Wait)
	opts := f.options(m)
	opts.Dial = c.dial
	opts.Bucket.Attempts = 12
	b := f.open(t, m, opts)
	data := random(6_000_000)
	require.NoError(t, b.WriteAll(t.Context(), "a/cut", data, &storage.WriterOptions{PartSize: 200_000}))
	uploaded := c.bytes.Load()
	require.GreaterOrEqual(t, c.cuts.Load(), int64(3))
	require.Less(t, uploaded, int64(len(data)*3/2), "bytes that the server had were kept")
	n.Store(0)
	cuts := c.cuts.Load()
	got, err := b.ReadAll(t.Context(), "a/cut", 0)
	require.NoError(t, err)
	require.True(t, string(data) == string(got))
	require.GreaterOrEqual(t, c.cuts.Load()-cuts, int64(3))
	require.Empty(t, f.leftovers(t, opts.Root))
	t.Logf("%d cuts, %d bytes up for %d", c.cuts.Load(), uploaded, len(data))
}

// torture does many transfers of which a third is cut anywhere. Those that
// succeed have the right bytes, those that fail can be tried again, and neither leaves anything.
func (f *ftpServer) torture(t *testing.T, m mode) {
	const transfers = 60
	rnd := rand.New(rand.NewPCG(1, uint64(m.security)))
	var mu sync.Mutex
	c := &cutter{control: f.addr(m), next: func(bool) int64 {
		mu.Lock()
		defer mu.Unlock()
		if rnd.IntN(3) > 0 {
			return -1
		}
		return int64(1) << rnd.IntN(21)
	}}
	t.Cleanup(c.wg.Wait)
	opts := f.options(m)
	opts.Dial, opts.Connections, opts.Bucket.Attempts = c.dial, 2, 4
	b := f.open(t, m, opts)
	calm := *opts
	calm.Dial = nil
	direct := f.open(t, m, &calm)
	failed := 0
	for i := range transfers {
		key, data := fmt.Sprintf("d%d/%d", i%3, i), random(1<<(i%20)+i)
		err := b.WriteAll(t.Context(), key, data, &storage.WriterOptions{PartSize: 50_000})
		if err != nil {
			failed++
			require.True(t, rendition.Retryable(err), "%v", err)
			require.NotContains(t, err.Error(), "cleanup failed")
			_, err = direct.Stat(t.Context(), key)
			require.ErrorIs(t, err, rendition.NotFound)
			continue
		}
		got, err := b.ReadAll(t.Context(), key, 0)
		if err != nil {
			failed++
			require.True(t, rendition.Retryable(err), "%v", err)
			got, err = direct.ReadAll(t.Context(), key, 0)
			require.NoError(t, err)
		}
		require.True(t, string(data) == string(got), key)
	}
	require.Empty(t, f.leftovers(t, opts.Root))
	require.Less(t, failed, transfers/2)
	t.Logf("%d of %d failed after %d cuts", failed, transfers, c.cuts.Load())
}

// stalled is a Dial whose data connections carry nothing.
func stalled(control string) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, network, addr)
		if err != nil || addr == control {
			return conn, err
		}
		near, _ := net.Pipe()
		return &stall{Conn: near, real: conn}, nil
	}
}

type stall struct {
	net.Conn
	real net.Conn
}

func (s *stall) Close() error {
	s.real.Close()
	return s.Conn.Close()
}

// cancel ends reads and writes that block.
func (f *ftpServer) cancel(t *testing.T) {
	m := modes[0]
	opts := f.options(m)
	require.NoError(t, f.open(t, m, opts).WriteAll(t.Context(), "a", random(1000), nil))
	opts.Dial = stalled(f.addr(m))
	b := f.open(t, m, opts)
	for _, do := range []func(ctx context.Context) error{
		func(ctx context.Context) error {
			_, err := b.ReadAll(ctx, "a", 0)
			return err
		},
		func(ctx context.Context) error { return b.WriteAll(ctx, "new", random(1000), nil) },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		began := time.Now()
		require.ErrorIs(t, do(ctx), context.DeadlineExceeded)
		require.Less(t, time.Since(began), 3*time.Second)
		cancel()
	}
	require.Empty(t, f.leftovers(t, opts.Root))
}

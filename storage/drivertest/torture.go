package drivertest

import (
	"bytes"
	"context"
	"errors"
	"flag"
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
	"github.com/rendition-sdk/rendition/storage/internal/faultproxy"
)

var (
	tortureTransfers = flag.Int("torture", 0, "how many transfers drivertest.Torture makes; 0 is what the test says")
	tortureSeed      = flag.Uint64("torture-seed", 0, "the sizes and faults of drivertest.Torture; 0 is what the test says")
)

// TortureHarness is how Torture reaches a driver. A driver's test is a few lines, its server a real one:
//
//	drivertest.Torture(t, drivertest.TortureHarness{
//		HTTP: true, // where the server speaks HTTP without TLS
//		Open: func(t *testing.T, dial drivertest.Dial, opts *storage.Options) drivertest.Store {
//			bkt, err := httpstore.Open(t.Context(), url, &httpstore.Options{Dial: dial, Bucket: opts})
//			if err != nil {
//				t.Fatal(err)
//			}
//			return drivertest.Store{Bucket: bkt, Leftovers: listUnfinishedUploads}
//		},
//	})
//
// Time limits of the driver itself (for connecting, for the first byte of an answer) should be set to a
// few seconds. To run all of it: go test -run Torture ./storage/x -torture 1000.
type TortureHarness struct {
	// Open opens the same place (bucket, folder) each time, with all connections made by dial and the
	// options of the Bucket as given. It is called for the network that goes wrong, once with
	// retries and once without, and for the real one. Leftovers is asked of the last. Required.
	Open func(t *testing.T, dial Dial, opts *storage.Options) Store
	// HTTP says that the server speaks HTTP/1.1 without TLS: then some requests are answered with
	// 500, 503 and SlowDown before they reach it.
	HTTP bool
	// Transfers is how many objects go up or down. Default 200; the flag -torture sets it for all.
	Transfers int
	// MaxSize is the largest object in bytes; each order of magnitude is as likely as any other. Default 64 MiB.
	MaxSize int64
	// Parallel is how many transfers are made at a time. Default 4.
	Parallel int
	// PartSize of the uploads. Default the driver's MinPartSize or 1 MiB.
	PartSize int64
	// MaxFault is how long a stall or black hole lasts at most. Default 3 s.
	MaxFault time.Duration
	// Seed makes the sizes and faults. Default 1; the flag -torture-seed sets it for all. Which transfer a fault meets is up to the scheduler.
	Seed uint64
}

// Dial makes a connection, as net.Dialer.DialContext does.
type Dial = func(ctx context.Context, network, addr string) (net.Conn, error)

// tortureOptions are Options of a Bucket that retries soon and waits little for a stalled read.
func tortureOptions(attempts int) *storage.Options {
	return &storage.Options{
		Attempts: attempts, RetryDelay: 20 * time.Millisecond, MaxRetryDelay: 500 * time.Millisecond, StallTimeout: 2 * time.Second,
	}
}

// Torture moves objects of 1 byte to MaxSize through a network in which a third of the transfers meet a
// fault: latency, little bandwidth, resets, stalls, black holes, early ends, and over HTTP
// the answers of an overloaded server. A quarter goes through a Bucket without retries, so that transfers
// fail and are cleaned up after. Each object that was stored or read has the right bytes; each failure is
// of kind Unavailable or Integrity, since a network can cause no other; a failed upload is not visible in
// part. In the end no connection, no temporary name and no part is left. Goroutines are for
// the package's TestMain (internal/leak) to find.
func Torture(t *testing.T, h TortureHarness) {
	t.Helper()
	h.setDefaults()
	proxy := faultproxy.New(h.HTTP)
	t.Cleanup(func() { require.NoError(t, proxy.Close()) })
	broken, fragile := h.Open(t, proxy.Dial, tortureOptions(6)), h.Open(t, proxy.Dial, tortureOptions(1))
	clean := h.Open(t, (&net.Dialer{}).DialContext, tortureOptions(5))
	run := &torture{
		h: &h, proxy: proxy, broken: broken.Bucket, fragile: fragile.Bucket, clean: clean.Bucket, kinds: map[string]map[rendition.Kind]int{},
	}
	run.block = make([]byte, h.MaxSize+1<<20)
	var seed [32]byte
	seed[0] = byte(h.Seed)
	_, _ = rand.NewChaCha8(seed).Read(run.block)
	if run.h.PartSize == 0 {
		run.h.PartSize = max(broken.Bucket.Capabilities().MinPartSize, 1<<20)
	}
	began := time.Now()
	run.all(t)
	proxy.Disarm()
	require.NoError(t, broken.Bucket.Close())
	require.NoError(t, fragile.Bucket.Close())
	if clean.Leftovers != nil {
		require.Empty(t, clean.Leftovers(t), "left in the store")
	}
	require.NoError(t, clean.Bucket.Close())
	require.Eventually(t, func() bool { now, _ := proxy.Connections(); return now == 0 }, 10*time.Second, 10*time.Millisecond,
		"connections are left after the Bucket was closed")
	_, ever := proxy.Connections()
	t.Logf("%d transfers (%d MiB) in %v over %d connections: failed %v, faults %v", h.Transfers, run.moved.Load()>>20,
		time.Since(began).Round(time.Millisecond), ever, run.kinds, proxy.Happened())
}

func (h *TortureHarness) setDefaults() {
	if *tortureTransfers > 0 {
		h.Transfers = *tortureTransfers
	}
	if h.Transfers == 0 {
		h.Transfers = 200
	}
	if h.MaxSize == 0 {
		h.MaxSize = 64 << 20
	}
	if h.Parallel == 0 {
		h.Parallel = 4
	}
	if h.MaxFault == 0 {
		h.MaxFault = 3 * time.Second
	}
	if *tortureSeed > 0 {
		h.Seed = *tortureSeed
	}
	if h.Seed == 0 {
		h.Seed = 1
	}
}

// torture is one run.
type torture struct {
	h             *TortureHarness
	proxy         *faultproxy.Proxy
	broken, clean *storage.Bucket
	fragile       *storage.Bucket // without retries
	block         []byte          // what all objects are cut from
	moved         atomic.Int64

	mu    sync.Mutex
	kinds map[string]map[rendition.Kind]int // of failures, with retries and without
}

// transfer is one object that goes up or down.
type transfer struct {
	key   string
	data  []byte
	up    bool
	once  bool // without retries
	fault *faultproxy.Fault
}

// all makes all transfers.
func (r *torture) all(t *testing.T) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(r.h.Seed, 0)) //nolint:gosec // the same in every run
	work := make(chan transfer)
	var workers sync.WaitGroup
	for range r.h.Parallel {
		workers.Go(func() {
			for job := range work {
				if err := r.transfer(t.Context(), job); err != nil {
					t.Errorf("%s (%d bytes, up %v, once %v, fault %+v): %v", job.key, len(job.data), job.up, job.once, job.fault, err)
				}
			}
		})
	}
	for i := range r.h.Transfers {
		size := faultproxy.LogUniform(rnd, r.h.MaxSize)
		off := rnd.Int64N(1 << 20)
		job := transfer{key: fmt.Sprintf("torture/%d/%d.bin", i%7, i), data: r.block[off : off+size]}
		job.up, job.once = rnd.IntN(2) == 0, rnd.IntN(4) == 0
		if rnd.IntN(3) == 0 {
			f := faultproxy.Random(rnd, size, r.h.HTTP, r.h.MaxFault)
			job.fault = &f
		}
		work <- job
	}
	close(work)
	workers.Wait()
}

// transfer makes one and returns what must not be.
func (r *torture) transfer(ctx context.Context, job transfer) error {
	r.moved.Add(int64(len(job.data)))
	if job.up {
		return r.upload(ctx, job)
	}
	if err := r.put(ctx, r.clean, job); err != nil {
		return fmt.Errorf("the real network failed: %w", err)
	}
	r.arm(job)
	failure, err := r.compare(ctx, r.bucket(job), job)
	if err != nil {
		return err
	}
	if err := r.allowed(job, failure); err != nil {
		return err
	}
	return r.clean.Delete(ctx, job.key)
}

func (r *torture) bucket(job transfer) *storage.Bucket {
	if job.once {
		return r.fragile
	}
	return r.broken
}

func (r *torture) arm(job transfer) {
	if job.fault != nil {
		r.proxy.Arm(*job.fault)
	}
}

func (r *torture) upload(ctx context.Context, job transfer) error {
	r.arm(job)
	failure := r.put(ctx, r.bucket(job), job)
	if err := r.allowed(job, failure); err != nil {
		return err
	}
	// A commit whose answer is lost may have been done: then the object is there as a whole.
	missing, err := r.compare(ctx, r.clean, job)
	switch {
	case err != nil:
		return err
	case missing != nil && (failure == nil || rendition.KindOf(missing) != rendition.NotFound):
		return fmt.Errorf("after the upload: %w", missing)
	}
	return r.clean.Delete(ctx, job.key)
}

// put writes an object in pieces.
func (r *torture) put(ctx context.Context, to *storage.Bucket, job transfer) error {
	w, err := to.NewWriter(ctx, job.key, &storage.WriterOptions{PartSize: r.h.PartSize})
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{bytes.NewReader(job.data)}, make([]byte, 100_003))
	return errors.Join(err, w.Close())
}

// compare reads an object. failure is why it could not be read, err that it has other bytes.
func (r *torture) compare(ctx context.Context, from *storage.Bucket, job transfer) (failure, err error) {
	in, err := from.Open(ctx, job.key, nil)
	if err != nil {
		return err, nil
	}
	defer in.Close()
	buf := make([]byte, 64<<10)
	for off := 0; ; {
		n, err := in.Read(buf)
		if n > len(job.data)-off || !bytes.Equal(buf[:n], job.data[off:off+n]) {
			return nil, fmt.Errorf("other bytes at %d", off)
		}
		off += n
		switch {
		case err == io.EOF && off != len(job.data): //nolint:errorlint // Read returns the bare io.EOF
			return nil, fmt.Errorf("only %d bytes", off)
		case err == io.EOF: //nolint:errorlint // as above
			return nil, nil
		case err != nil:
			return err, nil
		}
	}
}

// allowed says whether a network can cause a failure.
func (r *torture) allowed(job transfer, failure error) error {
	if failure == nil {
		return nil
	}
	var e *rendition.Error
	if !errors.As(failure, &e) {
		return fmt.Errorf("not a *rendition.Error: %w", failure)
	}
	r.count(job, e.Kind)
	if e.Kind != rendition.Unavailable && e.Kind != rendition.Integrity {
		return fmt.Errorf("kind %s, which no network causes: %w", e.Kind.String(), failure)
	}
	return nil
}

func (r *torture) count(job transfer, kind rendition.Kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	way := "with retries"
	if job.once {
		way = "without"
	}
	if r.kinds[way] == nil {
		r.kinds[way] = map[rendition.Kind]int{}
	}
	r.kinds[way][kind]++
}

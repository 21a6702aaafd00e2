package transcode

import (
	"context"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

// sink is a driver that forgets what it takes.
type sink struct{ driver.Driver }

func (s *sink) NewUpload(ctx context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	u, err := s.Driver.NewUpload(ctx, key, opts)
	return &sinkUpload{u}, err
}

type sinkUpload struct{ driver.Upload }

func (*sinkUpload) WritePart(context.Context, *driver.Part) error { return nil }

func (*sinkUpload) Commit(context.Context) (*driver.Info, error) { return &driver.Info{Size: -1}, nil }

// given counts what was taken of an endless source, up to a limit.
type given struct {
	n     atomic.Int64
	limit int64
}

func (g *given) Read(b []byte) (int, error) {
	if g.n.Load() >= g.limit {
		return 0, io.EOF
	}
	g.n.Add(int64(len(b)))
	return len(b), nil
}

// TestStalledDestinationHoldsUpTheRest: what lies in memory for a destination that
// takes nothing is bounded, and when it is given up the others go on.
func TestStalledDestinationHoldsUpTheRest(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	faults.Add(faultstore.Rule{Op: faultstore.WritePart, Times: -1, Wait: make(chan struct{})})
	good := memstore.New(nil).Wrap(func(d driver.Driver) driver.Driver { return &sink{d} })
	bad := faults.Wrap(memstore.New(nil))
	defer good.Close()
	defer bad.Close()
	engine := New(nil)
	p := &publisher{
		task: &Task{engine: engine, events: newEventQueue(nil)}, plan: &Plan{}, index: map[string]int{}, need: 1, stall: 3 * time.Second,
	}
	for i, b := range []*storage.Bucket{good, bad} {
		d := newDestination(t.Context(), i, place{field: itemPath("output.buckets", i), bucket: b})
		d.bucket, d.several = b, true
		var err error
		d.earlier, err = lookAround(t.Context(), b, p.plan)
		require.NoError(t, err)
		p.destinations = append(p.destinations, d)
	}
	defer p.close()
	g := &given{limit: 64 << 20}
	done := make(chan error, 1)
	go func() { done <- p.copyFrom(t.Context(), PublishedFile{Path: "a"}, g) }()
	const bound = (2 + 1) * storage.DefaultPartSize // those in flight and the one being filled
	require.Eventually(t, func() bool { return g.n.Load() >= bound }, time.Minute, time.Millisecond)
	time.Sleep(200 * time.Millisecond)
	require.LessOrEqual(t, g.n.Load(), int64(bound+64<<10))
	require.NoError(t, <-done)
	require.Equal(t, 1, p.good())
	require.Equal(t, g.n.Load(), p.files[0].Size)
	require.ErrorContains(t, p.destinations[1].failed(), "it took nothing for 3s")
}

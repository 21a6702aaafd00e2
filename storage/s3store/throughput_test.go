package s3store

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
)

var throughput = flag.Int("throughput", 0, "how many rounds to measure 1 GiB against the SDK's transfer manager and rclone")

// mover moves one file to and from a bucket.
type mover struct {
	name     string
	up, down func(ctx context.Context, file, key string) error
}

// TestThroughput moves 1 GiB between a file and MinIO: this package, the SDK's transfer manager and rclone, in turns.
func TestThroughput(t *testing.T) {
	if *throughput == 0 {
		t.Skip("takes minutes: give -throughput 3")
	}
	const size = 1 << 30
	p := newPeer(t, servers.StartMinIO(t), nil)
	bucket := p.bucket(t)
	dir := t.TempDir()
	source := filepath.Join(dir, "source")
	f, err := os.Create(source)
	require.NoError(t, err)
	_, err = io.Copy(f, io.LimitReader(&counter{}, size))
	require.NoError(t, err)
	require.NoError(t, f.Close())

	movers := []mover{ours(t, p, bucket), managers(p, bucket), rclones(t, p, bucket)}
	up, down := map[string][]float64{}, map[string][]float64{}
	for round := range *throughput {
		for i := range movers { // each begins a round once
			m := movers[(i+round)%len(movers)]
			began := time.Now()
			require.NoError(t, m.up(t.Context(), source, m.name), m.name)
			up[m.name] = append(up[m.name], rate(size, began))
			target := filepath.Join(dir, "target")
			began = time.Now()
			require.NoError(t, m.down(t.Context(), target, m.name), m.name)
			down[m.name] = append(down[m.name], rate(size, began))
			same(t, source, target)
			require.NoError(t, os.Remove(target))
			_, err := p.sdk.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &bucket, Key: &m.name})
			require.NoError(t, err)
		}
	}
	for _, m := range movers {
		t.Logf("%-10s up %5.0f MiB/s (ours is %.2f of it)  down %5.0f MiB/s (ours is %.2f of it)", m.name,
			median(up[m.name]), ratio(up[movers[0].name], up[m.name]),
			median(down[m.name]), ratio(down[movers[0].name], down[m.name]))
	}
}

func ours(t *testing.T, p *peer, bucket string) mover {
	b := p.open(t, bucket, func(o *Options) { o.Region, o.UnsignedPayload = p.Region, *unsigned })
	return mover{
		name: "s3store",
		up: func(ctx context.Context, file, key string) error {
			f, err := os.Open(file)
			if err != nil {
				return err
			}
			defer f.Close()
			w, err := b.NewWriter(ctx, key, &storage.WriterOptions{PartSize: *partSize << 20, InFlight: *inFlight})
			if err != nil {
				return err
			}
			if _, err := io.Copy(w, f); err != nil {
				return err
			}
			return w.Close()
		},
		down: func(ctx context.Context, file, key string) error {
			r, err := b.Open(ctx, key, &storage.ReadOptions{MaxRange: *maxRange << 20})
			if err != nil {
				return err
			}
			defer r.Close()
			f, err := os.Create(file)
			if err != nil {
				return err
			}
			if _, err := io.CopyBuffer(struct{ io.Writer }{f}, r, make([]byte, 256<<10)); err != nil {
				return err
			}
			return f.Close()
		},
	}
}

// What ours is tried with; 0 is the default.
var (
	partSize = flag.Int64("part", 0, "PartSize in MiB")
	inFlight = flag.Int("inflight", 0, "InFlight")
	maxRange = flag.Int64("range", 0, "MaxRange in MiB")
	unsigned = flag.Bool("unsigned", false, "UnsignedPayload")
)

func managers(p *peer, bucket string) mover {
	tm := transfermanager.New(p.sdk)
	return mover{
		name: "manager",
		up: func(ctx context.Context, file, key string) error {
			f, err := os.Open(file)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = tm.UploadObject(ctx, &transfermanager.UploadObjectInput{Bucket: &bucket, Key: &key, Body: f})
			return err
		},
		down: func(ctx context.Context, file, key string) error {
			f, err := os.Create(file)
			if err != nil {
				return err
			}
			_, err = tm.DownloadObject(ctx, &transfermanager.DownloadObjectInput{Bucket: &bucket, Key: &key, WriterAt: f})
			if err != nil {
				return err
			}
			return f.Close()
		},
	}
}

func rclones(t *testing.T, p *peer, bucket string) mover {
	path := testenv.Program(t, "rclone")
	run := func(ctx context.Context, args ...string) error {
		cmd := exec.CommandContext(ctx, path, args...)
		cmd.Env = append(os.Environ(), "AWS_CA_BUNDLE=", "RCLONE_CONFIG=/dev/null", "RCLONE_CONFIG_M_TYPE=s3", "RCLONE_CONFIG_M_PROVIDER=Minio",
			"RCLONE_CONFIG_M_ENDPOINT="+p.Endpoint, "RCLONE_CONFIG_M_REGION="+p.Region,
			"RCLONE_CONFIG_M_ACCESS_KEY_ID="+p.AccessKey, "RCLONE_CONFIG_M_SECRET_ACCESS_KEY="+p.SecretKey)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Logf("rclone: %s", out)
		}
		return err
	}
	return mover{
		name: "rclone",
		up: func(ctx context.Context, file, key string) error {
			return run(ctx, "copyto", file, "m:"+bucket+"/"+key)
		},
		down: func(ctx context.Context, file, key string) error {
			return run(ctx, "copyto", "m:"+bucket+"/"+key, file)
		},
	}
}

func same(t *testing.T, a, b string) {
	t.Helper()
	fa, err := os.Open(a)
	require.NoError(t, err)
	defer fa.Close()
	fb, err := os.Open(b)
	require.NoError(t, err)
	defer fb.Close()
	bufA, bufB := make([]byte, 1<<20), make([]byte, 1<<20)
	for {
		n, errA := io.ReadFull(fa, bufA)
		m, errB := io.ReadFull(fb, bufB)
		require.True(t, bytes.Equal(bufA[:n], bufB[:m]), "other bytes came back")
		require.Equal(t, errA, errB)
		if errA != nil {
			return
		}
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// ratio is the median of the rounds' own ratios.
func ratio(a, b []float64) float64 {
	r := make([]float64, len(a))
	for i := range a {
		r[i] = a[i] / b[i]
	}
	return median(r)
}

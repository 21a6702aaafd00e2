//go:build cgo

package transcode_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// halfDone is a job that has failed at the first of three places, in another process.
func halfDone(t *testing.T) (job *transcode.Job, result *transcode.Result, bad, good *place) {
	t.Helper()
	bad, good = newPlace(faultstore.Rule{Op: faultstore.Commit, Nth: 3, Times: -1, Kind: rendition.Quota}), newPlace()
	job = sends(t, goodClip(t), 1, bad, good, newPlace())
	done, err := transcode.New(&transcode.Config{RetryFor: -1}).Run(t.Context(), job, nil)
	require.NoError(t, err)
	data, err := json.Marshal(done)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &result))
	bad.faults.Reset()
	return job, result, bad, good
}

func TestRedeliverGoesOn(t *testing.T) {
	t.Parallel()
	job, result, bad, good := halfDone(t)
	engine := transcode.New(&transcode.Config{RetryFor: -1})
	n := len(result.Files)

	// It fails once more on the way, and what is there stays.
	bad.faults.Add(faultstore.Rule{Op: faultstore.Commit, Nth: 6, Times: -1, Kind: rendition.Permission})
	again, err := engine.Redeliver(t.Context(), job, result, &transcode.RedeliverOptions{Parallel: 1})
	require.ErrorIs(t, err, rendition.Permission)
	require.ErrorContains(t, err, "transcode: redeliver: output.buckets[0]: ")
	require.Equal(t, rendition.FaultDestination, rendition.FaultOf(err))
	require.Equal(t, 5, again.Copied)
	require.Equal(t, transcode.DestinationFailed, again.Destinations[0].State)
	require.Equal(t, 5, again.Destinations[0].Files)
	bad.faults.Reset()

	// One of them has become another file, one is of another type.
	key := result.Files[0].Path
	obj, err := good.Bucket().ReadAll(t.Context(), key, 0)
	require.NoError(t, err)
	obj[0]++
	require.NoError(t, bad.Bucket().WriteAll(t.Context(), key, obj, nil))
	var last transcode.RedeliverProgress
	steps := 0
	again, err = engine.Redeliver(t.Context(), job, result, &transcode.RedeliverOptions{OnProgress: func(p transcode.RedeliverProgress) {
		require.GreaterOrEqual(t, p.Destination.Bytes, last.Destination.Bytes)
		last = p
		steps++
	}})
	require.NoError(t, err)
	require.Positive(t, again.Skipped)
	require.Equal(t, n, again.Copied+again.Skipped)
	require.Equal(t, contents(t, good.Bucket()), contents(t, bad.Bucket()))
	require.GreaterOrEqual(t, steps, n+2)
	require.Equal(t, n, last.Destination.Files)
	require.Equal(t, n, last.Files)
	require.Equal(t, last.Bytes, last.Destination.Bytes)
	require.Equal(t, again.Skipped, last.Skipped)
	require.Equal(t, transcode.DestinationSaved, last.Destination.State)

	// With everything there nothing is copied, but when it is asked for.
	for _, c := range []struct {
		opts   transcode.RedeliverOptions
		copied int
	}{{transcode.RedeliverOptions{}, 0}, {transcode.RedeliverOptions{SizeOnly: true}, 0}, {transcode.RedeliverOptions{Overwrite: true}, n}} {
		bad.faults.Reset()
		again, err = engine.Redeliver(t.Context(), job, result, &c.opts)
		require.NoError(t, err)
		require.Equal(t, c.copied, again.Copied)
		require.Equal(t, c.copied, bad.faults.Calls(faultstore.Commit))
		require.Equal(t, c.opts.SizeOnly || c.opts.Overwrite, bad.faults.Calls(faultstore.OpenRange) == 0)
	}
}

// What names other files is copied behind them.
func TestRedeliverKeepsTheOrder(t *testing.T) {
	t.Parallel()
	job, result, bad, _ := halfDone(t)
	var mu sync.Mutex
	var order []string
	job.Output.Buckets[0] = bad.bucket.Wrap(func(d driver.Driver) driver.Driver {
		return &noting{d, func(key string) {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, key)
		}}
	})
	_, err := transcode.New(nil).Redeliver(t.Context(), job, result, nil)
	require.NoError(t, err)
	require.Len(t, order, len(result.Files))
	require.Equal(t, "hls1/master.m3u8", order[len(order)-1])
	for i, key := range order {
		if strings.HasSuffix(key, ".m3u8") || strings.HasSuffix(key, ".vtt") {
			require.GreaterOrEqual(t, i, len(order)-4, "two playlists, the index and the multivariant: %v", order)
		}
	}
}

// A file that has changed at the good destination is not copied.
func TestRedeliverVerifies(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func([]byte) []byte{
		"bytes": func(b []byte) []byte { b[0]++; return b },
		"size":  func(b []byte) []byte { return b[1:] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			job, result, bad, good := halfDone(t)
			data, err := good.Bucket().ReadAll(t.Context(), "output_0.mp4", 0)
			require.NoError(t, err)
			require.NoError(t, good.Bucket().WriteAll(t.Context(), "output_0.mp4", change(data), nil))
			_, err = transcode.New(nil).Redeliver(t.Context(), job, result, nil)
			require.ErrorIs(t, err, rendition.Integrity)
			require.ErrorContains(t, err, "output.buckets[1]: output_0.mp4: it is not the file that was published")
			require.NotContains(t, contents(t, bad.Bucket()), "output_0.mp4")

			from := 2
			_, err = transcode.New(nil).Redeliver(t.Context(), job, result, &transcode.RedeliverOptions{From: &from})
			require.NoError(t, err)
		})
	}
}

func TestRedeliverCanceled(t *testing.T) {
	t.Parallel()
	job, result, bad, _ := halfDone(t)
	bad.faults.Add(faultstore.Rule{Op: faultstore.Commit, Nth: 4, Times: -1, Wait: make(chan struct{})})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	again, err := transcode.New(nil).Redeliver(ctx, job, result, &transcode.RedeliverOptions{OnProgress: func(p transcode.RedeliverProgress) {
		if p.Destination.Files == 2 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, rendition.Canceled)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, transcode.DestinationFailed, again.Destinations[0].State)
	require.NotContains(t, contents(t, bad.Bucket()), "hls1/master.m3u8")
}

// Buckets that the job does not name may be either end.
func TestRedeliverToAnotherPlace(t *testing.T) {
	t.Parallel()
	job, result, _, good := halfDone(t)
	job.OutSubpath = "not/theirs"
	other, third := newPlace(), newPlace()
	engine := transcode.New(nil)
	again, err := engine.Redeliver(t.Context(), job, result, &transcode.RedeliverOptions{FromBucket: good.Bucket(), ToBucket: other.bucket})
	require.NoError(t, err)
	require.Equal(t, -1, again.Destinations[0].Index)
	require.Equal(t, contents(t, good.Bucket()), contents(t, other.Bucket()))
	_, err = engine.Redeliver(t.Context(), job, result, &transcode.RedeliverOptions{FromBucket: other.bucket, ToBucket: third.bucket.Prefix("x")})
	require.NoError(t, err)
	require.Contains(t, contents(t, third.Bucket()), "x/hls1/master.m3u8")
	require.NoError(t, other.bucket.WriteAll(t.Context(), "open", nil, nil), "the caller's Buckets stay open")
}

func TestRedeliverErrors(t *testing.T) {
	t.Parallel()
	job, result, _, good := halfDone(t)
	engine := transcode.New(nil)
	nine, zero := 9, 0
	for want, opts := range map[string]*transcode.RedeliverOptions{
		"From: is 9, and the job has 3 destinations":  {From: &nine},
		"To[0]: is 9, and the job has 3 destinations": {To: []int{9}},
		"To[1]: is the destination 1 twice":           {To: []int{1, 1}},
		"To[0]: is the destination 0 twice":           {To: []int{0}, From: &zero},
		"a Bucket and an index":                       {To: []int{0}, ToBucket: good.bucket},
		"no destination has the files":                {To: []int{0, 1, 2}},
	} {
		_, err := engine.Redeliver(t.Context(), job, result, opts)
		require.ErrorIs(t, err, rendition.InvalidJob)
		require.ErrorContains(t, err, want)
	}
	for _, change := range []func(*transcode.Result){
		func(r *transcode.Result) { r.Files = nil },
		func(r *transcode.Result) {
			r.Files = []transcode.PublishedFile{{Path: "../x", SHA256: r.Files[0].SHA256}}
		},
		func(r *transcode.Result) { r.Files = []transcode.PublishedFile{{Path: "x", SHA256: "00"}} },
		func(r *transcode.Result) { r.Destinations = []transcode.DestinationResult{{Index: 7}} },
	} {
		broken := *result
		change(&broken)
		_, err := engine.Redeliver(t.Context(), job, &broken, nil)
		require.ErrorIs(t, err, rendition.InvalidJob)
	}
	_, err := engine.Redeliver(t.Context(), nil, nil, nil)
	require.ErrorIs(t, err, rendition.InvalidJob)

	whole := *result
	whole.Destinations = []transcode.DestinationResult{{Index: 0, State: transcode.DestinationSaved}}
	again, err := engine.Redeliver(t.Context(), job, &whole, nil)
	require.NoError(t, err)
	require.Empty(t, again.Destinations, "there is nothing to do")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = engine.Redeliver(ctx, job, result, nil)
	require.ErrorIs(t, err, rendition.Canceled)
}

// Hooks are told of redeliveries too.
func TestRedeliverIsObserved(t *testing.T) {
	t.Parallel()
	job, result, _, _ := halfDone(t)
	engine, r := observed(transcode.Config{})
	_, err := engine.Redeliver(context.WithValue(t.Context(), spanKey{}, &span{name: "host"}), job, result, nil)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"host/redeliver": 1, "host/redeliver/upload": len(result.Files)}, r.tree(t))
	require.InDelta(t, len(result.Files), r.counts["files"], 0)
}

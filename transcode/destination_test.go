//go:build cgo

package transcode_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/storage/opener"
	"github.com/rendition-sdk/rendition/transcode"
)

// place is a memory store whose Bucket has faults.
type place struct {
	*memstore.Store
	faults *faultstore.Faults
	bucket *storage.Bucket
}

func newPlace(rules ...faultstore.Rule) *place {
	p := &place{Store: memstore.NewStore(&memstore.Options{Bucket: &storage.Options{Attempts: 1}}), faults: faultstore.New()}
	p.bucket = p.faults.Wrap(p.Store.Bucket())
	for _, r := range rules {
		p.faults.Add(r)
	}
	return p
}

// sends is a job that sends one of each kind to several places.
func sends(t *testing.T, in string, atLeast int, to ...*place) *transcode.Job {
	t.Helper()
	b := transcode.NewJob(in).AtLeast(atLeast)
	var buckets []*storage.Bucket
	for _, p := range to {
		buckets = append(buckets, p.bucket)
	}
	b.ToBucket(buckets...)
	for _, o := range everything() {
		switch o := o.(type) {
		case *transcode.FileOutput:
			b.File(o)
		case *transcode.HLSOutput:
			b.HLS(o)
		case *transcode.ThumbnailsOutput:
			b.Thumbnails(o)
		}
	}
	job, err := b.Build()
	require.NoError(t, err)
	return job
}

// fates collects the events of a job's destinations.
type fates struct{ during, final []transcode.DestinationResult }

func (f *fates) event(e transcode.Event) {
	if d, ok := e.(transcode.DestinationEvent); ok {
		if d.Final {
			f.final = append(f.final, d.Destination)
		} else {
			f.during = append(f.during, d.Destination)
		}
	}
}

func states(list []transcode.DestinationResult) (s []transcode.DestinationState) {
	for _, d := range list {
		s = append(s, d.State)
	}
	return s
}

// moments are the times at which a destination can fail.
func moments() map[string]faultstore.Rule {
	always := func(op faultstore.Op, key string, nth int) faultstore.Rule {
		return faultstore.Rule{Op: op, Key: key, Nth: nth, Times: -1, Kind: rendition.Quota}
	}
	return map[string]faultstore.Rule{
		"before the job":          always(faultstore.List, "", 1),
		"at the first file":       always(faultstore.NewUpload, "", 1),
		"at its commit":           always(faultstore.Commit, "", 1),
		"in mid-job":              always(faultstore.Commit, "", 4),
		"at a part":               always(faultstore.WritePart, "", 6),
		"at a file at the end":    always(faultstore.Commit, "output_0.mp4", 1),
		"at the multivariant":     always(faultstore.Commit, "hls1/master.m3u8", 1),
		"when it is read back":    always(faultstore.OpenRange, "", 1),
		"when its answer is lost": {Op: faultstore.Commit, Key: "hls1/master.m3u8", Kind: rendition.Permission, After: true},
	}
}

// TestOneDestinationFails: with all of them wanted nothing is left anywhere, with
// one of them the other is whole, and a redelivery makes both the same.
func TestOneDestinationFails(t *testing.T) {
	t.Parallel()
	in := goodClip(t)
	for name, rule := range moments() {
		t.Run(name+", all", func(t *testing.T) {
			t.Parallel()
			good, bad := newPlace(), newPlace(rule)
			var f fates
			_, err := transcode.New(&transcode.Config{RetryFor: -1}).Run(t.Context(), sends(t, in, 0, good, bad), &transcode.RunOptions{OnEvent: f.event})
			if name == "when it is read back" {
				require.NoError(t, err, "the other one is read")
				return
			}
			require.ErrorIs(t, err, rule.Kind)
			require.ErrorContains(t, err, "output.buckets[1]")
			require.Equal(t, rendition.FaultDestination, rendition.FaultOf(err))
			requireEmpty(t, good.Bucket())
			requireEmpty(t, bad.Bucket())
			require.Equal(t, []transcode.DestinationState{transcode.DestinationFailed}, states(f.during))
			require.Equal(t, []transcode.DestinationState{transcode.DestinationRemoved, transcode.DestinationFailed}, states(f.final))
		})
		t.Run(name+", at least one", func(t *testing.T) {
			t.Parallel()
			bad, good := newPlace(rule), newPlace()
			engine := transcode.New(&transcode.Config{RetryFor: -1})
			job := sends(t, in, 1, bad, good)
			var f fates
			result, err := engine.Run(t.Context(), job, &transcode.RunOptions{OnEvent: f.event})
			require.NoError(t, err)
			want := contents(t, good.Bucket())
			require.Len(t, want, len(result.Files))
			requireEmpty(t, bad.Bucket())

			failed, saved := result.Destinations[0], result.Destinations[1]
			require.Equal(t, []transcode.DestinationState{transcode.DestinationFailed, transcode.DestinationSaved}, states(result.Destinations))
			require.Equal(t, result.Destinations, f.final)
			require.Len(t, f.during, 1)
			require.Equal(t, rule.Kind, failed.Kind)
			require.NotEmpty(t, failed.Error)
			require.Empty(t, failed.Left)
			require.Equal(t, len(want), saved.Files)
			require.EqualValues(t, good.Used(), saved.Bytes)
			require.Contains(t, strings.Join(result.Warnings, "\n"), "output.buckets[0] was given up")

			bad.faults.Reset()
			again, err := engine.Redeliver(t.Context(), job, result, nil)
			require.NoError(t, err)
			require.Equal(t, []transcode.DestinationState{transcode.DestinationSaved}, states(again.Destinations))
			require.Equal(t, len(want), again.Copied)
			require.Equal(t, want, contents(t, bad.Bucket()))
			require.Equal(t, types(t, good.Bucket()), types(t, bad.Bucket()))
		})
	}
}

// types are the content types and cache controls of a bucket's objects.
func types(t *testing.T, b *storage.Bucket) map[string]string {
	t.Helper()
	m := map[string]string{}
	for o, err := range b.List(t.Context(), nil) {
		require.NoError(t, err)
		m[o.Key] = o.ContentType + "; " + o.CacheControl
	}
	return m
}

// A growing presentation is taken back where it failed while the job goes on
// elsewhere, and an earlier one comes back.
func TestGrowingDestinationFails(t *testing.T) {
	t.Parallel()
	bad, good := newPlace(), newPlace()
	job := sends(t, goodClip(t), 1, bad, good)
	job.Outputs = presentation(144)[:1]
	engine := transcode.New(nil)
	_, err := engine.Run(t.Context(), job, nil)
	require.NoError(t, err)
	before := contents(t, bad.Bucket())

	job.Outputs = growingOutputs(144, 90)
	bad.faults.Add(faultstore.Rule{Op: faultstore.Commit, Key: "hls0/master.m3u8", Nth: 2, Times: 1, Kind: rendition.Quota})
	result, err := engine.Run(t.Context(), job, nil)
	require.NoError(t, err)
	require.Equal(t, []transcode.DestinationState{transcode.DestinationFailed, transcode.DestinationSaved}, states(result.Destinations))
	require.Equal(t, before, contents(t, bad.Bucket()))
	_, ended, err := playable(contents(t, good.Bucket()))
	require.NoError(t, err)
	require.True(t, ended)
	_, err = engine.Redeliver(t.Context(), job, result, nil)
	require.NoError(t, err)
	require.Equal(t, contents(t, good.Bucket()), contents(t, bad.Bucket()))
}

// What cannot be taken back is told, and does not look complete.
func TestFailedDestinationOutOfReach(t *testing.T) {
	t.Parallel()
	bad, good := newPlace(faultstore.Rule{Op: faultstore.Commit, Nth: 4, Times: -1, Kind: rendition.Unavailable},
		faultstore.Rule{Op: faultstore.Delete, Times: -1, Kind: rendition.Unavailable}), newPlace()
	result, err := transcode.New(&transcode.Config{RetryFor: -1}).Run(t.Context(), sends(t, goodClip(t), 1, bad, good), nil)
	require.NoError(t, err)
	require.Contains(t, result.Destinations[0].Left, "may be left")
	require.Equal(t, 3, result.Destinations[0].Files)
	left := contents(t, bad.Bucket())
	require.Len(t, left, 3)
	require.NotContains(t, left, "hls1/master.m3u8")
}

// Too many fail: the error names all of them.
func TestTooManyDestinationsFail(t *testing.T) {
	t.Parallel()
	a := newPlace(faultstore.Rule{Op: faultstore.Commit, Nth: 2, Times: -1, Kind: rendition.Quota})
	b := newPlace()
	c := newPlace(faultstore.Rule{Op: faultstore.Commit, Key: "output_0.mp4", Times: -1, Kind: rendition.Permission})
	var f fates
	_, err := transcode.New(nil).Run(t.Context(), sends(t, goodClip(t), 2, a, b, c), &transcode.RunOptions{OnEvent: f.event})
	require.Equal(t, rendition.Permission, rendition.KindOf(err))
	for _, text := range []string{"1 of 3 destinations are good, the job wants at least 2", "output.buckets[0]", "output.buckets[2]"} {
		require.ErrorContains(t, err, text)
	}
	for _, p := range []*place{a, b, c} {
		requireEmpty(t, p.Bucket())
	}
	require.Equal(t, []transcode.DestinationState{"failed", "removed", "failed"}, states(f.final))
}

// A destination that takes nothing and says nothing is given up, and its writes end.
func TestStalledDestination(t *testing.T) {
	t.Parallel()
	for _, op := range []faultstore.Op{faultstore.List, faultstore.NewUpload, faultstore.WritePart, faultstore.Commit} {
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			bad, good := newPlace(faultstore.Rule{Op: op, Nth: 2, Times: 1, Wait: make(chan struct{})}), newPlace()
			engine := transcode.New(&transcode.Config{RetryFor: 300 * time.Millisecond})
			result, err := engine.Run(t.Context(), sends(t, goodClip(t), 1, bad, good), nil)
			require.NoError(t, err)
			require.Contains(t, result.Destinations[0].Error, "it took nothing for 300ms")
			require.Equal(t, rendition.Unavailable, result.Destinations[0].Kind)
			require.Len(t, contents(t, good.Bucket()), len(result.Files))
			requireEmpty(t, bad.Bucket())
		})
	}
}

// Canceling does not wait for a destination that stalls, and takes back everywhere.
func TestCancelWhileADestinationStalls(t *testing.T) {
	t.Parallel()
	for _, atLeast := range []int{0, 1} {
		bad, good := newPlace(), newPlace()
		bad.faults.Add(faultstore.Rule{Op: faultstore.Commit, Nth: 3, Times: -1, Wait: make(chan struct{})})
		var f fates
		task, err := transcode.New(nil).Start(t.Context(), sends(t, goodClip(t), atLeast, good, bad), &transcode.RunOptions{OnEvent: f.event})
		require.NoError(t, err)
		require.Eventually(t, func() bool { return bad.faults.Calls(faultstore.Commit) >= 3 }, 30*time.Second, 5*time.Millisecond)
		began := time.Now()
		task.Cancel()
		_, err = task.Wait()
		require.ErrorIs(t, err, rendition.Canceled)
		require.Less(t, time.Since(began), 5*time.Second)
		requireEmpty(t, good.Bucket())
		requireEmpty(t, bad.Bucket())
		require.Equal(t, []transcode.DestinationState{"removed", "removed"}, states(f.final))
		require.Empty(t, f.during)
	}
}

// meeting is a driver whose commits wait for those of the others.
type meeting struct {
	driver.Driver
	all  *sync.WaitGroup
	once *sync.Once
}

func (m *meeting) NewUpload(ctx context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	u, err := m.Driver.NewUpload(ctx, key, opts)
	return &meetingUpload{u, m}, err
}

type meetingUpload struct {
	driver.Upload
	m *meeting
}

func (u *meetingUpload) Commit(ctx context.Context) (*driver.Info, error) {
	u.m.once.Do(func() {
		u.m.all.Done()
		u.m.all.Wait()
	})
	return u.Upload.Commit(ctx)
}

// TestDestinationsAreWrittenAtTheSameTime would not end if one waited for another.
func TestDestinationsAreWrittenAtTheSameTime(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	var places []*place
	for range 3 {
		all.Add(1)
		p := newPlace()
		p.bucket = p.bucket.Wrap(func(d driver.Driver) driver.Driver { return &meeting{d, &all, &sync.Once{}} })
		places = append(places, p)
	}
	_, err := transcode.New(nil).Run(t.Context(), sends(t, goodClip(t), 0, places...), nil)
	require.NoError(t, err)
	want := contents(t, places[0].Bucket())
	for _, p := range places {
		require.Equal(t, want, contents(t, p.Bucket()))
	}
}

// The order of publishing holds at every destination: what names others comes last.
func TestOrderAtEveryDestination(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	orders := make([][]string, 2)
	var places []*place
	for i := range orders {
		p := newPlace()
		p.bucket = p.bucket.Wrap(func(d driver.Driver) driver.Driver {
			return &noting{d, func(key string) {
				mu.Lock()
				defer mu.Unlock()
				orders[i] = append(orders[i], key)
			}}
		})
		places = append(places, p)
	}
	_, err := transcode.New(nil).Run(t.Context(), sends(t, goodClip(t), 0, places...), nil)
	require.NoError(t, err)
	for _, order := range orders {
		rank := func(key string) int {
			switch {
			case strings.HasSuffix(key, "master.m3u8"):
				return 2
			case strings.HasSuffix(key, ".m3u8"):
				return 1
			default:
				return 0
			}
		}
		last := 0
		for _, key := range order {
			if strings.HasPrefix(key, "hls1/") {
				require.GreaterOrEqual(t, rank(key), last, order)
				last = rank(key)
			}
		}
		require.Equal(t, "hls1/master.m3u8", order[len(order)-1])
	}
}

// noting is a driver that tells of every commit.
type noting struct {
	driver.Driver
	told func(key string)
}

func (n *noting) NewUpload(ctx context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	u, err := n.Driver.NewUpload(ctx, key, opts)
	return &notingUpload{u, n, key}, err
}

type notingUpload struct {
	driver.Upload
	n   *noting
	key string
}

func (u *notingUpload) Commit(ctx context.Context) (*driver.Info, error) {
	info, err := u.Upload.Commit(ctx)
	if err == nil {
		u.n.told(u.key)
	}
	return info, err
}

// writeOnly is a driver of a store that takes files and does nothing else.
type writeOnly struct{ driver.Driver }

var errWriteOnly = &driver.Error{Kind: rendition.Unsupported, Err: errors.New("this store gives nothing back")}

func (w *writeOnly) Capabilities() driver.Capabilities {
	c := w.Driver.Capabilities()
	c.NoList, c.ServerCopy = true, false
	return c
}

func (*writeOnly) OpenRange(context.Context, string, int64, int64, *driver.ReadOptions) (*driver.Body, error) {
	return nil, errWriteOnly
}
func (*writeOnly) Stat(context.Context, string) (*driver.Info, error) { return nil, errWriteOnly }
func (*writeOnly) Delete(context.Context, string) error               { return errWriteOnly }

// A store that cannot be read gets everything too, unverified where it is alone.
func TestWriteOnlyDestination(t *testing.T) {
	t.Parallel()
	blind := newPlace()
	blind.bucket = blind.bucket.Wrap(func(d driver.Driver) driver.Driver { return &writeOnly{d} })
	result, err := transcode.New(nil).Run(t.Context(), sends(t, goodClip(t), 0, blind), nil)
	require.NoError(t, err)
	require.Contains(t, strings.Join(result.Warnings, "\n"), "hls1/master.m3u8 was not verified")
	require.Len(t, contents(t, blind.Bucket()), len(result.Files))

	blind2, open := newPlace(), newPlace()
	blind2.bucket = blind2.bucket.Wrap(func(d driver.Driver) driver.Driver { return &writeOnly{d} })
	result, err = transcode.New(nil).Run(t.Context(), sends(t, goodClip(t), 0, blind2, open), nil)
	require.NoError(t, err)
	require.Empty(t, result.Warnings)
	require.Equal(t, contents(t, open.Bucket()), contents(t, blind2.Bucket()))
}

// testOpener knows the scheme test, whose host names one of the places.
func testOpener(places map[string]*place) *storage.Opener {
	o := opener.New(nil)
	o.Schemes["test"] = func(_ context.Context, url string, _ storage.Target) (*storage.Bucket, string, error) {
		return places[strings.TrimPrefix(url, "test://")].faults.Wrap(places[strings.TrimPrefix(url, "test://")].Bucket()), "", nil
	}
	return o
}

// A destination that could not be cleaned, or read, or written to, is found out
// before anything is encoded.
func TestDestinationsAreChecked(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, op := range []faultstore.Op{faultstore.Commit, faultstore.OpenRange, faultstore.Delete} {
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			good, bad := newPlace(), newPlace(faultstore.Rule{Op: op, Times: -1, Kind: rendition.Permission})
			engine, seen := observed(transcode.Config{Opener: testOpener(map[string]*place{"good": good, "bad": bad}), Scratch: "none"})
			job := sends(t, goodClip(t), 0, good)
			job.Output = transcode.Destination{URLs: []string{"test://good", "test://bad"}}
			_, err := engine.Run(t.Context(), job, nil)
			require.ErrorIs(t, err, rendition.Permission)
			require.ErrorContains(t, err, "transcode: open: output.urls[1]: storage: check")
			require.Empty(t, seen.named(transcode.SpanEncode))
			require.Equal(t, rendition.FaultDestination, rendition.FaultOf(err))

			job.Output.AtLeast = 1
			result, err := engine.Run(t.Context(), job, nil)
			require.NoError(t, err)
			require.Equal(t, []transcode.DestinationState{transcode.DestinationSaved, transcode.DestinationFailed}, states(result.Destinations))
			require.Zero(t, result.Destinations[1].Files)
		})
	}
	// A job that has to take back nothing does without the right to delete.
	bad := newPlace(faultstore.Rule{Op: faultstore.Delete, Times: -1, Kind: rendition.Permission})
	engine := transcode.New(&transcode.Config{Opener: testOpener(map[string]*place{"bad": bad})})
	job := sends(t, goodClip(t), 0, bad)
	_, err := engine.Run(t.Context(), job, nil)
	require.NoError(t, err, "Buckets are not checked")
	job.Output.Check = &yes
	_, err = engine.Run(t.Context(), job, nil)
	require.ErrorIs(t, err, rendition.Permission)
	job.Output = transcode.Destination{URL: "test://bad", Check: &no}
	_, err = engine.Run(t.Context(), job, nil)
	require.NoError(t, err)
}

// All that is wrong with the destinations is told at once, and what is wrong with
// the job is not forgiven.
func TestDestinationsThatDoNotOpen(t *testing.T) {
	t.Parallel()
	file := goodClip(t)
	job := &transcode.Job{
		Input: transcode.Input{URL: file}, Outputs: oneFile(),
		Output: transcode.Destination{URLs: []string{t.TempDir(), file, "http://user:s3cr3t@127.0.0.1:1/a"}},
	}
	_, err := transcode.New(nil).Run(t.Context(), job, nil)
	require.Len(t, transcode.Problems(err), 2)
	require.ErrorContains(t, err, "output.urls[1]")
	require.ErrorContains(t, err, "output.urls[2]")
	require.NotContains(t, err.Error(), "s3cr3t")

	job.Output = transcode.Destination{URLs: []string{t.TempDir(), file}, AtLeast: 1}
	result, err := transcode.New(nil).Run(t.Context(), job, nil)
	require.NoError(t, err)
	require.Equal(t, rendition.Exists, result.Destinations[1].Kind)

	job.Output.URLs[1] = "gopher://a"
	_, err = transcode.New(nil).Run(t.Context(), job, nil)
	require.ErrorIs(t, err, rendition.Unsupported)
	require.ErrorContains(t, err, "output.urls[1]")
}

// The result says in JSON how destinations fared.
func TestDestinationsInJSON(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	job, err := transcode.ParseJob([]byte(`{"input": {"url": "` + goodClip(t) + `"}, "output": {"urls": ["` + dir + `", "mem://b"], "at_least": 1, "check": false},
	  "outputs": [{"type": "file", "height": 144, "preset": "ultrafast"}]}`))
	require.NoError(t, err)
	require.Equal(t, 1, job.Output.AtLeast)
	require.False(t, *job.Output.Check)
	result, err := transcode.New(nil).Run(t.Context(), job, nil)
	require.NoError(t, err)
	data, err := json.Marshal(result.Destinations)
	require.NoError(t, err)
	var back []transcode.DestinationResult
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, result.Destinations, back)
	require.Equal(t, filepath.ToSlash(dir)+"/", back[0].Name)
	require.Equal(t, "mem://b/", back[1].Name)
	require.EqualValues(t, result.Files[0].Size, back[1].Bytes)
}

func TestInvalidDestinations(t *testing.T) {
	t.Parallel()
	b := memstore.New(nil)
	defer b.Close()
	for want, out := range map[string]transcode.Destination{
		"output.at_least: is 3, and the job has 2 destinations": {URLs: []string{"a", "b"}, AtLeast: 3},
		"output.at_least: is 2, and the job has 1 destinations": {URL: "a", AtLeast: 2},
		"output.at_least: must be 1 or more":                    {URL: "a", AtLeast: -1},
		"output.buckets[1]: is the same place as":               {Buckets: []*storage.Bucket{b, b}},
		"output.buckets[0]: is nil":                             {Buckets: []*storage.Bucket{nil}},
		"output.buckets: must have 1 to 8 entries, got 0":       {Buckets: []*storage.Bucket{}},
		"output: has both Bucket and Buckets":                   {Bucket: b, Buckets: []*storage.Bucket{b}},
		"output.s3.bucket: must be a bucket's name alone":       {S3: &transcode.S3Location{Bucket: "a/b"}},
	} {
		job := &transcode.Job{Input: transcode.Input{URL: "a"}, Output: out, Outputs: oneFile()}
		require.ErrorContains(t, job.Validate(), want)
	}
	_, err := transcode.ParseJob([]byte(around(`{"url": "a"}`, `{"url": "b", "atleast": 1}`, "")))
	require.ErrorContains(t, err, `output.atleast: unknown field; did you mean "at_least"?`)
}

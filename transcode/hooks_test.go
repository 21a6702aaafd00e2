//go:build cgo

package transcode_test

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/filestore"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// span is one that a recorder was told of.
type span struct {
	name   transcode.SpanName
	parent *span
	attrs  map[string]slog.Value
	err    error
	ends   int
}

type spanKey struct{}

// recorder is a Tracer and a Metrics that remembers everything.
type recorder struct {
	began func(*span) // may be nil

	mu     sync.Mutex
	spans  []*span
	counts map[string]float64 // by counter, with the values of attributes behind a blank
	values map[transcode.Measure][]float64
}

func newRecorder() *recorder {
	return &recorder{counts: map[string]float64{}, values: map[transcode.Measure][]float64{}}
}

// Start implements transcode.Tracer.
func (r *recorder) Start(ctx context.Context, name transcode.SpanName, attrs ...slog.Attr) (context.Context, func(error, ...slog.Attr)) {
	s := &span{name: name, attrs: map[string]slog.Value{}}
	s.parent, _ = ctx.Value(spanKey{}).(*span)
	s.note(attrs)
	r.mu.Lock()
	r.spans = append(r.spans, s)
	r.mu.Unlock()
	if r.began != nil {
		r.began(s)
	}
	return context.WithValue(ctx, spanKey{}, s), func(err error, attrs ...slog.Attr) {
		r.mu.Lock()
		defer r.mu.Unlock()
		s.err = err
		s.ends++
		s.note(attrs)
	}
}

func (s *span) note(attrs []slog.Attr) {
	for _, a := range attrs {
		s.attrs[a.Key] = a.Value
	}
}

// path is the span's name behind those of the spans it lies in.
func (s *span) path() string {
	if s.parent == nil {
		return string(s.name)
	}
	return s.parent.path() + "/" + string(s.name)
}

// Add implements transcode.Metrics.
func (r *recorder) Add(_ context.Context, c transcode.Counter, n float64, attrs ...slog.Attr) {
	name := string(c)
	for _, a := range attrs {
		name += " " + a.Value.String()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[name] += n
}

// Record implements transcode.Metrics.
func (r *recorder) Record(_ context.Context, m transcode.Measure, value float64, _ ...slog.Attr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.values[m] = append(r.values[m], value)
}

// tree counts the spans by path. All must have ended.
func (r *recorder) tree(t *testing.T) map[string]int {
	t.Helper()
	paths := map[string]int{}
	for _, s := range r.spans {
		require.Equal(t, 1, s.ends, "ends of %s", s.path())
		paths[s.path()]++
	}
	return paths
}

// named returns the spans of a name.
func (r *recorder) named(name transcode.SpanName) (list []*span) {
	for _, s := range r.spans {
		if s.name == name {
			list = append(list, s)
		}
	}
	return list
}

// observed is an engine with a recorder.
func observed(c transcode.Config) (*transcode.Engine, *recorder) {
	r := newRecorder()
	c.Tracer, c.Metrics = r, r
	return transcode.New(&c), r
}

func TestHooksOfAJob(t *testing.T) {
	t.Parallel()
	engine, r := observed(transcode.Config{Scratch: "none"})
	dirs := []string{t.TempDir(), t.TempDir()}
	job := &transcode.Job{Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{URLs: dirs}, Outputs: everything()}
	root := &span{name: "host"}
	result, err := engine.Run(context.WithValue(t.Context(), spanKey{}, root), job, &transcode.RunOptions{Priority: 3})
	require.NoError(t, err)

	tree := r.tree(t)
	segments := tree["host/job/encode/upload"]
	last := tree["host/job/package/upload"]
	chunks := tree["host/job/encode/chunk"]
	require.Positive(t, segments)
	require.Positive(t, chunks)
	require.Equal(t, map[string]int{
		"host/job": 1, "host/job/queue": 1, "host/job/probe": 1, "host/job/plan": 1, "host/job/encode": 1, "host/job/encode/chunk": chunks,
		"host/job/encode/upload": segments, "host/job/package": 4, "host/job/package/upload": last, "host/job/publish": 1,
		"host/job/publish/upload": len(result.Files) - segments - last,
	}, tree)

	of := r.named(transcode.SpanJob)[0].attrs
	require.Equal(t, job.Input.URL, of["source"].String())
	require.EqualValues(t, 3, of["priority"].Int64())
	require.Equal(t, "completed", of["state"].String())
	require.EqualValues(t, chunks, r.named(transcode.SpanEncode)[0].attrs["chunks"].Int64())
	for _, s := range r.named(transcode.SpanChunk) {
		require.Equal(t, "v0", s.attrs["videos"].String())
		require.EqualValues(t, 1, s.attrs["attempt"].Int64())
	}
	var sum int64
	for _, s := range r.named(transcode.SpanUpload) {
		i := slices.IndexFunc(result.Files, func(f transcode.PublishedFile) bool { return f.Path == s.attrs["path"].String() })
		require.Equal(t, result.Files[i].Size, s.attrs["bytes"].Int64())
		sum += s.attrs["bytes"].Int64()
	}

	require.InDelta(t, 1, r.counts["jobs completed"], 0)
	require.InDelta(t, chunks, r.counts["chunks"], 0)
	require.InDelta(t, len(result.Files), r.counts["files"], 0)
	require.InDelta(t, 2*sum, r.counts["bytes.written"], 0, "at two destinations")
	require.InDelta(t, 4, r.counts["media"], 0.05)
	require.Greater(t, r.counts["bytes.read"], float64(result.Media.Size), "it is probed and then read")
	for _, m := range []transcode.Measure{transcode.MeasureQueue, transcode.MeasureJob, transcode.MeasureSpeed} {
		require.Len(t, r.values[m], 1, m)
		require.Positive(t, r.values[m][0], m)
	}
	require.Len(t, r.values[transcode.MeasureChunk], chunks)
}

// A job that fails says so in each span it fails in, and the next one finds its chunks.
func TestHooksOfAFailedJob(t *testing.T) {
	t.Parallel()
	engine, r := observed(transcode.Config{Scratch: t.TempDir()})
	faults := faultstore.New()
	faults.Add(faultstore.Rule{Op: faultstore.Commit, Key: "hls0/master.m3u8", Kind: rendition.Quota})
	job := &transcode.Job{
		Input: transcode.Input{URL: silentClip(t)}, Output: transcode.Destination{Bucket: faults.Wrap(memstore.New(nil))}, Outputs: everything()[1:2],
	}
	_, err := engine.Run(t.Context(), job, nil)
	require.ErrorIs(t, err, rendition.Quota)
	require.Equal(t, 1, r.tree(t)["job/rollback"])
	for _, s := range r.spans {
		failed := s.name == transcode.SpanJob || s.name == transcode.SpanPublish || s.attrs["path"].String() == "hls0/master.m3u8"
		require.Equal(t, failed, s.err != nil, "%s %v", s.path(), s.attrs)
		if failed {
			require.ErrorIs(t, s.err, rendition.Quota)
		}
	}
	require.InDelta(t, 1, r.counts["jobs failed"], 0)

	encoded, repaired := r.counts["chunks"], r.counts["chunks.repaired"]
	require.Greater(t, encoded-repaired, 1.0)
	require.InDelta(t, 40, r.counts["media"], 0.05)
	_, err = engine.Run(t.Context(), job, nil)
	require.NoError(t, err)
	require.InDelta(t, encoded, r.counts["chunks"], 0)
	require.InDelta(t, encoded-repaired, r.counts["chunks.kept"], 0)
	require.InDelta(t, 1, r.counts["jobs completed"], 0)
}

// flakySource fails one read when it is told to.
type flakySource struct {
	rendition.Source
	fail atomic.Bool
}

// Open implements rendition.Source.
func (s *flakySource) Open(ctx context.Context) (rendition.SourceReader, error) {
	r, err := s.Source.Open(ctx)
	return &flakyReader{r, s}, err
}

type flakyReader struct {
	rendition.SourceReader
	s *flakySource
}

// Read implements io.Reader.
func (r *flakyReader) Read(b []byte) (int, error) {
	if r.s.fail.CompareAndSwap(true, false) {
		return 0, &rendition.Error{Kind: rendition.Unavailable, Op: "test"}
	}
	return r.SourceReader.Read(b)
}

// silentClip is long enough to be cut.
func silentClip(t *testing.T) string {
	t.Helper()
	return testenv.Generate(t, "silent.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=40",
		"-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-movflags", "+faststart")
}

func TestHooksOfRetries(t *testing.T) {
	t.Parallel()
	path := silentClip(t)
	files, err := filestore.Open(t.Context(), filepath.Dir(path), nil)
	require.NoError(t, err)
	defer files.Close()
	source := &flakySource{Source: files.Source(filepath.Base(path))}
	engine, r := observed(transcode.Config{Scratch: "none"})
	var once sync.Once
	r.began = func(s *span) {
		if s.name == transcode.SpanChunk {
			once.Do(func() { source.fail.Store(true) })
		}
	}
	faults := faultstore.New()
	faults.Add(faultstore.Rule{Op: faultstore.Commit, Times: 2, Kind: rendition.Unavailable})
	_, err = engine.Run(t.Context(), &transcode.Job{
		Input: transcode.Input{Source: source}, Output: transcode.Destination{Bucket: faults.Wrap(memstore.New(nil))},
		Outputs: transcode.Outputs{&transcode.FileOutput{Height: 144, Preset: "ultrafast"}},
	}, nil)
	require.NoError(t, err)
	require.InDelta(t, 1, r.counts["retries chunk"], 0)
	require.InDelta(t, 2, r.counts["retries storage"], 0)
	var again []*span
	for _, s := range r.named(transcode.SpanChunk) {
		if s.err != nil || s.attrs["attempt"].Int64() == 2 {
			again = append(again, s)
		}
	}
	require.Len(t, again, 2)
	require.ErrorIs(t, again[0].err, rendition.Unavailable)
	require.NoError(t, again[1].err)
	require.Equal(t, again[0].attrs["chunk"], again[1].attrs["chunk"])
}

// broken are hooks as a host should not write them.
type broken struct{}

func (broken) Start(_ context.Context, name transcode.SpanName, _ ...slog.Attr) (context.Context, func(error, ...slog.Attr)) {
	switch name {
	case transcode.SpanChunk:
		return nil, nil
	case transcode.SpanUpload:
		return context.Background(), func(error, ...slog.Attr) { panic("end") }
	}
	panic("start")
}
func (broken) Add(context.Context, transcode.Counter, float64, ...slog.Attr)    { panic("add") }
func (broken) Record(context.Context, transcode.Measure, float64, ...slog.Attr) { panic("record") }

func TestHooksThatPanicCostNoJob(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	engine := transcode.New(&transcode.Config{
		Tracer: broken{}, Metrics: broken{}, Scratch: "none", Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	_, err := engine.Run(t.Context(), &transcode.Job{
		Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{Bucket: memstore.New(nil)}, Outputs: everything(),
	}, nil)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(log.String(), "panicked"), log.String())
}

// heldSource cannot be opened until it is let go.
type heldSource struct {
	rendition.Source
	opened, goOn chan struct{}
}

func (s *heldSource) Open(ctx context.Context) (rendition.SourceReader, error) {
	select {
	case s.opened <- struct{}{}:
	default:
	}
	<-s.goOn
	return s.Source.Open(ctx)
}

func TestStats(t *testing.T) {
	t.Parallel()
	engine := transcode.New(&transcode.Config{MaxJobs: 1, Scratch: "none"})
	require.Equal(t, transcode.Stats{}, engine.Stats())
	bucket := memstore.New(nil)
	require.NoError(t, bucket.WriteAll(t.Context(), "a", []byte("no media"), nil))
	source := &heldSource{Source: bucket.Source("a"), opened: make(chan struct{}, 1), goOn: make(chan struct{})}
	var tasks []*transcode.Task
	for range 3 {
		task, err := engine.Start(t.Context(), &transcode.Job{
			Input: transcode.Input{Source: source}, Output: transcode.Destination{Bucket: memstore.New(nil)}, Outputs: everything(),
		}, nil)
		require.NoError(t, err)
		tasks = append(tasks, task)
	}
	<-source.opened
	require.Equal(t, transcode.Stats{Queued: 2, Running: 1}, engine.Stats())
	tasks[2].Pause()
	require.Equal(t, transcode.Stats{Queued: 2, Running: 1, Paused: 1}, engine.Stats())
	close(source.goOn)
	for _, task := range tasks {
		_, err := task.Wait()
		require.ErrorIs(t, err, rendition.InvalidInput)
	}
	require.Equal(t, transcode.Stats{}, engine.Stats())
}

// While a job encodes, its work is in the stats, and afterwards only the peak of it.
func TestStatsWhileEncoding(t *testing.T) {
	t.Parallel()
	engine, r := observed(transcode.Config{Scratch: "none"})
	var during transcode.Stats
	var once sync.Once
	r.began = func(s *span) {
		if s.name == transcode.SpanChunk {
			once.Do(func() { during = engine.Stats() })
		}
	}
	_, err := engine.Run(t.Context(), &transcode.Job{
		Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{Bucket: memstore.New(nil)}, Outputs: everything()[:1],
	}, nil)
	require.NoError(t, err)
	require.Equal(t, 1, during.Running)
	require.Positive(t, during.ChunksRunning)
	require.Positive(t, during.Cores)
	require.Positive(t, during.Memory)
	after := engine.Stats()
	require.GreaterOrEqual(t, after.PeakMemory, during.Memory)
	after.PeakMemory = 0
	require.Equal(t, transcode.Stats{}, after)
}

// Names of sources are redacted before a tracer sees them.
func TestTracesHoldNoSecrets(t *testing.T) {
	t.Parallel()
	engine, r := observed(transcode.Config{Scratch: "none"})
	_, err := engine.Run(t.Context(), &transcode.Job{
		Input:  transcode.Input{URL: "http://user:hunter2@127.0.0.1:1/a.mp4?token=hunter2"},
		Output: transcode.Destination{Bucket: memstore.New(nil)}, Outputs: everything(),
	}, nil)
	require.Error(t, err)
	for _, s := range r.spans {
		for _, v := range s.attrs {
			require.NotContains(t, v.String(), "hunter2")
		}
		if s.err != nil {
			require.NotContains(t, s.err.Error(), "hunter2")
		}
	}
}

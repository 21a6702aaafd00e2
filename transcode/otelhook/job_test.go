//go:build cgo

package otelhook_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

func job(t *testing.T, to *storage.Bucket) *transcode.Job {
	t.Helper()
	clip := testenv.Generate(t, "in.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4", "-f", "lavfi", "-i", "sine=duration=4",
		"-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", "-movflags", "+faststart")
	return &transcode.Job{
		Input: transcode.Input{URL: clip}, Output: transcode.Destination{Bucket: to},
		Outputs: transcode.Outputs{
			&transcode.FileOutput{Height: 144, Preset: "ultrafast"},
			&transcode.HLSOutput{Ladder: transcode.Heights(144, 90), Preset: "ultrafast", SegmentDuration: transcode.Time(2 * time.Second)},
		},
	}
}

// paths counts spans by their names and those of the spans that they lie in.
func paths(list tracetest.SpanStubs) map[string]int {
	byID := map[string]tracetest.SpanStub{}
	for _, s := range list {
		byID[s.SpanContext.SpanID().String()] = s
	}
	count := map[string]int{}
	for _, s := range list {
		path := s.Name
		for p, ok := byID[s.Parent.SpanID().String()]; ok; p, ok = byID[p.Parent.SpanID().String()] {
			path = p.Name + " " + path
		}
		count[path]++
	}
	return count
}

func TestJob(t *testing.T) {
	t.Parallel()
	b := newBackend(t)
	engine := transcode.New(&transcode.Config{Tracer: b.hooks, Metrics: b.hooks, Scratch: "none"})
	stop, err := b.hooks.Watch(engine)
	require.NoError(t, err)
	ctx, request := b.traces.Tracer("host").Start(t.Context(), "request")
	result, err := engine.Run(ctx, job(t, memstore.New(nil)), nil)
	request.End()
	require.NoError(t, err)

	list := b.spans.GetSpans()
	for _, s := range list {
		require.Positive(t, s.EndTime.Sub(s.StartTime), s.Name)
		require.Equal(t, codes.Unset, s.Status.Code, s.Name)
		require.Equal(t, request.SpanContext().TraceID(), s.SpanContext.TraceID(), s.Name)
	}
	count := paths(list)
	uploads := 0
	for _, stage := range []string{"encode", "package", "publish"} {
		n := count["request rendition.job rendition."+stage+" rendition.upload"]
		require.Positive(t, n, stage)
		delete(count, "request rendition.job rendition."+stage+" rendition.upload")
		uploads += n
	}
	require.Len(t, result.Files, uploads)
	require.Equal(t, map[string]int{
		"request": 1, "request rendition.job": 1, "request rendition.job rendition.queue": 1, "request rendition.job rendition.probe": 1,
		"request rendition.job rendition.plan": 1, "request rendition.job rendition.encode": 1,
		"request rendition.job rendition.encode rendition.chunk": 1, "request rendition.job rendition.package": 2,
		"request rendition.job rendition.publish": 1,
	}, count)

	values := b.metrics(t)
	require.InDelta(t, 1, values["rendition.jobsrendition.state=completed"], 0)
	require.InDelta(t, 4, values["rendition.media"], 0.1)
	require.InDelta(t, len(result.Files), values["rendition.files"], 0)
	for _, name := range []string{
		"bytes.read", "bytes.written", "chunks", "chunk.duration", "job.durationrendition.state=completed", "queue.duration", "speed",
		"engine.memory.peak",
	} {
		require.Positive(t, values["rendition."+name], name)
	}
	require.Contains(t, values, "rendition.engine.jobsrendition.state=running")
	require.NoError(t, stop())
}

func TestFailedJob(t *testing.T) {
	t.Parallel()
	b := newBackend(t)
	faults := faultstore.New()
	faults.Add(faultstore.Rule{Op: faultstore.Commit, Key: "output_0.mp4", Kind: rendition.Quota})
	engine := transcode.New(&transcode.Config{Tracer: b.hooks, Metrics: b.hooks, Scratch: "none"})
	_, err := engine.Run(t.Context(), job(t, faults.Wrap(memstore.New(nil))), nil)
	require.ErrorIs(t, err, rendition.Quota)
	failed := map[string]int{}
	for _, s := range b.spans.GetSpans() {
		if s.Status.Code == codes.Error {
			failed[s.Name]++
			require.Len(t, s.Events, 1, s.Name)
		}
	}
	require.Equal(t, map[string]int{"rendition.job": 1, "rendition.publish": 1, "rendition.upload": 1}, failed)
	require.Equal(t, 1, paths(b.spans.GetSpans())["rendition.job rendition.rollback"])
	require.InDelta(t, 1, b.metrics(t)["rendition.jobsrendition.state=failed"], 0)
}

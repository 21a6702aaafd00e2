package otelhook_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
	"github.com/rendition-sdk/rendition/transcode/otelhook"
)

// backend is OpenTelemetry's SDK, keeping what it gets in memory.
type backend struct {
	spans  *tracetest.InMemoryExporter
	traces *trace.TracerProvider
	reader *metric.ManualReader
	hooks  *otelhook.Hooks
}

func newBackend(t *testing.T) *backend {
	t.Helper()
	b := &backend{spans: tracetest.NewInMemoryExporter(), reader: metric.NewManualReader()}
	b.traces = trace.NewTracerProvider(trace.WithSyncer(b.spans))
	var err error
	b.hooks, err = otelhook.New(&otelhook.Options{
		TracerProvider: b.traces, MeterProvider: metric.NewMeterProvider(metric.WithReader(b.reader)),
	})
	require.NoError(t, err)
	return b
}

// metrics returns the values by name and attributes; of a histogram its count.
func (b *backend) metrics(t *testing.T) map[string]float64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, b.reader.Collect(context.WithoutCancel(t.Context()), &all))
	values := map[string]float64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			require.NotEmpty(t, m.Unit, m.Name)
			require.NotEmpty(t, m.Description, m.Name)
			note := func(set attribute.Set, value float64) {
				values[m.Name+set.Encoded(attribute.DefaultEncoder())] = value
			}
			switch data := m.Data.(type) {
			case metricdata.Sum[float64]:
				for _, p := range data.DataPoints {
					note(p.Attributes, p.Value)
				}
			case metricdata.Gauge[float64]:
				for _, p := range data.DataPoints {
					note(p.Attributes, p.Value)
				}
			case metricdata.Gauge[int64]:
				for _, p := range data.DataPoints {
					note(p.Attributes, float64(p.Value))
				}
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					note(p.Attributes, float64(p.Count))
				}
			default:
				require.Fail(t, "unexpected data", "%s %T", m.Name, data)
			}
		}
	}
	return values
}

func TestSpans(t *testing.T) {
	t.Parallel()
	b := newBackend(t)
	ctx, end := b.hooks.Start(t.Context(), transcode.SpanJob, slog.String("source", "a"))
	_, endChunk := b.hooks.Start(ctx, transcode.SpanChunk,
		slog.Int("chunk", 2), slog.Duration("start", 1500*time.Millisecond), slog.Bool("repair", true), slog.Float64("f", 0.5),
		slog.Any("any", rendition.H264))
	cause := &rendition.Error{
		Kind: rendition.Unavailable, Fault: rendition.FaultInput, Err: errors.New("get https://user:hunter2@host/a?token=hunter2: reset"),
	}
	endChunk(fmt.Errorf("chunk: %w", cause))
	end(nil, slog.String("state", "completed"))

	list := b.spans.GetSpans()
	require.Len(t, list, 2)
	chunk, job := list[0], list[1]
	require.Equal(t, "rendition.chunk", chunk.Name)
	require.Equal(t, job.SpanContext.SpanID(), chunk.Parent.SpanID())
	require.Equal(t, []attribute.KeyValue{
		attribute.Int("rendition.chunk", 2), attribute.Float64("rendition.start", 1.5), attribute.Bool("rendition.repair", true),
		attribute.Float64("rendition.f", 0.5), attribute.String("rendition.any", "h264"),
		attribute.String("rendition.error.kind", "unavailable"), attribute.String("rendition.error.fault", "input"),
	}, chunk.Attributes)
	require.Equal(t, codes.Error, chunk.Status.Code)
	require.Contains(t, chunk.Status.Description, "host/a")
	require.Len(t, chunk.Events, 1)
	require.Equal(t, "exception", chunk.Events[0].Name)
	require.NotContains(t, fmt.Sprint(chunk), "hunter2")
	require.Equal(t, codes.Unset, job.Status.Code)
	require.Equal(t, []attribute.KeyValue{
		attribute.String("rendition.source", "a"), attribute.String("rendition.state", "completed"),
	}, job.Attributes)
}

func TestCountersAndMeasures(t *testing.T) {
	t.Parallel()
	b := newBackend(t)
	b.hooks.Add(t.Context(), transcode.CounterRetries, 1, slog.String("of", "chunk"))
	b.hooks.Add(t.Context(), transcode.CounterRetries, 2, slog.String("of", "storage"))
	b.hooks.Add(t.Context(), "of a later version", 1)
	b.hooks.Record(t.Context(), transcode.MeasureSpeed, 2)
	b.hooks.Record(t.Context(), transcode.MeasureSpeed, 3)
	b.hooks.Record(t.Context(), "of a later version", 1)
	require.Equal(t, map[string]float64{
		"rendition.retriesrendition.of=chunk": 1, "rendition.retriesrendition.of=storage": 2, "rendition.speed": 2,
	}, b.metrics(t))
}

func TestWatch(t *testing.T) {
	t.Parallel()
	b := newBackend(t)
	stopA, err := b.hooks.Watch(transcode.New(nil), attribute.String("engine", "a"))
	require.NoError(t, err)
	stopB, err := b.hooks.Watch(transcode.New(nil), attribute.String("engine", "b"))
	require.NoError(t, err)
	values := b.metrics(t)
	require.Len(t, values, 2*9)
	for _, name := range []string{"jobsengine=a,rendition.state=queued", "chunksengine=b,rendition.state=waiting", "memory.peakengine=a"} {
		require.Contains(t, values, "rendition.engine."+name)
	}
	require.NoError(t, stopA())
	require.NoError(t, stopA(), "twice")
	require.Len(t, b.metrics(t), 9)
	require.NoError(t, stopB())
	require.Empty(t, b.metrics(t))
}

func TestWithoutProviders(t *testing.T) {
	t.Parallel()
	hooks, err := otelhook.New(nil)
	require.NoError(t, err)
	_, end := hooks.Start(t.Context(), transcode.SpanJob)
	end(errors.New("no"))
	hooks.Add(t.Context(), transcode.CounterJobs, 1)
	hooks.Record(t.Context(), transcode.MeasureJob, 1)
	stop, err := hooks.Watch(transcode.New(nil))
	require.NoError(t, err)
	require.NoError(t, stop())
}

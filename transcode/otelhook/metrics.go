package otelhook

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/metric"

	"github.com/rendition-sdk/rendition/transcode"
)

// counters have each a unit (UCUM) and a description.
var counters = map[transcode.Counter][2]string{
	transcode.CounterJobs:     {"{job}", "Jobs that are over, by state."},
	transcode.CounterChunks:   {"{chunk}", "Pieces of work that were encoded."},
	transcode.CounterKept:     {"{chunk}", "Pieces of renditions that an earlier run had left."},
	transcode.CounterRepaired: {"{chunk}", "Pieces that were encoded again for the rate buffer."},
	transcode.CounterRetries:  {"{retry}", "Chunks and storage calls that failed and were tried again."},
	transcode.CounterMedia:    {"s", "Media time of sources that is encoded."},
	transcode.CounterRead:     {"By", "Bytes read of sources."},
	transcode.CounterWritten:  {"By", "Bytes published, at all destinations."},
	transcode.CounterFiles:    {"{file}", "Files published."},
}

// measures are in seconds, but for the speed. Each has the bounds of its buckets.
var measures = map[transcode.Measure]struct {
	unit, text string
	bounds     []float64
}{
	transcode.MeasureQueue: {"s", "How long jobs waited before they ran.", []float64{.1, 1, 10, 60, 300, 1800, 3600, 14400}},
	transcode.MeasureJob:   {"s", "How long jobs ran, by state.", []float64{1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 43200}},
	transcode.MeasureChunk: {"s", "How long pieces of work were encoded.", []float64{.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640}},
	transcode.MeasureSpeed: {"1", "Media time of jobs over the time of their encoding.", []float64{.05, .1, .25, .5, 1, 2, 4, 8, 16, 32, 64}},
}

// instruments makes the counters and histograms.
func (h *Hooks) instruments() (err error) {
	h.counters = map[transcode.Counter]metric.Float64Counter{}
	for name, of := range counters {
		h.counters[name], err = h.meter.Float64Counter(prefix+string(name), metric.WithUnit(of[0]), metric.WithDescription(of[1]))
		if err != nil {
			return err
		}
	}
	h.measures = map[transcode.Measure]metric.Float64Histogram{}
	for name, of := range measures {
		h.measures[name], err = h.meter.Float64Histogram(prefix+string(name),
			metric.WithUnit(of.unit), metric.WithDescription(of.text), metric.WithExplicitBucketBoundaries(of.bounds...))
		if err != nil {
			return err
		}
	}
	return nil
}

// Add implements transcode.Metrics.
func (h *Hooks) Add(ctx context.Context, c transcode.Counter, n float64, attrs ...slog.Attr) {
	if counter, ok := h.counters[c]; ok {
		counter.Add(ctx, n, metric.WithAttributes(keyValues(attrs)...))
	}
}

// Record implements transcode.Metrics.
func (h *Hooks) Record(ctx context.Context, m transcode.Measure, value float64, attrs ...slog.Attr) {
	if measure, ok := h.measures[m]; ok {
		measure.Record(ctx, value, metric.WithAttributes(keyValues(attrs)...))
	}
}

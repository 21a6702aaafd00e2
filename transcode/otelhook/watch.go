package otelhook

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/rendition-sdk/rendition/transcode"
)

// gauges are those of one engine.
type gauges struct {
	jobs, paused, chunks, memory, peak metric.Int64ObservableGauge
	cores, speed                       metric.Float64ObservableGauge
}

// Watch has engine.Stats read each time metrics are collected, until stop is
// called; that may be twice. With attrs several engines of one program are told
// apart. An error is of Kind Internal, one of the MeterProvider.
func (h *Hooks) Watch(engine *transcode.Engine, attrs ...attribute.KeyValue) (stop func() error, err error) {
	g, err := h.gauges()
	if err != nil {
		return nil, failed("otelhook: watch", err)
	}
	of := metric.WithAttributeSet(attribute.NewSet(attrs...))
	state := func(name string) metric.ObserveOption {
		return metric.WithAttributes(attribute.String(prefix+"state", name))
	}
	registered, err := h.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		s := engine.Stats()
		o.ObserveInt64(g.jobs, int64(s.Queued), of, state("queued"))
		o.ObserveInt64(g.jobs, int64(s.Running), of, state("running"))
		o.ObserveInt64(g.paused, int64(s.Paused), of)
		o.ObserveInt64(g.chunks, int64(s.ChunksRunning), of, state("running"))
		o.ObserveInt64(g.chunks, int64(s.ChunksWaiting), of, state("waiting"))
		o.ObserveFloat64(g.cores, s.Cores, of)
		o.ObserveInt64(g.memory, s.Memory, of)
		o.ObserveInt64(g.peak, s.PeakMemory, of)
		o.ObserveFloat64(g.speed, s.Speed, of)
		return nil
	}, g.jobs, g.paused, g.chunks, g.cores, g.memory, g.peak, g.speed)
	if err != nil {
		return nil, failed("otelhook: watch", err)
	}
	return func() error { return failed("otelhook: stop", registered.Unregister()) }, nil
}

func (h *Hooks) gauges() (*gauges, error) {
	var first error
	whole := func(name, unit, text string) metric.Int64ObservableGauge {
		i, err := h.meter.Int64ObservableGauge(prefix+"engine."+name, metric.WithUnit(unit), metric.WithDescription(text))
		if first == nil {
			first = err
		}
		return i
	}
	broken := func(name, unit, text string) metric.Float64ObservableGauge {
		i, err := h.meter.Float64ObservableGauge(prefix+"engine."+name, metric.WithUnit(unit), metric.WithDescription(text))
		if first == nil {
			first = err
		}
		return i
	}
	g := &gauges{
		jobs:   whole("jobs", "{job}", "Jobs of the engine now, by state."),
		paused: whole("jobs.paused", "{job}", "Those of them that are paused."),
		chunks: whole("chunks", "{chunk}", "Pieces of work that run or wait for cores or memory."),
		cores:  broken("cores", "{core}", "Cores that the running pieces are reckoned to use."),
		memory: whole("memory", "By", "Memory that their encoders are reckoned to take."),
		peak:   whole("memory.peak", "By", "The most that it has been."),
		speed:  broken("speed", "1", "Media time encoded in a second, over all jobs."),
	}
	return g, first
}

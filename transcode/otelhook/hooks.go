package otelhook

import (
	"errors"

	"go.opentelemetry.io/otel/metric"
	meternoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// scope is what OpenTelemetry calls the instrumentation library.
const scope = "github.com/rendition-sdk/rendition/transcode"

// prefix is that of all names.
const prefix = "rendition."

// Options are the options of New. A nil pointer means the defaults.
type Options struct {
	// TracerProvider receives the spans. Default: no traces. OpenTelemetry's global
	// provider is not looked at; a program that has one gives otel.GetTracerProvider().
	TracerProvider trace.TracerProvider
	// MeterProvider receives the metrics. Default: no metrics.
	MeterProvider metric.MeterProvider
}

func (o *Options) withDefaults() *Options {
	d := Options{}
	if o != nil {
		d = *o
	}
	if d.TracerProvider == nil {
		d.TracerProvider = tracenoop.NewTracerProvider()
	}
	if d.MeterProvider == nil {
		d.MeterProvider = meternoop.NewMeterProvider()
	}
	return &d
}

// Hooks is a transcode.Tracer and a transcode.Metrics. It is safe for concurrent
// use, may serve several engines, and holds nothing that must be closed.
type Hooks struct {
	tracer   trace.Tracer
	meter    metric.Meter
	counters map[transcode.Counter]metric.Float64Counter
	measures map[transcode.Measure]metric.Float64Histogram
}

var (
	_ transcode.Tracer  = (*Hooks)(nil)
	_ transcode.Metrics = (*Hooks)(nil)
)

// New returns hooks. An error, of Kind Internal, is one of the MeterProvider.
func New(opts *Options) (*Hooks, error) {
	o := opts.withDefaults()
	h := &Hooks{tracer: o.TracerProvider.Tracer(scope), meter: o.MeterProvider.Meter(scope)}
	if err := h.instruments(); err != nil {
		return nil, failed("otelhook: new", err)
	}
	return h, nil
}

// failed is an error of OpenTelemetry.
func failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return &rendition.Error{
		Kind: rendition.Internal, Op: op, Err: errors.Join(errors.New("OpenTelemetry refuses an instrument"), err),
		Hint: "look at the MeterProvider and its views",
	}
}

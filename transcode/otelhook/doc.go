// Package otelhook hands what an engine does to OpenTelemetry: traces to a
// TracerProvider, metrics to a MeterProvider. Programs that do not import it do
// not compile OpenTelemetry. Give the Hooks to transcode.Config as its Tracer and as
// its Metrics, and have them Watch the engine; docs/observe.md shows how and lists
// all names.
//
// The spans are those of transcode.SpanName with the prefix "rendition.", as are
// the names of their attributes. A span that failed has the status Error, an event
// "exception", and the attributes rendition.error.kind and rendition.error.fault.
// A job's span is a child of the span in the context given to Engine.Start.
//
// The instruments are counters named after transcode.Counter and histograms named
// after transcode.Measure, with the same prefix, and, of a watched engine, the gauges
// rendition.engine.jobs and rendition.engine.chunks (attribute rendition.state),
// rendition.engine.jobs.paused, rendition.engine.cores, rendition.engine.memory, rendition.engine.memory.peak
// and rendition.engine.speed.
package otelhook

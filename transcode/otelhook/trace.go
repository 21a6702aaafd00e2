package otelhook

import (
	"context"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/transcode"
)

// Start implements transcode.Tracer.
func (h *Hooks) Start(ctx context.Context, name transcode.SpanName, attrs ...slog.Attr) (context.Context, func(error, ...slog.Attr)) {
	ctx, span := h.tracer.Start(ctx, prefix+string(name), trace.WithAttributes(keyValues(attrs)...))
	return ctx, func(err error, more ...slog.Attr) {
		span.SetAttributes(keyValues(more)...)
		if err != nil {
			fail(span, err)
		}
		span.End()
	}
}

// fail records an error. Span.RecordError would take its text as it is, and that
// of a host's own Source may hold a URL with a password.
func fail(span trace.Span, err error) {
	text := storage.RedactText(err.Error())
	span.SetStatus(codes.Error, text)
	span.SetAttributes(
		attribute.String(prefix+"error.kind", rendition.KindOf(err).String()),
		attribute.String(prefix+"error.fault", string(rendition.FaultOf(err))),
	)
	// The names are those of OpenTelemetry's semantic conventions for exceptions.
	span.AddEvent("exception", trace.WithAttributes(
		attribute.String("exception.type", fmt.Sprintf("%T", err)), attribute.String("exception.message", text),
	))
}

// keyValues turns attributes into OpenTelemetry's; durations become seconds.
func keyValues(attrs []slog.Attr) []attribute.KeyValue {
	list := make([]attribute.KeyValue, len(attrs))
	for i, a := range attrs {
		key := attribute.Key(prefix + a.Key)
		switch v := a.Value.Resolve(); v.Kind() {
		case slog.KindBool:
			list[i] = key.Bool(v.Bool())
		case slog.KindInt64:
			list[i] = key.Int64(v.Int64())
		case slog.KindFloat64:
			list[i] = key.Float64(v.Float64())
		case slog.KindDuration:
			list[i] = key.Float64(v.Duration().Seconds())
		default:
			list[i] = key.String(v.String())
		}
	}
	return list
}

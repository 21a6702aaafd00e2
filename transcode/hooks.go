package transcode

import (
	"context"
	"log/slog"
	"sync"

	"github.com/rendition-sdk/rendition/storage"
)

// hooks calls the host's Tracer and Metrics. One that is nil is not called, one
// that panics is contained.
type hooks struct {
	tracer  Tracer
	metrics Metrics
	log     *slog.Logger
	told    sync.Once
}

func newHooks(c *Config) *hooks { return &hooks{tracer: c.Tracer, metrics: c.Metrics, log: c.Logger} }

// start begins a span. Neither in nor end is nil.
func (h *hooks) start(ctx context.Context, name SpanName, attrs ...slog.Attr) (in context.Context, end func(error, ...slog.Attr)) {
	in, end = ctx, func(error, ...slog.Attr) {}
	if h.tracer == nil {
		return in, end
	}
	defer h.contain()
	c, f := h.tracer.Start(ctx, name, attrs...)
	if c != nil {
		in = c
	}
	if f != nil {
		end = func(err error, attrs ...slog.Attr) {
			defer h.contain()
			f(err, attrs...)
		}
	}
	return in, end
}

// add adds to a counter.
func (h *hooks) add(ctx context.Context, c Counter, n float64, attrs ...slog.Attr) {
	if h.metrics == nil || n <= 0 {
		return
	}
	defer h.contain()
	h.metrics.Add(ctx, c, n, attrs...)
}

// record records a value.
func (h *hooks) record(ctx context.Context, m Measure, value float64, attrs ...slog.Attr) {
	if h.metrics == nil {
		return
	}
	defer h.contain()
	h.metrics.Record(ctx, m, value, attrs...)
}

// contain is deferred around calls to the host.
func (h *hooks) contain() {
	if p := recover(); p != nil {
		h.told.Do(func() {
			h.log.Warn("Config.Tracer or Config.Metrics panicked; the job goes on, and this is logged once", "panic", p)
		})
	}
}

// countRetries returns a context with which storage calls count their retries.
func (h *hooks) countRetries(ctx context.Context) context.Context {
	if h.metrics == nil {
		return ctx
	}
	return storage.OnRetry(ctx, func(ctx context.Context, _ storage.Retry) {
		h.add(ctx, CounterRetries, 1, slog.String("of", "storage"))
	})
}

package transcode

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/internal/encode"
)

// chunkObserver tells the hooks about the chunks of one job.
type chunkObserver struct {
	ctx   context.Context // of the job's encoding
	hooks *hooks
	names map[*encode.Video]string
}

func (r *jobRun) observeChunks(ctx context.Context) *chunkObserver {
	o := &chunkObserver{ctx: ctx, hooks: r.hooks(), names: map[*encode.Video]string{}}
	for id, out := range r.renditions {
		if out.video != nil {
			o.names[out.video] = id
		}
	}
	return o
}

// Began implements chunk.Observer.
func (o *chunkObserver) Began(w chunk.Work) func(error) {
	names := make([]string, len(w.Videos))
	for i, v := range w.Videos {
		names[i] = o.names[v]
	}
	began := time.Now()
	ctx, end := o.hooks.start(o.ctx, SpanChunk,
		slog.Int("chunk", w.Chunk), slog.Int("chunks", w.Chunks), slog.Duration("start", w.Start),
		slog.String("videos", strings.Join(names, ",")), slog.Int("attempt", w.Attempt), slog.Bool("repair", w.Repair))
	return func(err error) {
		if err == nil {
			o.hooks.add(ctx, CounterChunks, 1)
			o.hooks.record(ctx, MeasureChunk, time.Since(began).Seconds())
			if w.Repair {
				o.hooks.add(ctx, CounterRepaired, 1)
			}
		}
		end(err)
	}
}

// Kept implements chunk.Observer.
func (o *chunkObserver) Kept(chunk.Work) { o.hooks.add(o.ctx, CounterKept, 1) }

// Retried implements chunk.Observer.
func (o *chunkObserver) Retried(chunk.Work, int, error) {
	o.hooks.add(o.ctx, CounterRetries, 1, slog.String("of", "chunk"))
}

package transcode

import (
	"context"
	"log/slog"
)

// Metrics is told how much the engine does. What it does now, such as the length
// of the queue, is asked for with Engine.Stats. The package otelhook has both for
// OpenTelemetry.
//
// Its methods are called from many goroutines and must return soon: the work
// waits for them. One that panics is logged once and costs no job.
type Metrics interface {
	// Add adds n, which is above 0, to a counter. ctx holds the span that it belongs to.
	Add(ctx context.Context, c Counter, n float64, attrs ...slog.Attr)
	// Record takes one more value of a distribution.
	Record(ctx context.Context, m Measure, value float64, attrs ...slog.Attr)
}

// Counter is a number that only grows.
type Counter string

// The counters.
const (
	// CounterJobs counts jobs that are over; attribute state says how.
	CounterJobs Counter = "jobs"
	// CounterChunks counts pieces of work that were encoded, CounterKept those of
	// a rendition that an earlier run had left and that were not, and
	// CounterRepaired those that were encoded again because their bits did not fit
	// behind those in front.
	CounterChunks   Counter = "chunks"
	CounterKept     Counter = "chunks.kept"
	CounterRepaired Counter = "chunks.repaired"
	// CounterRetries counts what failed and was tried again; attribute of says
	// what: "chunk", or "storage" for one call to the source's storage, a
	// destination's or the scratch store's.
	CounterRetries Counter = "retries"
	// CounterMedia counts the seconds of sources that are encoded in every
	// rendition, those that an earlier run had left included. Its rate is the speed.
	CounterMedia Counter = "media"
	// CounterRead counts bytes read of sources, probing included; CounterWritten
	// bytes published, at each destination, without those of files given up.
	CounterRead    Counter = "bytes.read"
	CounterWritten Counter = "bytes.written"
	// CounterFiles counts files published; a playlist that grows counts each time.
	CounterFiles Counter = "files"
)

// Measure is a quantity whose values are spread over a range.
type Measure string

// The measures. Durations are in seconds.
const (
	// MeasureQueue is how long a job waited before it ran.
	MeasureQueue Measure = "queue.duration"
	// MeasureJob is how long a job ran; attribute state says how it ended.
	MeasureJob Measure = "job.duration"
	// MeasureChunk is how long a piece of work was encoded.
	MeasureChunk Measure = "chunk.duration"
	// MeasureSpeed is the media time of a job over the time its encoding took; what
	// an earlier run had left makes it faster.
	MeasureSpeed Measure = "speed"
)

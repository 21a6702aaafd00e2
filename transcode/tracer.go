package transcode

import (
	"context"
	"log/slog"
)

// Tracer is told what the engine does, from when to when, and within what: it
// makes the spans of a distributed trace, or log lines, or a list. The package
// otelhook has one for OpenTelemetry.
//
// Its methods are called from many goroutines and must return soon: the work
// waits for them. One that panics is logged once and costs no job.
type Tracer interface {
	// Start is called when something begins. The context that it returns, which
	// must be derived from ctx, is used for all that happens within, so that a
	// span finds its parent in ctx; the job's own finds what the caller of
	// Engine.Start put there. end is called once, when it is over: err is nil
	// where it went well, and attrs are what is known only then.
	//
	// Keys and values of attributes hold no secrets. Of an error, from a Source or
	// Bucket of the host for one, nobody knows: pass its text through
	// storage.RedactText.
	Start(ctx context.Context, name SpanName, attrs ...slog.Attr) (in context.Context, end func(err error, attrs ...slog.Attr))
}

// SpanName says what a span is about.
type SpanName string

// The spans, and their attributes; those behind "then" come at the end.
//
//	job                                 source, outputs, priority; then state
//	  queue                             waiting for Config.MaxJobs
//	  probe                             then container, duration, streams
//	  plan                              then videos, sounds
//	  encode                            then chunks, kept, repaired, one_pass (why it was not cut)
//	    chunk                           chunk, chunks, start, videos, attempt, repair
//	    upload                          of what is published while encoding
//	  package                           output, type: one output is completed and verified
//	    upload                          of its last segments
//	  publish
//	    upload                          path, destinations; then bytes
//	  rollback                          of a job that failed after it wrote
//
// A chunk is one piece of work: one decode, and the encodes of the renditions that
// videos lists, as far as they are missing. Chunk -1 is the whole in one pass. An
// attempt that fails and its repetition are two spans. Repair is true where a chunk
// is encoded again because its bits do not fit behind those in front.
const (
	SpanJob      SpanName = "job"
	SpanQueue    SpanName = "queue"
	SpanProbe    SpanName = "probe"
	SpanPlan     SpanName = "plan"
	SpanEncode   SpanName = "encode"
	SpanChunk    SpanName = "chunk"
	SpanPackage  SpanName = "package"
	SpanPublish  SpanName = "publish"
	SpanUpload   SpanName = "upload"
	SpanRollback SpanName = "rollback"
	// SpanRedeliver is one destination of Engine.Redeliver, with an upload for each
	// file that was copied; it is not within a job.
	SpanRedeliver SpanName = "redeliver"
)

// Package chunk runs the encode of a job in chunks: it cuts the video
// (encode.Chunker), has each chunk encoded when it is its turn (sched), keeps
// what is finished (scratch), and joins the pieces of each video in order.
//
//	cut -> (chunk, video) missing? -> lease -> decode, scale, encode -> scratch
//	                    |                                              |
//	                    +-- kept by an earlier run ----------------> joiner of the video -> SampleWriters
//
// Boundaries, settings and so all bytes depend on source and job alone: it does
// not matter how many chunks run at a time, in which order they end, or which
// of them an earlier run has left.
//
// Sound, stills and previews are made beside it in one pass. A source that
// cannot be cut is encoded in one pass altogether.
package chunk

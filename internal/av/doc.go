// Package av is the only place that reaches FFmpeg's libraries: it wraps
// demuxers, decoders, filter graphs, encoders and muxers of libav (through
// go-astiav, with C calls of its own where that lacks a field) in types whose
// C memory has one owner and an idempotent Close or Free.
//
// No C constant and no astiav type leaves this package. Frames stay in C
// memory; only encoded bytes are copied out.
package av

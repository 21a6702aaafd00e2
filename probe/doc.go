// Package probe says what is in a source: container, streams, codecs, times,
// colors, tags. It reads as little as it can (headers, some packets, a few
// decoded pictures), and measures where a header is silent or lies.
//
// It needs cgo and FFmpeg's libraries; built without cgo every call returns an
// Unsupported error.
package probe

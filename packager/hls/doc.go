// Package hls writes HTTP Live Streaming presentations for video on demand:
// CMAF segments as soon as they are complete, then a media playlist for each
// track, and last the multivariant playlist that makes the presentation visible
// (RFC 8216 and draft-pantos-hls-rfc8216bis, Apple's HLS authoring specification).
// With Options.Growing the playlists come with the first segments and grow.
package hls

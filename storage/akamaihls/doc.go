// Package akamaihls delivers HLS to an Akamai ingest: HTTP PUT (or POST) of segments and playlists to
// http(s)://post.[account].akamaihd.net/[stream id]/[stream name]/, or to an entry point of Media Services
// Live. It is write-only: an ingest gives nothing back and lists nothing.
//
// # The rules of the ingest, and how they are kept
//
// Order ("Upload order for HLS"): a playlist follows the segments and keys that it names. A playlist waits while
// one of them is on its way (from NewWriter until its Close) in the same Bucket, up to Options.OrderWait; it
// is not sent when one of them has failed, and gives kind Unavailable. Files that this Bucket
// has not written are taken for delivered.
//
// Connections: persistent, at most Options.MaxConnections. After an error of the network or a status
// of 5xx the idle ones are closed, so that the next attempt asks DNS anew, as encoders have to; after an
// answer with "Connection: close" as well.
//
// Retries: errors of the network, 408, 429 and 5xx are kind Unavailable, which the Bucket retries (5 attempts by
// default; Bucket.RetryFor is the lever for a live event: the ingest wants playlists to be retried
// for ever and segments for their own duration). 400, 403 and other 4xx are not retried. 429 is the rate limit (10
// requests a second for a rendition, 100 for a stream id): a second's pause at least.
//
// Sizes: a segment has at most 100 MB, else the answer is 413 and the kind Quota. Each file is one request of known
// length, from memory, when its Writer is closed; nothing is sent in front of that.
//
// Names of segments are the packager's: an ingest caches, so that a name must not be used again for other
// bytes. Delete makes a DELETE, for segments that have left the window; an entry point that has none gives kind
// Unsupported.
//
// Capabilities: no read, no list, one part of at most MaxFile bytes.
//
// The rules are those of Akamai's encoder guide ("HTTP ingest requirements", "Ingest limits").
// Tested with an ingest server of the tests' own; no Akamai account was at hand.
package akamaihls

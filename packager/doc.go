// Package packager turns encoded samples into files: progressive MP4 and
// fragmented MP4 (packager/mp4) and HLS presentations (packager/hls).
//
// It is pure Go, reads and writes nothing but what it is given, and imports
// neither libav nor a storage: samples come in as Go bytes, files leave through
// a Sink. This package holds the vocabulary its format packages share.
package packager

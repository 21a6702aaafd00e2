// Package joins encodes real clips twice, in one pass and in chunks, and measures
// each picture of both against the source with the ffmpeg program, to see whether
// anybody could tell where the chunks were joined. It holds tests only.
//
//	go test ./internal/joins                                              # a few joins
//	go test ./internal/joins -run TestTable -table ../../docs/joins.md -timeout 60m
package joins

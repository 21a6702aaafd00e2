// Package clips puts real clips through one whole job and has every output
// judged by programs that are not ours: ffprobe, a full decode by ffmpeg, an
// independent reader of playlists, and a comparison of picture and sound with
// the source. It holds tests only.
//
//	go test ./internal/clips                                             # a few short clips
//	go test ./internal/clips -run TestTable -table ../../docs/clips.md -timeout 60m
//	go test ./internal/clips -run TestEvery -every report.md -timeout 60m  # every clip, the broken ones too
package clips

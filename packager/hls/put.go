package hls

import (
	"context"
	"errors"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// FileInfo is one file that was written to the sink.
type FileInfo struct {
	Name        string
	Bytes       int64
	ContentType string
	// Immutable is true for init and media segments.
	Immutable bool
}

// playlistType is the MIME type of playlists (RFC 8216 clause 4).
const playlistType = "application/vnd.apple.mpegurl"

// put writes a whole file to the sink. On failure nothing of it is visible.
func put(ctx context.Context, sink packager.Sink, name string, data []byte, opts *packager.FileOptions) (FileInfo, error) {
	const op = "hls: write file"
	info := FileInfo{Name: name, Bytes: int64(len(data)), ContentType: opts.ContentType, Immutable: opts.Immutable}
	f, err := sink.Create(ctx, name, opts)
	if err != nil {
		return info, wrap(ctx, op, name, err)
	}
	if _, err := f.Write(data); err != nil {
		return info, wrap(ctx, op, name, errors.Join(err, f.Abort()))
	}
	if err := f.Close(); err != nil {
		return info, wrap(ctx, op, name, errors.Join(err, f.Abort()))
	}
	return info, nil
}

// playlistFile describes a playlist; a growing one will be written again.
func playlistFile(growing bool) *packager.FileOptions {
	return &packager.FileOptions{ContentType: playlistType, Growing: growing}
}

// wrap leaves an error of the sink that has a Kind as it is.
func wrap(ctx context.Context, op, key string, err error) error {
	if e := (*rendition.Error)(nil); errors.As(err, &e) {
		return e
	}
	if ctx.Err() != nil {
		return canceled(ctx, op, key)
	}
	return &rendition.Error{Kind: rendition.Unavailable, Op: op, Key: key, Err: err}
}

func canceled(ctx context.Context, op, key string) error {
	return &rendition.Error{Kind: rendition.Canceled, Op: op, Key: key, Err: context.Cause(ctx)}
}

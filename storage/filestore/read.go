package filestore

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// OpenRange opens the file to its end: to seek in it costs nothing.
func (d *disk) OpenRange(ctx context.Context, key string, off, _ int64, _ *driver.ReadOptions) (*driver.Body, error) {
	root, _, err := d.stat(ctx, key) // in front of the open, which would block on a pipe
	if err != nil {
		return nil, err
	}
	file, err := root.Open(filepath.FromSlash(key))
	if err != nil {
		return nil, missing(err)
	}
	b := &body{ctx: ctx, file: file, off: off}
	if b.was, err = file.Stat(); err == nil {
		err = regular(b.was)
	}
	if err != nil {
		file.Close()
		return nil, bare(err)
	}
	return &driver.Body{
		ReadCloser: b, Info: *info(key, b.was), Length: max(b.was.Size()-off, 0),
		SeekTo: func(off int64) error {
			b.off = off
			return nil
		},
	}, nil
}

// body reads an open file and notices when somebody writes to it.
type body struct {
	ctx  context.Context //nolint:containedctx // a body lives within the ctx of its OpenRange
	file *os.File
	off  int64
	was  fs.FileInfo
}

func (b *body) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if len(p) == 0 {
		return 0, nil
	}
	n, err := b.file.ReadAt(p, b.off)
	if err != nil && err != io.EOF {
		return 0, bare(err)
	}
	now, serr := b.file.Stat()
	if serr != nil {
		return 0, bare(serr)
	}
	if now.Size() != b.was.Size() || !now.ModTime().Equal(b.was.ModTime()) {
		return 0, driver.ErrChanged
	}
	b.off += int64(n)
	if n > 0 {
		return n, nil
	}
	return 0, err
}

func (b *body) Close() error { return b.file.Close() }

package sftpstore

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/pkg/sftp"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// write writes a part at its offset, with several requests under way.
func (c *conn) write(ctx context.Context, f *sftp.File, part *driver.Part) error {
	w := &partWriter{ctx: ctx, conn: c, file: f, off: part.Offset, slots: make(chan struct{}, window/c.packet)}
	n, err := io.Copy(w, part.Body)
	if err == nil && n != part.Size {
		err = fmt.Errorf("the part has %d bytes and not %d", n, part.Size)
	}
	return err
}

// partWriter is where io.Copy puts a part. The Bucket's parts lie in memory and come in
// one Write, of which each request sends a piece without a copy.
type partWriter struct {
	ctx   context.Context //nolint:containedctx // lives for one part
	conn  *conn
	file  *sftp.File
	off   int64
	slots chan struct{}

	mu  sync.Mutex
	err error
}

// Write returns when all of p is written: p is the caller's again.
func (w *partWriter) Write(p []byte) (int, error) {
	var flying sync.WaitGroup
	for rest := p; len(rest) > 0 && w.failed() == nil && w.ctx.Err() == nil; {
		piece := rest[:min(len(rest), w.conn.packet)]
		rest = rest[len(piece):]
		off := w.off
		w.off += int64(len(piece))
		w.slots <- struct{}{}
		flying.Go(func() {
			err := guard(func() error {
				_, err := w.file.WriteAt(piece, off)
				return err
			})
			if err != nil {
				w.fail(err)
			}
			<-w.slots
		})
	}
	flying.Wait()
	if w.ctx.Err() != nil {
		return 0, context.Cause(w.ctx)
	}
	if err := w.failed(); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (w *partWriter) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = err
	}
}

func (w *partWriter) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

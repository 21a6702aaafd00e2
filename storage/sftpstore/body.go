package sftpstore

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/pkg/sftp"

	"github.com/rendition-sdk/rendition/storage/driver"
)

const (
	// firstWindow is how many bytes are asked for after a seek. The window doubles with what is read, up to window.
	firstWindow = 64 << 10
	// drainTime is how long requests that nobody waits for may be under way before they end the connection.
	drainTime = 5 * time.Second
	// checkEvery is how many bytes are read before the file is looked at again.
	checkEvery = 16 << 20
)

// body reads a file with requests ahead of the reads.
type body struct {
	ctx   context.Context //nolint:containedctx // a body lives within the ctx of its OpenRange
	store *store
	conn  *conn
	file  *sftp.File
	was   fs.FileInfo

	pos     int64 // offset of the next Read
	next    int64 // offset of the next request
	ahead   int64 // bytes that may be under way
	checked int64 // bytes read since the file was looked at
	queue   []*chunk
	free    [][]byte // buffers to use again
	flying  sync.WaitGroup
}

// chunk is one request.
type chunk struct {
	off  int64
	n    int64  // bytes asked for
	buf  []byte // what came, when it is done
	err  error
	done chan struct{}
}

// begin asks for the first bytes of a range before the size is known.
func (b *body) begin(length int64) {
	b.ahead = firstWindow
	if length >= 0 && length < b.ahead {
		b.fill(b.pos+length, length)
		return
	}
	b.fill(b.pos+b.ahead, b.ahead)
}

// fill asks for bytes up to end while fewer than ahead bytes are under way.
func (b *body) fill(end, ahead int64) {
	for b.next < end && b.next-b.pos < ahead {
		n := min(int64(b.conn.packet), end-b.next)
		c := &chunk{off: b.next, n: n, buf: b.buffer(n), done: make(chan struct{})}
		b.queue = append(b.queue, c)
		b.next += n
		file := b.file
		b.flying.Go(func() {
			var n int
			c.err = guard(func() (err error) {
				n, err = file.ReadAt(c.buf, c.off)
				return err
			})
			c.buf = c.buf[:n]
			close(c.done)
		})
	}
}

func (b *body) buffer(n int64) []byte {
	if last := len(b.free) - 1; last >= 0 && int64(cap(b.free[last])) >= n {
		buf := b.free[last]
		b.free = b.free[:last]
		return buf[:n]
	}
	return make([]byte, n)
}

func (b *body) Read(p []byte) (int, error) {
	if b.ctx.Err() != nil {
		return 0, context.Cause(b.ctx)
	}
	if len(p) == 0 {
		return 0, nil
	}
	if b.pos >= b.was.Size() {
		if err := b.check(); err != nil {
			return 0, err
		}
		return 0, io.EOF
	}
	b.fill(b.was.Size(), b.ahead)
	c := b.queue[0]
	select {
	case <-c.done:
	case <-b.ctx.Done():
		return 0, context.Cause(b.ctx)
	}
	skip := b.pos - c.off
	if int64(len(c.buf)) <= skip {
		return 0, b.short(c.err)
	}
	n := copy(p, c.buf[skip:])
	b.pos += int64(n)
	if b.checked += int64(n); b.checked >= checkEvery {
		if err := b.check(); err != nil {
			return 0, err
		}
	}
	if skip+int64(n) == int64(len(c.buf)) && c.err == nil {
		b.drop()
		b.ahead = min(2*b.ahead, window)
	}
	return n, nil
}

// drop is done with the first chunk.
func (b *body) drop() {
	c := b.queue[0]
	b.queue = b.queue[1:]
	b.free = append(b.free, c.buf[:0])
}

// short explains why fewer bytes came than the file has.
func (b *body) short(err error) error {
	if err != nil && !errors.Is(err, io.EOF) {
		return b.conn.explain(err)
	}
	if err := b.check(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}

// check sees whether somebody has written to the file.
func (b *body) check() error {
	if b.checked == 0 {
		return nil
	}
	b.checked = 0
	return b.conn.do(b.ctx, func() error {
		fi, err := b.file.Stat()
		if err == nil && (fi.Size() != b.was.Size() || !fi.ModTime().Equal(b.was.ModTime())) {
			return driver.ErrChanged
		}
		return err
	})
}

// seek moves to an offset. What is under way there already is used.
func (b *body) seek(off int64) error {
	if off >= b.pos && off < b.next {
		b.pos = off
		for len(b.queue) > 0 && b.queue[0].off+b.queue[0].n <= off {
			b.queue = b.queue[1:]
		}
		return nil
	}
	b.pos, b.next, b.ahead, b.queue = off, off, firstWindow, nil
	return nil
}

// Close lets go of the file. Requests under way end by themselves soon, and the connection
// is there for other calls meanwhile; when nothing comes any more it is closed.
func (b *body) Close() error {
	b.queue, b.free = nil, nil
	c := b.conn
	if b.ctx.Err() != nil && c.net.quiet() > time.Second {
		c.kill()
	}
	late := time.AfterFunc(drainTime, c.kill)
	c.spawn(func() {
		defer late.Stop()
		b.flying.Wait()
		_ = guard(b.file.Close) // it was only read from
		b.store.pool.put(c)
	})
	return nil
}

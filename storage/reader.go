package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// maxGap is how far forward a seek drops bytes of the open body in place of a
// new request: about what a connection carries in the time a request takes.
const maxGap = 1 << 20

// Reader reads one object from any offset, as a rendition.SourceReader. It
// asks for bounded ranges, small after a seek and doubled while the reads are
// sequential (ReadOptions), so that few bytes are sent that nobody reads.
//
// A dropped or stalled connection is resumed at the next byte; attempts
// without progress are bounded (Options.Attempts), then the kind is
// Unavailable. When the object is no longer the version that Open saw, reads
// fail with kind Integrity. After an error every Read returns it, except for
// io.EOF and kind Unsupported: a server without ranges refuses far seeks, and
// reads where the Reader was before go on.
//
// A Reader is used by one goroutine at a time. When the ctx of Open ends, a
// blocked Read returns with kind Canceled.
type Reader struct {
	bucket *Bucket
	key    string
	full   string
	opts   *ReadOptions
	ctx    context.Context //nolint:containedctx // a Reader lives within the ctx of its Open
	free   context.CancelFunc

	info   driver.Info // the version that Open saw
	pos    int64       // offset of the next Read
	stream *stream     // nil when no body is open
	window int64       // length of the next range to ask for
	tries  int         // failed attempts since the last byte
	wait   patience    // of these attempts
	err    error
	closed bool
}

var _ rendition.SourceReader = (*Reader)(nil)

// Open opens an object at its first byte. Kind NotFound when there is none.
// ctx covers the life of the Reader.
func (b *Bucket) Open(ctx context.Context, key string, opts *ReadOptions) (*Reader, error) {
	full, err := b.full("open", key)
	if err == nil {
		err = b.readable("open", key)
	}
	if err != nil {
		return nil, err
	}
	c := b.core
	if err := c.enter(); err != nil {
		return nil, c.wrap(ctx, "open", full, err)
	}
	defer c.leave()
	r := &Reader{bucket: b, key: key, full: full, opts: opts.withDefaults(), wait: patience{budget: b.patience}}
	r.window = r.opts.FirstRange
	r.info.Size = -1
	r.ctx, r.free = c.attach(ctx)
	for {
		if err = r.open(); err == nil {
			return r, nil
		}
		if !r.again("open", err) {
			err = c.wrap(r.ctx, "open", full, err)
			r.free()
			return nil, err
		}
	}
}

// Size is the length of the object in bytes, -1 when the store does not tell.
func (r *Reader) Size() int64 { return r.info.Size }

// Object describes the version that is read.
func (r *Reader) Object() *Object { return r.bucket.object(&r.info, r.key) }

// Seek sets the offset of the next Read. It moves no byte. From the end it
// fails with kind Unsupported when the size is not known.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		if r.info.Size < 0 {
			return r.pos, fail(rendition.Unsupported, "seek", r.key, "", errors.New("the store does not tell the size of this object"))
		}
		offset += r.info.Size
	default:
		return r.pos, fail(rendition.InvalidJob, "seek", r.key, "", fmt.Errorf("whence %d; use 0, 1 or 2", whence))
	}
	if offset < 0 {
		return r.pos, fail(rendition.InvalidJob, "seek", r.key, "", fmt.Errorf("offset %d is in front of the first byte", offset))
	}
	r.pos = offset
	return offset, nil
}

// Read reads up to len(p) bytes and returns as soon as it has some.
func (r *Reader) Read(p []byte) (int, error) {
	c := r.bucket.core
	if r.closed {
		return 0, c.wrap(context.Background(), "read", r.full, errReadClosed)
	}
	if r.err != nil || len(p) == 0 {
		return 0, r.err
	}
	if err := c.enter(); err != nil {
		return 0, c.wrap(r.ctx, "read", r.full, err)
	}
	defer c.leave()
	n, err := r.read(p)
	if err == nil || err == io.EOF { //nolint:errorlint // read returns the bare io.EOF
		return n, err
	}
	err = c.wrap(r.ctx, "read", r.full, err)
	if rendition.KindOf(err) != rendition.Unsupported { // that was a seek; reads elsewhere go on
		r.err = err
	}
	return 0, err
}

// Close frees what the Reader holds. A second Close does nothing.
func (r *Reader) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.free() // in front of drop, so that no body waits for its rest
	r.drop()
	return nil
}

// read is Read with raw errors: it goes on over the ends of ranges and over
// dropped connections.
func (r *Reader) read(p []byte) (int, error) {
	for {
		if r.ctx.Err() != nil {
			return 0, context.Cause(r.ctx)
		}
		if r.info.Size >= 0 && r.pos >= r.info.Size {
			return 0, io.EOF
		}
		n, err := r.step(p)
		if n > 0 {
			r.pos += int64(n)
			r.progress()
			return n, nil // an error that came with bytes comes again
		}
		switch {
		case err == io.EOF: //nolint:errorlint // step returns the bare io.EOF
			return 0, io.EOF
		case errors.Is(err, errNoRanges):
			return 0, err
		case err != nil:
			r.drop()
			if !r.again("read", err) {
				return 0, err
			}
		}
	}
}

// step reads once from a body at pos. Neither bytes nor an error means that a
// range has ended and the next is due.
func (r *Reader) step(p []byte) (int, error) {
	if err := r.position(); err != nil {
		return 0, err
	}
	n, err := r.stream.Read(p)
	if err != io.EOF || n > 0 { //nolint:errorlint // stream returns the bare io.EOF
		if err == io.EOF { //nolint:errorlint // as above
			err = nil
		}
		return n, err
	}
	atEnd := r.stream.toEnd()
	r.finish()
	switch {
	case !atEnd:
		return 0, nil
	case r.info.Size < 0:
		r.info.Size = r.pos // now it is known
		r.window = r.opts.FirstRange
		return 0, io.EOF
	default:
		return 0, io.ErrUnexpectedEOF // the object is longer: it was cut
	}
}

// position makes stream an open body whose next byte is at pos.
func (r *Reader) position() error {
	if s := r.stream; s != nil {
		if s.pos == r.pos && s.pos != s.end {
			return nil
		}
		if s.pos != r.pos {
			from := s.pos
			moved, err := s.moveTo(r.pos)
			if s.body.SeekTo == nil && s.pos > from {
				r.progress()
			}
			if moved || err != nil {
				return err
			}
			if most := s.body.MaxSkip; most > 0 && r.pos > most {
				return errNoRanges
			}
			r.drop()
			r.window = r.opts.FirstRange
		} else {
			r.finish()
		}
	}
	return r.open()
}

// open asks for the next range at pos and checks that the object is the same.
func (r *Reader) open() error {
	length := r.window
	var match *driver.Info
	if r.info.Size >= 0 {
		length = min(length, r.info.Size-r.pos)
	}
	if r.info.Key != "" {
		match = &r.info
	}
	s, err := r.bucket.core.openStream(r.ctx, r.full, r.pos, max(length, 1), match)
	if err != nil {
		return err
	}
	if match != nil && !sameVersion(match, &s.body.Info) {
		s.close()
		return driver.ErrChanged
	}
	r.adopt(&s.body.Info)
	r.stream = s
	return nil
}

// adopt keeps what a body tells about the object and was not known.
func (r *Reader) adopt(info *driver.Info) {
	if r.info.Key == "" {
		r.info = *info
		r.info.Key = r.full
	}
	if r.info.Size < 0 {
		r.info.Size = info.Size
	}
}

// again says, after a pause, whether a failed attempt is to be repeated.
func (r *Reader) again(op string, err error) bool {
	r.tries++
	return r.bucket.core.pause(r.ctx, op, r.full, r.tries, &r.wait, err)
}

// progress begins the count of failed attempts anew.
func (r *Reader) progress() { r.tries, r.wait.since = 0, time.Time{} }

// finish ends a body that was read to its end. When the reads go on there, the
// next range is twice as long.
func (r *Reader) finish() {
	r.window = min(2*r.window, r.opts.MaxRange)
	r.drop()
}

func (r *Reader) drop() {
	if r.stream == nil {
		return
	}
	r.stream.close()
	r.stream = nil
}

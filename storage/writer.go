package storage

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Writer writes one object. Nothing is visible under its key until Close
// succeeds; then the whole object is. Parts of WriterOptions.PartSize wait in
// memory until they are stored, so that each can be sent again; there is no
// temporary file on this machine.
//
// A Writer is used by one goroutine at a time and ends with Close or Abort.
// When its ctx ends, blocked calls return, and Close stores nothing and returns
// kind Canceled. After an error of Write or ReadFrom, Close stores nothing and
// returns that error.
type Writer struct {
	core   *core
	key    string
	full   string
	opts   *WriterOptions
	upload driver.Upload
	// patience is that of the Bucket.
	patience time.Duration

	ctx  context.Context //nolint:containedctx // a Writer lives within the ctx of its NewWriter
	free context.CancelFunc
	work context.Context //nolint:containedctx // child of ctx that also ends with the first failed part
	stop context.CancelFunc

	parts  sync.WaitGroup
	flying chan struct{} // one per part in flight
	spare  chan []byte   // buffers to use again

	mu    sync.Mutex // against the Bucket's Close, which aborts
	buf   []byte     // the part being filled
	index int        // of that part
	size  int64      // bytes accepted
	sum   hash.Hash
	ended bool  // by Close, Abort or the Bucket
	end   error // what Close returned

	errMu sync.Mutex // against parts in flight
	err   error      // the first failure
}

// NewWriter begins an object. Kind Unsupported where the store is read-only.
// ctx covers the life of the Writer.
func (b *Bucket) NewWriter(ctx context.Context, key string, opts *WriterOptions) (*Writer, error) {
	full, err := b.full("write", key)
	if err == nil {
		err = b.writable("write", key)
	}
	if err != nil {
		return nil, err
	}
	o := opts.withDefaults(key, b.core.caps)
	if err := o.check(key, b.core.caps); err != nil {
		return nil, err
	}
	w := &Writer{
		core: b.core, key: key, full: full, opts: o, patience: b.patience, sum: sha256.New(),
		flying: make(chan struct{}, o.InFlight), spare: make(chan []byte, o.InFlight+1),
	}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	return w, nil
}

func (o *WriterOptions) check(key string, caps Capabilities) error {
	switch {
	case o.PartSize > MaxPartSize:
		return fail(rendition.InvalidJob, "write", key, "", fmt.Errorf("part size %d; at most %d are allowed", o.PartSize, MaxPartSize))
	case len(o.WantSHA256) != 0 && len(o.WantSHA256) != sha256.Size:
		return fail(rendition.InvalidJob, "write", key, "", fmt.Errorf("a SHA-256 digest has 32 bytes, not %d", len(o.WantSHA256)))
	case len(o.Metadata) > 0 && !caps.UserMetadata:
		return fail(rendition.Unsupported, "write", key, "leave Metadata empty", errors.New("this store keeps no metadata"))
	}
	return nil
}

func (w *Writer) begin(ctx context.Context) error {
	c := w.core
	if err := c.enter(); err != nil {
		return c.wrap(ctx, "write", w.full, err)
	}
	defer c.leave()
	w.ctx, w.free = c.attach(ctx)
	w.work, w.stop = context.WithCancel(w.ctx)
	err := c.try(w.ctx, w.patience, "write", w.full, func(ctx context.Context) (err error) {
		w.upload, err = c.drv.NewUpload(ctx, w.full, &driver.UploadOptions{
			PartSize: w.opts.PartSize, ContentType: w.opts.ContentType,
			CacheControl: w.opts.CacheControl, Metadata: w.opts.Metadata,
		})
		return err
	})
	if err == nil {
		if err = c.track(w); err != nil {
			err = errors.Join(err, w.discard())
		}
	}
	if err != nil {
		err = c.wrap(w.ctx, "write", w.full, err)
		w.stop()
		w.free()
	}
	return err
}

// Write takes p into the part being filled. It blocks while all parts that may
// be in flight are.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	done := 0
	for len(p) > 0 {
		if err := w.room(len(p)); err != nil {
			return done, err
		}
		n := copy(w.buf[len(w.buf):cap(w.buf)], p)
		w.accept(n)
		p, done = p[n:], done+n
	}
	return done, w.failed()
}

// ReadFrom writes what r gives until io.EOF, without a copy between. An error
// of r is returned and makes Close fail too, so that half an object is never
// stored.
func (w *Writer) ReadFrom(r io.Reader) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var done int64
	for {
		if err := w.room(32 << 10); err != nil {
			return done, err
		}
		free := w.buf[len(w.buf):cap(w.buf)]
		w.mu.Unlock() // the Bucket may close while r blocks
		n, err := r.Read(free)
		w.mu.Lock()
		if failed := w.failed(); failed != nil {
			return done, failed
		}
		w.accept(n)
		done += int64(n)
		if errors.Is(err, io.EOF) {
			return done, nil
		}
		if err != nil {
			w.fail(err)
			return done, err
		}
	}
}

// SHA256 is the digest of the bytes written so far, 32 bytes.
func (w *Writer) SHA256() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sum.Sum(nil)
}

// Size is the number of bytes written so far.
func (w *Writer) Size() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.size
}

// failed is why no more can be written, nil when it can.
func (w *Writer) failed() error {
	w.errMu.Lock()
	err := w.err
	w.errMu.Unlock()
	switch {
	case err != nil:
		return err
	case w.ended:
		return w.core.wrap(context.Background(), "write", w.full, errWriteEnded)
	case w.ctx.Err() != nil:
		return w.core.wrap(w.ctx, "write", w.full, context.Cause(w.ctx))
	}
	return nil
}

// fail keeps the first failure and ends the parts in flight.
func (w *Writer) fail(err error) {
	w.errMu.Lock()
	defer w.errMu.Unlock()
	if w.err == nil {
		w.err = w.core.wrap(w.ctx, "write", w.full, err)
	}
	w.stop()
}

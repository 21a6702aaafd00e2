package transcode

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// copying is a redelivery to one destination.
type copying struct {
	r        *redeliverer
	from, to *storage.Bucket
	toField  string

	mu     sync.Mutex
	done   *Redelivery // of all destinations
	res    DestinationResult
	extra  int64 // bytes of files that are under way
	copied int64
	shown  time.Time
	skips  int
}

// run opens both ends and copies.
func (c *copying) run(ctx context.Context, to *target) (err error) {
	from, free, err := c.open(ctx, &c.r.from)
	if err != nil {
		return err
	}
	defer free()
	c.from = from
	if c.to, free, err = c.open(ctx, to); err != nil {
		return err
	}
	defer free()
	c.toField, c.res.Name = to.field, c.to.Name()
	c.report(true, func() {})
	for _, files := range c.r.files {
		group, in := errgroup.WithContext(ctx)
		group.SetLimit(c.r.opts.Parallel)
		for _, f := range files {
			group.Go(func() error { return c.file(in, &f) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// open opens one end. A bucket that the job does not name has the files where the
// Result says, without the job's subpath.
func (c *copying) open(ctx context.Context, t *target) (b *storage.Bucket, free func(), err error) {
	sub := c.r.sub
	if t.index < 0 {
		sub = ""
	}
	cfg := c.r.engine.cfg
	b, own, err := t.open(ctx, cfg.Opener, sub)
	if err != nil {
		return nil, nil, c.fault(t.field, err)
	}
	free = func() {}
	if own != nil {
		free = func() { _ = own.Close() } // what was written is committed
	}
	return cfg.patient(b), free, nil
}

// finish says how it ended.
func (c *copying) finish(err error) {
	c.report(true, func() {
		c.extra, c.res.State = 0, DestinationSaved
		if err != nil {
			c.res.State, c.res.Err, c.res.Error, c.res.Kind = DestinationFailed, err, err.Error(), rendition.KindOf(err)
		}
	})
}

// file copies one file where it is not there.
func (c *copying) file(ctx context.Context, f *PublishedFile) error {
	there, err := c.there(ctx, f)
	if err != nil {
		return err
	}
	if !there {
		hooks := c.r.engine.hooks
		in, end := hooks.start(ctx, SpanUpload, slog.String("path", f.Path), slog.Int("destinations", 1))
		if err := c.copy(in, f); err != nil {
			end(err)
			return err
		}
		hooks.add(in, CounterFiles, 1)
		hooks.add(in, CounterWritten, float64(f.Size))
		end(nil, slog.Int64("bytes", f.Size))
	}
	c.report(true, func() {
		c.res.Files++
		c.res.Bytes += f.Size
		if there {
			c.done.Skipped++
			c.skips++
			return
		}
		c.extra -= f.Size
		c.copied += f.Size
		c.done.Copied++
		c.done.Bytes += f.Size
	})
	return nil
}

// there reports whether a file is at the destination as it should be. What cannot
// be found out counts as not there.
func (c *copying) there(ctx context.Context, f *PublishedFile) (bool, error) {
	if c.r.opts.Overwrite {
		return false, nil
	}
	obj, err := c.to.Stat(ctx, f.Path)
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	if rendition.KindOf(err) == rendition.Unavailable {
		return false, c.fault(c.toField, err)
	}
	if err != nil || obj.Size != f.Size {
		return false, nil
	}
	if c.r.opts.SizeOnly {
		return true, nil
	}
	if c.to.Capabilities().ContentType && obj.ContentType != f.ContentType {
		return false, nil
	}
	in, err := c.to.Open(ctx, f.Path, nil)
	if err != nil {
		return false, nil
	}
	defer in.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return false, nil
	}
	want, _ := sumOf(f) // it has been checked
	return bytes.Equal(sum.Sum(nil), want), nil
}

// copy copies one file. Nothing is visible before its SHA-256 is known to be right.
func (c *copying) copy(ctx context.Context, f *PublishedFile) error {
	in, err := c.from.Open(ctx, f.Path, nil)
	if err != nil {
		return c.fault(c.r.from.field, err)
	}
	defer in.Close()
	if n := in.Size(); n >= 0 && n != f.Size {
		return c.changed(f, fmt.Sprintf("it has %d bytes instead of %d", n, f.Size))
	}
	opts := &storage.WriterOptions{ContentType: f.ContentType}
	if f.Role == RoleInit || f.Role == RoleSegment {
		opts.CacheControl = cacheImmutable
	}
	out, err := c.to.NewWriter(ctx, f.Path, opts)
	if err != nil {
		return c.fault(c.toField, err)
	}
	reader := &countingReader{r: in, c: c}
	_, err = io.Copy(out, reader)
	switch want, _ := sumOf(f); {
	case reader.err != nil:
		err = c.fault(c.r.from.field, reader.err)
	case err != nil:
		err = c.fault(c.toField, err)
	case !bytes.Equal(out.SHA256(), want):
		err = c.changed(f, "its SHA-256 is another")
	default:
		if err := out.Close(); err != nil {
			return c.fault(c.toField, err)
		}
		return nil
	}
	_ = out.Abort() // the error that matters is the one before
	return err
}

// countingReader tells how far a file is, and keeps why it could not be read.
type countingReader struct {
	r   io.Reader
	c   *copying
	err error
}

// Read implements io.Reader.
func (r *countingReader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	r.c.report(false, func() { r.c.extra += int64(n) })
	return n, err
}

// report changes what is known and tells the host, when it is due or now.
func (c *copying) report(now bool, change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
	f := c.r.opts.OnProgress
	if f == nil || !now && time.Since(c.shown) < progressInterval {
		return
	}
	c.shown = time.Now()
	p := RedeliverProgress{Destination: c.res, Files: c.r.total, Bytes: c.r.bytes, Skipped: c.skips}
	p.Destination.Bytes += c.extra
	f(p)
}

// fault marks an error as one of a destination.
func (c *copying) fault(field string, err error) error {
	kind := rendition.KindOf(err)
	return &rendition.Error{Kind: kind, Op: opRedeliver, Key: field, Err: err, Fault: rendition.FaultDestination, Hint: publishHint(kind)}
}

// changed says that the good destination is not so good.
func (c *copying) changed(f *PublishedFile, how string) error {
	return c.fault(c.r.from.field, &rendition.Error{
		Kind: rendition.Integrity, Key: f.Path, Err: fmt.Errorf("it is not the file that was published: %s", how),
		Hint: "copy from another destination, or run the job again",
	})
}

// sumOf is the SHA-256 of a file.
func sumOf(f *PublishedFile) ([]byte, error) {
	sum, err := hex.DecodeString(f.SHA256)
	if err == nil && len(sum) != sha256.Size {
		err = errors.New("a SHA-256 has 32 bytes")
	}
	return sum, err
}

package transcode

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rendition-sdk/rendition/storage"
)

// publishedFile is one file on its way to every destination. What it does at one
// it does at all of them at the same time, and goes on when all are done: the
// slowest sets the pace, and what waits for it lies in the storage.Writers, which
// keep a bounded number of parts each.
type publishedFile struct {
	p       *publisher
	ctx     context.Context //nolint:containedctx // of the file's creation; it covers its life
	info    PublishedFile
	growing bool // it will be written again
	lanes   []*lane
	// uploaded tells the hooks how it ended.
	uploaded func(size int64, copies int, err error)

	mu  sync.Mutex
	err error // why it fails everywhere
}

// lane is a file on its way to one destination.
type lane struct {
	d      *destination
	w      *storage.Writer
	ctx    context.Context //nolint:containedctx // of this file at this destination
	cancel context.CancelCauseFunc
	detach func() bool           // from the life of the destination
	last   atomic.Pointer[error] // that a call was tried again after
	ended  bool
}

// errGivenUp is why the upload of a file ended that was not at fault itself.
var errGivenUp = errors.New("the job gave the file up")

// join adds a lane to each destination that is good.
func (f *publishedFile) join() {
	for _, d := range f.p.destinations {
		if !d.enter() {
			continue
		}
		l := &lane{d: d}
		l.ctx, l.cancel = context.WithCancelCause(storage.OnRetry(f.ctx, func(_ context.Context, r storage.Retry) { l.last.Store(&r.Err) }))
		l.detach = context.AfterFunc(d.life, func() { l.cancel(context.Cause(d.life)) })
		f.lanes = append(f.lanes, l)
	}
}

// open begins the file at every destination.
func (f *publishedFile) open(opts storage.WriterOptions) error {
	return f.each(func(l *lane) (err error) {
		l.d.begin(l.ctx, f.info.Path, f.info.Role)
		l.w, err = l.d.bucket.NewWriter(l.ctx, f.info.Path, &opts)
		return err
	})
}

// Write implements io.Writer.
func (f *publishedFile) Write(b []byte) (int, error) {
	err := f.each(func(l *lane) error {
		_, err := l.w.Write(b)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(b), nil
}

// Close commits the file everywhere.
func (f *publishedFile) Close() error {
	if err := f.each(func(l *lane) error { return l.w.Close() }); err != nil {
		return errors.Join(err, f.Abort())
	}
	f.info.Size = f.lanes[0].w.Size()
	f.info.SHA256 = hex.EncodeToString(f.lanes[0].w.SHA256())
	for _, l := range f.lanes {
		l.d.saved(f.info.Path, f.info.Size)
		l.leave()
	}
	f.uploaded(f.info.Size, len(f.lanes), nil)
	f.p.record(f.info, f.growing)
	return nil
}

// Abort throws the file away.
func (f *publishedFile) Abort() error {
	errs := make([]error, len(f.lanes))
	var all sync.WaitGroup
	for i, l := range f.lanes {
		all.Go(func() { errs[i] = l.abort() })
	}
	all.Wait()
	f.uploaded(0, 0, cmp.Or(f.failed(), errGivenUp))
	return errors.Join(errs...)
}

// each does something at every destination at the same time. Where it fails the
// destination is given up and the file goes on without it; the error says that
// the job cannot.
func (f *publishedFile) each(do func(*lane) error) error {
	if err := f.failed(); err != nil {
		return err
	}
	if len(f.lanes) == 1 {
		f.at(f.lanes[0], do)
	} else {
		var all sync.WaitGroup
		for _, l := range f.lanes {
			all.Go(func() { f.at(l, do) })
		}
		all.Wait()
	}
	if err := f.failed(); err != nil {
		return err
	}
	good := f.lanes[:0]
	for _, l := range f.lanes {
		if l.d.failed() == nil {
			good = append(good, l)
			continue
		}
		f.p.background.Go(func() { l.d.aborted(l.abort()) })
	}
	f.lanes = good
	return f.p.enough()
}

// at does something at one destination.
func (f *publishedFile) at(l *lane, do func(*lane) error) {
	stop := f.p.limit(l.cancel, &l.last)
	err := do(l)
	stop()
	if err == nil || errors.Is(context.Cause(l.ctx), errGivenUp) {
		return
	}
	err = cmp.Or(stallOf(l.ctx), err)
	if err = f.p.giveUp(f.ctx, l.d, err); err != nil {
		f.fail(err)
	}
}

// limit ends a call with cancel when it is not back in time, where there is a
// limit. stop must be called when it is.
func (p *publisher) limit(cancel context.CancelCauseFunc, last *atomic.Pointer[error]) (stop func()) {
	if p.stall <= 0 {
		return func() {}
	}
	timer := time.AfterFunc(p.stall, func() {
		var err error
		if e := last.Load(); e != nil {
			err = *e
		}
		cancel(stalled(p.stall, err))
	})
	return func() { timer.Stop() }
}

// fail ends the file everywhere.
func (f *publishedFile) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
	for _, l := range f.lanes {
		l.cancel(errGivenUp)
	}
}

func (f *publishedFile) failed() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// abort throws away what is under way at the destination.
func (l *lane) abort() (err error) {
	if l.ended {
		return nil
	}
	if l.w != nil {
		err = l.w.Abort()
	}
	l.leave()
	return err
}

// leave ends the lane.
func (l *lane) leave() {
	l.ended = true
	l.detach()
	l.cancel(nil)
	l.d.files.Done()
}

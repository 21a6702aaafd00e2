package storage

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// stream is one open body of a Reader: where it stands, where it ends, and the
// timer that drops it when it stalls.
type stream struct {
	body   *driver.Body
	pos    int64           // offset in the object of the next byte
	end    int64           // offset where the body ends; -1 when it does not tell
	asked  int64           // offset where the requested range ends; -1 for the end of the object
	ctx    context.Context //nolint:containedctx // the life of this one body, inside that of its Reader
	cancel context.CancelCauseFunc
	timer  *time.Timer // nil when reads may stall for ever
	stall  time.Duration
	rate   *bandwidth
}

// openStream asks the driver for a range in a free slot. length -1 is to the end.
func (c *core) openStream(ctx context.Context, key string, off, length int64, match *driver.Info) (*stream, error) {
	s := &stream{pos: off, end: -1, asked: -1, stall: c.opts.StallTimeout, rate: c.rate}
	if length >= 0 {
		s.asked = off + length
	}
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	if s.stall > 0 {
		s.timer = time.AfterFunc(s.stall, func() { s.cancel(errStalled) })
		defer s.timer.Stop()
	}
	err := c.once(s.ctx, func(ctx context.Context) (err error) {
		s.body, err = c.drv.OpenRange(ctx, key, off, length, &driver.ReadOptions{Match: match})
		return err
	})
	if err == io.EOF { //nolint:errorlint // the bare one is what a Reader takes for the object's end
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		err = s.explain(err)
		s.cancel(nil)
		return nil, err
	}
	if s.body.Length >= 0 {
		s.end = off + s.body.Length
	}
	return s, nil
}

// Read reads from the body, not past its end. A body that ends early gives
// io.ErrUnexpectedEOF, a complete one io.EOF.
func (s *stream) Read(p []byte) (int, error) {
	if s.end >= 0 {
		if s.pos >= s.end {
			return 0, io.EOF
		}
		p = p[:min(int64(len(p)), s.end-s.pos)]
	}
	p = s.rate.slice(p)
	if err := s.rate.wait(s.ctx, int64(len(p))); err != nil { // in front of the stall timer: waiting here is no stall
		return 0, err
	}
	if s.timer != nil {
		s.timer.Reset(s.stall)
		defer s.timer.Stop()
	}
	n, err := s.body.Read(p)
	s.rate.giveBack(int64(len(p) - n))
	s.pos += int64(n)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) && s.pos < s.end:
		return n, io.ErrUnexpectedEOF
	case errors.Is(err, io.EOF):
		return n, io.EOF
	default:
		return n, s.explain(err)
	}
}

// explain replaces what a body says after its ctx ended by why that ended.
func (s *stream) explain(err error) error {
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	return err
}

// toEnd says whether a body that gave io.EOF has reached the object's end, as
// far as the body can tell.
func (s *stream) toEnd() bool { return s.asked < 0 || s.pos < s.asked || s.body.MaxSkip > 0 }

// moveTo brings the stream to off when that is cheaper than a new request.
func (s *stream) moveTo(off int64) (bool, error) {
	if s.body.SeekTo != nil {
		if err := s.body.SeekTo(off); err != nil {
			return false, err
		}
		s.pos = off
		return true, nil
	}
	if s.end >= 0 && off >= s.end {
		return false, nil
	}
	gap, limit := off-s.pos, int64(maxGap)
	if s.body.MaxSkip > 0 {
		limit = s.body.MaxSkip
	}
	if gap < 0 || gap > limit {
		return false, nil
	}
	_, err := io.CopyN(io.Discard, s, gap)
	return err == nil, err
}

func (s *stream) close() {
	if s.timer != nil { // a body may read its rest to keep the connection
		s.timer.Reset(s.stall)
		defer s.timer.Stop()
	}
	_ = s.body.Close() // what was only read from has nothing to lose
	s.cancel(nil)
}

// Package feed sends an object whose parts come one by one to a store that takes it in one
// long request only: a chunked PUT, the standard input of a program.
package feed

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Run makes the request: it reads body to its end and returns when the store has the whole
// object. When body fails with an error other than io.EOF, or ctx ends, the request has to
// break off in a way that the store does not take for the end of the object.
type Run func(ctx context.Context, body io.Reader) error

// Feed is the upload of one object. Its driver declares SequentialParts.
//
// What a broken request has taken is lost, and of the parts only the one at hand can be
// sent again. So the first part begins the request anew when it is repeated; a break in a
// later part fails the object with kind Unavailable at once, without attempts that cannot
// succeed, and whoever has the object writes it anew. It is used by one goroutine at a time.
type Feed struct {
	run  Run
	next int   // the part that comes next
	sent int64 // bytes of the parts before
	cur  *request
	lost error // why the object cannot be finished
}

// New returns a Feed that has not begun.
func New(run Run) *Feed { return &Feed{run: run} }

// Started says whether a part was taken, whole or not.
func (f *Feed) Started() bool { return f.cur != nil || f.next > 0 || f.lost != nil }

// Write sends one part. A part that was sent already is left out: its bytes are the same.
func (f *Feed) Write(ctx context.Context, part *driver.Part) error {
	switch {
	case f.lost != nil:
		return f.lost
	case part.Index < f.next:
		return nil
	}
	if part.Index == 0 {
		f.stop()
	}
	if f.cur == nil {
		f.cur = begin(ctx, f.run)
	}
	if err := f.cur.write(ctx, part.Body); err != nil {
		f.stop()
		if part.Index == 0 {
			return err
		}
		f.lost = lost(err, f.sent)
		return f.lost
	}
	f.next, f.sent = part.Index+1, f.sent+part.Size
	return nil
}

// Finish ends the body and waits for the store's answer. It can be called again: the answer is
// the same.
func (f *Feed) Finish(ctx context.Context) error {
	if f.lost != nil || f.cur == nil {
		return f.lost
	}
	err := f.cur.finish(ctx)
	f.stop()
	if err != nil {
		f.lost = lost(err, f.sent)
	}
	return f.lost
}

// Stop breaks the request off, if it goes on, and waits until it has ended.
func (f *Feed) Stop() {
	f.stop()
	if f.lost == nil {
		f.lost = errStopped
	}
}

func (f *Feed) stop() {
	if f.cur != nil {
		f.cur.stop()
		f.cur = nil
	}
}

var errStopped = errors.New("the upload was broken off")

// lost makes an error that is not worth another attempt with the same part.
func lost(err error, sent int64) error {
	e := &driver.Error{Kind: rendition.Unavailable}
	var said *driver.Error
	if errors.As(err, &said) {
		*e = *said
	} else if k := driver.DefaultKind(err); k != rendition.Internal {
		e.Kind = k
	}
	e.Err = err
	if e.Kind == rendition.Canceled || e.Kind == rendition.Unavailable {
		e.Kind = rendition.Unavailable
		e.Err = fmt.Errorf("the one request that carries the object broke after %d bytes: %w", sent, err)
		e.Hint = "this store cannot go on in the middle; write the object again"
		e.RetryAfter = storage.MaxRetryAfter + 1 // a pause that the Bucket does not wait for
	}
	return e
}

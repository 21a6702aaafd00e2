package transcode

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// destination is one of the places that receive every file of a job. It is
// safe for concurrent use.
type destination struct {
	index   int
	place   place
	several bool // there are others, so that messages say which
	name    string
	bucket  *storage.Bucket // nil while it is not open
	closers []io.Closer
	earlier *earlierRun
	// life ends when the destination is given up, and with it all its writes.
	life context.Context //nolint:containedctx // of the destination within its job
	end  context.CancelCauseFunc
	// files are those being written to it now; none begins after it failed.
	files sync.WaitGroup

	mu  sync.Mutex
	err error // why it was given up
	// written are the paths this job created or may have created here, each once,
	// in the order of their first writing.
	written []string
	known   map[string]bool  // the same as a set
	sizes   map[string]int64 // of the files that are complete, by path
	undone  bool             // what was written has been taken back
	left    error            // why some of it could not be
	unended error            // why a file that was being written may have left something
}

func newDestination(ctx context.Context, index int, at place) *destination {
	d := &destination{index: index, place: at, name: at.name(), known: map[string]bool{}, sizes: map[string]int64{}}
	d.life, d.end = context.WithCancelCause(context.WithoutCancel(ctx))
	return d
}

// failed is why the destination was given up, nil when it was not.
func (d *destination) failed() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

// enter counts a file that is being written; false when the destination was given up.
func (d *destination) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return false
	}
	d.files.Add(1)
	return true
}

// giveUp ends everything that is under way. It reports whether it was the first to.
func (d *destination) giveUp(err error) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return false
	}
	d.err = err
	d.end(err)
	return true
}

// begin notes a path before its first writing, and what was there before.
func (d *destination) begin(ctx context.Context, name string, role FileRole) {
	d.mu.Lock()
	again := d.known[name]
	if !again {
		d.known[name] = true
		d.written = append(d.written, name)
	}
	d.mu.Unlock()
	if !again { // else what is there now is this job's own
		d.earlier.remember(ctx, d.bucket, name, role)
	}
}

// saved notes a complete file.
func (d *destination) saved(name string, size int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sizes[name] = size
}

// result describes the destination in a state that is not failed: that it knows itself.
func (d *destination) result(state DestinationState) DestinationResult {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := DestinationResult{Index: d.index, Name: d.name, State: state, Files: len(d.sizes)}
	for _, size := range d.sizes {
		r.Bytes += size
	}
	if d.err != nil {
		r.State, r.Err, r.Error, r.Kind = DestinationFailed, d.err, d.err.Error(), rendition.KindOf(d.err)
	}
	if left := errors.Join(d.left, d.unended); left != nil {
		r.Left = fmt.Sprintf("some of %d files may be left: %s", len(d.written), strings.ReplaceAll(left.Error(), "\n", "; "))
	}
	return r
}

// aborted notes how a file was thrown away that could not be written.
func (d *destination) aborted(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unended = cmp.Or(d.unended, err)
}

// close frees what was opened for the destination.
func (d *destination) close() {
	d.end(nil)
	for _, c := range slices.Backward(d.closers) {
		_ = c.Close() // everything in it is committed or taken back
	}
}

// fault marks an error as one of this destination.
func (d *destination) fault(op string, err error) error {
	kind := rendition.KindOf(err)
	if kind == rendition.Canceled {
		kind = rendition.Unavailable // the job goes on: it was a limit of the driver's own
	}
	e := &rendition.Error{Kind: kind, Op: op, Err: err, Fault: rendition.FaultDestination, Hint: publishHint(kind)}
	if d.several || op == opOpen {
		e.Key = d.place.field
	}
	return e
}

// Operations of errors about a destination.
const (
	opOpen    = "transcode: open"
	opPublish = "transcode: publish"
)

// stalled is why a destination was given up that took nothing for too long. last is
// the failure that it was tried again after, if any.
func stalled(after fmt.Stringer, last error) error {
	err := fmt.Errorf("it took nothing for %s", after)
	if last != nil {
		err = fmt.Errorf("%w; the last try failed: %w", err, last)
	}
	return &rendition.Error{Kind: rendition.Unavailable, Err: &stallError{err}}
}

// stallError is the cause of a context that a stall has ended.
type stallError struct{ error }

func (e *stallError) Unwrap() error { return e.error }

// stallOf is why a context was ended that a stall has ended, else nil.
func stallOf(ctx context.Context) error {
	cause := context.Cause(ctx)
	if s := (*stallError)(nil); errors.As(cause, &s) {
		return cause
	}
	return nil
}

package faultstore

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Op is a driver call that a Rule is about.
type Op string

// The operations. Read is a Read of an open body, the others are the driver's.
const (
	OpenRange Op = "open range"
	Read      Op = "read"
	Stat      Op = "stat"
	List      Op = "list"
	NewUpload Op = "new upload"
	WritePart Op = "write part"
	Commit    Op = "commit"
	Abort     Op = "abort"
	Delete    Op = "delete"
	Copy      Op = "copy"
)

// ErrInjected is the cause of failures that name no other.
var ErrInjected = errors.New("injected fault")

// Rule says which calls go wrong and how. What it leaves zero does not happen;
// a Rule with neither Kind nor Err nor another effect fails with ErrInjected of
// kind Unavailable.
type Rule struct {
	// Op is the operation. Required.
	Op Op
	// Key is the driver's key (with the Bucket's prefix); "" is any.
	Key string
	// Nth is the first matching call that goes wrong, counted from 1 after the
	// rule was added; 0 is 1.
	Nth int
	// Times is how many calls from there on go wrong; 0 is 1, negative is all.
	Times int

	// Kind and Err are the failure, made before the call reaches the store.
	// With Err alone the driver's own Classify gives the kind.
	Kind rendition.Kind
	Err  error
	// RetryAfter is the pause that the failure asks for.
	RetryAfter time.Duration
	// After makes the failure follow a call that the store has carried out, as
	// when its answer is lost.
	After bool

	// Wait holds the call until the channel is closed or ctx ends.
	Wait <-chan struct{}

	// CutAfter, of OpenRange, ends the body with io.ErrUnexpectedEOF after so
	// many bytes; negative is before the first.
	CutAfter int64
	// Change, of OpenRange, Stat: the object looks like another version.
	Change bool
}

// only says whether the rule has an effect other than a failure.
func (r *Rule) only() bool {
	return r.Kind == 0 && r.Err == nil && (r.Wait != nil || r.CutAfter != 0 || r.Change)
}

func (r *Rule) failure() error {
	if r.only() {
		return nil
	}
	err, kind := r.Err, r.Kind
	if err == nil {
		err = ErrInjected
		if kind == 0 {
			kind = rendition.Unavailable
		}
	}
	if kind == 0 {
		return err
	}
	return &driver.Error{Kind: kind, Err: err, RetryAfter: r.RetryAfter}
}

// Faults is a set of rules that can change at any time. It is safe for
// concurrent use.
type Faults struct {
	mu    sync.Mutex
	rules []*active
	calls map[Op]int
	space int64 // bytes that may still be written; -1 is no limit
}

type active struct {
	Rule
	seen int
}

// New returns a set without rules.
func New() *Faults { return &Faults{calls: map[Op]int{}, space: -1} }

// Add adds a rule. Where several match a call, the first one added applies.
func (f *Faults) Add(r Rule) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r.Nth = max(r.Nth, 1)
	if r.Times == 0 {
		r.Times = 1
	}
	f.rules = append(f.rules, &active{Rule: r})
}

// DiskFull makes uploads fail with kind Quota after n more bytes.
func (f *Faults) DiskFull(n int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.space = n
}

// Reset removes all rules, the limit of DiskFull and the counts of Calls.
func (f *Faults) Reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules, f.space = nil, -1
	clear(f.calls)
}

// Calls is how often op was called, failed calls included.
func (f *Faults) Calls(op Op) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[op]
}

// Wrap returns a Bucket like b in which the faults happen. Close it and not b.
func (f *Faults) Wrap(b *storage.Bucket) *storage.Bucket {
	return b.Wrap(func(d driver.Driver) driver.Driver { return &faulty{Driver: d, faults: f} })
}

// next counts a call and returns the rule for it, or nil.
func (f *Faults) next(op Op, key string) *Rule {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[op]++
	var hit *Rule
	for _, r := range f.rules {
		if r.Op != op || (r.Key != "" && r.Key != key) {
			continue
		}
		r.seen++
		if hit == nil && r.seen >= r.Nth && (r.Times < 0 || r.seen < r.Nth+r.Times) {
			hit = &r.Rule
		}
	}
	return hit
}

// take uses up n bytes of the disk.
func (f *Faults) take(n int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.space < 0 {
		return nil
	}
	if n > f.space {
		return &driver.Error{Kind: rendition.Quota, Err: errors.New("no space left (injected fault)")}
	}
	f.space -= n
	return nil
}

// run makes a call under the rule for it.
func (f *Faults) run(ctx context.Context, op Op, key string, call func(*Rule) error) error {
	r := f.next(op, key)
	if r == nil {
		return call(&Rule{})
	}
	if r.Wait != nil {
		select {
		case <-r.Wait:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if err := r.failure(); err != nil && !r.After {
		return err
	}
	if err := call(r); err != nil {
		return err
	}
	if r.After {
		return r.failure()
	}
	return nil
}

package azurestore

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
)

const (
	// abortWidth is how many blocks are overwritten at a time.
	abortWidth = 4
	// abortTimeout bounds the removal of what a failed copy has left.
	abortTimeout = 30 * time.Second
	// lateAfter is how long a request without an answer is given to be carried out.
	lateAfter = 100 * time.Millisecond
)

// Abort overwrites each block with one of one byte. The service has no way to remove
// blocks that leaves the object under the name as it is: a commit replaces it, and
// would be seen, and would drop the blocks of other uploads of that name.
// What is left is invisible and goes after a week.
func (u *upload) Abort(ctx context.Context) error {
	u.whole = nil
	if err := u.shrinkAll(ctx, slices.Sorted(maps.Keys(u.blocks))); err != nil {
		return err
	}
	// A block whose request was given up may arrive later than the byte that is to replace it.
	late := slices.Sorted(maps.Keys(u.unknown))
	for _, wait := range []time.Duration{lateAfter, 4 * lateAfter} {
		if len(late) == 0 {
			break
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := u.shrinkAll(ctx, late); err != nil {
			return err
		}
	}
	return nil
}

// shrinkAll makes blocks one byte, some at a time, until the first failure.
func (u *upload) shrinkAll(ctx context.Context, blocks []int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	todo := make(chan int)
	var work sync.WaitGroup
	for range min(abortWidth, len(blocks)) {
		work.Go(func() {
			for i := range todo {
				if err := u.shrink(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, i := range blocks {
		select {
		case todo <- i:
		case <-ctx.Done():
		}
	}
	close(todo)
	work.Wait()
	return context.Cause(ctx)
}

// shrink makes a block one byte. Where the container has gone the block has too.
func (u *upload) shrink(ctx context.Context, index int) error {
	one := []byte{0}
	sum, err := md5Of(bytes.NewReader(one))
	if err != nil {
		return err
	}
	if err = u.stage(ctx, index, bytes.NewReader(one), sum); err != nil && u.d.Classify(err) == rendition.NotFound {
		return nil
	}
	return err
}

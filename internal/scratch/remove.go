package scratch

import (
	"context"
	"errors"
	"sync"

	"github.com/rendition-sdk/rendition"
)

// removeWorkers is how many entries are deleted at a time: a remote store
// takes tens of milliseconds for each, and a job has thousands.
const removeWorkers = 8

// Remove deletes the entries of keys. One that is not there is success. A
// failure does not keep the others from being deleted; all failures come joined.
func (s *Store) Remove(ctx context.Context, keys ...string) error {
	err := s.remove(ctx, len(keys), func(i int) string { return keys[i] }, func(int) {})
	s.tryAgain()
	return err
}

// remove deletes the entries of n keys and calls done, one at a time, for each
// that is deleted. The end of ctx ends it.
func (s *Store) remove(ctx context.Context, n int, key func(int) string, done func(int)) error {
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		errs []error
		next int
	)
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		next++
		return next - 1, next <= n
	}
	for range min(removeWorkers, n) {
		wg.Go(func() {
			for i, more := take(); more; i, more = take() {
				err := s.delete(ctx, key(i))
				mu.Lock()
				if err == nil {
					done(i)
				} else {
					errs = append(errs, err)
					if ctx.Err() != nil {
						next = n // the others would fail as well
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return join(errs)
}

func (s *Store) delete(ctx context.Context, key string) error {
	name, err := object(key)
	if err != nil {
		return err
	}
	return s.bucket.Delete(ctx, name)
}

// join makes several failures one, of the kind of the first.
func join(errs []error) error {
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	default:
		return fail(rendition.KindOf(errs[0]), "remove", "", errors.Join(errs...))
	}
}

package scratch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/rendition-sdk/rendition"
)

// A listing is due after a sixteenth of Limit was written, and when room is
// made, a sixteenth is made at once. So a Put costs, on average, a
// sixteenth of a listing or less, however small the entries are.
const slackShare = 16

// fullPause is how long a Put that finds no room keeps the next ones from
// looking for some.
const fullPause = time.Minute

// room is how much of Limit is taken, as far as it is known.
type room struct {
	known   bool
	stored  int64 // bytes of entries that are there; may be too many, never too few but for other processes'
	flying  int64 // bytes of entries that are being written
	written int64 // bytes written since the last listing

	full bool // a Put has found no room...
	when time.Time
}

// reserve takes size bytes of Limit for an entry, and makes room where there is none.
func (s *Store) reserve(ctx context.Context, key string, size int64) error {
	if s.opts.Limit < 0 {
		return nil
	}
	if size > s.opts.Limit {
		return s.noRoom(key, size, nil)
	}
	if err := s.enter(ctx, "put", key); err != nil {
		return err
	}
	defer s.leave()
	taken, look := s.take(size)
	switch {
	case taken:
		return nil
	case !look:
		return s.noRoom(key, size, nil)
	}
	return s.makeRoom(ctx, key, size)
}

// enter takes the gate: one at a time lists or removes, and others who need
// the result wait for it.
func (s *Store) enter(ctx context.Context, op, key string) error {
	select {
	case s.gate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fail(rendition.Canceled, op, key, ended(ctx))
	}
}

// ended is why ctx has ended, with ctx.Err() in its tree.
func ended(ctx context.Context) error {
	err, why := ctx.Err(), context.Cause(ctx)
	if errors.Is(why, err) {
		return why
	}
	return fmt.Errorf("%w: %w", err, why)
}

func (s *Store) leave() { <-s.gate }

// take takes size bytes if there is room and no listing is due, and says
// otherwise whether it is worth to look for some.
func (s *Store) take(size int64) (taken, look bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &s.room
	fits := r.known && r.stored+r.flying+size <= s.opts.Limit
	if fits && r.written <= s.opts.Limit/slackShare {
		r.flying += size
		r.written += size
		return true, false
	}
	return false, fits || !r.full || s.opts.Now().Sub(r.when) >= fullPause
}

// settle says what became of an entry that was given room.
func (s *Store) settle(size int64, written bool) {
	if s.opts.Limit < 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room.flying -= size
	if written {
		s.room.stored += size
	}
}

// makeRoom is called with the gate.
func (s *Store) makeRoom(ctx context.Context, key string, size int64) error {
	list, err := s.survey(ctx)
	if err != nil {
		return err
	}
	if taken, _ := s.take(size); taken {
		return nil
	}
	_, err = s.drop(ctx, s.victims(list, nil, size))
	if taken, _ := s.take(size); taken {
		if err != nil {
			s.opts.Logger.LogAttrs(ctx, slog.LevelWarn, "scratch: clean", slog.String("error", err.Error()))
		}
		return nil
	}
	if ctx.Err() != nil {
		return err
	}
	s.mu.Lock()
	s.room.full, s.room.when = true, s.opts.Now()
	s.mu.Unlock()
	return s.noRoom(key, size, err)
}

func (s *Store) noRoom(key string, size int64, cleaning error) error {
	err := fmt.Errorf("no room for %d bytes within the limit of %d", size, s.opts.Limit)
	if cleaning != nil {
		err = fmt.Errorf("%w, and cleaning failed: %w", err, cleaning)
	}
	return &rendition.Error{
		Kind: rendition.Quota, Op: "scratch: put", Key: key, Err: err, Hint: "raise the limit, or end or remove other jobs",
	}
}

// survey lists all entries and counts them. It is called with the gate. What
// was being written when it began and is stored when it ends may be in the
// list or not: it counts, perhaps twice, until the next survey.
func (s *Store) survey(ctx context.Context) ([]entry, error) {
	s.mu.Lock()
	before := s.room.flying
	s.mu.Unlock()
	list, err := s.list(ctx, "")
	if err != nil {
		return nil, err
	}
	var sum int64
	for _, e := range list {
		sum += e.size
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// Nobody took room meanwhile: the gate is ours.
	s.room.stored = sum + before - s.room.flying
	s.room.known, s.room.written = true, 0
	return list, nil
}

// tryAgain lets the next Put look for room.
func (s *Store) tryAgain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room.full = false
}

package scratch

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
)

// Removed is what a cleaning has removed.
type Removed struct {
	Entries int
	Bytes   int64 // as they were in the store
}

// Clean removes the entries that are older than MaxAge, then the oldest until
// Limit holds. It leaves those for whose keys keep returns true, and those that
// are held (Hold), even where Limit is exceeded by them. keep may be nil; it is
// called by this goroutine. A failure does not keep the others from being removed;
// all failures come joined, together with what was removed.
func (s *Store) Clean(ctx context.Context, keep func(key string) bool) (Removed, error) {
	if err := s.enter(ctx, "clean", ""); err != nil {
		return Removed{}, err
	}
	defer s.leave()
	list, err := s.survey(ctx)
	if err != nil {
		return Removed{}, err
	}
	removed, err := s.drop(ctx, s.victims(list, keep, 0))
	s.tryAgain()
	return removed, err
}

// victims returns which of list have to go: what is too old, and what stands
// in the way of size more bytes. If these would not have room either way,
// nothing that could still be of use has to go.
func (s *Store) victims(list []entry, keep func(string) bool, size int64) []entry {
	loose := s.loose(list, keep)
	slices.SortFunc(loose, func(a, b entry) int {
		return cmp.Or(a.time.Compare(b.time), strings.Compare(a.key, b.key))
	})
	s.mu.Lock()
	total := s.room.stored + s.room.flying
	s.mu.Unlock()

	var old, young []entry
	var free int64 // by removing young
	for _, e := range loose {
		if s.tooOld(e) {
			old = append(old, e)
			total -= e.size
		} else {
			young = append(young, e)
			free += e.size
		}
	}
	limit := s.opts.Limit
	if limit < 0 || (size > 0 && total-free+size > limit) {
		return old
	}
	goal := limit
	if size > 0 {
		goal -= max(size, limit/slackShare)
	}
	n := 0
	for ; n < len(young) && total > goal; n++ {
		total -= young[n].size
	}
	return append(old, young[:n]...)
}

// loose returns the entries that may be removed.
func (s *Store) loose(list []entry, keep func(string) bool) []entry {
	var loose []entry
	for _, e := range list {
		if keep == nil || !keep(e.key) { // without mu: it is the caller's code
			loose = append(loose, e)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(loose, func(e entry) bool { return s.isHeld(e.key) })
}

func (s *Store) tooOld(e entry) bool {
	return s.opts.MaxAge >= 0 && !e.time.IsZero() && s.opts.Now().Sub(e.time) > s.opts.MaxAge
}

// drop removes entries and counts them. It is called with the gate.
func (s *Store) drop(ctx context.Context, list []entry) (Removed, error) {
	var removed Removed
	err := s.remove(ctx, len(list), func(i int) string { return list[i].key }, func(i int) {
		removed.Entries++
		removed.Bytes += list[i].size
	})
	s.mu.Lock()
	s.room.stored -= removed.Bytes
	s.mu.Unlock()
	if removed.Entries > 0 {
		s.opts.Logger.LogAttrs(ctx, slog.LevelDebug, "scratch: cleaned",
			slog.Int("entries", removed.Entries), slog.Int64("bytes", removed.Bytes))
	}
	return removed, err
}

package scratch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/scratch"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

const day = 24 * time.Hour

func TestCleanByAge(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, b := memory(c, scratch.Options{})
	for _, key := range []string{"a", "b", "c"} {
		put(t, s, key, 10)
	}
	for _, foreign := range []string{"notes.txt", ".chunk", "a/.chunk", "a.chunk.txt"} {
		require.NoError(t, b.WriteAll(t.Context(), foreign, nil, nil))
	}
	c.move(7 * day)
	put(t, s, "d", 10)
	removed, err := s.Clean(t.Context(), nil)
	require.NoError(t, err)
	require.Zero(t, removed, "seven days are not more than seven days")
	c.move(1)
	removed, err = s.Clean(t.Context(), func(key string) bool { return key == "b" })
	require.NoError(t, err)
	require.Equal(t, scratch.Removed{Entries: 2, Bytes: 2 * (10 + overhead)}, removed)
	require.ElementsMatch(t, []string{"b", "d"}, keys(t, s))
	for _, foreign := range []string{"notes.txt", ".chunk", "a/.chunk", "a.chunk.txt"} {
		_, err := b.Stat(t.Context(), foreign)
		require.NoError(t, err, foreign)
	}

	c.move(1000 * day)
	removed, err = scratch.New(b, &scratch.Options{MaxAge: -1, Now: c.Now}).Clean(t.Context(), nil)
	require.NoError(t, err)
	require.Zero(t, removed)
	removed, err = scratch.New(b, &scratch.Options{MaxAge: time.Hour, Limit: -1, Now: c.Now}).Clean(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, 2, removed.Entries)
}

func TestCleanByLimit(t *testing.T) {
	t.Parallel()
	c := newClock()
	all, b := memory(c, scratch.Options{Limit: -1})
	for _, key := range []string{"d", "b", "e", "a", "c"} { // oldest first
		put(t, all, key, 100-overhead)
		c.move(time.Minute)
	}
	clean := func(limit int64, keep string) (scratch.Removed, error) {
		s := scratch.New(b, &scratch.Options{Limit: limit, Now: c.Now})
		return s.Clean(t.Context(), func(key string) bool { return strings.Contains(keep, key) })
	}
	for _, step := range []struct {
		limit   int64
		keep    string
		removed int
		left    string
	}{
		{500, "", 0, "abcde"},
		{499, "", 1, "abce"},
		{300, "b", 1, "abc"},
		{1, "bc", 1, "bc"},
		{1, "", 2, ""},
	} {
		removed, err := clean(step.limit, step.keep)
		require.NoError(t, err)
		require.Equal(t, scratch.Removed{Entries: step.removed, Bytes: int64(step.removed) * 100}, removed)
		require.ElementsMatch(t, strings.Split(step.left, "")[:len(step.left)], keys(t, all))
	}
}

func TestPutMakesRoom(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := memory(c, scratch.Options{Limit: 1000})
	for i := range 10 {
		put(t, s, string(rune('a'+i)), 100-overhead)
		c.move(time.Second)
	}
	require.Len(t, keys(t, s), 10, "exactly the limit fits")
	put(t, s, "x", 150-overhead)
	require.ElementsMatch(t, strings.Split("cdefghijx", ""), keys(t, s), "the two oldest have made room")

	err := s.Put(t.Context(), "y", make([]byte, 1000))
	require.Equal(t, rendition.Quota, rendition.KindOf(err))
	require.Len(t, keys(t, s), 9, "what cannot fit removes nothing")
	put(t, s, "y", 1000-overhead)
	require.Equal(t, []string{"y"}, keys(t, s))
}

func TestHold(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := memory(c, scratch.Options{Limit: 1000})
	release := s.Hold("a")
	again := s.Hold("a")
	for _, key := range []string{"a", "b", "c"} {
		put(t, s, key, 300-overhead)
		c.move(time.Second)
	}
	put(t, s, "d", 300-overhead)
	require.ElementsMatch(t, []string{"a", "c", "d"}, keys(t, s), "the oldest that nobody holds")

	all := s.Hold("")
	err := s.Put(t.Context(), "e", make([]byte, 300-overhead))
	require.Equal(t, rendition.Quota, rendition.KindOf(err))
	require.ErrorContains(t, err, "no room for 300 bytes within the limit of 1000")
	require.Len(t, keys(t, s), 3)
	c.move(30 * day)
	removed, err := s.Clean(t.Context(), nil)
	require.NoError(t, err)
	require.Zero(t, removed, "age does not matter while it is held")

	all()
	all()
	release()
	release()
	put(t, s, "e", 700-overhead)
	require.ElementsMatch(t, []string{"a", "e"}, keys(t, s), "held twice, released once")
	again()
	put(t, s, "f", 300-overhead)
	require.ElementsMatch(t, []string{"e", "f"}, keys(t, s))
}

// TestListingsAreFew: what it costs to know how much there is.
func TestListingsAreFew(t *testing.T) {
	t.Parallel()
	c, faults := newClock(), faultstore.New()
	_, b := memory(c, scratch.Options{})
	b = faults.Wrap(b)
	s := scratch.New(b, &scratch.Options{Limit: 100_000, Now: c.Now})
	for i := range 1500 {
		put(t, s, fmt.Sprintf("v1/%04d", i), 40)
		c.move(time.Second)
	}
	require.Less(t, faults.Calls(faultstore.List), 40)

	full := scratch.New(b, &scratch.Options{Limit: 1000, Now: c.Now})
	defer full.Hold("v1/")()
	faults.Reset()
	for range 100 {
		require.Equal(t, rendition.Quota, rendition.KindOf(full.Put(t.Context(), "x")))
	}
	require.LessOrEqual(t, faults.Calls(faultstore.List), 2, "it does not look again for each")
	c.move(time.Minute)
	require.Error(t, full.Put(t.Context(), "x"))
	require.LessOrEqual(t, faults.Calls(faultstore.List), 4, "but after a while")
	list := keys(t, s)
	require.NoError(t, full.Remove(t.Context(), list...))
	put(t, full, "x", 1)
}

// TestOthersCount: what another process has written is found before the limit
// is exceeded by much.
func TestOthersCount(t *testing.T) {
	t.Parallel()
	c := newClock()
	one, b := memory(c, scratch.Options{Limit: 10_000})
	two := scratch.New(b, &scratch.Options{Limit: 10_000, Now: c.Now})
	for i := range 300 {
		put(t, one, fmt.Sprintf("one/%03d", i), 43)
		put(t, two, fmt.Sprintf("two/%03d", i), 43)
		c.move(time.Second)
		sizes, err := one.List(t.Context(), "")
		require.NoError(t, err)
		var total int64
		for _, size := range sizes {
			total += size
		}
		require.Less(t, total, int64(12_000))
	}
}

// TestFailedPutsGiveRoomBack and failures of cleaning.
func TestFailedPutsGiveRoomBack(t *testing.T) {
	t.Parallel()
	c, faults := newClock(), faultstore.New()
	_, b := memory(c, scratch.Options{})
	s := scratch.New(faults.Wrap(b), &scratch.Options{Limit: 1000, Now: c.Now})
	put(t, s, "a", 100)
	faults.Add(faultstore.Rule{Op: faultstore.Commit, Kind: rendition.Permission, Times: 20})
	for range 20 {
		require.ErrorIs(t, s.Put(t.Context(), "b", make([]byte, 500)), rendition.Permission)
	}
	put(t, s, "b", 500)
	require.ElementsMatch(t, []string{"a", "b"}, keys(t, s))

	faults.Reset()
	faults.Add(faultstore.Rule{Op: faultstore.Delete, Kind: rendition.Permission, Times: 2})
	err := s.Put(t.Context(), "c", make([]byte, 800))
	require.Equal(t, rendition.Quota, rendition.KindOf(err), "there is no room, whatever the reason")
	require.ErrorIs(t, err, rendition.Permission, "which it tells")
	removed, err := s.Clean(t.Context(), nil)
	require.NoError(t, err)
	require.Zero(t, removed)
	put(t, s, "c", 800)

	faults.Reset()
	faults.Add(faultstore.Rule{Op: faultstore.List, Kind: rendition.Permission, Times: -1})
	require.ErrorIs(t, s.Put(t.Context(), "d", make([]byte, 800)), rendition.Permission)
	_, err = s.Clean(t.Context(), nil)
	require.ErrorIs(t, err, rendition.Permission)
	require.NoError(t, scratch.New(faults.Wrap(b), &scratch.Options{Limit: -1}).Put(t.Context(), "d"), "no limit, no listing")
}

// TestManyPuts at a time share what room there is, and none is forgotten.
func TestManyPuts(t *testing.T) {
	t.Parallel()
	s := scratch.New(memstore.New(nil), &scratch.Options{Limit: 5000})
	errs := make(chan error)
	for i := range 8 {
		go func() {
			var err error
			for n := range 50 {
				if err == nil {
					err = s.Put(t.Context(), fmt.Sprintf("%d/%d", i, n), make([]byte, 40))
				}
			}
			errs <- err
		}()
	}
	for range 8 {
		require.NoError(t, <-errs)
	}
	sizes, err := s.List(t.Context(), "")
	require.NoError(t, err)
	var total int64
	for _, size := range sizes {
		total += size
	}
	require.LessOrEqual(t, total, int64(5000))
	require.Greater(t, total, int64(3500))
}

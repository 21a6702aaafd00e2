package scratch_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/scratch"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

// damaged lists all ways in which an entry can be no good.
func damaged(good, other []byte) map[string][][]byte {
	change := func(at int, to byte) []byte {
		bad := bytes.Clone(good)
		bad[at] = to
		return bad
	}
	bad := map[string][][]byte{
		"another key": {other}, "empty": {nil}, "foreign": {[]byte("hello"), bytes.Repeat([]byte{0}, len(good))},
		"appended": {append(bytes.Clone(good), 0), append(bytes.Clone(good), good...)},
		"version":  {change(11, 2), change(8, 1)},
	}
	for i := range good {
		bad["cut"] = append(bad["cut"], good[:i])
		for bit := range 8 {
			bad["bit"] = append(bad["bit"], change(i, good[i]^1<<bit))
		}
	}
	huge := bytes.Clone(good)
	binary.BigEndian.PutUint64(huge[16:], 1<<40)
	negative := bytes.Clone(good)
	binary.BigEndian.PutUint64(negative[16:], 1<<63+3)
	bad["length"] = [][]byte{huge, negative}
	return bad
}

// TestDamage: whatever happened to an entry, it is not there, and afterwards it
// is really not there.
func TestDamage(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b := memstore.New(nil)
	s := scratch.New(b, &scratch.Options{Logger: logger(&log)})
	read := func(key string) []byte {
		require.NoError(t, s.Put(t.Context(), key, []byte("abc"), []byte("defg")))
		data, err := b.ReadAll(t.Context(), key+".chunk", 0)
		require.NoError(t, err)
		return data
	}
	good := read("v1/a")
	for name, list := range damaged(good, read("v1/b")) {
		for i, bad := range list {
			log.Reset()
			require.NoError(t, b.WriteAll(t.Context(), "v1/a.chunk", bad, nil))
			got, err := s.Get(t.Context(), "v1/a")
			require.Nil(t, got)
			require.Equal(t, rendition.NotFound, rendition.KindOf(err), "%s %d: %v", name, i, err)
			require.NotErrorIs(t, err, rendition.Integrity)
			require.Contains(t, log.String(), "level=WARN")
			require.Contains(t, log.String(), "key=v1/a ")
			_, err = b.Stat(t.Context(), "v1/a.chunk")
			require.ErrorIs(t, err, rendition.NotFound, "%s %d is still there", name, i)
		}
	}
	require.NoError(t, b.WriteAll(t.Context(), "v1/a.chunk", good, nil))
	got, err := s.Get(t.Context(), "v1/a")
	require.NoError(t, err)
	require.Equal(t, "abcdefg", string(got))
}

// TestDamageThatStays: an entry that cannot be removed is not returned either.
func TestDamageThatStays(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	faults := faultstore.New()
	b := faults.Wrap(memstore.New(nil))
	s := scratch.New(b, &scratch.Options{Logger: logger(&log)})
	require.NoError(t, b.WriteAll(t.Context(), "a.chunk", []byte("bad"), nil))
	faults.Add(faultstore.Rule{Op: faultstore.Delete, Kind: rendition.Permission})
	_, err := s.Get(t.Context(), "a")
	require.Equal(t, rendition.NotFound, rendition.KindOf(err))
	require.Contains(t, log.String(), faultstore.ErrInjected.Error())
	put(t, s, "a", 3)
	_, err = s.Get(t.Context(), "a")
	require.NoError(t, err)
}

// TestReplacedWhileRead: the twin of this process writes the same bytes again.
func TestReplacedWhileRead(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	s := scratch.New(faults.Wrap(memstore.New(nil)), nil)
	payload := bytes.Repeat([]byte("x"), 9<<20) // more than one range
	require.NoError(t, s.Put(t.Context(), "a", payload))
	faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Nth: 2, Change: true})
	got, err := s.Get(t.Context(), "a")
	require.NoError(t, err)
	require.True(t, bytes.Equal(payload, got))

	faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Nth: 2, Kind: rendition.Integrity})
	faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Nth: 3, Kind: rendition.Integrity, Times: -1})
	_, err = s.Get(t.Context(), "a")
	require.Equal(t, rendition.NotFound, rendition.KindOf(err), "it does not end: the bytes are no good")
	require.NotErrorIs(t, err, rendition.Integrity)
	require.Empty(t, keys(t, s))
}

// TestRemovedWhileRead: somebody cleans.
func TestRemovedWhileRead(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	s := scratch.New(faults.Wrap(memstore.New(nil)), nil)
	put(t, s, "a", 9<<20)
	open := make(chan struct{})
	faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Nth: 2, Wait: open})
	ended := make(chan error)
	go func() {
		_, err := s.Get(context.WithoutCancel(t.Context()), "a")
		ended <- err
	}()
	require.Eventually(t, func() bool { return faults.Calls(faultstore.OpenRange) == 2 }, 10*time.Second, time.Millisecond)
	require.NoError(t, s.Remove(t.Context(), "a"))
	close(open)
	require.Equal(t, rendition.NotFound, rendition.KindOf(<-ended))
}

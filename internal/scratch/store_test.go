package scratch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/scratch"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, parts := range map[string][][]byte{
		"none":  nil,
		"empty": {nil, {}},
		"one":   {[]byte("abc")},
		"many":  bytes.SplitAfter(bytes.Repeat([]byte("0123456789"), 5000), []byte("9")),
		"long":  {bytes.Repeat([]byte("abc"), 7<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, want := t.TempDir(), bytes.Join(parts, nil)
			for _, s := range []*scratch.Store{scratch.New(folder(t, dir), nil), scratch.New(memstore.New(nil), &scratch.Options{Limit: -1})} {
				require.NoError(t, s.Put(t.Context(), key, parts...))
				got, err := s.Get(t.Context(), key)
				require.NoError(t, err)
				require.True(t, bytes.Equal(want, got))
				require.NoError(t, s.Put(t.Context(), key, parts...), "again")
			}
			got, err := scratch.New(folder(t, dir), nil).Get(t.Context(), key)
			require.NoError(t, err, "another process")
			require.True(t, bytes.Equal(want, got))
		})
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	for _, b := range []*storage.Bucket{folder(t, t.TempDir()), memstore.New(nil)} {
		s := scratch.New(b, nil)
		_, err := s.Get(t.Context(), key)
		require.Equal(t, rendition.NotFound, rendition.KindOf(err))
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.Empty(t, keys(t, s))
		require.NoError(t, s.Remove(t.Context(), key, "v1/other"))
		require.NoError(t, s.Remove(t.Context()))
		removed, err := s.Clean(t.Context(), nil)
		require.NoError(t, err)
		require.Zero(t, removed)
	}
}

func TestBadKeys(t *testing.T) {
	t.Parallel()
	s := scratch.New(memstore.New(nil), nil)
	for _, bad := range []string{"", "/", "a/", "/a", "a//b", "../a", "a/..", "a\x00"} {
		require.ErrorIs(t, s.Put(t.Context(), bad), rendition.InvalidJob, bad)
		_, err := s.Get(t.Context(), bad)
		require.ErrorIs(t, err, rendition.InvalidJob, bad)
		require.ErrorIs(t, s.Remove(t.Context(), bad), rendition.InvalidJob, bad)
	}
}

func TestListIsOneListing(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	b := faults.Wrap(memstore.New(nil))
	s := scratch.New(b, nil)
	for i := range 3000 {
		put(t, s, fmt.Sprintf("v1/source/item%d/%06d", i%2, i), i%7)
	}
	require.NoError(t, b.WriteAll(t.Context(), "v1/source/item0/notes.txt", nil, nil))
	require.NoError(t, b.WriteAll(t.Context(), "v1/source/item0/.chunk", nil, nil))
	before := faults.Calls(faultstore.List)
	all, err := s.List(t.Context(), "v1/source/")
	require.NoError(t, err)
	require.Len(t, all, 3000)
	require.Equal(t, 4, faults.Calls(faultstore.List)-before, "pages of 1000")
	half, err := s.List(t.Context(), "v1/source/item1/")
	require.NoError(t, err)
	require.Len(t, half, 1500)
	one, err := s.List(t.Context(), "v1/source/item1/000001")
	require.NoError(t, err)
	require.Len(t, one, 1)
	require.EqualValues(t, 56+len("v1/source/item1/000001")+1, one["v1/source/item1/000001"])
	for _, prefix := range []string{"v1/source/item1/000001.", "v1/source/item1/000001.chunk", "v2"} {
		none, err := s.List(t.Context(), prefix)
		require.NoError(t, err)
		require.Empty(t, none, prefix)
	}
	_, err = s.List(t.Context(), "/")
	require.ErrorIs(t, err, rendition.InvalidJob)
}

func TestRemoveGoesOn(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	s := scratch.New(faults.Wrap(memstore.New(&memstore.Options{Bucket: &storage.Options{Attempts: 1}})), nil)
	var list []string
	for i := range 50 {
		list = append(list, fmt.Sprintf("a/%d", i))
		put(t, s, list[i], 1)
	}
	mine := errors.New("mine")
	faults.Add(faultstore.Rule{Op: faultstore.Delete, Key: "a/7.chunk", Kind: rendition.Permission, Err: mine})
	faults.Add(faultstore.Rule{Op: faultstore.Delete, Key: "a/31.chunk", Kind: rendition.Permission})
	err := s.Remove(t.Context(), list...)
	require.Equal(t, rendition.Permission, rendition.KindOf(err))
	require.ErrorIs(t, err, mine)
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.ElementsMatch(t, []string{"a/7", "a/31"}, keys(t, s))
	require.NoError(t, s.Remove(t.Context(), list...))
	require.Empty(t, keys(t, s))
}

// TestFullDisk: the kind of the store's own failure survives, and nothing stays.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	dir := t.TempDir()
	s := scratch.New(faults.Wrap(folder(t, dir)), nil)
	put(t, s, "a", 1000)
	faults.DiskFull(500)
	err := s.Put(t.Context(), "b", make([]byte, 1000))
	require.Equal(t, rendition.Quota, rendition.KindOf(err))
	require.ErrorContains(t, err, "no space left")
	require.Equal(t, []string{"a"}, keys(t, s))
	_, err = s.Get(t.Context(), "a")
	require.NoError(t, err)
	faults.Reset()
	put(t, s, "b", 1000)

	faults.DiskFull(9 << 20) // in the middle of one that takes several parts
	err = s.Put(t.Context(), "c", make([]byte, 20<<20), make([]byte, 20<<20))
	require.Equal(t, rendition.Quota, rendition.KindOf(err))
	require.ElementsMatch(t, []string{"a", "b"}, keys(t, s))
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 2, "nor is there a temporary file")
}

// TestTooLong: the limit of one entry is named, and refused before anything is written.
func TestTooLong(t *testing.T) {
	t.Parallel()
	b := memstore.NewStore(nil)
	s := scratch.New(b.Bucket(), &scratch.Options{Limit: -1})
	const part = 64 << 20
	parts := slices.Repeat([][]byte{make([]byte, part)}, scratch.MaxEntryBytes/part+1) // the same bytes again and again
	require.Equal(t, rendition.Quota, rendition.KindOf(s.Put(t.Context(), "a", parts...)))
	require.Zero(t, b.Used())
}

// TestKindsSurvive: what the store says is what the caller hears, and a store
// that fails for a moment is asked again.
func TestKindsSurvive(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	s := scratch.New(faults.Wrap(memstore.New(&memstore.Options{Bucket: &storage.Options{Attempts: 2, RetryDelay: 1}})), nil)
	put(t, s, "a", 100)
	for op, call := range map[faultstore.Op]func() error{
		faultstore.OpenRange: func() error { _, err := s.Get(t.Context(), "a"); return err },
		faultstore.Read:      func() error { _, err := s.Get(t.Context(), "a"); return err },
		faultstore.List:      func() error { _, err := s.Clean(t.Context(), nil); return err },
		faultstore.NewUpload: func() error { return s.Put(t.Context(), "b") },
		faultstore.WritePart: func() error { return s.Put(t.Context(), "b") },
		faultstore.Commit:    func() error { return s.Put(t.Context(), "b") },
		faultstore.Delete:    func() error { return s.Remove(t.Context(), "b") },
	} {
		for _, kind := range []rendition.Kind{rendition.Unavailable, rendition.Permission, rendition.Quota} {
			faults.Reset()
			faults.Add(faultstore.Rule{Op: op, Kind: kind, Times: -1})
			err := call()
			require.Equal(t, kind, rendition.KindOf(err), "%s: %v", op, err)
			require.ErrorIs(t, err, faultstore.ErrInjected)
		}
		faults.Reset()
		faults.Add(faultstore.Rule{Op: op, Kind: rendition.Unavailable})
		require.NoError(t, call(), "%s: once", op)
	}
	faults.Reset()
	require.Contains(t, keys(t, s), "a", "a store that fails does not make an entry damaged")

	faults.Add(faultstore.Rule{Op: faultstore.OpenRange, CutAfter: -1, Times: -1})
	_, err := s.Get(t.Context(), "a")
	require.Equal(t, rendition.Unavailable, rendition.KindOf(err), "a body that is cut is the network's, not the entry's: %v", err)
	faults.Reset()
	require.Contains(t, keys(t, s), "a")
}

func TestCancel(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	s := scratch.New(faults.Wrap(memstore.New(nil)), nil)
	put(t, s, "a", 100)
	why := errors.New("why")
	for op, call := range map[faultstore.Op]func(context.Context) error{
		faultstore.OpenRange: func(ctx context.Context) error { _, err := s.Get(ctx, "a"); return err },
		faultstore.Read:      func(ctx context.Context) error { _, err := s.Get(ctx, "a"); return err },
		faultstore.List:      func(ctx context.Context) error { _, err := s.Clean(ctx, nil); return err },
		faultstore.WritePart: func(ctx context.Context) error { return s.Put(ctx, "b") },
		faultstore.Commit:    func(ctx context.Context) error { return s.Put(ctx, "b") },
		faultstore.Delete:    func(ctx context.Context) error { return s.Remove(ctx, "b", "c", "d") },
	} {
		faults.Reset()
		faults.Add(faultstore.Rule{Op: op, Wait: make(chan struct{}), Times: -1})
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan error)
		go func() { ended <- call(ctx) }()
		require.Eventually(t, func() bool { return faults.Calls(op) > 0 }, 10*time.Second, time.Millisecond, op)
		cancel(why)
		err := <-ended
		require.Equal(t, rendition.Canceled, rendition.KindOf(err), "%s: %v", op, err)
		require.ErrorIs(t, err, why)
		require.ErrorIs(t, err, context.Canceled)
	}
	faults.Reset()
	require.Equal(t, []string{"a"}, keys(t, s), "an entry that was not finished is not there, the other one is")
	put(t, s, "b", 1)
}

// TestCancelWhileAnotherLists: who waits for a listing of somebody else can be canceled too.
func TestCancelWhileAnotherLists(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	s := scratch.New(faults.Wrap(memstore.New(nil)), nil)
	open := make(chan struct{})
	faults.Add(faultstore.Rule{Op: faultstore.List, Wait: open})
	first := make(chan error)
	go func() { first <- s.Put(t.Context(), "a") }()
	require.Eventually(t, func() bool { return faults.Calls(faultstore.List) > 0 }, 10*time.Second, time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Put(ctx, "b"), context.Canceled)
	_, err := s.Clean(ctx, nil)
	require.Equal(t, rendition.Canceled, rendition.KindOf(err))
	close(open)
	require.NoError(t, <-first)
	require.Equal(t, []string{"a"}, keys(t, s))
}

// TestTwoStores: two processes write, read, list and clean one folder. What
// Get returns is always what belongs to the key.
func TestTwoStores(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	payload := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, 100+i) }
	errs := make(chan error)
	const workers, keys = 4, 40
	for w := range workers {
		s := scratch.New(folder(t, dir), &scratch.Options{Limit: 4000})
		go func() {
			errs <- func() error {
				for i := range 3 * keys {
					i = (i*7 + w*11) % keys
					key := fmt.Sprintf("v1/source/%d/%d", i%3, i)
					if err := s.Put(t.Context(), key, payload(i)); err != nil {
						return err
					}
					got, err := s.Get(t.Context(), key)
					if err != nil && !errors.Is(err, rendition.NotFound) {
						return err
					}
					if err == nil && !bytes.Equal(payload(i), got) {
						return fmt.Errorf("key %s has the bytes of another", key)
					}
					if i%10 == 0 {
						if _, err := s.Clean(t.Context(), nil); err != nil {
							return err
						}
					}
					if err := s.Remove(t.Context(), fmt.Sprintf("v1/source/%d/%d", (i+1)%3, i+1)); err != nil {
						return err
					}
				}
				return nil
			}()
		}()
	}
	for range workers {
		require.NoError(t, <-errs)
	}
	s := scratch.New(folder(t, dir), &scratch.Options{Limit: 4000})
	_, err := s.Clean(t.Context(), nil)
	require.NoError(t, err)
	list, err := s.List(t.Context(), "")
	require.NoError(t, err)
	var total int64
	for key, size := range list {
		total += size
		_, err := s.Get(t.Context(), key)
		require.NoError(t, err)
	}
	require.LessOrEqual(t, total, int64(4000))
}

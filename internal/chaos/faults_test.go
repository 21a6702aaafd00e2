//go:build cgo

package chaos_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// quick are the options of a store whose retries take no time.
func quick(attempts int) *memstore.Options {
	sometime := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) // names of segments depend on the source's
	now := func() time.Time { return sometime }
	return &memstore.Options{Now: now, Bucket: &storage.Options{Attempts: attempts, RetryDelay: time.Microsecond, MaxRetryDelay: time.Millisecond}}
}

// undisturbed is what a job on clip makes when nothing happens.
func undisturbed(t *testing.T, clip string) map[string]string {
	t.Helper()
	b := memstore.New(nil)
	_, err := run(t, into(jobOn(clip), b), &transcode.Config{Scratch: "none"})
	require.NoError(t, err)
	return tree(t, b)
}

// TestDestinationIsAwayForAWhile refuses many calls in a row, in the middle of the
// job and at each kind of call: far more than a Bucket tries by itself.
func TestDestinationIsAwayForAWhile(t *testing.T) {
	t.Parallel()
	clip := makeClip(t, "clip.mp4", "160x90", 30)
	want := undisturbed(t, clip)
	for _, op := range []faultstore.Op{faultstore.NewUpload, faultstore.WritePart, faultstore.Commit, faultstore.OpenRange, faultstore.List} {
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			store, faults := memstore.NewStore(quick(2)), faultstore.New()
			// The first two listings are those before the job.
			faults.Add(faultstore.Rule{Op: op, Nth: 3, Times: 100, Kind: rendition.Unavailable})
			_, err := run(t, into(jobOn(clip), faults.Wrap(store.Bucket())), &transcode.Config{Scratch: "none"})
			require.NoError(t, err)
			require.Greater(t, faults.Calls(op), 100)
			requireSame(t, want, tree(t, store.Bucket()))
		})
	}
}

// TestDestinationStaysAway: what does not pass ends the job, and so does its caller.
func TestDestinationStaysAway(t *testing.T) {
	t.Parallel()
	clip := makeClip(t, "clip.mp4", "160x90", 30)
	away := func(kind rendition.Kind) (*storage.Bucket, *faultstore.Faults, *memstore.Store) {
		store, faults := memstore.NewStore(quick(2)), faultstore.New()
		faults.Add(faultstore.Rule{Op: faultstore.WritePart, Nth: 4, Times: -1, Kind: kind})
		return faults.Wrap(store.Bucket()), faults, store
	}
	t.Run("unavailable", func(t *testing.T) {
		t.Parallel()
		b, _, store := away(rendition.Unavailable)
		_, err := run(t, into(jobOn(clip), b), &transcode.Config{Scratch: "none", RetryFor: time.Second})
		require.Equal(t, rendition.Unavailable, rendition.KindOf(err))
		require.Equal(t, rendition.FaultDestination, rendition.FaultOf(err))
		require.Empty(t, tree(t, store.Bucket()))
	})
	t.Run("permission", func(t *testing.T) {
		t.Parallel()
		b, faults, store := away(rendition.Permission)
		_, err := run(t, into(jobOn(clip), b), &transcode.Config{Scratch: "none"})
		require.Equal(t, rendition.Permission, rendition.KindOf(err))
		require.Less(t, faults.Calls(faultstore.WritePart), 10, "it is not tried again")
		require.Empty(t, tree(t, store.Bucket()))
	})
	t.Run("canceled", func(t *testing.T) {
		t.Parallel()
		b, faults, store := away(rendition.Unavailable)
		task, err := transcode.New(&transcode.Config{Scratch: "none"}).Start(t.Context(), into(jobOn(clip), b), nil)
		require.NoError(t, err)
		eventually(t, "no retries", func() bool { return faults.Calls(faultstore.WritePart) > 50 })
		task.Cancel()
		began := time.Now()
		_, err = task.Wait()
		require.Equal(t, rendition.Canceled, rendition.KindOf(err))
		require.Less(t, time.Since(began), 5*time.Second)
		require.Empty(t, tree(t, store.Bucket()))
	})
}

// scratchOn is a configuration with its scratch store in b, and its log.
func scratchOn(t *testing.T, b *storage.Bucket, limit int64) (*transcode.Config, *logged) {
	t.Helper()
	log := &logged{}
	open := func(context.Context, string, storage.Target) (*storage.Bucket, string, error) { return b, "", nil }
	cfg := &transcode.Config{Scratch: "test:", ScratchLimit: limit, Logger: log.logger(), Workers: 2}
	cfg.Opener = openerWith(open)
	return cfg, log
}

// TestScratchIsFull or away: nothing depends on it.
func TestScratchIsFull(t *testing.T) {
	t.Parallel()
	clip := makeClip(t, "clip.mp4", "160x90", 60)
	want := undisturbed(t, clip)
	for name, c := range map[string]struct {
		limit int64
		fault func(*faultstore.Faults)
		warns string
	}{
		"full at once":     {0, func(f *faultstore.Faults) { f.DiskFull(0) }, "could not be kept"},
		"full in mid-job":  {0, func(f *faultstore.Faults) { f.DiskFull(20 << 10) }, "could not be kept"},
		"limit":            {1000, func(*faultstore.Faults) {}, "could not be kept"},
		"cannot be listed": {0, func(f *faultstore.Faults) { f.Add(faultstore.Rule{Op: faultstore.List, Times: -1}) }, "cannot be listed"},
		"away": {0, func(f *faultstore.Faults) {
			for _, op := range []faultstore.Op{faultstore.List, faultstore.NewUpload, faultstore.OpenRange, faultstore.Delete} {
				f.Add(faultstore.Rule{Op: op, Times: -1})
			}
		}, "could not be kept"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults := faultstore.New()
			c.fault(faults)
			cfg, log := scratchOn(t, faults.Wrap(memstore.New(quick(2))), c.limit)
			b := memstore.New(nil)
			_, err := run(t, into(jobOn(clip), b), cfg)
			require.NoError(t, err)
			requireSame(t, want, tree(t, b))
			require.Contains(t, log.String(), "level=WARN")
			require.Contains(t, log.String(), c.warns)
		})
	}
}

// TestScratchCannotBeOpened: that is a warning, unless it never could be.
func TestScratchCannotBeOpened(t *testing.T) {
	t.Parallel()
	clip := makeClip(t, "clip.mp4", "160x90", 20)
	for _, kind := range []rendition.Kind{rendition.Unavailable, rendition.Permission, rendition.InvalidJob} {
		log := &logged{}
		open := func(context.Context, string, storage.Target) (*storage.Bucket, string, error) {
			return nil, "", &rendition.Error{Kind: kind, Op: "test: open"}
		}
		_, err := run(t, into(jobOn(clip), memstore.New(nil)), &transcode.Config{Scratch: "test:", Opener: openerWith(open), Logger: log.logger()})
		if kind == rendition.InvalidJob {
			require.Equal(t, kind, rendition.KindOf(err))
			require.ErrorContains(t, err, "Config.Scratch")
			continue
		}
		require.NoError(t, err)
		require.Contains(t, log.String(), "the scratch store cannot be reached")
	}
	_, err := run(t, into(jobOn(clip), memstore.New(nil)), &transcode.Config{Scratch: "gopher://example.com/x"})
	require.Equal(t, rendition.Unsupported, rendition.KindOf(err))
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = run(t, into(jobOn(clip), memstore.New(nil)), &transcode.Config{Scratch: file})
	require.Equal(t, rendition.Exists, rendition.KindOf(err))
}

// sourceWith is a clip in a store with faults.
func sourceWith(t *testing.T, clip string, faults *faultstore.Faults) rendition.Source {
	t.Helper()
	data, err := os.ReadFile(clip)
	require.NoError(t, err)
	b := memstore.New(quick(1)) // the Bucket itself tries nothing again
	require.NoError(t, b.WriteAll(t.Context(), "clip.mp4", data, nil))
	return faults.Wrap(b).Source("clip.mp4")
}

// TestSourceFailsForAMoment at a random place, for longer than the storage waits.
func TestSourceFailsForAMoment(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // to be repeated
	clip := makeClip(t, "clip.mp4", "160x90", 60)
	healthy := faultstore.New()
	b := memstore.New(nil)
	job := into(jobOn(clip), b)
	job.Input = transcode.Input{Source: sourceWith(t, clip, healthy)}
	_, err := run(t, job, &transcode.Config{Scratch: "none"})
	require.NoError(t, err)
	want, reads := tree(t, b), healthy.Calls(faultstore.Read)
	t.Logf("%d reads", reads)

	const jobs = 8
	again, sound := 0, 0
	for range jobs {
		faults, log, b := faultstore.New(), &logged{}, memstore.New(nil)
		job := into(jobOn(clip), b)
		job.Input = transcode.Input{Source: sourceWith(t, clip, faults)}
		// The source is the same version; what is read before the encode is not tried again.
		nth := reads/3 + random.IntN(reads*2/3)
		faults.Add(faultstore.Rule{Op: faultstore.Read, Nth: nth, Kind: rendition.Unavailable})
		_, err := run(t, job, &transcode.Config{Scratch: "none", Logger: log.logger()})
		require.NoError(t, err, "read %d: %s", nth, log)
		requireSame(t, want, tree(t, b))
		if number(log.String(), "attempt") > 0 {
			again++
		}
		if strings.Contains(log.String(), "part=sound") {
			sound++
		}
	}
	t.Logf("%d of %d jobs tried a part of their work again, %d their sound", again, jobs, sound)
	require.Positive(t, again)
}

// TestSourceStaysAway ends the job after three attempts, and nothing is left.
func TestSourceStaysAway(t *testing.T) {
	t.Parallel()
	clip := makeClip(t, "clip.mp4", "160x90", 60)
	faults, log, b := faultstore.New(), &logged{}, memstore.New(nil)
	job := into(jobOn(clip), b)
	job.Input = transcode.Input{Source: sourceWith(t, clip, faults)}
	task, err := transcode.New(&transcode.Config{Scratch: "none", Logger: log.logger()}).Start(t.Context(), job,
		&transcode.RunOptions{OnEvent: func(e transcode.Event) {
			if s, ok := e.(transcode.StateEvent); ok && s.State == transcode.StateEncoding {
				faults.Add(faultstore.Rule{Op: faultstore.Read, Times: -1, Kind: rendition.Unavailable})
			}
		}})
	require.NoError(t, err)
	_, err = task.Wait()
	require.Equal(t, rendition.Unavailable, rendition.KindOf(err))
	require.ErrorIs(t, err, faultstore.ErrInjected, "the reason is told")
	require.Contains(t, log.String(), "attempt=2", "three attempts are two retries")
	require.NotContains(t, log.String(), "attempt=3")
	require.Empty(t, tree(t, b))
}

// TestSoundIsTriedAgain: with all chunks kept by a job that failed at its end, what is
// read of the source in the end is sound.
func TestSoundIsTriedAgain(t *testing.T) {
	t.Parallel()
	clip := makeClip(t, "clip.mp4", "160x90", 60)
	var want map[string]string
	var reads int
	for _, fail := range []bool{false, true} {
		log := &logged{}
		cfg := &transcode.Config{Scratch: t.TempDir(), Logger: log.logger()}
		job := jobOn(clip)
		refusing := faultstore.New()
		refusing.Add(faultstore.Rule{Op: faultstore.Commit, Key: "hls1/master.m3u8", Kind: rendition.Permission})
		job.Input = transcode.Input{Source: sourceWith(t, clip, faultstore.New())}
		_, err := run(t, into(job, refusing.Wrap(memstore.New(nil))), cfg)
		require.Equal(t, rendition.Permission, rendition.KindOf(err))

		faults, b := faultstore.New(), memstore.New(nil)
		if fail {
			faults.Add(faultstore.Rule{Op: faultstore.Read, Nth: reads, Kind: rendition.Unavailable})
		}
		job.Input = transcode.Input{Source: sourceWith(t, clip, faults)}
		_, err = run(t, into(job, b), cfg)
		require.NoError(t, err)
		require.Equal(t, number(log.String(), "pieces"), number(log.String(), "kept"), log.String())
		require.Equal(t, fail, strings.Contains(log.String(), "part=sound"), log.String())
		if fail {
			requireSame(t, want, tree(t, b))
		}
		want, reads = tree(t, b), faults.Calls(faultstore.Read)
	}
}

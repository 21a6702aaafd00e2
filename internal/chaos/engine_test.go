//go:build cgo

package chaos_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// manyJobs run on one engine at a time.
const manyJobs = 50

// TestManyJobsAtOnce cancels, pauses and resumes jobs of several priorities at random.
func TestManyJobsAtOnce(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // to be repeated
	clip := makeClip(t, "clip.mp4", "96x54", 20)
	want := undisturbed(t, clip)
	engine := transcode.New(&transcode.Config{MaxJobs: 8, Scratch: t.TempDir()})
	tasks, buckets := make([]*transcode.Task, manyJobs), make([]*storage.Bucket, manyJobs)
	for i := range tasks {
		var err error
		buckets[i] = memstore.New(nil)
		tasks[i], err = engine.Start(t.Context(), into(jobOn(clip), buckets[i]), &transcode.RunOptions{
			Priority: random.IntN(3), Weight: 1 + random.Float64(),
		})
		require.NoError(t, err)
	}
	canceled := map[int]bool{}
	for range 3 * manyJobs {
		i := random.IntN(manyJobs)
		switch random.IntN(5) {
		case 0:
			tasks[i].Cancel()
			canceled[i] = true
		case 1, 2:
			tasks[i].Pause()
		default:
			tasks[i].Resume()
		}
		time.Sleep(time.Duration(random.IntN(10)) * time.Millisecond) // the disturbance, not waiting for anything
	}
	for _, task := range tasks {
		task.Resume() // a paused job keeps its place among those that run
	}
	completed := 0
	for i, task := range tasks {
		_, err := task.Wait()
		state := task.Progress().State
		if err == nil {
			completed++
			require.Equal(t, transcode.StateCompleted, state)
			requireSame(t, want, tree(t, buckets[i]))
			continue
		}
		require.True(t, canceled[i], "job %d: %v", i, err)
		require.Equal(t, rendition.Canceled, rendition.KindOf(err))
		require.Equal(t, transcode.StateCanceled, state)
		require.Empty(t, tree(t, buckets[i]), "job %d", i)
	}
	t.Logf("%d completed, %d canceled", completed, manyJobs-completed)
	require.Positive(t, completed)
	require.Less(t, completed, manyJobs)
}

// TestOutputsDoNotDependOnTheMachine compares what different engines make.
func TestOutputsDoNotDependOnTheMachine(t *testing.T) {
	t.Parallel()
	mp4 := makeClip(t, "clip.mp4", "160x90", 60)
	ts := filepath.Join(t.TempDir(), "clip.ts")
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), "-nostdin", "-v", "error", "-i", mp4, "-c", "copy", ts).CombinedOutput()
	require.NoError(t, err, string(out))
	for name, c := range map[string]struct {
		clip     string
		codec    rendition.Codec
		chunks   bool
		repaired bool
	}{
		"h264":   {mp4, rendition.H264, true, false},
		"h265":   {mp4, rendition.H265, true, false},
		"capped": {makeClipOf(t, busy, "clip.mp4", "160x90", 60), rendition.H264, true, true},
		"ts":     {ts, rendition.H264, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want map[string]string
			for i, cfg := range []transcode.Config{
				{Workers: 1}, {Workers: 2}, {Workers: 8}, {MaxMemory: 1}, {Workers: 8, Scratch: "none"}, {Workers: 1, ScratchLimit: 1000},
			} {
				log, b := &logged{}, memstore.New(nil)
				cfg.Logger = log.logger()
				if cfg.Scratch == "" {
					cfg.Scratch = t.TempDir()
				}
				job := into(jobOn(c.clip), b)
				job.Outputs[0].(*transcode.FileOutput).Codec = c.codec
				job.Outputs[1].(*transcode.HLSOutput).Codec = c.codec
				job.Outputs[1].(*transcode.HLSOutput).Ladder = transcode.Heights(90, 46)
				_, err := run(t, job, &cfg)
				require.NoError(t, err)
				require.Equal(t, c.chunks, number(log.String(), "chunks") > 1)
				require.Equal(t, c.repaired, number(log.String(), "repaired") > 0)
				if i == 0 {
					want = tree(t, b)
				}
				requireSame(t, want, tree(t, b))
			}
		})
	}
}

// TestTwoEnginesOnOneScratch run the same job at the same time.
func TestTwoEnginesOnOneScratch(t *testing.T) {
	t.Parallel()
	clip, scratch := makeClip(t, "clip.mp4", "160x90", 100), t.TempDir()
	want := undisturbed(t, clip)
	var tasks []*transcode.Task
	var buckets []*storage.Bucket
	for range 2 {
		b := memstore.New(nil)
		task, err := transcode.New(&transcode.Config{Scratch: scratch, Workers: 2}).Start(t.Context(), into(jobOn(clip), b), nil)
		require.NoError(t, err)
		tasks, buckets = append(tasks, task), append(buckets, b)
	}
	for i, task := range tasks {
		_, err := task.Wait()
		require.NoError(t, err)
		requireSame(t, want, tree(t, buckets[i]))
	}
	require.Empty(t, files(t, scratch))
}

// TestDrain ends a job in its middle; another engine goes on from there.
func TestDrain(t *testing.T) {
	t.Parallel()
	clip, scratch := makeClip(t, "clip.mp4", "160x90", 200), t.TempDir()
	want := undisturbed(t, clip)
	engine := transcode.New(&transcode.Config{Scratch: scratch, Workers: 1, MaxJobs: 1, MaxQueued: 1})
	b := memstore.New(nil)
	task, err := engine.Start(t.Context(), into(jobOn(clip), b), nil)
	require.NoError(t, err)
	eventually(t, "no chunks", func() bool { return len(chunks(t, scratch)) >= 3 })
	waiting, err := engine.Start(t.Context(), into(jobOn(clip), memstore.New(nil)), nil)
	require.NoError(t, err)
	_, err = engine.Start(t.Context(), into(jobOn(clip), memstore.New(nil)), nil)
	require.Equal(t, rendition.Busy, rendition.KindOf(err), "one may wait")

	require.NoError(t, engine.Drain(t.Context()))
	for _, task := range []*transcode.Task{task, waiting} {
		_, err = task.Wait()
		require.Equal(t, rendition.Canceled, rendition.KindOf(err))
		require.ErrorIs(t, err, transcode.ErrDrained)
		require.NotErrorIs(t, err, context.Canceled, "nobody canceled it")
	}
	require.Empty(t, tree(t, b))
	_, err = engine.Start(t.Context(), into(jobOn(clip), memstore.New(nil)), nil)
	require.Equal(t, rendition.Busy, rendition.KindOf(err))
	require.ErrorIs(t, err, transcode.ErrDrained)

	there := len(chunks(t, scratch))
	require.GreaterOrEqual(t, there, 3)
	require.Less(t, there, wantChunks)
	log := &logged{}
	_, err = run(t, into(jobOn(clip), b), &transcode.Config{Scratch: scratch, Logger: log.logger()})
	require.NoError(t, err)
	require.Equal(t, there, number(log.String(), "kept"), fmt.Sprint(log))
	requireSame(t, want, tree(t, b))
	require.Empty(t, files(t, scratch))
}

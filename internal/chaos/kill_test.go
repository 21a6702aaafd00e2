//go:build cgo

package chaos_test

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage/filestore"
	"github.com/rendition-sdk/rendition/transcode"
)

const (
	// kills is how often a process is killed.
	kills = 100
	// wantChunks is how many chunks the job has.
	wantChunks = 20
	// maxKills is how often one job is killed before it may complete.
	maxKills = 4
)

// child is set in a process that the test starts, to the folder of one job:
// clip.mp4 and scratch are in it, and out is to be.
const child = "RENDITION_CHAOS_CHILD"

// childMain runs the job.
func childMain() int {
	dir := os.Getenv(child)
	job := jobOn(os.Getenv(child + "_CLIP"))
	job.Output.URL = filepath.Join(dir, "out")
	log := &logged{}
	_, err := transcode.New(&transcode.Config{Scratch: filepath.Join(dir, "scratch"), Logger: log.logger()}).Run(context.Background(), job, nil)
	fmt.Print(log.String())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// process starts the job of dir in a process.
func process(t *testing.T, clip, dir string) (cmd *exec.Cmd, out *logged) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd, out = exec.CommandContext(t.Context(), self), &logged{}
	cmd.Env = append(os.Environ(), child+"="+dir, child+"_CLIP="+clip)
	cmd.Stdout, cmd.Stderr = out, out
	require.NoError(t, cmd.Start())
	return cmd, out
}

// TestKilledJobsAreCompleted kills processes in the middle of a job of 20 chunks, 100
// times, and has the job go on each time: what it makes in the end is, byte by
// byte, what it makes when nothing happens, and nothing else is left.
func TestKilledJobsAreCompleted(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // to be repeated
	clip := makeClip(t, "clip.mp4", "160x90", 200)

	began := time.Now()
	dir := t.TempDir()
	cmd, out := process(t, clip, dir)
	require.NoError(t, cmd.Wait(), out.String())
	alone := time.Since(began)
	require.Equal(t, wantChunks, number(out.String(), "chunks"), out.String())
	want := folder(t, filepath.Join(dir, "out"))

	c := &chaos{t: t, random: random, clip: clip, alone: alone}
	for c.killed < kills {
		dir := t.TempDir()
		c.disturb(dir)
		requireSame(t, want, folder(t, filepath.Join(dir, "out")))
		require.Empty(t, files(t, filepath.Join(dir, "scratch")), "the scratch folder is not clean")
		require.NoError(t, os.RemoveAll(dir))
	}
	t.Logf("%d kills of %d jobs; %d resumes found %d pieces in all; %s of CPU time", c.killed, c.jobs, c.resumed, c.kept, c.cpu)
	require.Greater(t, c.resumed, kills/4, "most of what was killed had kept something")
	require.Zero(t, c.lost, "pieces that were kept were not found again")
}

// chaos is the killing of processes.
type chaos struct {
	t      *testing.T
	random *rand.Rand
	clip   string
	alone  time.Duration // of a job that nobody kills

	killed, jobs, resumed, kept, lost int
	cpu                               time.Duration // of all processes
}

// disturb runs a job, kills it some times, and lets it complete.
func (c *chaos) disturb(dir string) {
	c.jobs++
	for range 1 + c.random.IntN(maxKills) {
		there := len(chunks(c.t, dir))
		makeStale(c.t, dir)
		cmd, out := process(c.t, c.clip, dir)
		timer := time.AfterFunc(time.Duration(c.random.Int64N(int64(c.alone))), func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		c.spent(cmd)
		if err == nil {
			c.note(there, out.String())
			return
		}
		status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
		require.True(c.t, ok && status.Signaled(), out.String())
		c.killed++
	}
	there := len(chunks(c.t, dir))
	makeStale(c.t, dir)
	cmd, out := process(c.t, c.clip, dir)
	require.NoError(c.t, cmd.Wait(), out.String())
	c.spent(cmd)
	c.note(there, out.String())
	require.Empty(c.t, temps(c.t, dir), "temporary files of killed processes are left")
}

func (c *chaos) spent(cmd *exec.Cmd) {
	c.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// note counts what a run that has completed found of those before it.
func (c *chaos) note(there int, out string) {
	kept := number(out, "kept")
	require.GreaterOrEqual(c.t, kept, 0, out)
	if kept > 0 {
		c.resumed++
	}
	c.kept += kept
	// Pieces encoded again for their rate buffer are kept under another name.
	c.lost += max(0, there-kept-number(out, "repaired"))
}

// folder reads the files below dir.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	b, err := filestore.Open(t.Context(), dir, &filestore.Options{MustExist: true})
	require.NoError(t, err)
	defer b.Close()
	return tree(t, b)
}

// files lists what is below dir, temporary files too.
func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	return list
}

func suffixed(list []string, suffix string) (some []string) {
	for _, name := range list {
		if strings.HasSuffix(name, suffix) {
			some = append(some, name)
		}
	}
	return some
}

func chunks(t *testing.T, dir string) []string { t.Helper(); return suffixed(files(t, dir), ".chunk") }

func temps(t *testing.T, dir string) []string { t.Helper(); return suffixed(files(t, dir), ".part") }

// makeStale makes the temporary files of killed processes as old as they have to be to be removed.
func makeStale(t *testing.T, dir string) {
	t.Helper()
	then := time.Now().Add(-2 * time.Hour)
	for _, name := range temps(t, dir) {
		require.NoError(t, os.Chtimes(name, then, then))
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/examples/internal/sample"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/transcode"
)

// asProgram in the environment makes the test binary the program itself.
const asProgram = "RENDITION_TEST_AS_JOB"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	leak.Main(m)
}

// folder returns a working directory with clip.mp4 and the jobs of testdata.
func folder(t *testing.T, options *sample.Options) string {
	t.Helper()
	testenv.Program(t, "ffmpeg")
	dir := t.TempDir()
	require.NoError(t, sample.Make(t.Context(), filepath.Join(dir, "clip.mp4"), options))
	for _, name := range []string{"job.json", "bad.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	return dir
}

var small = &sample.Options{Width: 320, Height: 180, Duration: 4 * time.Second}

// program is the job command, to be run in dir.
func program(t *testing.T, dir string, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	cmd = exec.CommandContext(t.Context(), exe, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, append(os.Environ(), asProgram+"=1"), stdout, stderr
	return cmd, stdout, stderr
}

func TestJob(t *testing.T) {
	t.Parallel()
	dir := folder(t, small)
	cmd, stdout, stderr := program(t, dir, "job.json")
	require.NoError(t, cmd.Run(), stderr.String())
	require.Contains(t, stderr.String(), "100 %  completed", "progress is on standard error")

	var result transcode.Result
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &result), "standard output is JSON and nothing else")
	for _, f := range result.Files {
		info, err := os.Stat(filepath.Join(dir, "out", f.Path))
		require.NoError(t, err)
		require.Equal(t, f.Size, info.Size(), f.Path)
	}
	probe, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffprobe"), "-v", "error", "-show_entries", "stream=codec_name,height",
		"-of", "csv=p=0", filepath.Join(dir, "out", "output_0.mp4")).Output()
	require.NoError(t, err)
	require.Equal(t, []string{"h264,90", "aac"}, strings.Fields(string(probe)))
}

func TestJobFromStandardInput(t *testing.T) {
	t.Parallel()
	dir := folder(t, small)
	job, err := os.ReadFile(filepath.Join("testdata", "job.json"))
	require.NoError(t, err)
	cmd, stdout, stderr := program(t, dir, "-plan", "-")
	cmd.Stdin = bytes.NewReader(job)
	require.NoError(t, cmd.Run(), stderr.String())
	require.Contains(t, stdout.String(), "hls1/master.m3u8")
	require.Empty(t, stderr.String())
	require.NoDirExists(t, filepath.Join(dir, "out"), "a plan publishes nothing")
}

func TestJobReportsEveryProblem(t *testing.T) {
	t.Parallel()
	cmd, stdout, stderr := program(t, "testdata", "-quiet", "bad.json")
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit)
	require.Equal(t, 1, exit.ExitCode())
	require.Empty(t, stdout.String())
	text := stderr.String()
	for _, want := range []string{"outputs[0].height", "outputs[1].ladder", "outputs[2].durration"} {
		require.Contains(t, text, want)
	}
	require.GreaterOrEqual(t, strings.Count(text, "\n"), 3, "one line each:\n%s", text)
}

func TestJobWithoutInput(t *testing.T) {
	t.Parallel()
	dir := folder(t, small)
	require.NoError(t, os.Remove(filepath.Join(dir, "clip.mp4")))
	cmd, _, stderr := program(t, dir, "-quiet", "job.json")
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit)
	require.Equal(t, 1, exit.ExitCode())
	require.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr.String())
	require.Contains(t, stderr.String(), "clip.mp4")
}

// An interrupt ends the job cleanly: nothing that looks complete is left, and the status is a shell's 130.
func TestJobInterrupted(t *testing.T) {
	t.Parallel()
	dir := folder(t, &sample.Options{Width: 640, Height: 360, Duration: 20 * time.Second})
	job := `{"input": {"url": "clip.mp4"}, "output": {"url": "out"}, "outputs": [{"type": "file", "preset": "placebo"}]}`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "job.json"), []byte(job), 0o600))
	cmd, stdout, stderr := program(t, dir, "job.json")
	begun := make(chan struct{})
	cmd.Stderr = &watcher{buffer: stderr, want: "encoding", seen: begun}
	require.NoError(t, cmd.Start())
	<-begun
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit, stderr.String())
	require.Equal(t, 130, exit.ExitCode(), stderr.String())
	require.Empty(t, stdout.String())
	require.NoFileExists(t, filepath.Join(dir, "out", "output_0.mp4"))
}

// watcher closes seen when want has been written.
type watcher struct {
	buffer *bytes.Buffer
	want   string
	seen   chan struct{}
}

func (w *watcher) Write(p []byte) (int, error) {
	before := strings.Contains(w.buffer.String(), w.want)
	n, err := w.buffer.Write(p)
	if !before && strings.Contains(w.buffer.String(), w.want) {
		close(w.seen)
	}
	return n, err
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"":                          "give one job file",
		"a.json b.json":             "give one job file",
		"testdata/none.json":        "no such file",
		"-no-such-flag job.json":    "flag provided but not defined",
		"-plan testdata/../main.go": "invalid character",
	} {
		require.ErrorContains(t, run(t.Context(), strings.Fields(args), &bytes.Buffer{}), want, args)
	}
	require.ErrorIs(t, run(t.Context(), []string{"-h"}, &bytes.Buffer{}), flag.ErrHelp)
}

func TestReport(t *testing.T) {
	t.Parallel()
	canceled := &rendition.Error{Kind: rendition.Canceled, Op: "transcode: run", Err: errors.Join(errors.New("interrupt"), context.Canceled)}
	for _, c := range []struct {
		err  error
		want int
		text string
	}{
		{nil, 0, ""},
		{flag.ErrHelp, 0, ""},
		{errors.New("two\nlines"), 1, "two; lines\n"},
		{&rendition.Error{Kind: rendition.NotFound, Op: "storage: open", Key: "a.mp4"}, 1, "storage: open: a.mp4: not found\n"},
		{canceled, 130, "transcode: run: interrupt; context canceled\n"},
	} {
		var out bytes.Buffer
		require.Equal(t, c.want, report(&out, c.err))
		require.Equal(t, c.text, out.String())
	}
}

func TestEstimateIsPrinted(t *testing.T) {
	t.Parallel()
	dir := folder(t, small)
	cmd, stdout, stderr := program(t, dir, "-estimate", "-scratch", "none", "job.json")
	require.NoError(t, cmd.Run(), stderr)
	require.Contains(t, stdout.String(), "may well be")
	require.NoDirExists(t, filepath.Join(dir, "out"))

	cmd, stdout, stderr = program(t, dir, "-estimate", "-json", "-scratch", "none", "job.json")
	require.NoError(t, cmd.Run(), stderr)
	var e transcode.Estimate
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &e))
	require.Positive(t, e.Size)
	require.NoDirExists(t, filepath.Join(dir, "out"))
}

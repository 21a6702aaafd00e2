package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// A scenario starts its own program for our side, which is the test's here.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-child" {
		if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Every scenario runs once, small: the commands of all sides work, and what
// they made is alike.
func TestScenarios(t *testing.T) {
	testenv.Program(t, "ffmpeg")
	in := testenv.Generate(t, "in.mp4", "-f", "lavfi", "-i", "testsrc2=s=426x240:r=25:d=4", "-f", "lavfi", "-i", "sine=d=4:r=48000",
		"-vf", "noise=alls=4:allf=t", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", "-c:a", "aac", "-ac", "2")
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			o := &options{in: in, work: t.TempDir(), preset: "veryfast", height: 240, seconds: 4, runs: 1}
			if s.name == "resume" {
				o.preset = "slow" // long enough to be killed in the middle
			}
			r, err := s.measure(t.Context(), o, testLog{t})
			require.NoError(t, err)
			require.Len(t, r.Clips, 1)
			s.checkSmall(t, r.Clips[0])
			text := markdown(map[string]*result{s.name: r})
			require.Contains(t, text, "### "+s.title)
			t.Log(text)
		})
	}
}

// checkSmall looks for all sides in a result, and for alike outputs. Small
// clips differ by more than real ones: a file's headers weigh, and an encoder
// with other threads takes a few other decisions.
func (s *scenario) checkSmall(t *testing.T, c *clipResult) {
	t.Helper()
	require.Empty(t, c.Differs)
	require.Len(t, c.Made, len(s.sides))
	for i, u := range c.Runs[0] {
		require.Positive(t, u.Wall, s.sides[i].name)
		require.Positive(t, u.CPU, s.sides[i].name)
		require.Positive(t, u.Memory, s.sides[i].name)
	}
	for k, peer := range s.sides {
		for i, a := range c.Made[0] {
			what := peer.name + ", " + a.Name
			b := c.Made[k][i]
			switch require.Equal(t, a.Name, b.Name); {
			case a.SSIM == 0:
				require.InDelta(t, a.Files, b.Files, 1, what) // ffmpeg's fps rounds the end
			case s.name == "av1" && peer.name != ourThreads.name:
				// With more threads than one, SVT-AV1 spends a cap differently
				// each time: there is a picture, and that is all.
				require.Greater(t, b.SSIM, 0.7, what)
			default:
				require.InEpsilon(t, float64(a.Bytes), float64(b.Bytes), 0.2, what)
				require.InDelta(t, a.SSIM, b.SSIM, 0.02, what)
				require.InDelta(t, a.XPSNR, b.XPSNR, 1, what)
			}
		}
	}
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Logf("%s", p)
	return len(p), nil
}

func TestResultsAreKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.json")
	have, err := loadResults(path)
	require.NoError(t, err)
	require.Empty(t, have)
	have["ladder3"] = measuredLadder()
	require.NoError(t, saveResults(path, have))
	again, err := loadResults(path)
	require.NoError(t, err)
	require.Equal(t, have, again)
}

func TestFlags(t *testing.T) {
	t.Parallel()
	o, err := parse([]string{"-only", "mixed,av1"}, testLog{t})
	require.NoError(t, err)
	list, err := chosen(o.only)
	require.NoError(t, err)
	require.Len(t, list, 2)
	_, err = chosen([]string{"mixd"})
	require.ErrorContains(t, err, `no scenario "mixd"`)
	for _, args := range [][]string{{"x"}, {"-runs", "0"}, {"-seconds", "1"}, {"-height", "100"}} {
		_, err := parse(args, testLog{t})
		require.Error(t, err)
	}
}

// measuredLadder has three clips of three runs with two sides.
func measuredLadder() *result {
	of := func(wall, cpu int, mb int64) usage {
		return usage{Wall: time.Duration(wall) * time.Second, CPU: time.Duration(cpu) * time.Second, Memory: mb * 1e6, Busy: 0.5}
	}
	clip := func(name string, extra int) *clipResult {
		return &clipResult{
			Clip: name, Source: "60.0 s",
			Runs: [][]usage{
				{of(10+extra, 20, 300), of(20, 20, 400), of(40, 40, 200)},
				{of(30+extra, 20, 300), of(20, 20, 400), of(40, 40, 200)},
				{of(18+extra, 20, 300), of(20, 20, 400), of(40, 40, 200)},
			},
			Made: [][]artifact{
				{{"hls0/1080p", 10, 1000, 0.99, 40}}, {{"hls0/1080p", 9, 1000, 0.98, 40}}, {{"hls0/1080p", 9, 995, 0.99, 40}},
			},
		}
	}
	return &result{Machine: "2 cores", Peer: "ffmpeg version 7.1", Clips: []*clipResult{clip("a.mp4", 0), clip("b.mp4", 20), clip("c.mp4", 2)}}
}

func TestReportTakesMedians(t *testing.T) {
	t.Parallel()
	text := markdown(map[string]*result{"ladder4": measuredLadder()})
	for _, want := range []string{
		"| a.mp4 | rendition | 18.00 s | 20.00 s | 50.0 % | 300 MB |  |  |  |",
		"| a.mp4 | ffmpeg, one command | 20.00 s | 20.00 s | 50.0 % | 400 MB | **0.900** (0.500 to 1.500) | " +
			"**1.000** (1.000 to 1.000) | **0.750** (0.750 to 0.750) |",
		"| a.mp4 | hls0/1080p | ffmpeg, one command | 9 | 1000 | 1.000 | 0.98000 | 40.000 dB |",
		// The median clip is c.
		"| ladder4 | wall time | ffmpeg, one command | **1.000** | at most 0.92 | **missed** |",
		"| ladder4 | peak memory | ffmpeg, one command | **0.750** | at most 1.00 | met |",
		"| ladder4 | share of cores busy while encoding |  | **0.500** | at least 0.97 | **missed** |",
		"| ladder4 | size, SSIM and XPSNR of renditions, worst | ffmpeg, one command | **0.00, 1.02 and 0.00 % apart** | " +
			"at most 1, 0.1 and 0.1 % | **missed** |",
		"| ladder4 | size, SSIM and XPSNR of renditions, worst | ffmpeg, a command for each rung | **0.50, 0.00 and 0.00 % apart** | " +
			"at most 1, 0.1 and 0.1 % | met |",
	} {
		require.Contains(t, text, want)
	}
}

func TestProcessesOneAfterTheOther(t *testing.T) {
	t.Parallel()
	u := usage{Wall: 3 * time.Second, CPU: 4 * time.Second, Memory: 5, Busy: 1}.then(usage{Wall: time.Second, CPU: time.Second, Memory: 7})
	require.Equal(t, usage{Wall: 4 * time.Second, CPU: 5 * time.Second, Memory: 7, Busy: 0.75}, u)
}

func TestBusyWhileEncoding(t *testing.T) {
	t.Parallel()
	p := &encodePhase{}
	for _, m := range []moment{
		{State: "analyzing", Wall: 1, CPU: 1},
		{State: "encoding", Wall: 100, CPU: 100},
		{State: "encoding", Wall: 150, CPU: 150},
		{State: "finalizing", Wall: 300, CPU: 500},
		{State: "completed", Wall: 900, CPU: 500},
	} {
		p.add(m)
	}
	require.InDelta(t, share(400, 200), p.busy(), 1e-9)
}

func TestDifference(t *testing.T) {
	t.Parallel()
	a, b := t.TempDir(), t.TempDir()
	write := func(dir, name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write(a, "x/1", "same")
	write(b, "x/1", "same")
	got, err := difference(a, b)
	require.NoError(t, err)
	require.Empty(t, got)
	write(b, "x/2", "more")
	got, err = difference(a, b)
	require.NoError(t, err)
	require.Equal(t, filepath.Join("x", "2"), got)
	write(a, "x/2", "less")
	got, err = difference(a, b)
	require.NoError(t, err)
	require.Equal(t, filepath.Join("x", "2"), got)
}

package soak_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

func TestMain(m *testing.M) { leak.Main(m) }

const (
	manyJobs = 200
	warmUp   = 20
	// maxGrowth is how much more memory is allowed after manyJobs than after warmUp.
	maxGrowth = 0.10
	// window is how many measurements are taken before and after: the lowest
	// of them counts, because what allocators keep for reuse comes and goes.
	window = 10
)

// child is set in the process that the test starts for its jobs.
const child = "RENDITION_SOAK_CHILD"

// TestManyJobs runs 200 jobs in one process: memory afterwards is what it was
// after 20, and no goroutine is left (TestMain). That process gets one malloc
// arena. glibc otherwise gives each thread its own, up to eight for each core,
// and what it keeps in them for reuse would hide a leak of a few megabytes.
func TestManyJobs(t *testing.T) {
	if os.Getenv(child) != "" {
		manyJobsInOneProcess(t)
		return
	}
	testenv.Program(t, "ffmpeg")
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestManyJobs$", "-test.v")
	cmd.Env = append(os.Environ(), child+"=1", "MALLOC_ARENA_MAX=1")
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	require.NoError(t, err)
}

func manyJobsInOneProcess(t *testing.T) {
	t.Helper()
	clip := tinyClip(t)
	engine := transcode.New(nil)
	var sizes []int64
	for i := range manyJobs {
		runJob(t, engine, clip)
		if i >= warmUp-1 && i < warmUp-1+window || i >= manyJobs-window {
			sizes = append(sizes, resident(t))
		}
	}
	before, after := slices.Min(sizes[:window]), slices.Min(sizes[window:])
	growth := float64(after-before) / float64(before)
	t.Logf("resident after %d jobs: %.1f MB, after %d: %.1f MB, %+.1f %%", warmUp, mb(before), manyJobs, mb(after), growth*100)
	require.Less(t, growth, maxGrowth, "memory grows with the number of jobs")
}

func mb(bytes int64) float64 { return float64(bytes) / 1e6 }

// runJob makes one of everything out of clip, in memory.
func runJob(t *testing.T, engine *transcode.Engine, clip string) {
	t.Helper()
	bucket := memstore.New(nil)
	defer func() { require.NoError(t, bucket.Close()) }()
	job := &transcode.Job{
		Input:  transcode.Input{URL: clip},
		Output: transcode.Destination{Bucket: bucket},
		Outputs: transcode.Outputs{
			&transcode.FileOutput{Preset: "ultrafast"},
			&transcode.HLSOutput{
				Preset: "ultrafast", SegmentDuration: transcode.Time(time.Second), Ladder: transcode.Heights(90, 46),
			},
			&transcode.ThumbnailsOutput{Count: 2, Sprite: &transcode.Sprite{Columns: 2, Rows: 1}},
			&transcode.GIFOutput{Duration: transcode.Time(500 * time.Millisecond), Width: 80},
		},
	}
	res, err := engine.Run(t.Context(), job, nil)
	require.NoError(t, err)
	require.NotEmpty(t, res.Files)
}

// tinyClip makes a clip of one second with picture and sound.
func tinyClip(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiny.mp4")
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), "-nostdin", "-v", "error",
		"-f", "lavfi", "-i", "testsrc2=s=160x90:r=25", "-f", "lavfi", "-i", "sine=r=48000", "-t", "1",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", path).CombinedOutput()
	require.NoError(t, err, string(out))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.NotZero(t, info.Size())
	return path
}

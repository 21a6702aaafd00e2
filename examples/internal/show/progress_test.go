package show

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/transcode"
)

// story is the events of a job.
var story = []transcode.Event{
	transcode.StateEvent{State: transcode.StateAnalyzing},
	transcode.ProgressEvent{Progress: transcode.Progress{State: transcode.StateEncoding, Stage: "encoding 3 renditions", Percent: 2}},
	transcode.WarningEvent{Text: "the source has no sound"},
	transcode.ProgressEvent{Progress: transcode.Progress{
		State: transcode.StateEncoding, Stage: "encoding 3 renditions", Percent: 4, FPS: 80, Speed: 2.7, ETA: 12 * time.Second,
	}},
	transcode.ProgressEvent{Progress: transcode.Progress{
		State: transcode.StateEncoding, Stage: "encoding 3 renditions", Percent: 42.4, FPS: 81, Speed: 2.71, ETA: 71500 * time.Millisecond,
	}},
	transcode.ProgressEvent{Progress: transcode.Progress{
		State: transcode.StateCompleted, Stage: "completed", Percent: 100, FPS: 81, Speed: 2.71, Elapsed: 20 * time.Second,
	}},
}

func tell(p *Progress) {
	for _, e := range story {
		p.Event(e)
	}
	p.Close()
}

func TestProgressLines(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	tell(NewProgress(&out, false))
	require.Equal(t, ""+
		"  2 %  encoding 3 renditions\n"+
		"warning: the source has no sound\n"+
		" 42 %  encoding 3 renditions     81 fps   2.7x  ETA 1:12\n"+
		"100 %  completed                 81 fps   2.7x  in 0:20\n", out.String())
}

func TestProgressQuiet(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	tell(NewProgress(&out, true))
	require.Empty(t, out.String())
}

func TestProgressBar(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	tell(&Progress{view: &bar{w: &out}})
	require.Contains(t, out.String(), "warning: the source has no sound\n")
	require.Contains(t, out.String(), "completed")
	require.Contains(t, out.String(), "100 %   81 fps   2.7x  in 0:20")
	require.Contains(t, out.String(), "━━━━")
}

// A job that fails leaves its bar where it was, and nothing that runs.
func TestProgressBarOfAFailedJob(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &Progress{view: &bar{w: &out}}
	for _, e := range story[:5] {
		p.Event(e)
	}
	p.Close()
	require.Contains(t, out.String(), "42 %")
	require.NotContains(t, out.String(), "100 %")
}

func TestProgressBarOfAJobThatNeverBegan(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	(&Progress{view: &bar{w: &out}}).Close()
	require.Empty(t, out.String())
}

func TestClock(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0:00", time.Millisecond: "0:01", 59 * time.Second: "0:59", 59*time.Second + 1: "1:00", 3723 * time.Second: "1:02:03",
	} {
		require.Equal(t, want, clock(d))
	}
}

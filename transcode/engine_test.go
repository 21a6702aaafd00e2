package transcode_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/Eyevinn/hls-m3u8/m3u8"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// runJob runs a job over a good clip into a fresh memory store.
func runJob(t *testing.T, outputs transcode.Outputs, change ...func(*transcode.Job)) (*transcode.Result, *storage.Bucket) {
	t.Helper()
	bucket := memstore.New(nil)
	job := &transcode.Job{Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{Bucket: bucket}, Outputs: outputs}
	for _, f := range change {
		f(job)
	}
	result, err := transcode.New(nil).Run(t.Context(), job, nil)
	require.NoError(t, err)
	return result, bucket
}

// download copies a bucket into a folder.
func download(t *testing.T, b *storage.Bucket) string {
	t.Helper()
	dir := t.TempDir()
	for obj, err := range b.List(t.Context(), nil) {
		require.NoError(t, err)
		data, err := b.ReadAll(t.Context(), obj.Key, 0)
		require.NoError(t, err)
		path := filepath.Join(dir, filepath.FromSlash(obj.Key))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	return dir
}

func TestRunPublishesEverything(t *testing.T) {
	t.Parallel()
	result, bucket := runJob(t, everything())
	dir := download(t, bucket)
	for _, f := range result.Files {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
		require.NoError(t, err)
		require.Len(t, data, int(f.Size), f.Path)
		sum := sha256.Sum256(data)
		require.Equal(t, hex.EncodeToString(sum[:]), f.SHA256, f.Path)
		obj, err := bucket.Stat(t.Context(), f.Path)
		require.NoError(t, err)
		require.Equal(t, f.ContentType, obj.ContentType, f.Path)
	}
	for _, name := range []string{"output_0.mp4", "hls1/master.m3u8", "output_3.gif", "thumbs2/thumb_0004.jpg"} {
		testenv.Decodes(t, filepath.Join(dir, name))
	}
	require.Equal(t, []string{"640,90"}, testenv.Probe(t, filepath.Join(dir, "thumbs2/sprite_0001.jpg"), "stream=width,height"))

	master, err := os.Open(filepath.Join(dir, "hls1/master.m3u8"))
	require.NoError(t, err)
	defer master.Close()
	list, kind, err := m3u8.DecodeFrom(master, true)
	require.NoError(t, err)
	require.Equal(t, m3u8.MASTER, kind)
	require.Len(t, list.(*m3u8.MasterPlaylist).Variants, 1)
}

func TestSameEncodeIsMadeOnce(t *testing.T) {
	t.Parallel()
	result, _ := runJob(t, everything()[:2])
	require.Len(t, result.Renditions, 2, "one picture and one sound serve the file and the presentation")
	require.Len(t, result.Renditions[0].Paths, 2)
}

func TestOutputsAreDeterministic(t *testing.T) {
	t.Parallel()
	input := goodClip(t)
	sums := func() map[string]string {
		m := map[string]string{}
		result, _ := runJob(t, everything(), func(j *transcode.Job) { j.Input.URL = input })
		for _, f := range result.Files {
			m[f.Path] = f.SHA256
		}
		return m
	}
	require.Equal(t, sums(), sums())
}

func TestEventsAndProgress(t *testing.T) {
	t.Parallel()
	job := &transcode.Job{
		Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{Bucket: memstore.New(nil)}, Outputs: everything(),
	}
	var states []transcode.State
	var percent float64
	published := map[string]bool{}
	plans := 0
	task, err := transcode.New(nil).Start(t.Context(), job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
		switch e := e.(type) {
		case transcode.StateEvent:
			states = append(states, e.State)
		case transcode.PlanEvent:
			plans++
		case transcode.PublishedEvent:
			published[e.File.Path] = true
			require.Less(t, percent, 100.0, "100 comes when everything is published")
		case transcode.ProgressEvent:
			require.GreaterOrEqual(t, e.Progress.Percent, percent, "progress went back")
			percent = e.Progress.Percent
		}
	}})
	require.NoError(t, err)
	result, err := task.Wait()
	require.NoError(t, err)
	require.Equal(t, []transcode.State{
		transcode.StateQueued, transcode.StateAnalyzing, transcode.StateEncoding, transcode.StateFinalizing, transcode.StateCompleted,
	}, states)
	require.InDelta(t, 100, percent, 0)
	require.Equal(t, 1, plans)
	require.Len(t, published, len(result.Files))
	p := task.Progress()
	require.Equal(t, transcode.StateCompleted, p.State)
	require.InDelta(t, 100, p.Percent, 0)
	task.Cancel() // after the end it does nothing
}

func TestJobsWaitForASlot(t *testing.T) {
	t.Parallel()
	engine := transcode.New(&transcode.Config{MaxJobs: 1})
	start := func() *transcode.Task {
		job := &transcode.Job{
			Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{Bucket: memstore.New(nil)}, Outputs: oneFile(),
		}
		task, err := engine.Start(t.Context(), job, nil)
		require.NoError(t, err)
		return task
	}
	var tasks []*transcode.Task
	for range 4 {
		tasks = append(tasks, start())
	}
	tasks[3].Cancel()
	_, err := tasks[3].Wait()
	require.Equal(t, rendition.Canceled, rendition.KindOf(err))
	for _, task := range tasks[:3] {
		_, err := task.Wait()
		require.NoError(t, err)
	}
}

func TestTruncatedSourceWithWarning(t *testing.T) {
	t.Parallel()
	input := cut(0.5, "cut.mp4", "-movflags", "+faststart")(t)
	result, _ := runJob(t, oneFile(), func(j *transcode.Job) { j.Input.URL, j.OnTruncated = input, "warn" })
	require.Contains(t, strings.Join(result.Warnings, "\n"), "cut off")
	require.Less(t, time.Duration(result.Files[0].Duration), 9*time.Second)
}

func TestSubpathAndSeveralDestinations(t *testing.T) {
	t.Parallel()
	a, b := t.TempDir(), t.TempDir()
	job := &transcode.Job{
		Input:   transcode.Input{URL: goodClip(t)},
		Output:  transcode.Destination{URLs: []string{a, "file://" + b}},
		Outputs: oneFile(), OutSubpath: "talks/42",
	}
	_, err := transcode.New(nil).Run(t.Context(), job, nil)
	require.NoError(t, err)
	for _, dir := range []string{a, b} {
		testenv.Decodes(t, filepath.Join(dir, "talks", "42", "output_0.mp4"))
	}
}

// TestContainersAndCodecs makes one file of each kind and lets ffmpeg decode it.
func TestContainersAndCodecs(t *testing.T) {
	t.Parallel()
	sound := func(c rendition.Codec) *transcode.AudioSettings { return &transcode.AudioSettings{Codec: c} }
	for name, tc := range map[string]struct {
		out  transcode.FileOutput
		want []string
	}{
		"mp4 h264 aac":  {transcode.FileOutput{}, []string{"h264,avc1", "aac,mp4a"}},
		"mp4 h265 opus": {transcode.FileOutput{Codec: rendition.H265, Audio: sound(rendition.Opus)}, []string{"hevc,hvc1", "opus,Opus"}},
		"mp4 av1 mp3":   {transcode.FileOutput{Codec: rendition.AV1, Audio: sound(rendition.MP3)}, []string{"av1,av01", "mp3,mp4a"}},
		"mp4 vp9 copy":  {transcode.FileOutput{Codec: rendition.VP9, Audio: sound(rendition.CodecCopy)}, []string{"vp9,vp09", "aac,mp4a"}},
		"mov":           {transcode.FileOutput{Container: "mov"}, []string{"h264,avc1", "aac,mp4a"}},
		"webm":          {transcode.FileOutput{Container: "webm"}, []string{"vp9,[0][0][0][0]", "opus,[0][0][0][0]"}},
		"mkv":           {transcode.FileOutput{Container: "mkv", Codec: rendition.H265}, []string{"hevc,[0][0][0][0]", "aac,[0][0][0][0]"}},
		"m4a":           {transcode.FileOutput{Container: "m4a"}, []string{"aac,mp4a"}},
		"mp3":           {transcode.FileOutput{Container: "mp3"}, []string{"mp3,[0][0][0][0]"}},
		"ogg":           {transcode.FileOutput{Container: "ogg"}, []string{"opus,[0][0][0][0]"}},
		"no sound":      {transcode.FileOutput{Audio: sound("none")}, []string{"h264,avc1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := tc.out
			switch out.Container {
			case "m4a", "mp3", "ogg":
			default:
				out.Preset, out.Height = "ultrafast", 90
			}
			result, bucket := runJob(t, transcode.Outputs{&out})
			path := filepath.Join(download(t, bucket), result.Files[0].Path)
			testenv.Decodes(t, path)
			require.Equal(t, tc.want, testenv.Probe(t, path, "stream=codec_name,codec_tag_string"))
		})
	}
}

func TestCancelIsPrompt(t *testing.T) {
	t.Parallel()
	input := testenv.Generate(t, "long.mp4", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=60", "-c:v", "libx264",
		"-preset", "ultrafast")
	job := &transcode.Job{
		Input: transcode.Input{URL: input}, Output: transcode.Destination{Bucket: memstore.New(nil)},
		Outputs: transcode.Outputs{&transcode.FileOutput{Codec: rendition.H265, Preset: "slow"}},
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	task, err := transcode.New(nil).Start(ctx, job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
		if p, ok := e.(transcode.ProgressEvent); ok && p.Progress.Percent > 3 {
			cancel()
		}
	}})
	require.NoError(t, err)
	select {
	case <-task.Done():
	case <-time.After(time.Minute):
		t.Fatal("the canceled job goes on")
	}
	_, err = task.Wait()
	require.ErrorIs(t, err, context.Canceled)
}

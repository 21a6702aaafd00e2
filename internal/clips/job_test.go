package clips_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// jobTimeout ends a job that hangs.
const jobTimeout = 120 * time.Second

// stills is how many thumbnails a clip gets; gifLength how long its preview is.
const (
	stills    = 6
	gifLength = 2 * time.Second
)

// outcome is what became of one clip.
type outcome struct {
	clip     clip
	source   *facts // nil when ffprobe finds nothing to read
	dir      string
	result   *transcode.Result
	err      error
	elapsed  time.Duration
	problems []string
	// lag is how far picture and sound are off against the source.
	pictureLag, soundLag time.Duration
}

// theJob is what every clip goes through. A source without picture gets the
// outputs that need none.
func theJob(in, out, preset string, picture bool) *transcode.Job {
	j := &transcode.Job{Input: transcode.Input{URL: in}, Output: transcode.Destination{URL: out}}
	if !picture {
		j.Outputs = transcode.Outputs{&transcode.FileOutput{}, &transcode.FileOutput{Container: "m4a"}}
		return j
	}
	j.Outputs = transcode.Outputs{
		&transcode.FileOutput{Height: 480, Preset: preset},
		&transcode.HLSOutput{Preset: preset, Ladder: transcode.Ladder{Rungs: []transcode.Rung{{Height: 1080}, {Height: 720}, {Height: 480}}}},
		&transcode.ThumbnailsOutput{Count: stills, Width: 320, Sprite: &transcode.Sprite{Columns: 3, Rows: 2}},
		&transcode.GIFOutput{Duration: transcode.Time(gifLength), Width: 320},
	}
	return j
}

// transcodeClip runs the job and judges what it made.
func transcodeClip(t *testing.T, c clip, in, preset, dir string) *outcome {
	t.Helper()
	o := &outcome{clip: c, dir: dir}
	o.source, _ = lookAt(t, in, source)
	ctx, cancel := context.WithTimeoutCause(t.Context(), jobTimeout, errors.New("the job took too long"))
	defer cancel()
	began := time.Now()
	picture := o.source == nil || o.source.video != nil
	o.result, o.err = transcode.New(nil).Run(ctx, theJob(in, dir, preset, picture), nil)
	o.elapsed = time.Since(began)
	if o.err != nil {
		o.checkNothingIsLeft()
		return o
	}
	o.judge(t, in)
	return o
}

// checkNothingIsLeft finds what a failed job published.
func (o *outcome) checkNothingIsLeft() {
	if kind := rendition.KindOf(o.err); kind == rendition.Internal || kind == rendition.Integrity {
		o.problem("the error blames the SDK: %s", o.err)
	}
	for _, path := range filesIn(o.dir) {
		o.problem("the job failed and left %s", path)
	}
}

// filesIn lists all files under dir, by path relative to it.
func filesIn(dir string) (list []string) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			list = append(list, filepath.ToSlash(rel))
		}
		return nil
	})
	return list
}

// output returns a folder for a clip's results.
func output(t *testing.T, c clip) string {
	t.Helper()
	if *keepFolder == "" {
		return t.TempDir()
	}
	dir := filepath.Join(*keepFolder, filepath.FromSlash(c.path))
	require.NoError(t, os.RemoveAll(dir))
	return dir
}

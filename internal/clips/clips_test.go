package clips_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/page"
	"github.com/rendition-sdk/rendition/internal/testenv"
)

// TestClips puts a few short clips through the whole job.
func TestClips(t *testing.T) {
	testenv.Program(t, "ffprobe")
	for _, path := range representative {
		if !strings.Contains(path, *onlyClips) {
			continue
		}
		t.Run(path, func(t *testing.T) {
			c := clip{path: path}
			o := transcodeClip(t, c, testenv.Clip(t, path), "ultrafast", output(t, c))
			require.NoError(t, o.err)
			for _, p := range o.problems {
				t.Error(p)
			}
		})
	}
}

// TestTable puts the chosen clips through the whole job and writes the table
// of docs/clips.md.
func TestTable(t *testing.T) {
	if *tablePage == "" {
		t.Skip("writes a page: give -table")
	}
	var done []*outcome
	for _, c := range chosen {
		if !strings.Contains(c.path, *onlyClips) {
			continue
		}
		t.Run(c.path, func(t *testing.T) {
			o := transcodeClip(t, c, testenv.Clip(t, c.path), "veryfast", output(t, c))
			done = append(done, o)
			if o.err != nil {
				t.Error(o.err)
			}
			for _, p := range o.problems {
				t.Error(p)
			}
		})
	}
	require.NoError(t, page.Replace(*tablePage, sectionBegin, sectionEnd, table(done)))
}

// TestEvery runs all clips there are, also those that no job can complete:
// each must end in time, with outputs that check out or with nothing left.
func TestEvery(t *testing.T) {
	if *everyPage == "" {
		t.Skip("takes long: give -every")
	}
	var done []*outcome
	for _, c := range everyClip(t) {
		t.Run(c.path, func(t *testing.T) {
			o := transcodeClip(t, c, testenv.Clip(t, c.path), "ultrafast", output(t, c))
			done = append(done, o)
			for _, p := range o.problems {
				t.Error(p)
			}
		})
		require.NoError(t, writeEvery(*everyPage, done))
	}
}

// everyClip lists the folder of clips, with the traits of those that were chosen.
func everyClip(t *testing.T) (list []clip) {
	t.Helper()
	dir := testenv.Media(t)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".md") {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		rel = filepath.ToSlash(rel)
		if !strings.Contains(rel, *onlyClips) {
			return err
		}
		c := clip{path: rel}
		if i := slices.IndexFunc(chosen, func(c clip) bool { return c.path == rel }); i >= 0 {
			c = chosen[i]
		}
		list = append(list, c)
		return err
	}))
	return list
}

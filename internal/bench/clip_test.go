package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

func TestClips(t *testing.T) {
	t.Parallel()
	testenv.Program(t, "ffmpeg")
	o := &options{media: t.TempDir(), cache: t.TempDir(), work: t.TempDir(), height: 240, seconds: 3}
	require.Equal(t, filmClip(o), threeClips(o), "without the real clips there is one")
	path, err := clip{"film", 90, 3, 2}.path(t.Context(), o, testLog{t})
	require.NoError(t, err)
	require.Equal(t, "generated_90p_3s_x2.mp4", filepath.Base(path))
	require.Equal(t, []string{"160,90"}, testenv.Probe(t, path, "stream=width,height", "-select_streams", "v"))

	o.media = testenv.Media(t)
	require.Len(t, threeClips(o), 3)
	for kind := range originals {
		path, err := clip{kind, 90, 1, 1}.path(t.Context(), o, testLog{t})
		require.NoError(t, err)
		require.Equal(t, kind+"_90p_1s.mp4", filepath.Base(path))
		require.Len(t, testenv.Probe(t, path, "stream=codec_name"), 2, "picture and sound")
	}
}

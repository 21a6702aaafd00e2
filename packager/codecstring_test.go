package packager_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

func TestCodecString(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		track packager.Track
		want  string
	}{
		{packager.Track{Codec: rendition.AAC, Config: []byte{0x12, 0x10}}, "mp4a.40.2"},
		{packager.Track{Codec: rendition.MP3}, "mp4a.40.34"},
		{packager.Track{Codec: rendition.AC3}, "ac-3"},
		{packager.Track{Codec: rendition.EAC3}, "ec-3"},
		{packager.Track{Codec: rendition.Opus}, "opus"},
		{packager.Track{Codec: rendition.FLAC}, "fLaC"},
		{packager.Track{Codec: rendition.VP9, Config: []byte{0, 31, 0x80, 1, 1, 1, 0, 0}}, "vp09.00.31.08"},
	} {
		got, err := packager.CodecString(c.track)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	_, err := packager.CodecString(packager.Track{Codec: rendition.VP9})
	require.ErrorIs(t, err, rendition.InvalidInput)
	_, err = packager.CodecString(packager.Track{Codec: "prores"})
	require.ErrorIs(t, err, rendition.Unsupported)
	_, err = packager.CodecString(packager.Track{Codec: rendition.AAC, Config: make([]byte, packager.MaxConfigBytes+1)})
	require.ErrorIs(t, err, rendition.Quota)
}

//go:build cgo

package av_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"

	"github.com/stretchr/testify/require"
)

// remux copies every stream of data into a file of format.
func remux(ctx context.Context, t *testing.T, data []byte, w io.Writer, format string, opts *av.OutputOptions) error {
	t.Helper()
	in, err := av.OpenInput(t.Context(), &memory{data: data}, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, in.Close()) }()
	var streams []av.OutputStream
	for i := range in.Streams() {
		s, err := av.CopyOf(in, i)
		require.NoError(t, err)
		s.Language = "deu"
		streams = append(streams, s)
	}
	out, err := av.OpenOutput(ctx, w, format, streams, opts)
	if err != nil {
		return err
	}
	defer out.Abort()
	p := av.NewPacket()
	defer p.Free()
	for {
		err := in.ReadPacket(p)
		if errors.Is(err, io.EOF) {
			return out.Close()
		}
		require.NoError(t, err)
		if err := out.WritePacket(p.Stream(), p); err != nil {
			return err
		}
	}
}

func TestOutputCopies(t *testing.T) {
	t.Parallel()
	data := mkv(t)
	for _, format := range []string{"matroska", "mov", "mp4", "mpegts", "avi"} {
		var files [2][]byte
		for i := range files {
			f, err := os.Create(filepath.Join(t.TempDir(), "out"))
			require.NoError(t, err)
			require.NoError(t, remux(t.Context(), t, data, f, format, &av.OutputOptions{Tags: map[string]string{"title": "A title"}}), format)
			require.NoError(t, f.Close())
			files[i], err = os.ReadFile(f.Name())
			require.NoError(t, err)
		}
		require.True(t, bytes.Equal(files[0], files[1]), "%s: the same packets gave different bytes", format)
		in, err := av.OpenInput(t.Context(), &memory{data: files[0]}, nil)
		require.NoError(t, err, format)
		m := in.Media()
		require.Len(t, m.Streams, 2, format)
		require.InDelta(t, 4, m.DurationSeconds, 0.15, format)
		if format == "matroska" || format == "mp4" {
			require.Equal(t, "A title", m.Tags["title"])
			require.Equal(t, "ger", threeLetters(m.Streams[1].Language))
		}
		require.NoError(t, in.Close())
	}
}

// threeLetters folds the two codes of ISO 639-2 for German.
func threeLetters(s string) string {
	if s == "deu" {
		return "ger"
	}
	return s
}

func TestOutputToPipe(t *testing.T) {
	t.Parallel()
	data := mkv(t)
	var b bytes.Buffer
	require.NoError(t, remux(t.Context(), t, data, &b, "matroska", nil))
	require.NotZero(t, b.Len())
	err := remux(t.Context(), t, data, &b, "mp4", nil)
	require.ErrorIs(t, err, rendition.Unsupported, "plain MP4 must go back to its start")
}

func TestOutputErrors(t *testing.T) {
	t.Parallel()
	data := mkv(t)
	err := remux(t.Context(), t, data, io.Discard, "no such format", nil)
	require.ErrorIs(t, err, rendition.Unsupported)
	err = remux(t.Context(), t, data, io.Discard, "webm", nil)
	require.ErrorIs(t, err, rendition.Unsupported, "WebM holds no MPEG-4 picture")
	err = remux(t.Context(), t, data, io.Discard, "matroska", &av.OutputOptions{Muxer: map[string]string{"no_such_option": "1"}})
	require.ErrorIs(t, err, rendition.InvalidJob)
	require.ErrorContains(t, err, "no_such_option")

	full := &rendition.Error{Kind: rendition.Quota, Op: "storage: write", Err: errors.New("no space left")}
	err = remux(t.Context(), t, data, failing{full}, "matroska", nil)
	require.ErrorIs(t, err, rendition.Quota)
	require.ErrorIs(t, err, full.Err)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, remux(ctx, t, data, io.Discard, "matroska", nil), rendition.Canceled)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

package packager_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

func TestDirSink(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	sink := packager.DirSink(dir)
	f, err := sink.Create(t.Context(), "a/b.txt", nil)
	require.NoError(t, err)
	_, err = f.Write([]byte("hello"))
	require.NoError(t, err)
	require.NoFileExists(t, filepath.Join(dir, "a/b.txt"), "invisible until Close")
	require.NoError(t, f.Close())
	require.NoError(t, f.Abort())
	data, err := os.ReadFile(filepath.Join(dir, "a/b.txt"))
	require.NoError(t, err)
	require.Equal(t, "hello", string(data))

	f, err = sink.Create(t.Context(), "a/b.txt", nil)
	require.NoError(t, err)
	_, err = f.Write([]byte("half"))
	require.NoError(t, err)
	require.NoError(t, f.Abort())
	require.NoError(t, f.Abort())
	list, err := os.ReadDir(filepath.Join(dir, "a"))
	require.NoError(t, err)
	require.Len(t, list, 1, "nothing is left of an aborted file")
	data, err = os.ReadFile(filepath.Join(dir, "a/b.txt"))
	require.NoError(t, err)
	require.Equal(t, "hello", string(data), "the old file is as it was")
}

func TestSinkNames(t *testing.T) {
	t.Parallel()
	for _, sink := range []packager.Sink{packager.DirSink(t.TempDir()), &packager.MemSink{}} {
		for _, name := range []string{"", ".", "/a", "../a", "a/../b", "a//b", "a/"} {
			_, err := sink.Create(t.Context(), name, nil)
			require.ErrorIs(t, err, rendition.InvalidJob, "%T %q", sink, name)
		}
	}
}

func TestSinkCancel(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mem := &packager.MemSink{}
	for _, sink := range []packager.Sink{packager.DirSink(dir), mem} {
		ctx, cancel := context.WithCancel(t.Context())
		f, err := sink.Create(ctx, "x", nil)
		require.NoError(t, err)
		cancel()
		_, err = f.Write([]byte("x"))
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, f.Close(), rendition.Canceled)
		_, err = sink.Create(ctx, "x", nil)
		require.ErrorIs(t, err, rendition.Canceled)
	}
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, list)
	require.Empty(t, mem.Names())
}

func TestDirSinkErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	_, err := packager.DirSink(dir).Create(t.Context(), "file/below", nil)
	require.ErrorIs(t, err, rendition.Unavailable)
}

package filestore_test

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/filestore"
)

func TestSource(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "clip one.mp4")
	require.NoError(t, os.WriteFile(file, []byte("0123456789"), 0o600))
	other := t.TempDir()
	link := filepath.Join(other, "link.mp4")
	require.NoError(t, os.Symlink(file, link))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))

	for _, path := range []string{file, link} {
		src := filestore.Source(path)
		require.Equal(t, path, src.Name())
		r, err := src.Open(t.Context())
		require.NoError(t, err)
		require.Equal(t, int64(10), r.Size())
		_, err = r.Seek(-3, io.SeekEnd)
		require.NoError(t, err)
		rest, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, "789", string(rest))
		require.NoError(t, r.Close())
	}
	for path, kind := range map[string]rendition.Kind{
		"": rendition.InvalidJob, filepath.Join(dir, "missing.mp4"): rendition.NotFound, filepath.Join(dir, "folder"): rendition.NotFound,
		"/": rendition.NotFound, filepath.Join(dir, "pipe"): rendition.Unsupported, filepath.Join(file, "below"): rendition.NotFound,
	} {
		_, err := filestore.Source(path).Open(t.Context())
		require.ErrorIs(t, err, kind, path)
		var e *rendition.Error
		require.ErrorAs(t, err, &e)
	}
}

// TestFullDisk fills a real file system, where the test may mount one.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("this needs the right to mount a small file system: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	b := open(t, dir, nil)
	require.NoError(t, b.WriteAll(t.Context(), "x/kept", []byte("kept"), nil))
	err := b.WriteAll(t.Context(), "x/y/big", make([]byte, 2<<20), nil)
	require.ErrorIs(t, err, rendition.Quota)
	require.ErrorContains(t, err, "x/y/big")
	require.Empty(t, temps(t, dir))
	require.NoDirExists(t, filepath.Join(dir, "x", "y"))
	require.NoError(t, b.WriteAll(t.Context(), "x/next", make([]byte, 512<<10), nil), "the space is free again")
}

func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("this needs the right to mount a small file system: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	require.ErrorIs(t, open(t, dir, nil).WriteAll(t.Context(), "a", nil, nil), rendition.Permission)
}

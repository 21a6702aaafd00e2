package filestore_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// leave puts a temporary file of a dead process below dir.
func leave(t *testing.T, dir, name string, age time.Duration) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte("half"), 0o600))
	setAge(t, path, age)
	return path
}

func setAge(t *testing.T, path string, age time.Duration) {
	t.Helper()
	then := time.Now().Add(-age)
	require.NoError(t, os.Chtimes(path, then, then))
}

const stale = 2 * time.Hour

// TestStaleTemporaryFiles: what a killed process has left goes when somebody
// writes beside it, or lists after having written.
func TestStaleTemporaryFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	here, below := leave(t, dir, ".rendition-A.part", stale), leave(t, dir, "a/b/.rendition-B.part", stale)
	young := leave(t, dir, ".rendition-C.part", time.Minute)
	foreign := leave(t, dir, ".rendition-D", stale)
	link := filepath.Join(dir, ".rendition-E.part")
	require.NoError(t, os.Symlink(foreign, link))

	b := open(t, dir, nil)
	list := func() {
		for _, err := range b.List(t.Context(), nil) {
			require.NoError(t, err)
		}
	}
	list()
	require.FileExists(t, here, "who only reads removes nothing")
	require.NoError(t, b.WriteAll(t.Context(), "x", []byte("x"), nil))
	require.NoFileExists(t, here)
	require.FileExists(t, below)
	list()
	require.NoFileExists(t, below)
	for _, path := range []string{young, foreign, link} {
		require.FileExists(t, path)
	}
}

// TestLiveTemporaryFilesStay, however long nothing was written to them.
func TestLiveTemporaryFilesStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w, err := open(t, dir, nil).NewWriter(t.Context(), "slow", nil)
	require.NoError(t, err)
	names := temps(t, dir)
	require.Len(t, names, 1)
	setAge(t, names[0], 1000*time.Hour)

	other := open(t, dir, nil)
	require.NoError(t, other.WriteAll(t.Context(), "x", []byte("x"), nil))
	for _, err := range other.List(t.Context(), nil) {
		require.NoError(t, err)
	}
	require.Equal(t, names, temps(t, dir))
	_, err = w.Write([]byte("slow"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	data, err := other.ReadAll(t.Context(), "slow", 0)
	require.NoError(t, err)
	require.Equal(t, "slow", string(data))
}

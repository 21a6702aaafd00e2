package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/examples/internal/sample"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/drivertest"
)

func TestMain(m *testing.M) { leak.Main(m) }

// TestConformance is all that it takes to know that a driver is right.
func TestConformance(t *testing.T) {
	t.Parallel()
	drivertest.Run(t, drivertest.Harness{Open: func(t *testing.T) drivertest.Store {
		t.Helper()
		dir := t.TempDir()
		bucket, err := openGzipFolder(dir)
		require.NoError(t, err)
		return drivertest.Store{Bucket: bucket, Leftovers: func(t *testing.T) (names []string) {
			t.Helper()
			require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
				if driver.IsTempName(filepath.Base(path)) {
					names = append(names, path)
				}
				return err
			}))
			return names
		}}
	}})
}

func TestObjectsAreCompressed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bucket, err := openGzipFolder(dir)
	require.NoError(t, err)
	defer bucket.Close()
	want := bytes.Repeat([]byte("compressible "), 2<<20)
	require.NoError(t, bucket.WriteAll(t.Context(), "a/b.txt", want, nil))
	st, err := os.Stat(filepath.Join(dir, "a.d", "b.txt.gz"))
	require.NoError(t, err)
	require.Less(t, st.Size(), int64(len(want)/100))
	got, err := bucket.ReadAll(t.Context(), "a/b.txt", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got))
}

func TestRun(t *testing.T) {
	t.Parallel()
	testenv.Program(t, "ffmpeg")
	dir := t.TempDir()
	clip, out := filepath.Join(dir, "clip.mp4"), filepath.Join(dir, "out")
	require.NoError(t, sample.Make(t.Context(), clip, &sample.Options{Width: 320, Height: 180, Duration: 4 * time.Second}))
	var text bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-quiet", "-in", clip, "-out", "gzip:" + out}, &text))
	require.Contains(t, text.String(), "master.m3u8")
	require.FileExists(t, filepath.Join(out, "hls0.d", "master.m3u8.gz"))
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.ErrorIs(t, run(t.Context(), []string{"-quiet", "-in", filepath.Join(dir, "none.mp4"), "-out", "gzip:" + dir}, &bytes.Buffer{}), rendition.NotFound)
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := openGzipFolder(file)
	require.ErrorIs(t, err, rendition.Exists)
	require.ErrorIs(t, run(t.Context(), []string{"-quiet", "-in", file, "-out", "gzip:" + file}, &bytes.Buffer{}), rendition.InvalidInput)
	_, _, err = openGzip(t.Context(), "gzip:a", storage.TargetObject)
	require.ErrorIs(t, err, rendition.Unsupported)
}

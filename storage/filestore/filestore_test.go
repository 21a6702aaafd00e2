package filestore_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/drivertest"
	"github.com/rendition-sdk/rendition/storage/filestore"
)

func TestMain(m *testing.M) { leak.Main(m) }

func open(t *testing.T, dir string, opts *filestore.Options) *storage.Bucket {
	t.Helper()
	if opts == nil {
		opts = &filestore.Options{}
	}
	opts.Bucket = &storage.Options{RetryDelay: time.Millisecond}
	b, err := filestore.Open(t.Context(), dir, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// temps lists the temporary files below dir.
func temps(t *testing.T, dir string) (names []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
		if match, _ := filepath.Match(".rendition-*.part", filepath.Base(p)); match {
			names = append(names, p)
		}
		return err
	}))
	return names
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, sync := range []bool{false, true} {
		t.Run(fmt.Sprintf("sync %v", sync), func(t *testing.T) {
			t.Parallel()
			drivertest.Run(t, drivertest.Harness{
				Open: func(t *testing.T) drivertest.Store {
					dir := t.TempDir()
					b, err := filestore.Open(t.Context(), dir, &filestore.Options{Sync: sync, Bucket: &storage.Options{RetryDelay: time.Millisecond}})
					require.NoError(t, err)
					return drivertest.Store{Bucket: b, Leftovers: func(t *testing.T) []string { return temps(t, dir) }}
				},
				Errors: errorCases(),
			})
		})
	}
}

func errorCases() []drivertest.ErrorCase {
	return []drivertest.ErrorCase{
		{Name: "folder missing", Kind: rendition.NotFound, Mentions: "missing", Do: func(ctx context.Context, t *testing.T) error {
			_, err := filestore.Open(ctx, filepath.Join(t.TempDir(), "missing"), &filestore.Options{MustExist: true})
			return err
		}},
		{Name: "folder is a file", Kind: rendition.Exists, Mentions: "file", Do: func(ctx context.Context, t *testing.T) error {
			file := filepath.Join(t.TempDir(), "file")
			require.NoError(t, os.WriteFile(file, nil, 0o600))
			_, err := filestore.Open(ctx, file, nil)
			return err
		}},
		{Name: "folder below a file", Kind: rendition.Exists, Mentions: "/dev/null/sub", Do: func(ctx context.Context, _ *testing.T) error {
			_, err := filestore.Open(ctx, "/dev/null/sub", nil)
			return err
		}},
		{Name: "name too long", Kind: rendition.InvalidJob, Mentions: "nnnn", Do: func(ctx context.Context, t *testing.T) error {
			name := make([]byte, 300)
			for i := range name {
				name[i] = 'n'
			}
			return open(t, t.TempDir(), nil).WriteAll(ctx, string(name), nil, nil)
		}},
	}
}

func TestLinksDoNotLeaveTheFolder(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "out")))
	require.NoError(t, os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "link")))
	require.NoError(t, os.Symlink("../"+filepath.Base(outside)+"/secret", filepath.Join(dir, "rel")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "in"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "in", "a"), []byte("a"), 0o600))
	require.NoError(t, os.Symlink("in", filepath.Join(dir, "inside")))
	b := open(t, dir, nil)
	for _, key := range []string{"out/secret", "link", "rel"} {
		_, err := b.Open(t.Context(), key, nil)
		require.ErrorIs(t, err, rendition.Permission, key)
		_, err = b.Stat(t.Context(), key)
		require.ErrorIs(t, err, rendition.Permission, key)
	}
	require.ErrorIs(t, b.WriteAll(t.Context(), "out/new", nil, nil), rendition.Permission)
	require.ErrorIs(t, b.Delete(t.Context(), "out/secret"), rendition.Permission)
	require.NoError(t, b.WriteAll(t.Context(), "link", []byte("mine"), nil), "the link is replaced and not followed")
	require.NoError(t, b.WriteAll(t.Context(), "inside/b", []byte("b"), nil), "a link inside the folder is followed")

	data, err := os.ReadFile(filepath.Join(outside, "secret"))
	require.NoError(t, err)
	require.Equal(t, "secret", string(data))
	entries, err := os.ReadDir(outside)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	var keys []string
	for o, err := range b.List(t.Context(), nil) {
		require.NoError(t, err)
		keys = append(keys, o.Key)
	}
	require.Equal(t, []string{"in/a", "in/b", "link"}, keys)
}

func TestModes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, dir, &filestore.Options{FileMode: 0o600, DirMode: 0o700})
	require.NoError(t, b.WriteAll(t.Context(), "sub/a", []byte("a"), nil))
	file, err := os.Stat(filepath.Join(dir, "sub", "a"))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), file.Mode().Perm())
	sub, err := os.Stat(filepath.Join(dir, "sub"))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o700), sub.Mode().Perm())
}

func TestFoldersComeAndGo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "when", "needed")
	b := open(t, dir, nil)
	for _, err := range b.List(t.Context(), nil) {
		require.NoError(t, err)
	}
	require.NoDirExists(t, dir, "reading makes nothing")
	w, err := b.NewWriter(t.Context(), "x/y/a", nil)
	require.NoError(t, err)
	require.Len(t, temps(t, dir), 1)
	require.NoError(t, w.Abort())
	require.NoDirExists(t, filepath.Join(dir, "x"), "an aborted write leaves no folder")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "theirs"), 0o700))
	require.NoError(t, b.WriteAll(t.Context(), "theirs/a", nil, nil))
	require.NoError(t, b.WriteAll(t.Context(), "ours/a", nil, nil))
	require.NoError(t, b.Delete(t.Context(), "theirs/a"))
	require.NoError(t, b.Delete(t.Context(), "ours/a"))
	require.DirExists(t, filepath.Join(dir, "theirs"), "somebody else's folder stays")
	require.NoDirExists(t, filepath.Join(dir, "ours"))
}

func TestLeftTemporaryNamesAreHidden(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".rendition-ABC.part"), nil, 0o600))
	for o, err := range open(t, dir, nil).List(t.Context(), nil) {
		t.Errorf("listed %v %v", o, err)
	}
}

func TestFileThatChangesWhileItIsRead(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(path string) error{
		"grows":     func(p string) error { return os.WriteFile(p, make([]byte, 200), 0o600) },
		"shrinks":   func(p string) error { return os.Truncate(p, 50) },
		"rewritten": func(p string) error { return os.Chtimes(p, time.Time{}, time.Unix(1, 0)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a")
			require.NoError(t, os.WriteFile(path, make([]byte, 100), 0o600))
			r, err := filestore.Source(path).Open(t.Context())
			require.NoError(t, err)
			defer r.Close()
			_, err = r.Read(make([]byte, 10))
			require.NoError(t, err)
			require.NoError(t, change(path))
			_, err = r.Read(make([]byte, 10))
			require.ErrorIs(t, err, rendition.Integrity)
		})
	}
}

func ExampleOpen() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	bucket, err := filestore.Open(ctx, dir, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	err = bucket.WriteAll(ctx, "hls0/master.m3u8", []byte("#EXTM3U\n"), nil)
	text, _ := os.ReadFile(filepath.Join(dir, "hls0", "master.m3u8"))
	fmt.Printf("%v %q\n", err, text)
	// Output: <nil> "#EXTM3U\n"
}

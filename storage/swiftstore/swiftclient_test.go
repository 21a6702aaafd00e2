package swiftstore_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
)

// testSwiftclient compares with OpenStack's own client, in both directions.
func testSwiftclient(t *testing.T, a *account, p *servers.SwiftProxy) {
	program := testenv.Program(t, "swift")
	container := a.newContainer(t)
	run := func(dir string, args ...string) string {
		cmd := exec.CommandContext(t.Context(), program, append([]string{"-A", p.AuthURL, "-U", p.User, "-K", p.Key}, args...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	b := open(t, container, options(p))
	data := random(3*part + 9)
	require.NoError(t, b.WriteAll(t.Context(), "dir/clip.mp4", data, &storage.WriterOptions{PartSize: part, Metadata: map[string]string{"Job": "9"}}))
	dir := t.TempDir()
	run(dir, "download", container, "dir/clip.mp4", "-o", "out") // it checks the MD5s
	got, err := os.ReadFile(filepath.Join(dir, "out"))
	require.NoError(t, err)
	require.Equal(t, data, got)
	stat := run(dir, "stat", container, "dir/clip.mp4")
	require.Contains(t, stat, "Content Type: video/mp4")
	require.Contains(t, stat, "Meta Job: 9")

	theirs := random(3*part + 3)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "theirs.bin"), theirs, 0o600))
	for _, kind := range []string{"--use-slo", "--"} {
		args := []string{"upload", "-S", "65536", kind, container, "theirs.bin"}
		if kind == "--" {
			args = []string{"upload", "-S", "65536", container, "theirs.bin"} // its default is dynamic
		}
		run(dir, args...)
		read, err := b.ReadAll(t.Context(), "theirs.bin", 0)
		require.NoError(t, err)
		require.Equal(t, theirs, read)
		for o, err := range b.List(t.Context(), &storage.ListOptions{Prefix: "theirs.bin"}) {
			require.NoError(t, err)
			require.Equal(t, int64(len(theirs)), o.Size, "a dynamic large object is listed with its real size")
		}
	}
	run(dir, "delete", container, "dir/clip.mp4")
	require.NotContains(t, a.names(t, container), "dir/clip.mp4")
}

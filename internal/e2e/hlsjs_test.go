package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// hlsJSVersion is the pinned release of the player that most web sites use.
const hlsJSVersion = "1.6.19"

// hlsJS returns hls.js, which npm fetches once into the user's cache.
func hlsJS(t *testing.T) []byte {
	t.Helper()
	npm := testenv.Program(t, "npm")
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	dir := filepath.Join(cache, "rendition", "hls.js-"+hlsJSVersion)
	file := filepath.Join(dir, "node_modules", "hls.js", "dist", "hls.min.js")
	if data, err := os.ReadFile(file); err == nil {
		return data
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	cmd := exec.CommandContext(t.Context(), npm, "install", "--prefix", dir, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts",
		"hls.js@"+hlsJSVersion)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "npm could not install hls.js: is there a network?\n%s", out)
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return data
}

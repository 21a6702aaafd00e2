package page

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReplace(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "page.md")
	require.NoError(t, os.WriteFile(file, []byte("# Title\n\n<a>\nold\n<b>\n\ntail\n"), 0o600))
	require.NoError(t, Replace(file, "<a>", "<b>", "new\n"))
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "# Title\n\n<a>\nnew\n<b>\n\ntail\n", string(got))
	require.ErrorContains(t, Replace(file, "<a>", "<c>", "lost\n"), "<c>")
	require.Error(t, Replace(file+".missing", "<a>", "<b>", ""))
	again, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, got, again)
}

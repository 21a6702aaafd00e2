//go:build cgo

package probe_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/testenv"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { leak.Main(m) }

// file is a Source on a local file.
type file string

func (f file) Name() string { return filepath.Base(string(f)) }

func (f file) Open(context.Context) (rendition.SourceReader, error) {
	r, err := os.Open(string(f))
	if err != nil {
		return nil, err
	}
	info, err := r.Stat()
	if err != nil {
		_ = r.Close()
		return nil, err
	}
	return sized{r, info.Size()}, nil
}

type sized struct {
	*os.File
	size int64
}

func (s sized) Size() int64 { return s.size }

// generate makes a clip with the ffmpeg program.
func generate(t testing.TB, name string, args ...string) file {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	args = append([]string{"-nostdin", "-hide_banner", "-v", "error", "-y"}, args...)
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), append(args, path)...).CombinedOutput()
	require.NoError(t, err, string(out))
	return file(path)
}

package spool_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/spool"
)

// TestFile writes, goes back and reads, in memory, on disk and over the border.
func TestFile(t *testing.T) {
	t.Parallel()
	for name, memory := range map[string]int64{"memory": 1 << 20, "disk": 1, "border": 5000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			f := spool.New(memory, dir)
			want := bytes.Repeat([]byte("0123456789"), 1000)
			for i := 0; i < len(want); i += 700 {
				n, err := f.Write(want[i:min(i+700, len(want))])
				require.NoError(t, err)
				require.Positive(t, n)
			}
			pos, err := f.Seek(-10, io.SeekEnd)
			require.NoError(t, err)
			require.EqualValues(t, len(want)-10, pos)
			_, err = f.Write([]byte("abcde"))
			require.NoError(t, err)
			copy(want[len(want)-10:], "abcde")
			require.EqualValues(t, len(want), f.Size())
			_, err = f.Seek(1, io.SeekEnd)
			require.Error(t, err)

			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left, "the temporary file has a name")

			got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
			require.NoError(t, err)
			require.Equal(t, want, got)
			_, err = f.ReadAt(make([]byte, 1), f.Size())
			require.ErrorIs(t, err, io.EOF)
			require.NoError(t, f.Close())
			require.NoError(t, f.Close())
		})
	}
}

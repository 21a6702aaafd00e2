package testenv

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Generate makes the file name in a temporary folder with ffmpeg's arguments
// args and returns its path.
func Generate(t testing.TB, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	FFmpeg(t, append(args, path)...)
	return path
}

// FFmpeg runs the ffmpeg program and fails t when it prints an error.
func FFmpeg(t testing.TB, args ...string) {
	t.Helper()
	args = append([]string{"-v", "error", "-nostdin", "-y"}, args...)
	out, err := exec.CommandContext(t.Context(), Program(t, "ffmpeg"), args...).CombinedOutput() //nolint:gosec // a test's own arguments
	if err != nil || len(out) > 0 {
		t.Fatalf("ffmpeg %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// Decodes decodes all of a file, URL or playlist with ffmpeg and fails t at
// its first complaint.
func Decodes(t testing.TB, path string) {
	t.Helper()
	FFmpeg(t, "-xerror", "-i", path, "-map", "0", "-f", "null", "-")
}

// Probe asks ffprobe for entries ("stream=codec_name,width") of a file and
// returns its lines, one per section, fields separated by commas.
func Probe(t testing.TB, path, entries string, args ...string) []string {
	t.Helper()
	args = append(append([]string{"-v", "error", "-of", "csv=p=0", "-show_entries", entries}, args...), path)
	out, err := exec.CommandContext(t.Context(), Program(t, "ffprobe"), args...).CombinedOutput() //nolint:gosec // a test's own arguments
	if err != nil {
		t.Fatalf("ffprobe %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.Fields(string(out))
}

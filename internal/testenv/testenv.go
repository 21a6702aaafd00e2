// Package testenv finds what a test needs outside the repository: real clips,
// the ffmpeg programs, a browser. What is absent skips the test, unless the
// environment list TEST_REQUIRE names it; then it fails, so that a skip can
// not rot unseen in CI.
package testenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// missing skips t, or fails it when TEST_REQUIRE lists name.
func missing(t testing.TB, name, what string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("TEST_REQUIRE"), ","), name) {
		t.Fatalf("%s is required by TEST_REQUIRE=%s and is missing: %s", name, os.Getenv("TEST_REQUIRE"), what)
	}
	t.Skipf("%s: %s", name, what)
}

// root is the repository's top folder.
func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// Media returns the folder of real clips (name "media"): $RENDITION_MEDIA, or
// ../shared/media beside the repository.
func Media(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("RENDITION_MEDIA")
	if dir == "" {
		dir = filepath.Join(root(), "..", "shared", "media")
	}
	if _, err := os.Stat(dir); err != nil {
		missing(t, "media", "no folder of real clips; set RENDITION_MEDIA")
	}
	return dir
}

// Clip returns the path of one real clip, such as "film/bbb_480p_h264-aac51_30s.mp4".
func Clip(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(Media(t), filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		missing(t, "media", "no clip "+name)
	}
	return path
}

// Program returns the path of an executable; name is also its TEST_REQUIRE
// name. Alternatives are tried in order when name itself is not on PATH.
func Program(t testing.TB, name string, alternatives ...string) string {
	t.Helper()
	for _, p := range append([]string{name}, alternatives...) {
		if path, err := exec.LookPath(p); err == nil {
			return path
		}
	}
	missing(t, name, "no such program on PATH")
	return ""
}

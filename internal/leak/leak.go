// Package leak is the TestMain of every package that starts goroutines.
package leak

import (
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

// Main runs m and fails the package when a goroutine outlives its tests. What
// tests keep in the user's cache folder, such as the chunks of a job that they
// cancel, goes to a folder of their own.
func Main(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(privateCache()))
}

// privateCache moves the cache folder until the returned function ends the process.
func privateCache() func(int) {
	dir, err := os.MkdirTemp("", "rendition-test-cache-")
	if err != nil {
		return os.Exit //nolint:forbidigo // it ends the tests of a package
	}
	if own, err := os.UserCacheDir(); err == nil && os.Getenv("GOCACHE") == "" {
		_ = os.Setenv("GOCACHE", filepath.Join(own, "go-build")) // tests that build programs keep the real one
	}
	_ = os.Setenv("XDG_CACHE_HOME", dir)
	return func(code int) {
		_ = os.RemoveAll(dir)
		os.Exit(code) //nolint:forbidigo // it ends the tests of a package
	}
}

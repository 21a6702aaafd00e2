// Package leak is the TestMain of every package that starts goroutines.
package leak

import (
	"testing"

	"go.uber.org/goleak"
)

// Main runs m and fails the package when a goroutine outlives its tests.
func Main(m *testing.M) {
	goleak.VerifyTestMain(m)
}

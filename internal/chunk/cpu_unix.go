//go:build unix

package chunk

import (
	"syscall"
	"time"
)

// processorTime is what this process has used of all cores so far; ok is false
// where that is not known.
func processorTime() (used time.Duration, ok bool) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}

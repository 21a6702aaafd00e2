package servers

import (
	"os/exec"
	"testing"
)

// output runs a program to its end and returns what it printed.
func output(t testing.TB, program string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput() //nolint:gosec // a test's own arguments
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return string(out)
}

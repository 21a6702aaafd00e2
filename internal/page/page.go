// Package page writes what programs and tests have measured into pages of the
// documentation, between two lines that mark its place.
package page

import (
	"fmt"
	"os"
	"strings"
)

// Replace puts text between the lines begin and end of a file. A file without them
// stays as it is.
func Replace(file, begin, end, text string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		return fmt.Errorf("%s has not the lines %s and %s", file, begin, end)
	}
	return os.WriteFile(file, []byte(before+begin+"\n"+text+end+after), 0o644) //nolint:gosec // a page for everybody to read
}

// Package lint holds the repository's own rules as tests: who may import whom, where cgo lives, and what a library that is
// a good guest does not do. Editors see most of them earlier, through .golangci.yml.
package lint

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/rendition-sdk/rendition"

// root is the repository's top folder, seen from this package.
const root = "../.."

// mayImport says which parts of this module each part may import beside itself, by the path's first element (for internal the
// first two, where the table has them). "." is the root package; "internal/*" stands for the helpers that everybody may use, so
// they import nothing that brings cgo. A part that is not listed here has to be added, with a thought.
var mayImport = map[string][]string{
	".":                {},
	"internal/*":       {"."},
	"ladder":           {".", "internal/*"},
	"packager":         {".", "internal/*"},
	"storage":          {".", "internal/*"},
	"internal/av":      {".", "internal/*", "packager"}, // it makes and reads the packager's samples
	"internal/encode":  {".", "internal/*", "internal/av", "packager"},
	"internal/sched":   {"."},            // it decides what may run and knows nothing of what does
	"internal/scratch": {".", "storage"}, // it keeps bytes and does not know what they are
	"internal/chunk":   {".", "internal/*", "internal/encode", "internal/sched", "internal/scratch", "packager"},
	"probe":            {".", "internal/*", "internal/av", "packager"}, // the packager knows the RFC 6381 codec strings
	"transcode":        {".", "internal/*", "internal/av", "internal/chunk", "internal/encode", "internal/sched", "internal/scratch", "ladder", "packager", "probe", "storage"},
	"internal/bench":   {".", "internal/*", "transcode"}, // a program beside the SDK
	"examples":         {".", "internal/*", "ladder", "packager", "probe", "storage", "transcode"},
}

// pure are the parts that build without a C compiler.
var pure = []string{".", "./ladder/...", "./packager/...", "./storage/...", "./internal/sched/...", "./internal/scratch/..."}

// part returns the key of mayImport for a path inside the module, such as "storage/memstore".
func part(path string) string {
	first, rest, _ := strings.Cut(path, "/")
	if first != "internal" {
		return first
	}
	second, _, _ := strings.Cut(rest, "/")
	if _, known := mayImport["internal/"+second]; known {
		return "internal/" + second
	}
	return "internal/*"
}

// inside returns the path of an import within the module, "." for the root package.
func inside(importPath string) (path string, ok bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// goList runs go list in the root folder and returns its lines.
func goList(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list %s: %s", strings.Join(args, " "), exit.Stderr)
		}
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func TestImportsPointOneWay(t *testing.T) {
	for _, line := range goList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...") {
		fields := strings.Fields(line)
		from, _ := inside(fields[0])
		allowed, known := mayImport[part(from)]
		if !known {
			t.Errorf("%s is in no part of the house: add %q to mayImport", fields[0], part(from))
			continue
		}
		for _, imported := range fields[1:] {
			to, ours := inside(imported)
			switch {
			case !ours && from == "." && strings.Contains(strings.Split(imported, "/")[0], "."):
				t.Errorf("the root package imports %s: it may import the standard library only", imported)
			case ours && part(to) != part(from) && !slices.Contains(allowed, part(to)):
				t.Errorf("%s imports %s: %s may import %q only", from, to, part(from), allowed)
			}
		}
	}
}

func TestOnlyAVReachesFFmpeg(t *testing.T) {
	imports := `{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}`
	for _, line := range goList(t, "-f", imports, "./...") {
		fields := strings.Fields(line)
		from, _ := inside(fields[0])
		if part(from) == "internal/av" {
			continue
		}
		for _, imported := range fields[1:] {
			if imported == "C" || strings.HasPrefix(imported, "github.com/asticode/go-astiav") {
				t.Errorf("%s imports %q: only internal/av may", from, imported)
			}
		}
	}
}

func TestPurePackagesHoldNoCgo(t *testing.T) {
	for _, dependency := range goList(t, append([]string{"-deps"}, pure...)...) {
		if strings.HasPrefix(dependency, "github.com/asticode/go-astiav") || dependency == module+"/internal/av" {
			t.Errorf("one of %q depends on %s", pure, dependency)
		}
	}
}

// A host program pays for the drivers that it imports, and for no other: their SDKs must not come in through the
// product itself.
func TestDriversAreOptional(t *testing.T) {
	for _, dependency := range goList(t, "-deps", "./transcode", "./storage", "./probe") {
		path, ours := inside(dependency)
		if ours && strings.HasPrefix(path, "storage/") && strings.HasSuffix(path, "store") && !slices.Contains(baseDrivers, path) {
			t.Errorf("the product depends on %s: a driver is imported by the host program", dependency)
		}
	}
}

// baseDrivers need nothing but the standard library, so the product may bring them along.
var baseDrivers = []string{"storage/memstore", "storage/filestore", "storage/httpstore"}

// The same goes for OpenTelemetry: only the hooks for it know it.
func TestOpenTelemetryIsOptional(t *testing.T) {
	for _, line := range goList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...") {
		fields := strings.Fields(line)
		from, _ := inside(fields[0])
		for _, imported := range fields[1:] {
			if from != "transcode/otelhook" && strings.HasPrefix(imported, "go.opentelemetry.io/") {
				t.Errorf("%s imports %s: only transcode/otelhook may", from, imported)
			}
			if path, _ := inside(imported); path == "transcode/otelhook" {
				t.Errorf("%s imports transcode/otelhook: that is for the host program", from)
			}
		}
	}
}

func TestEveryExampleIsTested(t *testing.T) {
	mains, err := filepath.Glob(filepath.Join(root, "examples", "*", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, main := range mains {
		tests, err := filepath.Glob(filepath.Join(filepath.Dir(main), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		if len(tests) == 0 {
			t.Errorf("%s has no test that runs it", main)
		}
	}
}

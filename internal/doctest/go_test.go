package doctest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

const module = "github.com/rendition-sdk/rendition"

// snippets returns every piece of Go in the documentation.
func snippets(t *testing.T) []block {
	t.Helper()
	var list []block
	for _, b := range pageBlocks(t) {
		if b.lang == "go" {
			list = append(list, b)
		}
	}
	for _, b := range docBlocks(t) {
		if isGo(b.text) {
			list = append(list, b)
		}
	}
	return list
}

// packageNames maps names of packages to their import paths: this module's
// public ones, else the standard library's.
func packageNames(t *testing.T) map[string]string {
	t.Helper()
	names := map[string]string{}
	for _, pattern := range []string{"std", "./..."} {
		out, err := goCommand(t, "list", "-f", "{{.Name}} {{.ImportPath}}", pattern)
		require.NoError(t, err, out)
		for line := range strings.Lines(out) {
			name, importPath, _ := strings.Cut(strings.TrimSpace(line), " ")
			hidden := strings.Contains(importPath, "internal") || strings.HasPrefix(importPath, "vendor/") || name == "main"
			if old := names[name]; !hidden && (old == "" || strings.HasPrefix(importPath, module) || len(importPath) < len(old)) {
				names[name] = importPath
			}
		}
	}
	return names
}

func goCommand(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// build compiles all snippets at once, each a package of its own that exists in
// the compiler's eyes alone, and returns the programs among them.
func build(t *testing.T, list []block) map[string]block {
	t.Helper()
	top, err := filepath.Abs(root)
	require.NoError(t, err)
	dir, names := t.TempDir(), packageNames(t)
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	programs := map[string]block{}
	for i, b := range list {
		source, err := compilable(b, names)
		if err != nil {
			t.Errorf("%s:%d: %v", b.file, b.line, err)
			continue
		}
		name := fmt.Sprintf("snippet%02d", i)
		file := filepath.Join(dir, name+".go")
		require.NoError(t, os.WriteFile(file, []byte(source), 0o600))
		overlay.Replace[filepath.Join(top, "internal", "doctest", "snippets", name, "snippet.go")] = file
		if program(b.text) {
			programs[filepath.Join(dir, "bin", name)] = b
		}
	}
	data, err := json.Marshal(overlay)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "overlay.json"), data, 0o600))
	out, err := goCommand(t, "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", filepath.Join(dir, "bin")+"/",
		"./"+path.Join("internal", "doctest", "snippets")+"/...")
	require.NoError(t, err, "a snippet does not compile; the lines are those of the document\n%s", out)
	return programs
}

// Every snippet compiles, and every whole program runs, in a folder that holds
// film.mp4.
func TestGoSnippets(t *testing.T) {
	t.Parallel()
	list := snippets(t)
	require.NotEmpty(t, list)
	programs := build(t, list)
	require.NotEmpty(t, programs)
	film := testenv.Generate(t, "film.mp4", "-f", "lavfi", "-i", "testsrc2=s=426x240:r=10:d=2", "-f", "lavfi", "-i", "sine=d=2",
		"-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
	for bin, b := range programs {
		dir := t.TempDir()
		require.NoError(t, os.Link(film, filepath.Join(dir, "film.mp4")))
		cmd := exec.CommandContext(t.Context(), bin)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "the program at %s:%d\n%s", b.file, b.line, out)
		require.NotEmpty(t, out, "the program at %s:%d prints nothing", b.file, b.line)
		t.Logf("%s:%d prints\n%s", b.file, b.line, out)
	}
}

// The test must be able to fail: what is wrong in a snippet is found.
func TestBadSnippetsAreFound(t *testing.T) {
	t.Parallel()
	names := map[string]string{"transcode": module + "/transcode"}
	for _, code := range []string{
		"job, err := transcode.NewJob(",
		"frobnicate()",
		"return 1, 2",
	} {
		_, err := compilable(block{file: "x.md", line: 1, text: code}, names)
		require.Error(t, err, code)
	}
	source, err := compilable(block{file: "x.md", line: 7, text: "engine := transcode.New(nil)\n...\nreturn err\n"}, names)
	require.NoError(t, err)
	for _, part := range []string{"import transcode", "//line x.md:7", "var err error", "_ = engine", "return nil"} {
		require.Contains(t, source, part)
	}
	require.True(t, isGo("if err != nil { ... }"))
	require.False(t, isGo("demux -> decode -> encode"))
	require.False(t, isGo("go run ./examples/job job.json"))
}

package doctest

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// commandLines returns what the pages and doc comments tell people to type.
func commandLines(t *testing.T) []block {
	t.Helper()
	var list []block
	for _, b := range append(pageBlocks(t), docBlocks(t)...) {
		if b.lang == "go" || b.lang == "json" || b.lang == "doc" && isGo(b.text) {
			continue
		}
		for i, line := range strings.Split(b.text, "\n") {
			list = append(list, block{file: b.file, line: b.line + i, text: strings.TrimPrefix(strings.TrimSpace(line), "$ ")})
		}
	}
	return list
}

var (
	makeTarget   = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	makeVariable = regexp.MustCompile(`(?m)^([A-Z]+)\s*[?:]?=`)
	variableSet  = regexp.MustCompile(`\b([A-Z]+)=`)
)

// checkMake checks the targets and variables of a make command.
func checkMake(t *testing.T, b block, line string) {
	t.Helper()
	targets, variables := map[string]bool{}, map[string]bool{}
	text := read(t, "Makefile")
	for _, m := range makeTarget.FindAllStringSubmatch(text, -1) {
		targets[m[1]] = true
	}
	for _, m := range makeVariable.FindAllStringSubmatch(text, -1) {
		variables[m[1]] = true
	}
	line, _, _ = strings.Cut(line, "#")
	for _, m := range variableSet.FindAllStringSubmatch(line, -1) {
		require.True(t, variables[m[1]], "%s:%d: the Makefile has no variable %s", b.file, b.line, m[1])
	}
	for _, word := range strings.Fields(line)[1:] {
		if strings.ContainsAny(word, "=/'") {
			break // what follows is the value of a variable
		}
		require.True(t, targets[word], "%s:%d: the Makefile has no target %s", b.file, b.line, word)
	}
}

var (
	localPackage = regexp.MustCompile(`(?:^|\s)\./([\w/.-]*)`)
	flagGiven    = regexp.MustCompile(`\s-([a-z][\w-]*)`)
	flagDefined  = regexp.MustCompile(`\.(?:String|Bool|Int|Int64|Float64|Duration|Func|Text)(?:Var)?\((?:&?[\w.]+, )?"([\w-]+)"`)
)

// checkGo checks the packages of a go command, and with go run the program's flags.
func checkGo(t *testing.T, b block, line string) {
	t.Helper()
	line, _, _ = strings.Cut(line, "#")
	m := localPackage.FindStringSubmatchIndex(line)
	if m == nil {
		return
	}
	dir := strings.TrimSuffix(strings.TrimSuffix(line[m[2]:m[3]], "..."), "/")
	require.DirExists(t, filepath.Join(root, dir), "%s:%d: %s", b.file, b.line, line)
	if !strings.HasPrefix(line, "go run ") {
		return
	}
	defined := map[string]bool{}
	sources, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, sources, "%s:%d: no program in %s", b.file, b.line, dir)
	for _, source := range sources {
		text, err := os.ReadFile(source)
		require.NoError(t, err)
		for _, m := range flagDefined.FindAllStringSubmatch(string(text), -1) {
			defined[m[1]] = true
		}
	}
	for _, m := range flagGiven.FindAllStringSubmatch(strings.NewReplacer("[", " ", "]", " ").Replace(line[m[3]:]), -1) {
		require.True(t, defined[m[1]], "%s:%d: %s has no flag -%s", b.file, b.line, dir, m[1])
	}
}

var script = regexp.MustCompile(`(?:\./)?(scripts/[\w-]+\.sh|\.ci/run)((?: --[a-z-]+)*)`)

// checkScripts checks that the repository's scripts exist and know their flags.
func checkScripts(t *testing.T, b block, line string) {
	t.Helper()
	for _, m := range script.FindAllStringSubmatch(line, -1) {
		text := read(t, m[1])
		for _, flag := range strings.Fields(m[2]) {
			require.Contains(t, text, flag, "%s:%d: %s does not know %s", b.file, b.line, m[1], flag)
		}
	}
}

// What the documentation tells people to type exists.
func TestCommands(t *testing.T) {
	t.Parallel()
	checked := map[string]int{}
	for _, b := range commandLines(t) {
		switch first, _, _ := strings.Cut(b.text, " "); {
		case first == "make" && b.text != "make":
			checkMake(t, b, b.text)
			checked["make"]++
		case first == "go":
			checkGo(t, b, b.text)
			checked["go"]++
		}
		checkScripts(t, b, b.text)
	}
	require.NotZero(t, checked["make"])
	require.NotZero(t, checked["go"])
}

var (
	goFile    = regexp.MustCompile(`^(?:[\w.-]+/)+[\w.-]*$`)
	topFolder = regexp.MustCompile(`^(docs|examples|internal|ladder|packager|probe|scripts|storage|transcode|\.ci)/`)
)

// Files and folders of the repository that a page names in a code span exist.
// Names with a < or * are patterns.
func TestNamedFilesExist(t *testing.T) {
	t.Parallel()
	for _, b := range pageBlocks(t) {
		name := strings.TrimPrefix(b.text, "./")
		if b.lang != "inline" || !goFile.MatchString(name) || !topFolder.MatchString(name) || planned(b, name) {
			continue
		}
		_, err := os.Stat(filepath.Join(root, filepath.FromSlash(path.Clean(strings.TrimSuffix(name, "...")))))
		require.NoError(t, err, "%s:%d names %s", b.file, b.line, b.text)
	}
}

// planned says that a name stands in an example of how a commit is written.
func planned(b block, name string) bool {
	return b.file == "CONTRIBUTING.md" && strings.HasPrefix(name, "storage/sftpstore")
}

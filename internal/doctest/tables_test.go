package doctest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// rows returns the cells of the table rows in a page whose first cell matches
// first, without code marks.
func rows(t *testing.T, file string, first *regexp.Regexp) [][]string {
	t.Helper()
	var list [][]string
	for line := range strings.Lines(read(t, file)) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
		}
		if first.MatchString(cells[0]) {
			list = append(list, cells)
		}
	}
	return list
}

// The table of kinds in docs/errors.md says what the code says, of every kind.
func TestErrorKinds(t *testing.T) {
	t.Parallel()
	list := rows(t, "docs/errors.md", regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`))
	documented := map[string]bool{}
	for _, cells := range list {
		var kind rendition.Kind
		if cells[0] == "kind" {
			continue
		}
		require.NoError(t, kind.UnmarshalText([]byte(cells[0])))
		documented[cells[0]] = true
		err := &rendition.Error{Kind: kind}
		goName := strings.ReplaceAll(cells[0], "_", "")
		require.Equal(t, goName, strings.ToLower(cells[1]))
		require.Equal(t, string(rendition.FaultOf(err)), cells[2], "the fault of %s", cells[0])
		require.Equal(t, map[bool]string{true: "yes", false: "no"}[rendition.Retryable(err)], cells[3], "retry of %s", cells[0])
	}
	for k := rendition.Kind(1); !strings.HasPrefix(k.String(), "kind("); k++ {
		require.True(t, documented[k.String()], "docs/errors.md lacks %s", k)
	}
}

// Every job in JSON that a page shows can be read. A page may show what is not
// in this version yet.
func TestJobsInPages(t *testing.T) {
	t.Parallel()
	found := 0
	for _, b := range pageBlocks(t) {
		if b.lang != "json" || !strings.Contains(b.text, `"outputs"`) {
			continue
		}
		found++
		_, err := transcode.ParseJob([]byte(b.text))
		if rendition.KindOf(err) != rendition.Unsupported {
			require.NoError(t, err, "the job at %s:%d", b.file, b.line)
		}
	}
	require.NotZero(t, found)
}

// What the README says is not there yet is refused as such.
func TestReadmeIsTrueOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	readme := read(t, "README.md")
	for name, job := range map[string]string{
		"DASH":      `{"input": {"url": "a"}, "output": {"url": "b"}, "outputs": [{"type": "dash"}]}`,
		"CMAF":      `{"input": {"url": "a"}, "output": {"url": "b"}, "outputs": [{"type": "cmaf"}]}`,
		"Subtitles": `{"input": {"url": "a"}, "output": {"url": "b"}, "outputs": [{"type": "hls", "ladder": "auto", "subtitles": []}]}`,
		"Loudness":  `{"input": {"url": "a"}, "output": {"url": "b"}, "outputs": [{"type": "file", "audio": {"loudness": -23}}]}`,
	} {
		_, err := transcode.ParseJob([]byte(job))
		require.Equal(t, rendition.Unsupported, rendition.KindOf(err), "%s: %v", name, err)
		line := rows(t, "README.md", regexp.MustCompile(`^`+name))
		require.Len(t, line, 1, "README.md has no row on %s", name)
		require.Equal(t, "not yet", line[0][1], name)
	}
	for _, word := range []string{"h264", "h265", "vp9", "av1", "aac", "opus", "mp3"} {
		require.Contains(t, strings.ToLower(strings.ReplaceAll(readme, ".", "")), word)
	}
	for _, output := range []transcode.Output{
		&transcode.FileOutput{}, &transcode.HLSOutput{}, &transcode.ThumbnailsOutput{}, &transcode.GIFOutput{},
	} {
		require.True(t, slices.ContainsFunc(rows(t, "README.md", regexp.MustCompile(`^Output`)), func(cells []string) bool {
			return strings.Contains(cells[0], "`"+output.Type())
		}), "README.md has no row on output %s", output.Type())
	}
}

var arrow = regexp.MustCompile(`(?m)^ +([\w/]+) --> ([\w/]+)$`)

// The picture of imports in docs/design.md has every import between parts of
// the module, and no other.
func TestImportPicture(t *testing.T) {
	t.Parallel()
	drawn := arrow.FindAllString(read(t, "docs/design.md"), -1)
	for i := range drawn {
		drawn[i] = strings.TrimSpace(drawn[i])
	}
	out, err := goCommand(t, "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...")
	require.NoError(t, err, out)
	var found []string
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		for _, imported := range fields[1:] {
			from, to := part(fields[0]), part(imported)
			edge := from + " --> " + to
			if from != to && to != "" && !slices.Contains([]string{"internal/spool", "internal/leak", "internal/testenv", "internal/page", "internal/servers"}, to) &&
				!slices.Contains(found, edge) {
				found = append(found, edge)
			}
		}
	}
	require.ElementsMatch(t, found, drawn)
}

// part is the part of the house that an import path of this module is in:
// its first element, of internal packages the first two; empty for the root
// package and for what is not ours.
func part(importPath string) string {
	rest, ok := strings.CutPrefix(importPath, module+"/")
	if !ok {
		return ""
	}
	elements := strings.Split(rest, "/")
	if elements[0] == "internal" {
		return strings.Join(elements[:2], "/")
	}
	return elements[0]
}

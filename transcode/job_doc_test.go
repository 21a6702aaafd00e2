package transcode_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/transcode"
)

func jobDoc(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../docs/job.md")
	require.NoError(t, err)
	return string(data)
}

// TestJobDocListsEveryField compares the first table after each "fields"
// comment with the type's tags, both ways.
func TestJobDocListsEveryField(t *testing.T) {
	t.Parallel()
	types := map[string]reflect.Type{}
	collect(reflect.TypeFor[transcode.Job](), types)
	for _, out := range []transcode.Output{
		&transcode.FileOutput{}, &transcode.HLSOutput{}, &transcode.ThumbnailsOutput{}, &transcode.GIFOutput{},
	} {
		collect(reflect.TypeOf(out), types)
	}
	collect(reflect.TypeFor[transcode.Rung](), types)

	comment := regexp.MustCompile(`<!-- fields: (\w+)( type)? -->`)
	name := regexp.MustCompile("`([a-z_0-9]+)`")
	doc := jobDoc(t)
	seen := map[string]bool{}
	for _, m := range comment.FindAllStringSubmatchIndex(doc, -1) {
		typeName := doc[m[2]:m[3]]
		seen[typeName] = true
		var documented []string
		_, table, _ := strings.Cut(doc[m[1]:], "|---|---|---|\n")
		table, _, _ = strings.Cut(table, "\n\n")
		for line := range strings.Lines(table) {
			cells := strings.Split(line, "|")
			for _, f := range name.FindAllStringSubmatch(cells[1], -1) {
				documented = append(documented, f[1])
			}
		}
		want := jsonNames(types[typeName])
		if m[4] >= 0 {
			want = append(want, "type")
		}
		require.ElementsMatch(t, want, documented, "docs/job.md, fields of %s", typeName)
	}
	for typeName := range types {
		require.True(t, seen[typeName], "docs/job.md has no table for %s", typeName)
	}
}

// collect finds the structs of this package that JSON reaches from typ.
func collect(typ reflect.Type, found map[string]reflect.Type) {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || typ.PkgPath() != reflect.TypeFor[transcode.Job]().PkgPath() || found[typ.Name()] != nil {
		return
	}
	if len(jsonNames(typ)) > 0 {
		found[typ.Name()] = typ
	}
	for i := range typ.NumField() {
		if f := typ.Field(i); f.Tag.Get("json") != "-" {
			collect(f.Type, found)
		}
	}
}

func jsonNames(typ reflect.Type) []string {
	var names []string
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// Every example is a job that reads, and plans for an ordinary source.
func TestJobDocExamples(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(jobDoc(t), -1)
	require.GreaterOrEqual(t, len(blocks), 5)
	for _, b := range blocks {
		job, err := transcode.ParseJob([]byte(b[1]))
		require.NoError(t, err, b[1])
		m := videoRate(landscape(), 5_000_000)
		german := soundStream("aac", 2, 48000, "deu")
		german.Index = 2
		m.Streams = append(m.Streams, german)
		m.Duration *= 3
		_, err = transcode.NewPlan(job, m)
		require.NoError(t, err, b[1])
	}
}

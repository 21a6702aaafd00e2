package location_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage/location"
)

var update = flag.Bool("update", false, "rewrite the column of docs/storage.md that says how a URL is read")

// reading says in words what a URL was read as.
func reading(l *location.Location) string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+" "+value)
		}
	}
	add("", l.Scheme)
	add("host", l.Host)
	if l.Port != 0 {
		add("port", fmt.Sprint(l.Port))
	}
	add("login", l.Auth)
	add("user", l.User)
	for name, is := range map[string]bool{"password": l.Password != "", "token": l.Token != "", "signature": l.SAS != "", "signed": l.Presigned} {
		if is {
			parts = append(parts, name)
			break // no form has two of them
		}
	}
	add("account", l.Account)
	add("bucket", l.Bucket)
	switch {
	case l.Driver == location.File:
		add("path", l.Key)
	case l.Absolute:
		add("path", "/"+l.Key)
	default:
		add("key", l.Key)
	}
	for _, name := range slices.Sorted(maps.Keys(l.Options)) {
		parts = append(parts, name+"="+l.Options[name])
	}
	return strings.TrimSpace(strings.Join(parts, ", "))
}

// docTable returns the rows of the tables that stand behind <!-- name --> in the page, as indexes of lines.
func docTable(lines []string, name string) (rows []int) {
	inside := false
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "<!-- "+name+" -->"):
			inside = true
		case inside && strings.HasPrefix(line, "| `"):
			rows = append(rows, i)
		case inside && line != "" && !strings.HasPrefix(line, "|"):
			inside = false
		}
	}
	return rows
}

func cells(line string) []string {
	list := strings.Split(strings.Trim(line, "|"), "|")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// Every URL in the table of docs/storage.md is read as the table says.
func TestDocumentedForms(t *testing.T) {
	page := filepath.Join("..", "..", "docs", "storage.md")
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	lines := strings.Split(string(text), "\n")
	rows := docTable(lines, "forms")
	require.Greater(t, len(rows), 40)
	seen := map[location.Driver]bool{}
	for _, i := range rows {
		c := cells(lines[i])
		require.Len(t, c, 4, "line %d", i+1)
		raw := strings.Trim(c[0], "`")
		l, err := location.Parse(raw)
		require.NoError(t, err, "line %d", i+1)
		seen[l.Driver] = true
		if *update {
			lines[i] = fmt.Sprintf("| `%s` | %s | %s | %s |", raw, l.Driver, reading(l), c[3])
			continue
		}
		require.Equal(t, string(l.Driver), c[1], raw)
		require.Equal(t, reading(l), c[2], "%s; run with -update and read the difference", raw)
	}
	require.Len(t, seen, 11, "every driver has a form")
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(strings.Join(lines, "\n")), 0o600))
	}
	for _, i := range docTable(lines, "refused") {
		raw := strings.Trim(cells(lines[i])[0], "`")
		_, err := location.Parse(raw)
		require.ErrorContains(t, err, strings.Trim(cells(lines[i])[1], "`"), raw)
	}
}

// The table of options has all of them and no other.
func TestDocumentedOptions(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "storage.md"))
	require.NoError(t, err)
	lines := strings.Split(string(text), "\n")
	documented := map[string]bool{}
	for _, i := range docTable(lines, "options") {
		c := cells(lines[i])
		for d := range strings.SplitSeq(c[1], ", ") {
			documented[d+" "+strings.Trim(c[0], "`")] = true
		}
	}
	known := map[string]bool{}
	for _, d := range []location.Driver{
		location.S3, location.Azure, location.FTP, location.SFTP, location.Swift, location.HTTP, location.NetStorage, location.AkamaiHLS, location.Aspera,
		location.File, location.Mem,
	} {
		for _, o := range location.Options(d) {
			known[string(d)+" "+o.Name] = true
		}
	}
	require.Equal(t, known, documented)
}

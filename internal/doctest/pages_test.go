package doctest

import (
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the repository's top folder, seen from this package.
const root = "../.."

// block is a piece of a document that is set as code.
type block struct {
	file string // relative to the root folder
	line int    // of its first line of code
	// lang is the word behind the fence, "inline" for a span within a line,
	// "indented" for a block without a fence, "doc" for one in a doc comment.
	lang string
	text string
}

// files lists the repository's files with an extension, relative to its top folder.
func files(t *testing.T, extension string) []string {
	t.Helper()
	var list []string
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(root, path)
		hidden := strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "_")
		if entry.IsDir() && relative != "." && (hidden || slices.Contains([]string{"testdata", "node_modules", "out"}, entry.Name())) {
			return filepath.SkipDir
		}
		if !entry.IsDir() && filepath.Ext(path) == extension {
			list = append(list, filepath.ToSlash(relative))
		}
		return nil
	}))
	return list
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	require.NoError(t, err)
	return string(data)
}

// pageBlocks returns the code of all Markdown pages.
func pageBlocks(t *testing.T) []block {
	t.Helper()
	var list []block
	for _, file := range files(t, ".md") {
		list = append(list, markdownBlocks(file, read(t, file))...)
	}
	return list
}

var inlineCode = regexp.MustCompile("`([^`]+)`")

// markdownBlocks splits a page. A fence inside a list item is unindented by as
// much as it is.
func markdownBlocks(file, text string) []block {
	var list []block
	var open *block
	indent, blank := 0, true
	for i, line := range strings.Split(text, "\n") {
		body := strings.TrimLeft(line, " ")
		fence := strings.HasPrefix(body, "```")
		switch {
		case fence && open == nil:
			indent = len(line) - len(body)
			open = &block{file: file, line: i + 2, lang: strings.TrimSpace(strings.TrimPrefix(body, "```"))}
		case fence:
			list = append(list, *open)
			open = nil
		case open != nil:
			open.text += line[min(indent, len(line)-len(body)):] + "\n"
		case strings.HasPrefix(line, "    ") && (blank || len(list) > 0 && list[len(list)-1].lang == "indented"):
			list = append(list, block{file: file, line: i + 1, lang: "indented", text: body})
			continue // the next line may belong to it without a blank one
		default:
			for _, m := range inlineCode.FindAllStringSubmatch(line, -1) {
				list = append(list, block{file: file, line: i + 1, lang: "inline", text: m[1]})
			}
		}
		blank = body == ""
	}
	return list
}

// docBlocks returns the code in the doc comments of all Go files that are no tests.
func docBlocks(t *testing.T) []block {
	t.Helper()
	var list []block
	for _, file := range files(t, ".go") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, filepath.Join(root, filepath.FromSlash(file)), nil, parser.ParseComments)
		require.NoError(t, err)
		for _, group := range docComments(parsed) {
			var p comment.Parser
			line := 0
			for _, part := range p.Parse(group.Text()).Content {
				if code, ok := part.(*comment.Code); ok {
					line = lineOf(fset, group, code.Text, line)
					list = append(list, block{file: file, line: line, lang: "doc", text: code.Text})
				}
			}
		}
	}
	return list
}

// docComments returns the comment of the package and those of its declarations.
func docComments(f *ast.File) []*ast.CommentGroup {
	list := []*ast.CommentGroup{f.Doc}
	ast.Inspect(f, func(n ast.Node) bool {
		switch d := n.(type) {
		case *ast.GenDecl:
			list = append(list, d.Doc)
		case *ast.FuncDecl:
			list = append(list, d.Doc)
			return false
		case *ast.TypeSpec:
			list = append(list, d.Doc)
		case *ast.Field:
			list = append(list, d.Doc)
		}
		return true
	})
	return slices.DeleteFunc(list, func(g *ast.CommentGroup) bool { return g == nil })
}

// lineOf finds the line on which a block of a doc comment begins, behind the
// line of the block before it.
func lineOf(fset *token.FileSet, group *ast.CommentGroup, text string, before int) int {
	first, _, _ := strings.Cut(text, "\n")
	for _, c := range group.List {
		line := fset.Position(c.Pos()).Line
		if line > before && strings.HasPrefix(c.Text, "//\t") && strings.TrimSpace(c.Text[2:]) == strings.TrimSpace(first) {
			return line
		}
	}
	return fset.Position(group.Pos()).Line
}

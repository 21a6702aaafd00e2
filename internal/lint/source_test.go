package lint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source is a parsed Go file.
type source struct {
	path string // relative to the root folder
	file *ast.File
}

// sources parses every Go file of the repository.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	var list []source
	fset := token.NewFileSet()
	for _, path := range files(t, ".go") {
		file, err := parser.ParseFile(fset, filepath.Join(root, path), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, source{path, file})
	}
	return fset, list
}

// files lists the repository's files with an extension, relative to its top folder.
func files(t *testing.T, extension string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		relative, _ := filepath.Rel(root, path)
		if entry.IsDir() && relative != "." && (name[0] == '.' || name[0] == '_' || name == "testdata" || relative == "out") {
			return filepath.SkipDir
		}
		if !entry.IsDir() && filepath.Ext(name) == extension {
			list = append(list, filepath.ToSlash(relative))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func isTest(path string) bool { return strings.HasSuffix(path, "_test.go") }

func TestNoInit(t *testing.T) {
	_, list := sources(t)
	for _, s := range list {
		for _, declaration := range s.file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function: importing a package must do nothing", s.path)
			}
		}
	}
}

// stateful are the files that may hold package-level state, each with its reason.
var stateful = map[string]string{
	"internal/av/log.go": "libav has one log callback for the whole process",
}

// A package-level variable is a constant that Go cannot express: it has a value, and nobody assigns to it. One that
// must be otherwise says so with //nolint:gochecknoglobals and the reason.
func TestPackageVariablesAreConstants(t *testing.T) {
	fset, list := sources(t)
	declared := map[string]map[string]bool{} // folder -> variables
	specs := map[any]bool{}                  // where they are declared
	for _, s := range list {
		if isTest(s.path) || stateful[s.path] != "" {
			continue
		}
		dir := filepath.Dir(s.path)
		if declared[dir] == nil {
			declared[dir] = map[string]bool{}
		}
		excused := excusedLines(fset, s.file)
		for _, declaration := range s.file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok || general.Tok != token.VAR {
				continue
			}
			for _, spec := range general.Specs {
				value := spec.(*ast.ValueSpec)
				specs[value] = true
				line := fset.Position(value.Pos()).Line
				if excused[line] || excused[line-1] || excused[fset.Position(general.Pos()).Line] {
					continue
				}
				for _, name := range value.Names {
					declared[dir][name.Name] = name.Name != "_"
					if name.Name != "_" && len(value.Values) == 0 && !embedded(general, value) {
						t.Errorf("%s: package variable %s has no value, so it is state", fset.Position(name.Pos()), name.Name)
					}
				}
			}
		}
	}
	for _, s := range list {
		if isTest(s.path) {
			continue
		}
		variables := declared[filepath.Dir(s.path)]
		ast.Inspect(s.file, func(node ast.Node) bool {
			var targets []ast.Expr
			switch n := node.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					targets = n.Lhs
				}
			case *ast.IncDecStmt:
				targets = []ast.Expr{n.X}
			}
			for _, target := range targets {
				name := assigned(target)
				// The parser resolves what is declared in the same file, so that a local of the same name is told apart.
				if name != nil && variables[name.Name] && (name.Obj == nil || specs[name.Obj.Decl]) {
					t.Errorf("%s: assignment to the package variable %s", fset.Position(name.Pos()), name.Name)
				}
			}
			return true
		})
	}
}

// excusedLines returns the lines that carry //nolint:gochecknoglobals.
func excusedLines(fset *token.FileSet, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//nolint:gochecknoglobals") {
				lines[fset.Position(comment.Pos()).Line] = true
			}
		}
	}
	return lines
}

// embedded tells whether a variable is filled by go:embed.
func embedded(general *ast.GenDecl, value *ast.ValueSpec) bool {
	for _, group := range []*ast.CommentGroup{general.Doc, value.Doc} {
		if group == nil {
			continue
		}
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//go:embed") {
				return true
			}
		}
	}
	return false
}

// assigned returns the variable that an assignment to target changes: x of x, x[i] and x.field.
func assigned(target ast.Expr) *ast.Ident {
	for {
		switch n := target.(type) {
		case *ast.Ident:
			return n
		case *ast.IndexExpr:
			target = n.X
		case *ast.SelectorExpr:
			target = n.X
		case *ast.ParenExpr:
			target = n.X
		default:
			return nil
		}
	}
}

// A package that starts goroutines proves in its TestMain that they end. What is built on testing, such as a conformance suite,
// runs inside the TestMain of those who use it.
func TestGoroutinesAreWatched(t *testing.T) {
	fset, list := sources(t)
	starts, watched := map[string]string{}, map[string]bool{}
	for _, s := range list {
		dir := filepath.Dir(s.path)
		ast.Inspect(s.file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.GoStmt:
				if !isTest(s.path) && !imports(s.file, "testing") {
					starts[dir] = fset.Position(n.Pos()).String()
				}
			case *ast.FuncDecl:
				if isTest(s.path) && n.Recv == nil && n.Name.Name == "TestMain" {
					watched[dir] = true
				}
			}
			return true
		})
	}
	for _, dir := range slices.Sorted(maps.Keys(starts)) {
		if !watched[dir] {
			t.Errorf("%s starts a goroutine (%s) and has no TestMain with leak.Main", dir, starts[dir])
		}
	}
}

func imports(file *ast.File, path string) bool {
	return slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == `"`+path+`"` })
}

package doctest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// ambient are names that a snippet may use without saying where they come
// from, because the text around it does, with their types.
var ambient = map[string]string{
	"bucket": "*storage.Bucket",
	"ctx":    "context.Context",
	"err":    "error",
	"job":    "*transcode.Job",
	"media":  "*rendition.Media",
	"t":      "*testing.T",
	"w":      "io.Writer",
	// docs/storage-driver.md, drivertest
	"listUnfinishedUploads": "func(*testing.T) []string",
	"open":                  "func(*testing.T) drivertest.Store",
	"password":              "string",
}

var (
	ellipsis      = regexp.MustCompile(`(?m)^\s*\.\.\.\s*$`)
	ellipsisBlock = regexp.MustCompile(`\{ \.\.\. \}`)
	goSigns       = regexp.MustCompile(`:=|\bfunc\b|\berr\b|\w\.\w+\(`)
)

// isGo says whether a block of a doc comment is meant as Go; others are
// commands, pictures and formulas.
func isGo(text string) bool {
	return goSigns.MatchString(text) && !strings.HasPrefix(text, "go ") && !strings.HasPrefix(text, "$ ")
}

// program says whether a snippet is a whole program.
func program(code string) bool { return strings.HasPrefix(code, "package main\n") }

// compilable turns a snippet into a file of its own: a whole file stays as it
// is, declarations get a package clause, statements a function around them,
// and both the imports and the ambient names they use. packages gives the
// import path of a package's name. Lines keep their number in the document.
func compilable(b block, packages map[string]string) (string, error) {
	code := ellipsisBlock.ReplaceAllString(ellipsis.ReplaceAllString(b.text, ""), "{ }")
	line := fmt.Sprintf("\n//line %s:%d\n", b.file, b.line)
	if strings.HasPrefix(code, "package ") {
		return line[1:] + code, nil
	}
	// Declarations.
	if _, err := parse("package snippet\n" + code); err == nil {
		return complete(line+code, packages)
	}
	// Statements. Their variables need not be used, since the text goes on.
	file, err := parse("package snippet\nfunc _() {\n" + code + "\n}")
	if err != nil {
		return "", err
	}
	body := file.Decls[0].(*ast.FuncDecl).Body
	result, end := "", ""
	switch returns := resultOf(body); returns {
	case 0:
	case 1:
		result, end = "error", "\nreturn nil"
		if returnsText(body) {
			result, end = "string", "\nreturn \"\""
		}
	default:
		return "", fmt.Errorf("returns %d values", returns)
	}
	for _, name := range defined(body) {
		end = "\n_ = " + name + end
	}
	return complete("\nfunc _() "+result+" {"+line+code+end+"\n}\n", packages)
}

func parse(source string) (*ast.File, error) {
	return parser.ParseFile(token.NewFileSet(), "snippet.go", source, 0)
}

// complete puts package clause, imports and ambient names around declarations.
func complete(declarations string, packages map[string]string) (string, error) {
	const clause = "package snippet\n"
	file, err := parse(clause + declarations)
	if err != nil {
		return "", err
	}
	var variables strings.Builder
	for _, name := range unresolved(file) {
		if kind, ok := ambient[name]; ok {
			fmt.Fprintf(&variables, "\nvar %s %s\n", name, kind)
		}
	}
	// The ambient names first: a //line comment counts on to the end of the file.
	if file, err = parse(clause + variables.String() + declarations); err != nil {
		return "", err
	}
	var imports strings.Builder
	for _, name := range unresolved(file) {
		path, ok := packages[name]
		if !ok {
			return "", fmt.Errorf("%s is declared nowhere; say in the snippet what it is, or list it in ambient", name)
		}
		fmt.Fprintf(&imports, "import %s %q\n", name, path)
	}
	return clause + imports.String() + variables.String() + declarations, nil
}

// unresolved lists the names that a file does not declare and Go does not know.
func unresolved(f *ast.File) []string {
	var list []string
	for _, ident := range f.Unresolved {
		if types.Universe.Lookup(ident.Name) == nil && !slices.Contains(list, ident.Name) {
			list = append(list, ident.Name)
		}
	}
	slices.Sort(list)
	return list
}

// defined lists the variables that a function declares at its top level.
func defined(body *ast.BlockStmt) []string {
	var list []string
	for _, statement := range body.List {
		assign, ok := statement.(*ast.AssignStmt)
		if !ok || assign.Tok != token.DEFINE {
			continue
		}
		for _, left := range assign.Lhs {
			if name := left.(*ast.Ident).Name; name != "_" && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list
}

// returnsOf calls f for the return statements of a function, not for those of
// functions within it.
func returnsOf(body *ast.BlockStmt, f func(*ast.ReturnStmt)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			f(r)
		}
		_, nested := n.(*ast.FuncLit)
		return !nested
	})
}

// resultOf is the number of values that a function returns.
func resultOf(body *ast.BlockStmt) (n int) {
	returnsOf(body, func(r *ast.ReturnStmt) { n = max(n, len(r.Results)) })
	return n
}

// returnsText says that a function returns a text.
func returnsText(body *ast.BlockStmt) (yes bool) {
	returnsOf(body, func(r *ast.ReturnStmt) {
		if literal, ok := r.Results[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
			yes = true
		}
	})
	return yes
}

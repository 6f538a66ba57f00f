package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/answerback/answerback/"

// source is a Go file as the laws see it.
type source struct {
	path    string // from the module's root, with slashes
	dir     string // its folder, which is its package's path in the module
	pkg     string // its package clause
	test    bool
	imports []string
	ours    []string            // of the imports those of this module, less its path
	uses    map[string][]string // import path to what is used of it: "Now" in time.Now
	inits   bool                // it has a func init
}

// parse reads Go files, given as path and text.
func parse(t *testing.T, files map[string]string) []source {
	t.Helper()
	var sources []source
	for name, text := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		s := source{path: name, dir: path.Dir(name), pkg: file.Name.Name, test: strings.HasSuffix(name, "_test.go"), uses: map[string][]string{}}
		local := s.readImports(t, file)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && local[x.Name] != "" {
					s.uses[local[x.Name]] = append(s.uses[local[x.Name]], n.Sel.Name)
				}
			case *ast.FuncDecl:
				s.inits = s.inits || n.Name.Name == "init" && n.Recv == nil
			}
			return true
		})
		sources = append(sources, s)
	}
	return sources
}

// readImports notes a file's imports and gives the names that they go by in it.
func (s *source) readImports(t *testing.T, file *ast.File) map[string]string {
	t.Helper()
	local := map[string]string{}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		s.imports = append(s.imports, imported)
		if ours, ok := strings.CutPrefix(imported, module); ok {
			s.ours = append(s.ours, ours)
		}
		name := path.Base(imported)
		if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
			name = path.Base(path.Dir(imported))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		local[name] = imported
	}
	return local
}

// wholeModule reads every Go file of the module that the go tool would.
func wholeModule(t *testing.T) []source {
	t.Helper()
	root := os.DirFS("..")
	files := map[string]string{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if entry.IsDir() && name != "." && (base == "testdata" || base[0] == '.' || base[0] == '_') {
			return fs.SkipDir
		}
		if entry.IsDir() || path.Ext(name) != ".go" || base[0] == '.' || base[0] == '_' {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, files)
}

// inside reports whether a package is dir or lies below it.
func inside(pkg, dir string) bool { return pkg == dir || strings.HasPrefix(pkg, dir+"/") }

// using tells which of the names a file uses of a package.
func (f source) using(imported string, names ...string) (used []string) {
	for _, name := range f.uses[imported] {
		if slices.Contains(names, name) {
			used = append(used, "uses "+imported+"."+name)
		}
	}
	return used
}

func unless(allowed bool, broken []string) []string {
	if allowed {
		return nil
	}
	return broken
}

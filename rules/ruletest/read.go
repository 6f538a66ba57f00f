package ruletest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules"
)

// Read reads the files of cases that belong to the rules at the path: of a folder all *_test.yaml and *_test.yml in it,
// less dot-files; of a rule file NAME.yaml the file NAME_test.yaml (or .yml) beside it. It is no error if there are
// none. It is one if the path is a file of cases itself: cases without the rules that they are about prove nothing.
func Read(path string) ([]rules.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	if !info.IsDir() && isCaseFile(filepath.Base(path)) {
		return nil, fmt.Errorf("%q holds cases; give the folder of the rules that they are about: %q", path, filepath.Dir(path))
	}
	paths := beside(path)
	if info.IsDir() {
		if paths, err = within(path); err != nil {
			return nil, err
		}
	}
	var files []rules.File
	for _, p := range paths {
		switch text, err := rules.ReadFile(p); {
		case errors.Is(err, fs.ErrNotExist) && !info.IsDir():
		case err != nil:
			return nil, fmt.Errorf("read cases: %w", err)
		default:
			files = append(files, rules.File{Name: p, Text: text})
		}
	}
	return files, nil
}

// beside are the files that may hold the cases of a rule file.
func beside(path string) []string {
	bare := strings.TrimSuffix(path, filepath.Ext(path)) + "_test"
	return []string{bare + ".yaml", bare + ".yml"}
}

// within are a folder's files of cases, in file-name order.
func within(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	var paths []string
	for _, e := range entries {
		if !e.IsDir() && isCaseFile(e.Name()) {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(paths)
	return paths, nil
}

// isYAML tells files of YAML from what else lies in a folder.
func isYAML(name string) bool {
	ext := filepath.Ext(name)
	return (ext == ".yaml" || ext == ".yml") && !strings.HasPrefix(name, ".")
}

func isCaseFile(name string) bool {
	return isYAML(name) && strings.HasSuffix(strings.TrimSuffix(name, filepath.Ext(name)), "_test")
}

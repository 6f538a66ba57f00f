package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/yamlpos"
)

// maxLists is the most files of lists that are read for a set.
const maxLists = 1_000

// withLists reads the lists that rule files name, each once, and puts them behind these, sorted. All rule files lie in
// one folder; nothing outside it is opened.
func withLists(src Source) (Source, error) {
	var written []string
	for _, f := range src {
		written = append(written, listsIn(f)...)
	}
	if len(written) == 0 {
		return src, nil
	}
	slices.Sort(written)
	written = slices.Compact(written)
	if len(written) > maxLists {
		return nil, fmt.Errorf("read rules: more than %d lists", maxLists)
	}
	dir := filepath.Dir(src[0].Name)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	defer root.Close()
	for _, path := range written {
		list := File{Name: filepath.Join(dir, path), List: true}
		if list.Text, err = readList(root, path); err != nil {
			list.Unread = whyUnread(err)
		}
		src = append(src, list)
	}
	return src, nil
}

// listsIn are the paths of the lists that a rule file names, as far as they lead anywhere. What is wrong in the file is
// told by who compiles it.
func listsIn(f File) []string {
	if !bytes.Contains(f.Text, []byte("lists")) || !bytes.Contains(f.Text, []byte("file")) {
		return nil // most files, and this is cheaper than to parse them twice
	}
	doc, _ := yamlpos.Parse(f.Name, f.Text)
	root := doc.Root()
	if root == nil {
		return nil
	}
	var paths []string
	entries, _ := root.Entries()
	for _, e := range entries {
		var lists yamlpos.Map[listShape]
		if e.Key.Value != "lists" || e.Value.Kind() != yamlpos.Mapping {
			continue
		}
		_ = e.Value.Decode(&lists)
		for _, l := range lists {
			if path := l.Value.File; path.Given() && wrongListPath(path.Value) == "" {
				paths = append(paths, filepath.Clean(filepath.FromSlash(path.Value)))
			}
		}
	}
	return paths
}

var errNotRegular = errors.New("it is not a regular file")

func readList(root *os.Root, path string) ([]byte, error) {
	// Looked at before it is opened, as rule files are: a pipe would block.
	if info, err := root.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	f, err := root.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		return nil, fmt.Errorf("it is larger than %d MiB", maxFile>>20)
	}
	return b, err
}

// whyUnread is an error's cause without the path, which the reader knows.
func whyUnread(err error) string {
	if broken, ok := errors.AsType[*fs.PathError](err); ok {
		err = broken.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case strings.Contains(err.Error(), "escapes"):
		return "it leads out of the folder of the rules"
	}
	return err.Error()
}

// ListFolders are the folders in which the set's lists lie, other than that of its rules, sorted.
func (s Source) ListFolders() []string {
	var dirs []string
	for _, f := range s {
		if dir := filepath.Dir(f.Name); f.List && dir != filepath.Dir(s[0].Name) {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

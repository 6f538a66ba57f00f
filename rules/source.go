package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// File is one file of a set as it was read: a rule file, or a list that a rule file names. Name is as problems show it,
// Text its bytes.
type File struct {
	Name string
	Text []byte
	List bool
	// Unread is why the file wasn't read; empty if it was. With a list's the set doesn't compile, and says so at the place
	// that names the file; a rule file's is a warning.
	Unread string
}

// Source is the text of a whole set: the rule files in file-name order, then the lists. It is what a revision is the hash of, what is compiled, and
// what the ledger keeps of every activated set.
type Source []File

// The most that is read, so that a path given by mistake (a device, a dump) can't fill the memory.
const (
	maxFile  = 4 << 20  // bytes of one rule file
	maxFiles = 10_000   // files of a folder
	maxTotal = 64 << 20 // bytes of a folder's rule files together
)

// Read reads the rule files of a folder (all *.yaml and *.yml in it, but not *_test.yaml, dot-files and …~; no
// sub-folders), or the one file that path names, and the lists that these name. A list lies in the folder of the rules or
// below; what is wrong with one of them [Compile] tells at the place that names it. A folder without rule files is an error, and so is a file of more
// than 4 MiB.
func Read(path string) (Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	paths := []string{path}
	if info.IsDir() {
		if paths, err = ruleFiles(path); err != nil {
			return nil, err
		}
	}
	src := make(Source, 0, len(paths))
	for _, p := range paths {
		if !isRuleFile(filepath.Base(p)) && info.IsDir() {
			src = append(src, File{Name: p, Unread: "its name must end in .yaml or .yml, in lower case"})
			continue
		}
		b, err := ReadFile(p)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		src = append(src, File{Name: p, Text: b})
		if src.size() > maxTotal {
			return nil, tooMuch(path)
		}
	}
	if src, err = withLists(src); err != nil {
		return nil, err
	}
	if src.size() > maxTotal {
		return nil, tooMuch(path)
	}
	return src, nil
}

func tooMuch(path string) error {
	return fmt.Errorf("read rules: %q holds more than %d MiB of rules", path, maxTotal>>20)
}

func (s Source) size() int {
	size := 0
	for _, f := range s {
		size += len(f.Text)
	}
	return size
}

// ruleFiles lists a folder's rule files in file-name order, and those that would be rule files in lower case.
func ruleFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	var paths []string
	found := false
	for _, e := range entries {
		if !isRuleFile(strings.ToLower(e.Name())) {
			continue
		}
		p := filepath.Join(dir, e.Name())
		// Through links: a mounted ConfigMap shows every file as a link.
		info, err := os.Stat(p)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		if !info.IsDir() {
			paths = append(paths, p)
			found = found || isRuleFile(e.Name())
		}
	}
	switch {
	case !found:
		return nil, fmt.Errorf("read rules: no *.yaml or *.yml in %q", dir)
	case len(paths) > maxFiles:
		return nil, fmt.Errorf("read rules: more than %d rule files in %q", maxFiles, dir)
	}
	return paths, nil
}

func isRuleFile(name string) bool {
	ext := filepath.Ext(name)
	if ext != ".yaml" && ext != ".yml" || strings.HasPrefix(name, ".") {
		return false
	}
	return !strings.HasSuffix(strings.TrimSuffix(name, ext), "_test")
}

// ReadFile reads a file that belongs to rules, as rule files are read: regular files only, of at most 4 MiB.
func ReadFile(path string) ([]byte, error) {
	// Looked at before it is opened: to open a pipe blocks until somebody writes into it, and a device may never end.
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%q is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("%q is larger than %d MiB", path, maxFile>>20)
	}
	return b, nil
}

// Revision is the hash of names (less the folder) and contents: the same files have the same one wherever they lie.
// It is 64 hex digits.
func (s Source) Revision() string {
	h := sha256.New()
	for _, f := range s {
		// Lengths keep a file's end and the next one's name apart, whatever bytes they hold.
		fmt.Fprintf(h, "%q %d\n", filepath.Base(f.Name), len(f.Text))
		if f.List {
			fmt.Fprintf(h, "list %q\n", f.Unread)
		}
		h.Write(f.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// keptFile is a file as Marshal writes it. It is apart from File so that either may change without the other.
type keptFile struct {
	Name   string `json:"name"`
	Text   []byte `json:"text"`
	List   bool   `json:"list,omitempty"`
	Unread string `json:"unread,omitempty"`
}

// Marshal writes a source as bytes for keeping, and [UnmarshalSource] reads it back. The form is JSON.
func (s Source) Marshal() []byte {
	kept := make([]keptFile, len(s))
	for i, f := range s {
		kept[i] = keptFile(f)
	}
	b, err := json.Marshal(kept)
	if err != nil {
		panic(err) // strings and bytes can always be written
	}
	return b
}

// UnmarshalSource reads what Marshal wrote.
func UnmarshalSource(b []byte) (Source, error) {
	var kept []keptFile
	if err := json.Unmarshal(b, &kept); err != nil {
		return nil, fmt.Errorf("read kept rules: %w", err)
	}
	if len(kept) == 0 {
		return nil, errors.New("read kept rules: no files")
	}
	s := make(Source, len(kept))
	for i, f := range kept {
		s[i] = File(f)
	}
	return s, nil
}

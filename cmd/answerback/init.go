package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/answerback/answerback/examples"
	"github.com/spf13/cobra"
)

func (c *cli) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Make a working folder: rules, cases, samples, configuration",
		Long: `init writes a working folder to begin with: two rules with their cases, samples to
try them on, a configuration that posts nothing yet, schemas for editors, and what CI
needs to judge the rules. check, test and dry-run pass in it at once.

DIR is made if it doesn't exist; "." is the current folder. Nothing is overwritten:
if one of the files is there already, init names it, writes none, and ends with
status 1.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == "" {
				return errors.New(`DIR is empty; "." is the current folder`)
			}
			return c.newFolder(args[0])
		},
	}
}

func (c *cli) newFolder(dir string) error {
	files, err := starterFiles()
	if err != nil {
		return failure{err}
	}
	if err := writeNew(dir, files); err != nil {
		return failure{err}
	}
	if err := c.tellNext(dir, files); err != nil {
		return failure{err}
	}
	return nil
}

// newFile is a file to be written; its path has slashes and starts at the folder.
type newFile struct {
	path string
	text []byte
}

// starterFiles are those of the starter and the schemas that they name, sorted.
func starterFiles() ([]newFile, error) {
	starter, err := fs.Sub(examples.Starter, "starter")
	if err != nil {
		return nil, err
	}
	var files []newFile
	err = fs.WalkDir(starter, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(starter, path)
		files = append(files, newFile{path, text})
		return err
	})
	for name, path := range map[string]string{
		"config": "config.schema.json", "rules": "rules/rules.schema.json", "tests": "rules/tests.schema.json",
	} {
		var text bytes.Buffer
		schema, _ := schemaNamed(name)
		err = errors.Join(err, schema.Write(&text))
		files = append(files, newFile{path, text.Bytes()})
	}
	slices.SortFunc(files, func(a, b newFile) int { return strings.Compare(a.path, b.path) })
	return files, err
}

// writeNew writes all files into a folder, or none of them. It overwrites nothing.
func writeNew(dir string, files []newFile) (err error) {
	made := missing(dir)
	if made {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if taken := inTheWay(root, files); len(taken) > 0 {
		return fmt.Errorf("nothing is overwritten, so nothing was written to %q; there already:\n  %s\nmove that away, or give another folder",
			dir, strings.Join(taken, "\n  "))
	}
	w := writer{root: root}
	for _, file := range files {
		if err := w.write(file); err != nil {
			w.undo()
			if made {
				_ = os.Remove(dir) // it is empty, unless somebody else found it useful
			}
			return fmt.Errorf("%w; what was written is taken away again", err)
		}
	}
	return nil
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// inTheWay are the paths that keep files from being written: those that exist, and those that aren't folders where one is
// needed.
func inTheWay(root *os.Root, files []newFile) []string {
	var taken []string
	for _, file := range files {
		if at := firstTaken(root, file.path); at != "" && !slices.Contains(taken, at) {
			taken = append(taken, at)
		}
	}
	return taken
}

func firstTaken(root *os.Root, file string) string {
	for _, dir := range parents(file) {
		info, err := root.Stat(dir)
		switch {
		case err == nil && info.IsDir():
		case err != nil && missingIn(root, dir):
			return ""
		default:
			return printable(dir) + " (not a folder that can be used)"
		}
	}
	if missingIn(root, file) {
		return ""
	}
	return file
}

// missingIn tells a path at which nothing is from one that can't be followed, such as a link to nowhere.
func missingIn(root *os.Root, path string) bool {
	_, err := root.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// parents are the folders in which a file lies, the outermost first.
func parents(file string) []string {
	var dirs []string
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		dirs = append(dirs, dir)
	}
	slices.Reverse(dirs)
	return dirs
}

// writer writes files and knows what it made, in order.
type writer struct {
	root *os.Root
	made []string
}

// write refuses to touch what came into being since it was looked for.
func (w *writer) write(file newFile) error {
	for _, dir := range parents(file.path) {
		err := w.root.Mkdir(dir, 0o755)
		if err == nil {
			w.made = append(w.made, dir)
		} else if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	f, err := w.root.OpenFile(file.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	w.made = append(w.made, file.path)
	_, err = f.Write(file.text)
	return errors.Join(err, f.Close())
}

// undo takes away what was made, as far as it can: whatever hinders it is what the caller has an error of already.
func (w *writer) undo() {
	for _, path := range slices.Backward(w.made) {
		_ = w.root.Remove(path)
	}
}

// tellNext tells what was written, and the commands that a newcomer wants next.
func (c *cli) tellNext(dir string, files []newFile) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s written to %q:\n", plural(len(files), "file"), dir)
	for _, file := range files {
		fmt.Fprintf(&b, "  %s\n", file.path)
	}
	b.WriteString("\nNext:\n")
	if dir != "." {
		fmt.Fprintf(&b, "  cd %s\n", shellWord(dir))
	}
	b.WriteString(`  answerback check --deny-warnings
  answerback test
  answerback dry-run -c answerback.yaml samples/*.json

README.md there tells how it goes on.
`)
	_, err := c.stdout.Write([]byte(b.String()))
	return err
}

var plainWord = regexp.MustCompile(`^[\w./~+][\w./~+-]*$`)

// shellWord is a path as it can be pasted into a shell.
func shellWord(path string) string {
	if plainWord.MatchString(path) {
		return path
	}
	return "'" + strings.ReplaceAll(printable(path), "'", `'\''`) + "'"
}

package watch_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/answerback/answerback/rules/watch"
)

const withLists = "lists: {a: {file: lists/a.txt}, b: {file: b.txt}}\n"

// TestListsAreWatched shows that an edit of a list is seen as one of a rule file is, in a sub-folder too, and refused if
// it is bad.
func TestListsAreWatched(t *testing.T) {
	s := newSite(t)
	lists := filepath.Join(s.dir, "lists")
	s.must(os.Mkdir(lists, 0o755))
	s.write("lists/a.txt", "one\n")
	s.write("b.txt", "two\n")
	s.write("a.yaml", withLists+rule("a"))
	s.start(never)

	changed := func(r watch.Result) bool { return r.Changed }
	s.write("lists/a.txt", "one\nmore\n")
	s.await("an edit of lists/a.txt", changed)
	s.write("b.txt", "two\nmore\n")
	s.await("an edit of b.txt", changed)

	s.write("lists/a.txt", "\xff\n")
	s.refuses("a")
	s.write("lists/a.txt", "mended\n")
	s.await("the mending", changed)

	s.must(os.Rename(lists, filepath.Join(s.dir, "moved")))
	s.write("a.yaml", "# touched\n"+withLists+rule("a"))
	s.refuses("a")
	s.must(os.Rename(filepath.Join(s.dir, "moved"), lists))
	s.await("the folder's return", changed)
	s.write("lists/a.txt", "watched again\n")
	s.await("an edit in the folder that came back", changed)
}

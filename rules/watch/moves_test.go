package watch_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/rules/watch"
)

func TestMovesThatAreSeen(t *testing.T) {
	moves := map[string]func(s *site){
		"written in place": func(s *site) {
			s.write("a.yaml", rule("new"))
		},
		"written beside it and renamed": func(s *site) {
			s.write(".a.yaml.tmp", rule("new"))
			s.must(os.Rename(filepath.Join(s.dir, ".a.yaml.tmp"), filepath.Join(s.dir, "a.yaml")))
		},
		"vim's way": func(s *site) {
			file := filepath.Join(s.dir, "a.yaml")
			s.must(os.Rename(file, file+"~"))
			s.write("a.yaml", rule("new"))
			s.must(os.Remove(file + "~"))
		},
		"emptied, then filled": func(s *site) {
			file, err := os.Create(filepath.Join(s.dir, "a.yaml"))
			s.must(err)
			for _, part := range []string{rule("new")[:20], rule("new")[20:]} {
				_, err = file.WriteString(part)
				s.must(err)
				s.must(file.Sync())
			}
			s.must(file.Close())
		},
		"another file for it": func(s *site) {
			s.write("b.yml", rule("new"))
			s.must(os.Remove(filepath.Join(s.dir, "a.yaml")))
		},
		"swapped as the kubelet does": func(s *site) {
			s.must(os.Mkdir(filepath.Join(s.dir, "..v2"), 0o755))
			s.write("..v2/a.yaml", rule("new"))
			s.must(os.Symlink("..v2", filepath.Join(s.dir, "..data_tmp")))
			s.must(os.Rename(filepath.Join(s.dir, "..data_tmp"), filepath.Join(s.dir, "..data")))
			s.must(os.RemoveAll(filepath.Join(s.dir, "..v1")))
		},
	}
	for name, move := range moves {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			if strings.Contains(name, "kubelet") {
				s.must(os.Mkdir(filepath.Join(s.dir, "..v1"), 0o755))
				s.write("..v1/a.yaml", rule("old"))
				s.must(os.Symlink("..v1", filepath.Join(s.dir, "..data")))
				s.must(os.Symlink("..data/a.yaml", filepath.Join(s.dir, "a.yaml")))
			} else {
				s.write("a.yaml", rule("old"))
			}
			s.start(never)
			move(s)
			if r := s.becomes("new"); r.Trigger != watch.TriggerFile {
				t.Errorf("seen by %s", r.Trigger)
			}
		})
	}
}

func TestMovesThatThePollSees(t *testing.T) {
	moves := map[string]func(s *site){
		"folder removed and made again": func(s *site) {
			s.must(os.RemoveAll(s.path))
			s.refuses("old")
			s.must(os.Mkdir(s.path, 0o755))
			s.write("rules/a.yaml", rule("new"))
		},
		"folder moved away and another put there": func(s *site) {
			s.must(os.Mkdir(filepath.Join(s.dir, "next"), 0o755))
			s.write("next/a.yaml", rule("new"))
			s.must(os.Rename(s.path, filepath.Join(s.dir, "gone")))
			s.must(os.Rename(filepath.Join(s.dir, "next"), s.path))
		},
	}
	for name, move := range moves {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.path = filepath.Join(s.dir, "rules")
			s.must(os.Mkdir(s.path, 0o755))
			s.write("rules/a.yaml", rule("old"))
			s.start(20 * time.Millisecond)
			move(s)
			s.becomes("new")
			s.write("rules/a.yaml", rule("newer"))
			s.becomes("newer")
		})
	}
}

// After a folder was replaced the events must come from the new one: the poll is too slow to be what sees the last edit.
func TestNewFolderIsWatched(t *testing.T) {
	for _, kind := range []string{"folder", "link"} {
		t.Run(kind, func(t *testing.T) {
			s := newSite(t)
			s.path = filepath.Join(s.dir, "rules")
			s.must(os.Mkdir(filepath.Join(s.dir, "one"), 0o755))
			s.must(os.Mkdir(filepath.Join(s.dir, "two"), 0o755))
			s.write("one/a.yaml", rule("old"))
			s.write("two/a.yaml", rule("new"))
			put := func(dir string) {
				if kind == "link" {
					s.must(os.Symlink(dir, s.path+".tmp"))
					s.must(os.Rename(s.path+".tmp", s.path))
					return
				}
				if err := os.Rename(s.path, s.path+".before"); err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Fatal(err)
				}
				s.must(os.Rename(filepath.Join(s.dir, dir), s.path))
			}
			put("one")
			s.start(never)
			put("two")
			// A reload that is asked for does what the poll does, at a time that the test knows.
			if r := s.source.Reload(context.Background(), watch.TriggerSignal); r.Err != nil || !slices.Equal(r.Set.Names(), []string{"new"}) {
				t.Fatalf("reload: %+v", r)
			}
			s.write("rules/a.yaml", rule("newer"))
			if r := s.becomes("newer"); r.Trigger != watch.TriggerFile {
				t.Errorf("seen by %s", r.Trigger)
			}
		})
	}
}

func TestSingleFile(t *testing.T) {
	s := newSite(t)
	s.path = filepath.Join(s.dir, "rules.yaml")
	s.write("rules.yaml", rule("old"))
	s.start(never)
	s.write("other.yaml", broken)
	s.write("new", rule("new"))
	s.must(os.Rename(filepath.Join(s.dir, "new"), s.path))
	s.becomes("new")
	s.must(os.Remove(s.path))
	s.refuses("new")
	s.write("rules.yaml", rule("newer"))
	s.becomes("newer")
}

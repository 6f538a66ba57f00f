package watch_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/rules/watch"
)

func TestBadEdits(t *testing.T) {
	edits := map[string]struct {
		edit func(s *site)
		want string // in the problem
	}{
		"unknown key":      {func(s *site) { s.write("a.yaml", broken) }, "replay"},
		"no YAML":          {func(s *site) { s.write("a.yaml", "rules: [") }, "a.yaml:1"},
		"emptied":          {func(s *site) { s.write("a.yaml", "") }, "a.yaml"},
		"no UTF-8":         {func(s *site) { s.write("a.yaml", rule("a")+"# \xff\n") }, "UTF-8"},
		"all files gone":   {func(s *site) { s.must(os.Remove(filepath.Join(s.dir, "a.yaml"))) }, "no *.yaml"},
		"one of two bad":   {func(s *site) { s.write("b.yaml", broken) }, "b.yaml:3"},
		"the name twice":   {func(s *site) { s.write("b.yaml", rule("old")) }, "old"},
		"link to nowhere":  {func(s *site) { s.must(os.Symlink("nowhere", filepath.Join(s.dir, "b.yaml"))) }, "b.yaml"},
		"no rule any more": {func(s *site) { s.write("a.yaml", "rules: []\n") }, "rule"},
	}
	for name, bad := range edits {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.write("a.yaml", rule("old"))
			s.start(never)
			before := s.source.Active()
			bad.edit(s)
			r := s.refuses("old")
			if !strings.Contains(r.Err.Error(), bad.want) {
				t.Errorf("refused with %q, want %q in it", r.Err, bad.want)
			}
			if s.source.Active() != before {
				t.Error("the active set is another one")
			}
			if len(s.source.Rejected()) != len(r.Problems) {
				t.Errorf("rejected %v, problems %v", s.source.Rejected(), r.Problems)
			}
			for _, p := range r.Problems {
				if n := s.lines(p.String()); n != 1 {
					t.Errorf("%q is in the log %d times", p, n)
				}
			}

			os.Remove(filepath.Join(s.dir, "b.yaml"))
			s.write("a.yaml", rule("mended"))
			s.becomes("mended")
		})
	}
}

func TestUnreadableFile(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	s := newSite(t)
	s.write("a.yaml", rule("old"))
	s.start(20 * time.Millisecond)
	s.must(os.Chmod(filepath.Join(s.dir, "a.yaml"), 0))
	s.refuses("old")
	s.must(os.Chmod(filepath.Join(s.dir, "a.yaml"), 0o644))
	if r := s.await("taken back", func(r watch.Result) bool { return r.Err == nil }); r.Changed {
		t.Errorf("the same content is a change: %+v", r)
	}
}

func TestEditTakenBack(t *testing.T) {
	s := newSite(t)
	s.write("a.yaml", rule("old"))
	s.start(never)
	before := s.source.Active()
	s.write("a.yaml", broken)
	s.refuses("old")
	s.write("a.yaml", rule("old"))
	r := s.await("taken back", func(r watch.Result) bool { return r.Err == nil })
	if r.Changed || r.Set != before || len(s.source.Rejected()) > 0 {
		t.Errorf("taken back: %+v, rejected %v", r, s.source.Rejected())
	}
}

func TestSameBadEditIsToldOnce(t *testing.T) {
	s := newSite(t)
	s.write("a.yaml", rule("old"))
	s.start(never)
	s.write("a.yaml", broken)
	s.refuses("old")
	for range 3 {
		s.write("a.yaml", broken)
		r := s.source.Reload(context.Background(), watch.TriggerRequest)
		if r.Err == nil || len(r.Problems) == 0 || r.Changed {
			t.Fatalf("reload of a bad edit: %+v", r)
		}
	}
	if n := s.lines("a.yaml:3:5: error"); n != 1 {
		t.Errorf("the problem was logged %d times", n)
	}
	if n := s.lines("still refused"); n != 3 {
		t.Errorf("who asked was answered %d times in the log", n)
	}
	if len(s.told) != 0 {
		t.Errorf("told again: %+v", <-s.told)
	}
}

func TestLogOfChanges(t *testing.T) {
	s := newSite(t)
	s.write("a.yaml", rule("one"))
	s.write("b.yaml", rule("two"))
	s.write("c.yaml", rule("three"))
	s.start(never)
	s.must(os.Remove(filepath.Join(s.dir, "c.yaml")))
	s.write("b.yaml", strings.Replace(rule("two"), "hello", "goodbye", 1)+"  - name: four\n    reply: hi\n  - name: five\n    reply: hi\n")
	r := s.source.Reload(context.Background(), watch.TriggerSignal)
	if r.Err != nil || r.Set.Len() != 4 {
		t.Fatalf("%+v", r)
	}
	want := "rules " + r.Set.Revision()[:8] + "… active, 4 rules, +2 −1 ~1"
	if s.lines(want) != 1 {
		t.Errorf("the log lacks %q", want)
	}
}

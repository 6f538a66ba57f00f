package watch_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"
	"go.uber.org/goleak"

	"github.com/answerback/answerback/rules/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rule is a rule file with one rule of a name.
func rule(name string) string { return "rules:\n  - name: " + name + "\n    reply: hello\n" }

const broken = "rules:\n  - name: broken\n    replay: hello\n"

// never is too long for a test to wait for: what happens sooner was not the poll's doing.
const never = time.Hour

// site is a source on a folder, and what it told.
type site struct {
	t      *testing.T
	dir    string
	path   string // what is watched, where it is not dir
	source *watch.Source
	told   chan watch.Result
	log    *logrus.Logger
	logged *test.Hook
}

func newSite(t *testing.T) *site {
	log, logged := test.NewNullLogger()
	return &site{t: t, dir: t.TempDir(), told: make(chan watch.Result, 1000), log: log, logged: logged}
}

// lines counts the log's lines with something in them.
func (s *site) lines(with string) int {
	n := 0
	for _, e := range s.logged.AllEntries() {
		if strings.Contains(e.Message, with) {
			n++
		}
	}
	return n
}

func (s *site) options(poll time.Duration) watch.Options {
	path := s.path
	if path == "" {
		path = s.dir
	}
	return watch.Options{
		Path: path, Log: s.log, Poll: poll, Quiet: 10 * time.Millisecond, AtMost: 100 * time.Millisecond,
		OnReload: func(r watch.Result) { s.told <- r },
	}
}

// start watches, with the first set active.
func (s *site) start(poll time.Duration) {
	s.t.Helper()
	source, err := watch.New(s.options(poll))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(source.Stop)
	s.source = source
	if r := <-s.told; r.Trigger != watch.TriggerStart || !r.Changed || r.Set != source.Active() || r.Err != nil {
		s.t.Fatalf("at the start: %+v", r)
	}
}

func (s *site) write(name, text string) {
	s.t.Helper()
	s.must(os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644))
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// await waits until something is told of.
func (s *site) await(what string, is func(watch.Result) bool) watch.Result {
	s.t.Helper()
	deadline := time.After(time.Minute)
	for {
		select {
		case r := <-s.told:
			if is(r) {
				return r
			}
		case <-deadline:
			s.t.Fatalf("never told: %s", what)
		}
	}
}

// becomes waits until a set of just these rules is active.
func (s *site) becomes(names ...string) watch.Result {
	s.t.Helper()
	r := s.await("rules "+strings.Join(names, ", "), func(r watch.Result) bool {
		return r.Changed && slices.Equal(r.Set.Names(), names)
	})
	if s.source.Active() != r.Set || len(s.source.Rejected()) > 0 || r.Err != nil {
		s.t.Fatalf("told %+v, but active is %q and rejected %v", r, s.source.Active().Names(), s.source.Rejected())
	}
	return r
}

// refuses waits until an edit is refused while just these rules stay active.
func (s *site) refuses(names ...string) watch.Result {
	s.t.Helper()
	r := s.await("a refusal", func(r watch.Result) bool { return r.Err != nil })
	refused, ok := errors.AsType[*watch.Refused](r.Err)
	if !ok || len(refused.Problems) == 0 || !refused.Problems.HasErrors() || r.Changed || !slices.Equal(r.Set.Names(), names) {
		s.t.Fatalf("refused: %+v", r)
	}
	return r
}

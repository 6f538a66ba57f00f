package watch_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/watch"
)

func TestStartOverBadRules(t *testing.T) {
	s := newSite(t)
	s.write("a.yaml", broken)
	s.write("b.yaml", broken)
	_, err := watch.New(s.options(never))
	refused, ok := errors.AsType[*watch.Refused](err)
	if !ok || len(refused.Problems) < 2 {
		t.Fatalf("New over bad rules: %v", err)
	}
	if len(s.told) > 0 {
		t.Errorf("a source that is none told %+v", <-s.told)
	}

	options := s.options(never)
	options.Path = filepath.Join(s.dir, "nowhere")
	if _, err := watch.New(options); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("New over nothing: %v", err)
	}
}

func TestFallback(t *testing.T) {
	fallback, problems := rules.Compile(rules.Source{{Name: "kept.yaml", Text: []byte(rule("kept"))}})
	if fallback == nil {
		t.Fatal(problems)
	}
	s := newSite(t)
	s.write("a.yaml", broken)
	options := s.options(never)
	options.Fallback = fallback
	source, err := watch.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(source.Stop)
	s.source = source
	if r := s.refuses("kept"); r.Trigger != watch.TriggerStart || source.Active() != fallback || len(source.Rejected()) == 0 {
		t.Fatalf("start over bad rules: %+v", r)
	}
	s.write("a.yaml", rule("mended"))
	s.becomes("mended")
}

func TestFallbackIsTheSame(t *testing.T) {
	s := newSite(t)
	s.write("a.yaml", rule("kept"))
	src, err := rules.Read(s.dir)
	s.must(err)
	options := s.options(never)
	options.Fallback, _ = rules.Compile(src)
	source, err := watch.New(options)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Stop()
	if r := <-s.told; r.Changed || r.Err != nil || source.Active() != options.Fallback {
		t.Errorf("start: %+v", r)
	}
}

// Eight readers see whole sets only, whatever is written meanwhile; at the end what was written last is active.
func TestReadersAndAStreamOfWrites(t *testing.T) {
	s := newSite(t)
	s.write("a.yaml", rule("x0")+"  - name: y0\n    reply: hello\n")
	s.start(never)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for {
				names := s.source.Active().Names()
				if len(names) != 2 || names[0][1:] != names[1][1:] {
					t.Errorf("half a set: %q", names)
					return
				}
				s.source.Rejected()
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 100 {
		n := string(rune('a' + i%26))
		s.write(".tmp", rule("x"+n)+"  - name: y"+n+"\n    reply: hello\n")
		s.must(os.Rename(filepath.Join(s.dir, ".tmp"), filepath.Join(s.dir, "a.yaml")))
	}
	s.write("a.yaml", rule("xlast")+"  - name: ylast\n    reply: hello\n")
	s.becomes("xlast", "ylast")
	close(done)
	readers.Wait()
}

func TestStop(t *testing.T) {
	s := newSite(t)
	s.write("a.yaml", rule("old"))
	s.start(never)
	s.source.Stop()
	s.source.Stop()
	s.write("a.yaml", rule("new"))
	r := s.source.Reload(context.Background(), watch.TriggerRequest)
	if !errors.Is(r.Err, watch.ErrStopped) || r.Set != s.source.Active() || s.source.Active().Names()[0] != "old" {
		t.Errorf("reload after the end: %+v", r)
	}
}

func TestReloadGivesUpWithItsContext(t *testing.T) {
	s := newSite(t)
	s.write("a.yaml", rule("old"))
	s.start(never)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s.write("a.yaml", broken)
	// Either the end of the context is seen first, or the edit.
	if r := s.source.Reload(ctx, watch.TriggerRequest); r.Err == nil || r.Set != s.source.Active() {
		t.Errorf("reload without time: %+v", r)
	}
}

// A set that compiles may ask for what there isn't: it is refused like one that doesn't compile, at the start and later.
func TestAcceptRefuses(t *testing.T) {
	s := newSite(t)
	s.write("a.yaml", rule("elsewhere"))
	options := s.options(never)
	options.Accept = func(set *rules.Set) problem.List {
		if set.Rules()[0].Name == "elsewhere" {
			return problem.List{{File: "a.yaml", Line: 7, Severity: problem.Error, Code: "E999", Message: "there is no such place"}}
		}
		return nil
	}
	_, err := watch.New(options)
	if refused, ok := errors.AsType[*watch.Refused](err); !ok || len(refused.Problems) == 0 || refused.Problems[0].Line != 7 {
		t.Fatalf("New: %v", err)
	}
	s.write("a.yaml", rule("here"))
	source, err := watch.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(source.Stop)
	s.source = source
	s.becomes("here")
	s.write("a.yaml", rule("elsewhere"))
	if r := s.refuses("here"); len(r.Problems) == 0 || r.Problems[0].Code != "E999" || len(source.Rejected()) == 0 {
		t.Errorf("%+v", r)
	}
	s.write("a.yaml", rule("here again"))
	s.becomes("here again")
}

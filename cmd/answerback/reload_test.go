package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// edition is the rules' n-th edition. Each of its rules bears the number, and so does what is said: what is judged by
// halves of two editions gives itself away.
func edition(n int) string {
	return fmt.Sprintf(`# edition %[1]d
rules:
  - name: first of %[1]d
    continue: true
    when: has(text, "hello")
    reply: "edition %[1]d to {{ comment.id }}"
  - name: second of %[1]d
    when: has(text, "hello")
    reply: "edition %[1]d, never said"
`, n)
}

// broken is an edition with a mistake in line 6, column 11.
func broken(n int) string {
	return strings.Replace(edition(n), "continue: true\n    when: has(text, \"hello\")", "continue: true\n    # here:\n    when: txet == \"hello\"", 1)
}

// Rules are edited in every way that editors and orchestrators know, while notifications keep coming: no event is lost,
// none is judged by half a set, and a bad edit is named with its place while the last good set goes on.
func TestEditsUnderLoad(t *testing.T) {
	t.Parallel()
	s := newSite(t, edition(1))
	s.start(t)
	stream := startStream(s)
	defer stream.stop()
	e := &editing{t: t, s: s}

	e.good("as it was", edition(1), func() {})
	e.good("in place", edition(2), func() { e.write(edition(2)) })
	e.good("by renaming another file onto it", edition(3), func() { e.swapIn(edition(3)) })
	e.good("as vim does it", edition(4), func() { e.vim(edition(4)) })
	e.bad("broken in place", "rules.yaml:6:11: error E302", func() { e.write(broken(5)) })
	e.good("mended", edition(6), func() { e.swapIn(edition(6)) })
	e.bad("half written", "rules.yaml:", func() { e.write(edition(7)[:len(edition(7))-60]) })
	e.good("written to the end", edition(7), func() { e.write(edition(7)) })
	e.bad("emptied", "rules.yaml: error E201", func() { e.write("") })
	e.good("filled again", edition(8), func() { e.write(edition(8)) })
	e.bad("deleted", "rules", func() { e.must(os.Remove(s.rules())) })
	e.good("made again", edition(9), func() { e.write(edition(9)) })
	e.bad("the folder moved away", "rules", func() { e.must(os.Rename(filepath.Dir(s.rules()), s.dir+"/away")) })
	e.must(os.RemoveAll(s.dir + "/away"))
	// A folder that is gone can't be watched: until somebody asks, it is looked for every 15 seconds only.
	e.good("as a link that is turned", edition(10), func() { e.link(10); e.ask() })
	e.good("by turning the link", edition(11), func() { e.link(11) })
	e.bad("by turning the link to a broken one", "rules.yaml:6:11: error E302", func() { e.turn("v12", broken(12)) })
	e.good("by turning the link back", edition(11), func() { e.turn("v11", edition(11)) })

	sent := stream.end(t)
	s.stop(t)
	found, counts := s.ledger(t)
	t.Logf("%d events, %d judged, over %d edits", len(sent), len(found), e.edits)
	for _, fault := range judgedWhole(sent, found, counts) {
		t.Error(fault)
	}
	if n := s.fake.ReplyCount(); n != len(sent) {
		t.Errorf("%d events were answered with %d replies", len(sent), n)
	}
}

// TestHalvesAreSeen shows that what TestEditsUnderLoad looks for would be found.
func TestHalvesAreSeen(t *testing.T) {
	good := func() verdict {
		return verdict{Record: ledger.Record{
			Event: rules.Event{Comment: rules.Comment{ID: "1"}}, Verdict: ledger.VerdictReply, Revision: "a", Rule: "first of 1", Reply: "edition 1 to 1",
			Rules: []rules.Outcome{{Name: "first of 1"}, {Name: "second of 1"}},
		}}
	}
	counts := ledger.Counts{Verdicts: map[ledger.Verdict]int{ledger.VerdictReply: 1}}
	if faults := judgedWhole([]string{"1"}, []verdict{good()}, counts); len(faults) > 0 {
		t.Errorf("found in good events: %q", faults)
	}
	for name, plant := range map[string]func(*verdict){
		"another edition's reply":      func(v *verdict) { v.Reply = "edition 2 to 1" },
		"another edition's rule":       func(v *verdict) { v.Rule = "first of 2" },
		"a rule of another edition":    func(v *verdict) { v.Rules[1].Name = "second of 2" },
		"half of the rules":            func(v *verdict) { v.Rules = v.Rules[:1] },
		"another event":                func(v *verdict) { v.Event.Comment.ID = "2" },
		"no reply":                     func(v *verdict) { v.Verdict = ledger.VerdictNoMatch },
		"another event's reply":        func(v *verdict) { v.Reply = "edition 1 to 2" },
		"one revision, two editions":   func(v *verdict) { v.Rule, v.Reply = "first of 2", "edition 2 to 1" },
		"nothing that says an edition": func(v *verdict) { v.Rule, v.Reply = "", "" },
	} {
		v := good()
		plant(&v)
		if faults := judgedWhole([]string{"1"}, []verdict{v}, counts); len(faults) == 0 {
			t.Errorf("%s is not seen", name)
		}
	}
	if faults := judgedWhole([]string{"1", "2"}, []verdict{good()}, counts); len(faults) == 0 {
		t.Error("a lost event is not seen")
	}
}

var editionNumber = regexp.MustCompile(`(?:of|edition) (\d+)`)

// judgedWhole tells which of the comments that were notified were lost, and which were judged by anything but one
// whole edition.
func judgedWhole(sent []string, found []verdict, counts ledger.Counts) (faults []string) {
	if counts.Open > 0 {
		faults = append(faults, fmt.Sprintf("%d events have no verdict", counts.Open))
	}
	judged := map[string]int{}
	editions := map[string]string{} // by revision
	for _, v := range found {
		id := v.Event.Comment.ID
		judged[id]++
		words := v.Rule + "; " + v.Reply
		for _, o := range v.Rules {
			words += "; " + o.Name
		}
		numbers := map[string]bool{}
		for _, match := range editionNumber.FindAllStringSubmatch(words, -1) {
			numbers[match[1]] = true
			if first, ok := editions[v.Revision]; ok && first != match[1] {
				faults = append(faults, fmt.Sprintf("revision %.8s is edition %s and edition %s", v.Revision, first, match[1]))
			}
			editions[v.Revision] = match[1]
		}
		if v.Verdict != ledger.VerdictReply || len(v.Rules) != 2 || len(numbers) != 1 || !strings.HasSuffix(v.Reply, " to "+id) ||
			!strings.HasPrefix(v.Rule, "first of ") {
			faults = append(faults, fmt.Sprintf("comment %s: %s by %s", id, v.Verdict, words))
		}
	}
	for _, id := range sent {
		if judged[id] != 1 {
			faults = append(faults, fmt.Sprintf("comment %s has %d verdicts", id, judged[id]))
		}
	}
	return faults
}

// stream notifies of one comment after the other, a hundred a second where they are answered so fast.
type stream struct {
	fake *instagramtest.Fake
	stop context.CancelFunc
	done sync.WaitGroup
	sent []string
	err  error
}

func startStream(s *site) *stream {
	ctx, cancel := context.WithCancel(context.Background())
	f := &stream{fake: s.fake, stop: cancel}
	webhook := s.daemon.webhook
	f.done.Go(func() {
		pace := time.NewTicker(10 * time.Millisecond)
		defer pace.Stop()
		for n := 0; ; n++ {
			select {
			case <-ctx.Done():
				return
			case <-pace.C:
			}
			// At most eight are on their way.
			if _, err := s.fake.WaitReplies(ctx, n-8); err != nil {
				return
			}
			change := s.comment(n)
			if f.err = s.fake.Notify(context.WithoutCancel(ctx), webhook, change); f.err != nil {
				return
			}
			f.sent = append(f.sent, commentID(n))
		}
	})
	return f
}

// end ends the stream, waits until all is answered, and gives the ids of the comments.
func (f *stream) end(t *testing.T) []string {
	t.Helper()
	f.stop()
	f.done.Wait()
	if f.err != nil {
		t.Error(f.err)
	}
	// What a stopping daemon has accepted and not yet claimed is its successor's, and here there is none.
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := f.fake.WaitReplies(ctx, len(f.sent)); err != nil {
		t.Errorf("%d events sent, not all answered: %v", len(f.sent), err)
	}
	return f.sent
}

// editing edits the rules of a site, and waits for what comes of it.
type editing struct {
	t     *testing.T
	s     *site
	edits int
}

// good makes an edit and waits until its edition is active, in the metrics and in what is said.
func (e *editing) good(name, text string, edit func()) {
	e.t.Helper()
	edit()
	revision := rules.Source{{Name: "rules.yaml", Text: []byte(text)}}.Revision()
	e.s.until(e.t, name+" is never active", func() bool {
		return e.s.metric(fmt.Sprintf("answerback_rules_info{revision=%q}", revision)) == "1" &&
			e.s.metric("answerback_last_reload_successful") == "1"
	})
	e.goesOn(name)
}

// bad makes an edit and waits until it is refused with its place, in the log and in the readiness.
func (e *editing) bad(name, place string, edit func()) {
	e.t.Helper()
	before := len(e.s.daemon.said())
	edit()
	e.s.until(e.t, name+" is never refused", func() bool {
		log := e.s.daemon.said()[before:]
		status, ready, err := e.s.daemon.ask("GET", "/readyz", nil)
		return err == nil && status == 200 && strings.Contains(ready, "an edit is refused") && strings.Contains(ready, place) &&
			strings.Contains(log, place) && strings.Contains(log, "rules refused") &&
			e.s.metric("answerback_last_reload_successful") == "0"
	})
	e.goesOn(name)
}

// goesOn waits until some more events were answered, so that every state of the rules has its events.
func (e *editing) goesOn(name string) {
	e.t.Helper()
	e.edits++
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := e.s.fake.WaitReplies(ctx, e.s.fake.ReplyCount()+10); err != nil {
		e.t.Fatalf("%s: nothing is answered any more: %v; the log:\n%s", name, err, e.s.daemon.said())
	}
}

func (e *editing) must(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

// ask asks the daemon to look at the rules now.
func (e *editing) ask() {
	status, body, err := e.s.daemon.ask("POST", "/-/reload", nil)
	if err != nil || status != 200 {
		e.t.Fatalf("reload: %d %s %v", status, body, err)
	}
}

func (e *editing) write(text string) { write(e.t, e.s.rules(), text) }

func (e *editing) swapIn(text string) {
	write(e.t, e.s.rules()+".tmp", text)
	e.must(os.Rename(e.s.rules()+".tmp", e.s.rules()))
}

func (e *editing) vim(text string) {
	e.must(os.Rename(e.s.rules(), e.s.rules()+"~"))
	e.write(text)
	e.must(os.Remove(e.s.rules() + "~"))
}

// link lays the rules out as a mounted ConfigMap does: a link to a link to the folder of one version.
func (e *editing) link(n int) {
	e.turn(fmt.Sprintf("v%d", n), edition(n))
	if _, err := os.Lstat(e.s.rules()); err != nil {
		e.must(os.Symlink(filepath.Join("..data", "rules.yaml"), e.s.rules()))
	}
}

// turn turns the inner link to the folder of a version.
func (e *editing) turn(version, text string) {
	dir := filepath.Dir(e.s.rules())
	write(e.t, filepath.Join(dir, ".."+version, "rules.yaml"), text)
	e.must(os.Symlink(".."+version, filepath.Join(dir, "..data_tmp")))
	e.must(os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
}

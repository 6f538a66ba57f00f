package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/google/go-cmp/cmp"
)

const (
	corpus  = "../../testdata/notifications/"
	samples = "../../testdata/instagram/"
	// corpusMedia is the account's own media in the corpus, where nothing depends on which it is.
	corpusMedia = "17895695668004540"
)

// What Meta tells where a notification doesn't, and what --text, --caption and --from say in its place.
const (
	told   = "@" + instagramtest.GuideUsername + " told"
	teller = "teller"
)

// shapes are every shape of a notification that is known, real and made, by name.
func shapes(t *testing.T) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	for _, pattern := range []string{corpus + "*.json", samples + "guide_*.json", samples + "reference_*.json", samples + "direct_*.json"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no file is %s (%v)", pattern, err)
		}
		for _, path := range paths {
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			found[strings.TrimSuffix(filepath.Base(path), ".json")] = body
		}
	}
	return found
}

// Every shape goes through a dry run and through the daemon. What the dry run says of each stands beside it; the daemon
// comes to the same, says it once, and counts what it ignored.
func TestNotifications(t *testing.T) {
	t.Parallel()
	all := shapes(t)
	ruleFile, err := os.ReadFile(corpus + "rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	accounts := []instagramtest.Account{
		{ID: instagramtest.GuideAccountID, Username: instagramtest.GuideUsername, Token: scriptToken},
		{ID: "17841400000000003", Username: "reference", Token: "token-of-reference"},
		{ID: "17841405309211844", Username: "stories", Token: "token-of-stories"},
	}
	s := newSiteOf(t, string(ruleFile), accounts...)
	judged := s.dryRunShapes(t, all)
	s.start(t)
	w := newWorldOf(t, all, accounts)
	w.fill(s.fake)
	for name, body := range all {
		if err := s.fake.Send(t.Context(), s.daemon.webhook, ofNow(body)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	answers := 0
	for _, records := range judged {
		if slices.ContainsFunc(records, func(r ledger.Record) bool { return r.Verdict == ledger.VerdictReply }) {
			answers++
		}
	}
	s.until(t, "events stay open, or replies planned", func() bool {
		fates := 0
		for _, fate := range []string{"posted", "refused", "unknown", "cancelled"} {
			var n int
			fmt.Sscan(s.metric(`answerback_deliveries_total{action="reply",fate="`+fate+`"}`), &n)
			fates += n
		}
		return fates >= answers && s.metric("answerback_inbox_backlog") == "0"
	})
	w.compareCounts(t, s)
	s.stop(t)
	s.compareShapes(t, judged)
}

// dryRunShapes judges every shape, compares what is said of it with what stands beside it, and gives the records by event.
func (s *site) dryRunShapes(t *testing.T, all map[string][]byte) map[string][]ledger.Record {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name, body := range all {
		names = append(names, name)
		write(t, filepath.Join(s.dir, name), string(body))
	}
	slices.Sort(names)
	args := []string{"dry-run", "-c", "answerback.yaml", "-r", "rules", "--text", told, "--caption", told, "--from", teller, "-o", "json"}
	cmd := command(path, s.dir, append(args, names...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	said, judged := map[string]string{}, map[string][]ledger.Record{}
	for line := range strings.Lines(stdout.String()) {
		var r ledger.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		said[r.Sample] += ofAnyTime(line)
		// The daemon drops tests, and what came to an account that it doesn't know.
		if r.Because != "test_event" && r.Event.Account.Username != "" {
			judged[r.Event.ID] = append(judged[r.Event.ID], r)
		}
	}
	for line := range strings.Lines(stderr.String()) {
		name, _, _ := strings.Cut(line, ": ")
		said[name] += "# " + line
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) { compareGolden(t, corpus+name+".decided", said[name]) })
	}
	return judged
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

var (
	recordTime  = regexp.MustCompile(`"time":"([^"]*)"`)
	corpusTimes = regexp.MustCompile(`1785412\d{3}|1520622968|1547687043|1758700000`)
)

// ofAnyTime masks times that are the test's own, of what came without one.
func ofAnyTime(line string) string {
	return recordTime.ReplaceAllStringFunc(line, func(field string) string {
		at, err := time.Parse(time.RFC3339, recordTime.FindStringSubmatch(field)[1])
		if err != nil || time.Since(at).Abs() < time.Hour {
			return `"time":"NOW"`
		}
		return field
	})
}

// ofNow is a body as sent now: what is two days old would be a replay.
func ofNow(body []byte) []byte {
	return corpusTimes.ReplaceAll(body, fmt.Append(nil, time.Now().Unix()))
}

// compareShapes holds the daemon's ledger against the dry run: the same events, each once, with the same decision.
func (s *site) compareShapes(t *testing.T, judged map[string][]ledger.Record) {
	t.Helper()
	found, _ := s.ledger(t)
	said := map[string]int{}
	for _, v := range found {
		said[v.Event.ID]++
		if same := func(r ledger.Record) bool { return outlineOf(r) == outlineOf(v.Record) }; !slices.ContainsFunc(judged[v.Event.ID], same) {
			t.Errorf("the daemon has\n%swhere the dry run has\n%+v", outlineOf(v.Record), judged[v.Event.ID])
		}
		if len(v.Deliveries) > 1 {
			t.Errorf("%s has %d deliveries", v.Event.ID, len(v.Deliveries))
		}
	}
	for id := range judged {
		if said[id] != 1 {
			t.Errorf("%s is %d times in the ledger", id, said[id])
		}
	}
	listed, err := s.program(t, "events", "list", "-c", "answerback.yaml", "--limit", "1000", "-o", "json")
	if err != nil {
		t.Fatal(err)
	}
	for id := range judged {
		if n := bytes.Count(listed, []byte(`"event":"`+id+`"`)); n != 1 {
			t.Errorf("%s is listed %d times", id, n)
		}
	}
}

// outlineOf is what a dry run and the daemon must agree in.
func outlineOf(r ledger.Record) string {
	e := r.Event
	// The daemon asks for what the rules read, and this one reads none of these.
	e.Media.Caption, e.Media.Hashtags, e.Media.Owner = "", nil, ""
	if r.Because == rules.BecauseOwn {
		e.From = rules.From{} // --from names somebody else
	}
	text, err := json.MarshalIndent(map[string]any{
		"kind": e.Kind, "id": e.ID, "text": e.Text, "from": e.From, "comment": e.Comment, "media": e.Media, "story": e.Story,
		"verdict": r.Verdict, "because": r.Because, "rule": r.Rule, "reply": r.Reply, "request": r.Request,
	}, "", "  ")
	return fmt.Sprintf("%s %v\n", text, err)
}

// worldOf is what the shapes tell of, as Meta has it, and what the door must count.
type worldOf struct {
	changes  []instagram.Change
	received map[string]int    // by kind
	ignored  map[string]int    // by the labels of the metric
	owners   map[string]string // usernames by account
}

func newWorldOf(t *testing.T, all map[string][]byte, accounts []instagramtest.Account) worldOf {
	t.Helper()
	w := worldOf{received: map[string]int{}, ignored: map[string]int{}, owners: map[string]string{}}
	for _, a := range accounts {
		w.owners[a.ID] = a.Username
	}
	for name, body := range all {
		n, err := instagram.Parse(body)
		if errors.Is(err, instagram.ErrBare) {
			n.Ignored = append(n.Ignored, instagram.Ignored{Reason: "junk", Name: "bare change"})
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, c := range n.Changes {
			switch {
			case c.EntryID == "0":
				n.Ignored = append(n.Ignored, instagram.Ignored{Reason: "test_event", Name: c.Field})
			case w.owners[c.EntryID] == "":
				n.Ignored = append(n.Ignored, instagram.Ignored{Reason: "account", Name: c.EntryID})
			default:
				w.received[string(c.Kind())]++
				w.changes = append(w.changes, c)
			}
		}
		for _, i := range n.Ignored {
			w.ignored[fmt.Sprintf(`name="%s",reason="%s"`, i.Name, i.Reason)]++
		}
	}
	return w
}

// fill puts into the fake what the changes tell of. A mention is of a stranger's media, unless the change is one of two
// that tell of one comment.
func (w worldOf) fill(fake *instagramtest.Fake) {
	for _, c := range w.changes {
		owner := w.owners[c.EntryID]
		if c.Field == "mentions" && c.Value.MediaID != corpusMedia {
			owner = teller
		}
		v := c.Value
		fake.AddMedia(instagramtest.Media{ID: v.MediaID, Owner: owner, Caption: told})
		if v.ParentID != "" && v.ParentID != v.MediaID {
			fake.AddComment(instagramtest.Comment{ID: v.ParentID, MediaID: v.MediaID, FromID: "919", Username: "beginner", Text: "first"})
		}
		comment := instagramtest.Comment{ID: v.CommentID, MediaID: v.MediaID, ParentID: v.ParentID, FromID: v.FromID, Username: v.FromUsername, Text: v.Text}
		if comment.Text == "" {
			comment.Text = told
		}
		if comment.Username == "" && v.FromID != c.EntryID {
			comment.Username = teller
		}
		if v.CommentID != "" && (c.Rank() > 0 || c.Value.MediaID != corpusMedia) {
			fake.AddComment(comment)
		}
	}
}

func (w worldOf) compareCounts(t *testing.T, s *site) {
	t.Helper()
	for kind, n := range w.received {
		if got := s.metric(`answerback_events_received_total{kind="` + kind + `"}`); got != fmt.Sprint(n) {
			t.Errorf("%s events of kind %s are counted, of %d", got, kind, n)
		}
	}
	for labels, n := range w.ignored {
		if got := s.metric("answerback_ignored_total{" + labels + "}"); got != fmt.Sprint(n) {
			t.Errorf("%s are ignored with %s, of %d", got, labels, n)
		}
	}
}

func command(path, dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	return cmd
}

// Meta puts up to a thousand changes into one notification, each of up to 2.5 KB as far as is known. One of them is
// answered.
func TestAThousandChangesInOnePost(t *testing.T) {
	t.Parallel()
	const changes, most = 1000, 2500 * 1000
	s := newSite(t, "rules:\n  - name: one\n    on: comment\n    when: has(text, \"me\")\n    reply: Here you are\n")
	s.start(t)
	var all []instagramtest.Change
	for n := range changes {
		c := instagramtest.Comment{ID: commentID(n), MediaID: ownMedia, FromID: "917", Username: "ada", Text: "somebody"}
		if n == changes-1 {
			c.Text = "me"
		}
		s.fake.AddComment(c)
		all = append(all, s.fake.CommentChange(instagramtest.GuideAccountID, c.ID))
	}
	body := s.fake.Sender().Body(all...)
	// Unknown keys fill it up.
	filler := strings.Repeat(" ", (most-len(body))/changes-len(`,"of_tomorrow":""`))
	for i := range all {
		value := bytes.TrimSuffix(all[i].Value, []byte("}"))
		all[i].Value = slices.Concat(value, []byte(`,"of_tomorrow":"`+filler+`"}`))
	}
	if body = s.fake.Sender().Body(all...); len(body) > most || len(body) < most-changes {
		t.Fatalf("the body has %d bytes", len(body))
	}
	if status, err := s.fake.Sender().Post(t.Context(), s.daemon.webhook, body); status != 200 || err != nil {
		t.Fatal(status, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := s.fake.WaitReplies(ctx, 1); err != nil {
		t.Fatal(err)
	}
	s.until(t, "events stay open", func() bool { return s.metric("answerback_inbox_backlog") == "0" })
	for series, want := range map[string]int{
		`answerback_events_decided_total{because="",verdict="reply"}`:    1,
		`answerback_events_decided_total{because="",verdict="no_match"}`: changes - 1,
	} {
		if got := s.metric(series); got != fmt.Sprint(want) {
			t.Errorf("%s is %s, want %d", series, got, want)
		}
	}
	s.stop(t)
	if n := s.fake.ReplyCount(); n != 1 {
		t.Errorf("%d replies", n)
	}
}

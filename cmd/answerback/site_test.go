package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/sqlite"
)

// site is a place where a daemon runs: a folder with configuration and rules, and a fake Instagram.
type site struct {
	dir    string
	fake   *instagramtest.Fake
	daemon *process
	doubts bool // when the ledger was last read, replies were still to be looked for
}

const siteConfig = `listen: 127.0.0.1:0
admin: {listen: "127.0.0.1:0"}
log: {level: info}
settle_after: 2s
limits: {replies_per_hour: 0, replies_per_thread: 0}
notify: {ops: {url: "http://127.0.0.1:9/"}}
instagram: {graph_url: %q, app_secret: %s, verify_token: %s}
accounts:
`

// newSite makes a site that isn't running yet.
func newSite(t *testing.T, rules string) *site {
	t.Helper()
	return newSiteOf(t, rules, instagramtest.Account{
		ID: instagramtest.GuideAccountID, Username: instagramtest.GuideUsername, Token: scriptToken, PageID: "1755847768034402",
	})
}

// newSiteOf makes a site of these accounts.
func newSiteOf(t *testing.T, rules string, accounts ...instagramtest.Account) *site {
	t.Helper()
	s := &site{dir: t.TempDir(), fake: instagramtest.New(instagramtest.Options{Accounts: accounts, AppSecret: scriptSecret})}
	t.Cleanup(func() {
		if s.daemon != nil {
			s.daemon.kill()
		}
		s.fake.Close()
	})
	s.fake.AddMedia(instagramtest.Media{ID: ownMedia, Owner: instagramtest.GuideUsername})
	s.fake.AddMedia(instagramtest.Media{ID: instagramtest.GuideMediaID, Owner: "macleod"})
	config := fmt.Sprintf(siteConfig, s.fake.URL(), scriptSecret, scriptVerify)
	for _, a := range accounts {
		config += fmt.Sprintf("  - {id: %q, username: %s, access_token: %s, page_id: %q}\n", a.ID, a.Username, a.Token, cmp.Or(a.PageID, "1755847768034402"))
	}
	write(t, filepath.Join(s.dir, "answerback.yaml"), config)
	write(t, s.rules(), rules)
	return s
}

// rules is the one rule file.
func (s *site) rules() string { return filepath.Join(s.dir, "rules", "rules.yaml") }

func (s *site) log() string { return filepath.Join(s.dir, "daemon.log") }

func (s *site) start(t *testing.T) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "TMPDIR=" + s.dir}
	if s.daemon, err = startProcess(path, s.dir, "answerback.yaml", s.log(), env); err != nil {
		t.Fatal(err)
	}
}

func (s *site) stop(t *testing.T) {
	t.Helper()
	if err := s.daemon.stop(); err != nil {
		t.Fatal(err)
	}
}

// comment puts a comment into the fake and gives the notification of it: every second one is a mention elsewhere, which
// bears no text.
func (s *site) comment(n int) instagramtest.Change {
	id := commentID(n)
	c := instagramtest.Comment{ID: id, MediaID: ownMedia, FromID: fmt.Sprint(5000 + n), Username: fmt.Sprintf("guest%d", n), Text: "hello @bluebottle"}
	if n%2 == 0 {
		s.fake.AddComment(c)
		return s.fake.CommentChange(instagramtest.GuideAccountID, id)
	}
	c.MediaID = instagramtest.GuideMediaID
	s.fake.AddComment(c)
	return instagramtest.MentionChange(instagramtest.GuideAccountID, c.MediaID, id)
}

// commentID is a comment's id of always the same length, so that none is a part of another.
func commentID(n int) string { return fmt.Sprint(17900000000000000 + n) }

// verdict is an event as the ledger has it after all.
type verdict struct {
	ledger.Record
	Deliveries []ledger.Settled
}

// ledger reads the whole ledger of a daemon that isn't running.
func (s *site) ledger(t *testing.T) ([]verdict, ledger.Counts) {
	t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(ctx, filepath.Join(s.dir, "answerback.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	due, err := store.NextDoubt(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s.doubts = !due.IsZero()
	counts, err := store.Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	total := counts.Open
	for _, n := range counts.Verdicts {
		total += n
	}
	var all []verdict
	for seq := int64(1); len(all) < total-counts.Open; seq++ {
		if seq > int64(10*total) {
			t.Fatalf("of %d events only %d are found", total, len(all))
		}
		record, err := store.Record(ctx, seq)
		if err != nil {
			continue // the number of an event that is open, or was never given
		}
		deliveries, err := store.Deliveries(ctx, seq)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, verdict{record, deliveries})
	}
	return all, counts
}

// metric is the value of a metric that the daemon shows, "" if it shows none.
func (s *site) metric(series string) string {
	_, body, err := s.daemon.ask("GET", "/metrics", nil)
	if err != nil {
		return ""
	}
	_, after, _ := strings.Cut(body, "\n"+series+" ")
	value, _, _ := strings.Cut(after, "\n")
	return value
}

// until waits until something holds.
func (s *site) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	if err := await(holds); err != nil {
		t.Fatalf("%s: %v; the log:\n%s", what, err, s.daemon.said())
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// site is the folder that a daemon works in, with the Instagram that it talks to.
type site struct {
	dir, binary string
	fake        *instagramtest.Fake
	scribe      *scribe
	sky         *sky
	mail        *mail
	disk        disk
	events      []event
	calls       atomic.Int64
	// rulesKept says that a daemon has kept good rules. Before, one that finds broken ones has nothing to run and ends.
	rulesKept atomic.Bool

	mu       sync.Mutex
	revision int            // of the rules that were written last
	tokens   map[int]string // that Instagram takes, by the account's number
	log      *os.File       // the daemon's, over all its lives
}

const (
	appSecret = "torture-secret"
	// settleAfter is well above maxLate: what Instagram does so late that two looks miss it is said twice, by anybody.
	settleAfter = 2 * time.Second
)

const siteConfig = `listen: 127.0.0.1:0
admin: {listen: "127.0.0.1:0"}
database: sqlite:db/answerback.db
rules: rules
settle_after: %s
limits: {replies_per_hour: 0, replies_per_thread: 0}
instagram:
  graph_url: %s
  app_secret: %s
  verify_token: torture
accounts:
`

// newSite lays everything out in a new folder.
func newSite(binary string, p plan, mountable bool) (_ *site, err error) {
	s := &site{binary: binary, events: p.events, scribe: newScribe(time.Now), sky: newSky(p.seed), tokens: map[int]string{}}
	if s.dir, err = os.MkdirTemp("", "answerback-torture-"); err != nil {
		return nil, err
	}
	for _, folder := range []string{"db", "rules", "tokens", "backups"} {
		if err := os.Mkdir(filepath.Join(s.dir, folder), 0o700); err != nil {
			return nil, err
		}
	}
	if s.log, err = os.Create(filepath.Join(s.dir, "daemon.log")); err != nil {
		return nil, err
	}
	if mountable {
		if s.disk, err = mountDisk(filepath.Join(s.dir, "db")); err != nil {
			return nil, err
		}
	}
	s.people()
	s.mail = newMail(s.fake.Sender(), s.scribe)
	config := fmt.Sprintf(siteConfig, settleAfter, s.fake.URL(), appSecret)
	for n := range accountCount {
		config += fmt.Sprintf("  - {id: %q, username: %s, access_token: {file: tokens/%s}}\n", accountID(n), username(n), accountID(n))
		if err := s.writeToken(n); err != nil {
			return nil, err
		}
	}
	if err := s.editRules(editForm{}); err != nil {
		return nil, err
	}
	return s, os.WriteFile(s.path("answerback.yaml"), []byte(config), 0o600)
}

func (s *site) path(name string) string { return filepath.Join(s.dir, name) }

// people makes the Instagram of the plan's events.
func (s *site) people() {
	o := instagramtest.Options{
		AppSecret: appSecret, RequireProof: true, Chance: s.strike, OnReply: s.replied,
		Notices: instagramtest.SenderOptions{Secret: appSecret},
	}
	for n := range accountCount {
		s.tokens[n] = fmt.Sprintf("token-%d-0", n)
		o.Accounts = append(o.Accounts, instagramtest.Account{ID: accountID(n), Username: username(n), Token: s.tokens[n]})
	}
	s.fake = instagramtest.New(o)
	for account := range accountCount {
		for n := range mediaOfOwn {
			s.fake.AddMedia(instagramtest.Media{ID: ownMedia(account, n), Owner: username(account), Caption: "ours"})
		}
	}
	for _, e := range s.events {
		s.populate(e)
	}
}

// populate puts an event's comment or caption in.
func (s *site) populate(e event) {
	switch e.form {
	case caption:
		s.fake.AddMedia(instagramtest.Media{ID: e.media, Owner: writer(e.n), Caption: e.text()})
		return
	case mention:
		// Only of media whose caption mentions the account are threads shown: of some of them.
		words := "ours"
		if e.n%2 == 0 {
			words = "with @" + username(e.account)
		}
		s.fake.AddMedia(instagramtest.Media{ID: e.media, Owner: "somebody", Caption: words})
	}
	parent := ""
	if e.thread != e.id {
		parent = e.thread
	}
	s.fake.AddComment(instagramtest.Comment{
		ID: e.id, MediaID: e.media, ParentID: parent, FromID: fmt.Sprint(19_000_000_000_000_000 + e.n), Username: writer(e.n), Text: e.text(),
	})
}

// changes are what Meta tells of an event.
func (s *site) changes(e event) []instagramtest.Change {
	switch e.form {
	case caption:
		return []instagramtest.Change{instagramtest.MentionChange(accountID(e.account), e.media, "")}
	case mention:
		return []instagramtest.Change{instagramtest.MentionChange(accountID(e.account), e.media, e.id)}
	}
	changes := []instagramtest.Change{s.fake.CommentChange(accountID(e.account), e.id)}
	if e.form == both {
		changes = append(changes, instagramtest.MentionChange(accountID(e.account), e.media, e.id))
	}
	return changes
}

// strike has a call meet what the sky has for it.
func (s *site) strike(r instagramtest.Request) (instagramtest.Fault, bool) {
	s.calls.Add(1)
	t, struck := s.sky.strike(r.Method == "POST")
	if struck {
		s.scribe.called(r, t)
	}
	return t.fault, struck
}

// replied notes a reply. Every fourth one under the account's own media comes back as a notification.
func (s *site) replied(r instagramtest.Reply) {
	s.scribe.replied(r)
	if r.Edge != "replies" || len(r.ID) == 0 || r.ID[len(r.ID)-1]%4 != 0 {
		return
	}
	s.mail.send(letter{
		changes: []instagramtest.Change{s.fake.CommentChange(r.Account, r.ID)},
		events: []expected{{
			key: r.Account + "/comment/" + r.ID, group: r.ID, account: r.Account, media: r.Media, thread: r.Comment, number: -1, subject: own,
		}},
	})
}

// post sends a notification of events.
func (s *site) post(numbers []int) {
	var l letter
	for _, n := range numbers {
		e := s.events[n]
		l.changes = append(l.changes, s.changes(e)...)
		l.events = append(l.events, expected{
			key: e.key(), group: e.group(), account: accountID(e.account), media: e.media, thread: e.thread, number: n, subject: e.subject,
		})
	}
	s.mail.send(l)
}

// verbLimit is how long an operator's verb may take; a locked database takes it seconds.
const verbLimit = time.Minute

// verb runs one of the binary's verbs on the site's configuration.
func (s *site) verb(ctx context.Context, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, verbLimit)
	defer cancel()
	var stderr strings.Builder
	cmd := exec.CommandContext(ctx, s.binary, append(args, "-c", s.path("answerback.yaml"))...)
	cmd.Stderr = &stderr
	// One that hangs tells where.
	cmd.Cancel, cmd.WaitDelay = func() error { return cmd.Process.Signal(syscall.SIGQUIT) }, verbLimit/10
	said, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case strings.Contains(stderr.String(), "panic:"), strings.Contains(stderr.String(), "goroutine "):
		s.scribe.ended(fmt.Sprintf("answerback %s broke down: %s", strings.Join(args, " "), stderr.String()))
	case errors.As(err, &exit):
		err = fmt.Errorf("answerback %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return said, err
}

// close ends what the site runs. Its folder stays if it is to be looked at.
func (s *site) close(keep bool) error {
	s.mail.close()
	s.fake.Close()
	err := s.log.Close()
	if keep {
		if s.disk.mounted() {
			err = errors.Join(err, s.disk.salvage(s.path("autopsy")))
		}
		return errors.Join(err, s.disk.unmount())
	}
	return errors.Join(err, s.disk.unmount(), os.RemoveAll(s.dir))
}

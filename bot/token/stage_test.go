package token_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/token"
	"github.com/answerback/answerback/rules/platform"
	"github.com/sirupsen/logrus"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	day      = 24 * time.Hour
	first    = "IGAAfirst"
	theKey   = "0123456789abcdef0123456789abcdef"
	otherKey = "another key, of thirty-two letters"
)

// meta knows tokens and when they end, as Instagram does.
type meta struct {
	mu      sync.Mutex
	issued  map[string]time.Time
	lasts   time.Duration // of a renewed token
	fail    error         // of the next calls
	asked   []time.Time   // when a renewal was asked for
	given   int
	before  func() // called before a renewal is answered
	facts   instagram.Token
	hangs   bool // until it is cut off
	looked  int
	appAsks string
}

func (m *meta) RefreshToken(ctx context.Context, account instagram.Account) (instagram.FreshToken, error) {
	if m.before != nil {
		m.before()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.hangs {
		<-ctx.Done()
	}
	m.asked = append(m.asked, time.Now())
	issued, known := m.issued[account.AccessToken]
	switch age := time.Since(issued); {
	case ctx.Err() != nil:
		return instagram.FreshToken{}, ctx.Err()
	case m.fail != nil:
		return instagram.FreshToken{}, m.fail
	case !known, age >= m.lasts:
		return instagram.FreshToken{}, &instagram.Error{Class: instagram.ClassHuman, Code: 190, Subcode: 463, Message: "Session has expired"}
	case age < day:
		return instagram.FreshToken{}, &instagram.Error{Class: instagram.ClassPermanent, Code: 100, Message: "too young"}
	}
	m.given++
	fresh := fmt.Sprintf("IGAArenewed%d", m.given)
	m.issued[fresh] = time.Now()
	return instagram.FreshToken{Token: fresh, Lasts: m.lasts}, nil
}

func (m *meta) InspectToken(_ context.Context, app instagram.App, _ string) (instagram.Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.looked++
	m.appAsks = app.ID
	return m.facts, m.fail
}

// renewals is how often a renewal was asked for.
func (m *meta) renewals() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.asked)
}

// gifts is how often a token was renewed.
func (m *meta) gifts() (n int) { m.set(func() { n = m.given }); return n }

// looks is how often a token was inspected, asker for which app the last time.
func (m *meta) looks() (n int)      { m.set(func() { n = m.looked }); return n }
func (m *meta) asker() (app string) { m.set(func() { app = m.appAsks }); return app }

// set changes what it knows, or reads it.
func (m *meta) set(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
}

// fails has the calls from now on fail.
func (m *meta) fails(err error) { m.set(func() { m.fail = err }) }

// store is a ledger's tokens in memory.
type store struct {
	mu   sync.Mutex
	kept map[string]ledger.KeptToken
	fail error
	hang bool // until it is cut off
}

func (s *store) KeepToken(ctx context.Context, kept ledger.KeptToken) error {
	if s.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail == nil {
		s.kept[kept.Account] = kept
	}
	return s.fail
}

func (s *store) KeptToken(_ context.Context, account string) (ledger.KeptToken, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[account], nil
}

func (s *store) fails(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

// stage is a keeper with what it works on. It is used in a bubble of synctest, whose clock is the keeper's.
type stage struct {
	*token.Keeper
	t       *testing.T
	meta    *meta
	store   *store
	key     string
	account token.Account
	changed int
	log     diary
	appID   string

	notBefore time.Time
}

// diary is a log that may be read while it is written.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

// take gives what was written and forgets it.
func (d *diary) take() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.text.Reset()
	return d.text.String()
}

// newStage is of an account whose token Meta has issued so long ago, and that stands in no file.
func newStage(t *testing.T, age time.Duration) *stage {
	s := &stage{
		t: t, key: theKey, store: &store{kept: map[string]ledger.KeptToken{}},
		meta: &meta{issued: map[string]time.Time{first: time.Now().Add(-age)}, lasts: instagram.TokenLife},
	}
	s.account.Account = instagram.Account{ID: "1", Username: "bluebottle", AccessToken: first, Login: platform.InstagramLogin}
	t.Cleanup(s.tellsNoSecret)
	return s
}

// inFile puts the token into a file.
func (s *stage) inFile() (path string) {
	s.t.Helper()
	path = filepath.Join(s.t.TempDir(), "token")
	s.write(path, s.account.AccessToken+"\n")
	s.account.File = path
	return path
}

func (s *stage) write(path, text string) {
	s.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) read(path string) string {
	s.t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(content)
}

// start starts a keeper, as a start of the daemon does, and lets it do what is due at once.
func (s *stage) start() {
	log := logrus.New()
	log.SetOutput(&s.log)
	log.SetLevel(logrus.DebugLevel)
	log.SetFormatter(&logrus.TextFormatter{DisableColors: true, DisableQuote: true})
	s.Keeper = token.New(token.Options{
		Store: s.store, Graph: s.meta, Log: log, Now: time.Now, AppID: s.appID, NotBefore: s.notBefore, Changed: func() { s.changed++ },
	})
	s.configure(s.account.AccessToken)
	s.Start()
	s.pass(time.Second)
}

// configure has the daemon take up a configuration with this token.
func (s *stage) configure(configured string) {
	s.account.AccessToken = configured
	s.Configure(s.t.Context(), []token.Account{s.account}, s.key)
}

func (s *stage) stop() { s.Stop(s.t.Context()) }

// restart stops the keeper and starts another, for what stands in the configuration now.
func (s *stage) restart() {
	s.t.Helper()
	s.stop()
	if s.account.File != "" {
		s.account.AccessToken = strings.TrimSpace(s.read(s.account.File))
	}
	s.start()
}

// pass lets time go by.
func (s *stage) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (s *stage) uses(want string) {
	s.t.Helper()
	if got := s.Token("1"); got != want {
		s.t.Errorf("uses %s, want %s; the log:\n%s", got, want, s.log.String())
	}
}

func (s *stage) renewals(want int) {
	s.t.Helper()
	if got := s.meta.renewals(); got != want {
		s.t.Errorf("%d renewals were asked for, want %d; the log:\n%s", got, want, s.log.String())
	}
}

// said takes the log so far and wants so many lines of it to have all of the words.
func (s *stage) said(want int, words ...string) {
	s.t.Helper()
	said := s.log.take()
	n := 0
	for _, line := range strings.Split(said, "\n") {
		has := line != ""
		for _, word := range words {
			has = has && strings.Contains(line, word)
		}
		if has {
			n++
		}
	}
	if n != want {
		s.t.Errorf("said %d times, want %d: %q; the log:\n%s", n, want, words, said)
	}
}

// notes wants one note with these words, none for "".
func (s *stage) notes(words string) {
	s.t.Helper()
	notes := strings.Join(s.Notes(), "\n")
	if words == "" && notes != "" || !strings.Contains(notes, words) {
		s.t.Errorf("notes %q, want %q", notes, words)
	}
}

func (s *stage) tellsNoSecret() {
	said := s.log.String()
	if s.Keeper != nil {
		said += strings.Join(s.Notes(), "")
	}
	secrets := []string{theKey, otherKey}
	for issued := range maps.Keys(s.meta.issued) {
		secrets = append(secrets, issued)
	}
	for _, secret := range secrets {
		if strings.Contains(said, secret) {
			s.t.Errorf("told %s:\n%s", secret, said)
		}
		for _, kept := range s.store.kept {
			if strings.Contains(fmt.Sprintf("%s", kept), secret) {
				s.t.Errorf("the store has %s in the clear", secret)
			}
		}
	}
}

var errNetwork = &instagram.Error{Class: instagram.ClassRetry, Message: "connection refused", Err: errors.New("connection refused")}

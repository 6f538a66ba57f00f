package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/sweep"
	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = instagramtest.GuideAccountID
	every   = 5 * time.Minute
)

// yard is a fake Instagram, and what a sweep of it fed. Its times are those of the bubble that it is used in.
type yard struct {
	t      *testing.T
	fake   *instagramtest.Fake
	client *instagram.Client
	terms  sweep.Account
	hook   *logtest.Hook
	log    *logrus.Logger

	mu      sync.Mutex
	room    func() bool
	refuse  error // what the inbox answers
	keys    map[string]bool
	fed     []inbox.Arrival
	results []sweep.Result
	found   int
	panics  bool // once
	hangs   bool // no list of comments is ever answered
}

// inYard runs a test with a clock of its own. The fake listens outside of it.
func inYard(t *testing.T, o instagramtest.Options, test func(*yard)) {
	t.Helper()
	o.Accounts = []instagramtest.Account{{ID: account, Username: instagramtest.GuideUsername, Token: "token"}}
	o.AppSecret = "secret"
	y := &yard{t: t, fake: instagramtest.New(o), keys: map[string]bool{}, room: func() bool { return true }}
	t.Cleanup(y.fake.Close)
	y.log, y.hook = logtest.NewNullLogger()
	y.log.SetLevel(logrus.DebugLevel)
	y.terms = sweep.Account{ID: account, Username: instagramtest.GuideUsername, Every: every, Since: 24 * time.Hour}
	y.client = instagram.NewClient(instagram.Options{Version: "v26.0", Transport: y.fake.Transport()})
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC))) // no time of Meta's before 2009 is believed
		y.media("1")
		test(y)
	})
}

func (y *yard) media(id string) {
	y.fake.AddMedia(instagramtest.Media{ID: id, Owner: instagramtest.GuideUsername})
}

// newer puts media in that are newer than the others, without comments.
func (y *yard) newer(n int) {
	for _, id := range numbered(100, n) {
		y.fake.AddMedia(instagramtest.Media{ID: id, Owner: instagramtest.GuideUsername, Timestamp: time.Now().Add(time.Second)})
	}
}

// comment puts a comment of somebody's in that was written some time ago.
func (y *yard) comment(id, media string, ago time.Duration) instagramtest.Comment {
	c := instagramtest.Comment{ID: id, MediaID: media, FromID: "77", Username: "ada", Text: "how much? " + id, Timestamp: time.Now().Add(-ago)}
	y.fake.AddComment(c)
	return c
}

// reply puts a reply to a comment in.
func (y *yard) reply(id, to, username, text string, ago time.Duration) {
	y.fake.AddComment(instagramtest.Comment{
		ID: id, MediaID: "1", ParentID: to, Username: username, Text: text, Timestamp: time.Now().Add(-ago),
	})
}

// rounds sweeps for so long that as many rounds are made.
func (y *yard) rounds(n int) {
	y.t.Helper()
	s := y.start()
	time.Sleep(time.Minute + time.Duration(n-1)*y.terms.Every + y.terms.Every/2)
	s.Stop()
}

func (y *yard) start() *sweep.Sweep {
	s := sweep.New(sweep.Options{Accounts: []sweep.Account{y.terms}, Graph: y, Inbox: y, Observe: y, Log: y.log, Now: time.Now})
	s.Start(y.t.Context())
	return s
}

func (y *yard) instagram() instagram.Account {
	return instagram.Account{ID: account, Username: instagramtest.GuideUsername, AccessToken: "token", AppSecret: "secret", GraphURL: y.fake.URL()}
}

func (y *yard) Room(context.Context, string) bool {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.room()
}

func (y *yard) OwnMedia(ctx context.Context, _ string) ([]instagram.Post, error) {
	if y.panics {
		y.panics = false
		panic("a bug")
	}
	return y.client.OwnMedia(ctx, y.instagram())
}

func (y *yard) CommentsOn(ctx context.Context, _, media, after string) (instagram.Page, error) {
	if y.hangs {
		<-ctx.Done()
		return instagram.Page{}, ctx.Err()
	}
	return y.client.CommentsOn(ctx, y.instagram(), media, after)
}

func (y *yard) RepliesTo(ctx context.Context, _, comment, after string) (instagram.Page, error) {
	return y.client.RepliesTo(ctx, y.instagram(), comment, after)
}

func (y *yard) Accept(_ context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.refuse != nil {
		return inbox.Accepted{}, y.refuse
	}
	var accepted inbox.Accepted
	for _, a := range arrivals {
		if y.keys[a.Key] {
			accepted.Duplicate++
			continue
		}
		accepted.New++
		y.keys[a.Key] = true
		y.fed = append(y.fed, a)
	}
	return accepted, nil
}

func (y *yard) Swept(_ string, result sweep.Result, found int) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.results = append(y.results, result)
	y.found += found
}

// expect checks which comments were fed, in order.
func (y *yard) expect(ids ...string) {
	y.t.Helper()
	y.mu.Lock()
	defer y.mu.Unlock()
	var got []string
	for _, a := range y.fed {
		change, err := instagram.ParseChange(a.Change)
		if err != nil {
			y.t.Fatal(err)
		}
		got = append(got, change.Value.CommentID)
	}
	if !slices.Equal(got, ids) || y.found != len(got) {
		y.t.Errorf("%d were found, fed %v, want %v", y.found, got, ids)
	}
}

// ended checks how the rounds ended.
func (y *yard) ended(want ...sweep.Result) {
	y.t.Helper()
	if got := y.ends(); !slices.Equal(got, want) {
		y.t.Errorf("the rounds ended %v, want %v", got, want)
	}
}

// ends tells how the rounds ended so far.
func (y *yard) ends() []sweep.Result {
	y.mu.Lock()
	defer y.mu.Unlock()
	return slices.Clone(y.results)
}

// calls counts the calls with a part of the path; "" for all.
func (y *yard) calls(path string) int {
	n := 0
	for _, r := range y.fake.Requests() {
		if path == "" || r.Path == path {
			n++
		}
	}
	return n
}

// numbered are ids from one number on.
func numbered(from, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint(from+i))
	}
	return all
}

var errFull = errors.New("the disk is full")

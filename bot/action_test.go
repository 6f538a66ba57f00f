package bot_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/notify"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

const page = "1755847768034402"

// board is a poster that keeps what was told, and answers for each place in its own way.
type board struct {
	mu    sync.Mutex
	notes map[string][]notify.Note
	most  map[string]int // at once
	now   map[string]int
	err   map[string]error         // of each place
	stuck map[string]chan struct{} // each place that answers when this is closed
}

func newBoard() *board {
	return &board{notes: map[string][]notify.Note{}, most: map[string]int{}, now: map[string]int{}, err: map[string]error{}, stuck: map[string]chan struct{}{}}
}

func (b *board) Post(ctx context.Context, place string, note notify.Note) error {
	b.mu.Lock()
	b.notes[place] = append(b.notes[place], note)
	b.now[place]++
	b.most[place] = max(b.most[place], b.now[place])
	stuck, err := b.stuck[place], b.err[place]
	b.mu.Unlock()
	if stuck != nil {
		select {
		case <-stuck:
		case <-ctx.Done():
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now[place]--
	return err
}

func (b *board) told(place string) []notify.Note {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]notify.Note(nil), b.notes[place]...)
}

// comment puts a comment on the account's own media in, and gives the notification of it.
func (d *daemon) comment(id, text string) instagramtest.Change {
	d.fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername})
	d.fake.AddComment(instagramtest.Comment{ID: id, MediaID: "800", FromID: "77", Username: "ada", Text: text})
	return d.fake.CommentChange(account, id)
}

// acting is a daemon with a linked Page and a board.
func acting(t *testing.T, text string) (*daemon, *board) {
	d, b := newDaemonOf(t, instagramtest.Account{PageID: page}), newBoard()
	d.rules, d.poster = compile(t, text), b
	d.terms.Login, d.terms.PageID = platform.FacebookLogin, page
	return d, b
}

// fates are what became of the deliveries of an event, by action.
func (d *daemon) fates(seq int64) map[string]ledger.Settled {
	d.t.Helper()
	deliveries, err := d.store.Deliveries(d.t.Context(), seq)
	if err != nil {
		d.t.Fatal(err)
	}
	fates := map[string]ledger.Settled{}
	for _, one := range deliveries {
		fates[one.Action] = one
	}
	return fates
}

// until waits until something is so; each event and each fate has it looked at again.
func (d *daemon) until(what string, so func() bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	for !so() {
		select {
		case <-d.happened:
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			d.t.Fatalf("not so: %s", what)
		}
	}
}

func TestALiveCommentGetsAPrivateReply(t *testing.T) {
	d, _ := acting(t, `rules: [{name: link, on: live_comment, private_reply: 'Hi {{ from.username }}, "the link" & more'}]`)
	d.start()
	defer d.stop()
	d.fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername, ProductType: "LIVE"})
	d.fake.AddComment(instagramtest.Comment{ID: "801", MediaID: "800", FromID: "77", Username: "ada", Text: "link?"})
	d.notify(d.fake.CommentChange(account, "801"))
	d.settled(1)
	sent := d.fake.Messages()
	if len(sent) != 1 || sent[0].Comment != "801" || sent[0].Node != page || sent[0].Text != `Hi ada, "the link" & more` || d.fake.ReplyCount() != 0 {
		t.Errorf("%+v, %d public replies", sent, d.fake.ReplyCount())
	}
	if got := d.fates(1)[rules.ActionPrivateReply]; got.State != ledger.Posted || got.Fate.PostedID != sent[0].ID {
		t.Errorf("%+v", got)
	}
}

// What Meta doesn't say in time is not said at all: there is no other way to answer a live comment.
func TestAfterTheBroadcastNobodyIsAnswered(t *testing.T) {
	d, _ := acting(t, `rules: [{name: link, on: live_comment, private_reply: the link}]`)
	d.start()
	defer d.stop()
	d.fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername, ProductType: "LIVE"})
	d.fake.AddComment(instagramtest.Comment{ID: "801", MediaID: "800", FromID: "77", Username: "ada", Text: "link?"})
	d.fake.EndBroadcast("800")
	d.notify(d.fake.CommentChange(account, "801"))
	d.settled(1)
	got := d.fates(1)[rules.ActionPrivateReply]
	if got.State != ledger.Refused || got.Fate.Because != rules.BecauseGone || got.Attempts != 1 || d.fake.ReplyCount()+len(d.fake.Messages()) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestEachLoginSendsFromItsNode(t *testing.T) {
	for login, want := range map[platform.Login]string{platform.FacebookLogin: page, platform.InstagramLogin: account} {
		d := newDaemonOf(t, instagramtest.Account{PageID: page, Login: login})
		d.rules = compile(t, `rules: [{name: all, on: comment, reply: hi, private_reply: psst}]`)
		d.terms.Login, d.terms.PageID = login, page
		if login == platform.InstagramLogin {
			d.terms.GraphURL = d.fake.InstagramURL()
		}
		d.start()
		d.notify(d.comment("801", "lovely"))
		counts := d.settled(1)
		if sent := d.fake.Messages(); len(sent) != 1 || sent[0].Node != want || d.fake.ReplyCount() != 1 || counts.Deliveries[ledger.Posted] != 2 {
			t.Errorf("%s: %+v, %d public replies, %+v", login, sent, d.fake.ReplyCount(), counts)
		}
		d.stop()
	}
}

func TestASpamCommentIsHiddenAndPeopleAreTold(t *testing.T) {
	d, b := acting(t, `rules: [{name: spam, on: comment, hide: true, notify: {to: ops, text: "{{ from.username }} writes {{ text }}"}}]`)
	d.start()
	defer d.stop()
	d.notify(d.comment("801", "you won"))
	counts := d.settled(1)
	if !d.fake.Hidden("801") || counts.Deliveries[ledger.Posted] != 2 || counts.Verdicts[ledger.VerdictActed] != 1 {
		t.Errorf("hidden: %v, %+v", d.fake.Hidden("801"), counts)
	}
	id := fmt.Sprint(d.fates(1)[rules.ActionNotify].ID)
	if got, want := b.told("ops"), (notify.Note{Text: "ada writes you won", Rule: "spam", Event: "1", ID: id}); len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
}

// A private reply that may have been sent is a person's at once, and never sent again; a comment is simply hidden again.
func TestUnknownFates(t *testing.T) {
	d, _ := acting(t, `rules:
  - {name: say, on: comment, when: 'has(text, "say")', private_reply: psst}
  - {name: hide, on: comment, when: 'has(text, "hide")', hide: true}
`)
	d.settle = time.Nanosecond
	d.start()
	defer d.stop()
	lost := instagramtest.Fault{CutAfter: true, Times: 1}
	d.fake.Fail(instagramtest.Match{Edge: "messages"}, lost)
	d.fake.Fail(instagramtest.Match{Edge: "hide"}, lost)
	d.notify(d.comment("801", "say"), d.comment("802", "hide"))
	d.settled(2)
	say, hide := d.fates(1)[rules.ActionPrivateReply], d.fates(2)[rules.ActionHide]
	if say.State != ledger.Unknown || say.Attempts != 1 || len(d.fake.Messages()) != 1 {
		t.Errorf("%+v, sent %+v", say, d.fake.Messages())
	}
	if hide.State != ledger.Posted || hide.Attempts != 2 || !d.fake.Hidden("802") {
		t.Errorf("%+v, hidden: %v", hide, d.fake.Hidden("802"))
	}
	if next, err := d.store.NextDoubt(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("somebody looks for it at %v, %v", next, err)
	}
}

// An account that may send no messages still answers in public, and the other way round.
func TestTroubleWithMessagesIsOfMessagesAlone(t *testing.T) {
	d, _ := acting(t, `rules: [{name: all, on: comment, reply: hi, private_reply: psst}]`)
	d.start()
	defer d.stop()
	d.fake.Fail(instagramtest.Match{Edge: "messages"}, instagramtest.Fault{Code: 10, Subcode: 1893063, Message: "restricted"})
	for i := range 4 {
		d.notify(d.comment(fmt.Sprint(801+i), "lovely"))
	}
	d.until("answered in public", func() bool { return d.fake.ReplyCount() == 4 })
	d.until("messages wait", func() bool {
		counts, err := d.store.Counts(t.Context())
		return err == nil && counts.Deliveries[ledger.Posted] == 4 && counts.Deliveries[ledger.Planned] == 4
	})
}

// A place that hangs keeps nobody waiting but those who are to be told there.
func TestASlowPlaceKeepsNobodyWaiting(t *testing.T) {
	d, b := acting(t, `rules:
  - {name: slow, on: comment, continue: true, notify: {to: slow, text: look}}
  - {name: quick, on: comment, reply: hi, notify: {to: quick, text: look}}
`)
	d.workers = 1
	b.stuck["slow"] = make(chan struct{})
	d.start()
	defer d.stop()
	const events = 40
	for i := range events {
		d.notify(d.comment(fmt.Sprint(1000+i), "lovely"))
	}
	d.until("all others are told, and answered", func() bool { return len(b.told("quick")) == events && d.fake.ReplyCount() == events })
	if told := b.told("slow"); len(told) != 4 {
		t.Errorf("%d to the slow place at once", len(told))
	}
	close(b.stuck["slow"])
	if counts := d.settled(events); counts.Deliveries[ledger.Posted] != 3*events {
		t.Errorf("%+v", counts)
	}
}

func TestAPlaceThatRefuses(t *testing.T) {
	d, b := acting(t, `rules: [{name: a, on: comment, notify: {to: ops, text: look}}]`)
	b.err["ops"] = &notify.Error{Status: 404, Refused: true}
	d.start()
	defer d.stop()
	d.notify(d.comment("801", "lovely"))
	d.settled(1)
	if got := d.fates(1)[rules.ActionNotify]; got.State != ledger.Refused || got.Fate.Because != rules.BecauseFailed {
		t.Errorf("%+v", got)
	}
}

// Nobody is told of what only would have been done, nor while the rule is paused.
func TestNobodyIsToldInShadow(t *testing.T) {
	for name, mode := range map[string]rules.Mode{"of the bot": rules.Shadow, "of the rule": rules.Live} {
		d, b := acting(t, `rules: [{name: a, on: comment, mode: shadow, hide: true, notify: {to: ops, text: look}}]`)
		d.mode = mode
		d.start()
		d.notify(d.comment("801", "lovely"))
		if counts := d.settled(1); counts.Verdicts[ledger.VerdictShadow] != 1 || len(b.told("ops")) != 0 || d.fake.Hidden("801") {
			t.Errorf("shadow %s: %+v, told %v", name, counts, b.told("ops"))
		}
		d.stop()
	}
}

// What was waiting when its rule went away isn't told any more.
func TestARuleThatIsGoneTellsNobody(t *testing.T) {
	d, b := acting(t, `rules: [{name: a, on: comment, delay: 1h, notify: {to: ops, text: look}, private_reply: psst}]`)
	b.err["ops"] = &notify.Error{Status: 503}
	d.start()
	d.notify(d.comment("801", "lovely"))
	d.until("both wait, one of them to be tried again", func() bool {
		counts, err := d.store.Counts(t.Context())
		return err == nil && counts.Deliveries[ledger.Planned] == 2 && len(b.told("ops")) >= 1
	})
	d.stop()
	told := len(b.told("ops"))
	d.rules = compile(t, `rules: [{name: b, on: comment, reply: hi}]`)
	ahead := d.now
	d.now = func() time.Time { return ahead().Add(2 * time.Hour) }
	d.start()
	defer d.stop()
	if counts := d.settled(1); counts.Deliveries[ledger.Cancelled] != 2 || len(b.told("ops")) != told || len(d.fake.Messages()) != 0 {
		t.Errorf("%+v, told %v", counts, b.told("ops"))
	}
}

// untaken is a store whose notifications can't be taken for a while.
type untaken struct {
	bot.Store
	mu   sync.Mutex
	left int
}

func (a *untaken) TakeNotices(ctx context.Context, room share.Room, now time.Time) ([]ledger.Delivery, error) {
	a.mu.Lock()
	a.left--
	fail := a.left >= 0
	a.mu.Unlock()
	if fail {
		return nil, errors.New("disk full")
	}
	return a.Store.TakeNotices(ctx, room, now)
}

func TestNotificationsOutliveAnOutage(t *testing.T) {
	d, b := acting(t, `rules: [{name: a, on: comment, notify: {to: ops, text: look}}]`)
	d.wrap = func(s bot.Store) bot.Store { return &untaken{Store: s, left: 3} }
	d.start()
	defer d.stop()
	d.notify(d.comment("801", "lovely"))
	if counts := d.settled(1); counts.Deliveries[ledger.Posted] != 1 || len(b.told("ops")) != 1 {
		t.Errorf("%+v, told %v", counts, b.told("ops"))
	}
}

// A pause holds back what people would be told, too, and its end lets it go.
func TestAPauseHoldsNotificationsBack(t *testing.T) {
	d, b := acting(t, `rules: [{name: a, on: comment, notify: {to: ops, text: look}}]`)
	b.err["ops"] = &notify.Error{Status: 503, RetryAfter: time.Second}
	d.start()
	defer d.stop()
	d.notify(d.comment("801", "lovely"))
	d.until("it is to be tried again", func() bool { return d.fates(1)[rules.ActionNotify].State == ledger.Planned && len(b.told("ops")) > 0 })
	desk, err := sqlite.OpenDesk(t.Context(), d.path)
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	pause := ledger.Pause{Scope: ledger.ScopeAll, Reason: "a test", Since: time.Now()}
	if err := desk.Pause(t.Context(), pause); err != nil {
		t.Fatal(err)
	}
	d.until("nobody is being told", func() bool { return d.fates(1)[rules.ActionNotify].State == ledger.Planned })
	b.mu.Lock()
	delete(b.err, "ops")
	before := len(b.notes["ops"])
	b.mu.Unlock()
	if next, err := d.store.NextNotice(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("paused, and the next is at %v, %v", next, err)
	}
	if err := desk.Resume(t.Context(), ledger.ScopeAll, "", time.Now()); err != nil {
		t.Fatal(err)
	}
	d.until("people are told", func() bool { return d.fates(1)[rules.ActionNotify].State == ledger.Posted })
	if told := len(b.told("ops")); told != before+1 {
		t.Errorf("told %d times, %d before the pause ended", told, before)
	}
}

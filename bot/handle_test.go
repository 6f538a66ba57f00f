package bot_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
	"github.com/google/go-cmp/cmp"
)

func TestTheGuidesMentionsAreAnsweredAsTheGuideSays(t *testing.T) {
	d := newDaemon(t)
	d.fake.AddGuide()
	d.start()
	defer d.stop()
	for _, body := range [][]byte{d.fake.GuideMentionInComment(), d.fake.GuideMentionInCaption()} {
		if err := d.fake.Send(t.Context(), d.url(), body); err != nil {
			t.Fatal(err)
		}
	}
	d.settled(2)
	forms := map[string]map[string]string{}
	for _, r := range d.fake.Replies() {
		forms[r.Path+" "+r.Text] = r.Form
	}
	want := map[string]map[string]string{
		"/17841405726653026/mentions Challenge accepted!": {
			"comment_id": "17894227972186120", "media_id": "17918195224117851", "message": "Challenge accepted!",
		},
		"/17841405726653026/mentions MacLeod agrees!": {"media_id": "17918195224117851", "message": "MacLeod agrees!"},
	}
	if diff := cmp.Diff(want, forms); diff != "" {
		t.Error(diff)
	}
}

func TestOneEventOneAnswerHoweverOftenItComes(t *testing.T) {
	d := newDaemon(t)
	d.start()
	defer d.stop()
	change := d.mention("900", "challenge?")
	d.notify(change, change)
	d.notify(change)
	if counts := d.settled(1); decided(counts) != 1 || counts.Open != 0 {
		t.Errorf("%+v", counts)
	}
	d.notify(change)
	if counts := d.settled(1); decided(counts) != 1 || d.fake.ReplyCount() != 1 {
		t.Errorf("%d replies; %+v", d.fake.ReplyCount(), counts)
	}
}

func TestARepliedCommentsEchoIsNotAnswered(t *testing.T) {
	d := newDaemon(t)
	d.rules = compile(t, `rules: [{name: everything, on: comment, reply: 'How much? Thanks!'}]`)
	d.start()
	defer d.stop()
	d.fake.EchoReplies(d.url())
	d.fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername})
	d.fake.AddComment(instagramtest.Comment{ID: "801", MediaID: "800", FromID: "77", Username: "ada", Text: "hello"})
	d.notify(d.fake.CommentChange(account, "801"))
	counts := d.settled(2)
	if counts.Verdicts[ledger.VerdictSkipped] != 1 || d.fake.ReplyCount() != 1 {
		t.Errorf("%d replies; %+v", d.fake.ReplyCount(), counts)
	}
}

func TestAReplyToAReplyGoesToItsTopLevelComment(t *testing.T) {
	d := newDaemon(t)
	d.start()
	defer d.stop()
	d.fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername})
	d.fake.AddComment(instagramtest.Comment{ID: "801", MediaID: "800", FromID: "77", Username: "ada", Text: "lovely"})
	d.fake.AddComment(instagramtest.Comment{ID: "802", ParentID: "801", MediaID: "800", FromID: "78", Username: "grace", Text: "how much?"})
	d.notify(d.fake.CommentChange(account, "802"))
	d.settled(1)
	replies := d.fake.Replies()
	if len(replies) != 1 || replies[0].Path != "/801/replies" || replies[0].Form["message"] != "Hi @grace" {
		t.Errorf("%+v", replies)
	}
}

func TestShadowDecidesAndPostsNothing(t *testing.T) {
	d := newDaemon(t)
	d.mode = rules.Shadow
	d.start()
	defer d.stop()
	d.notify(d.mention("900", "challenge?"))
	if counts := d.settled(1); counts.Verdicts[ledger.VerdictShadow] != 1 || len(d.fake.Requests()) != 1 {
		t.Errorf("%d requests; %+v", len(d.fake.Requests()), counts)
	}
}

func TestAReplayIsNotAnswered(t *testing.T) {
	d := newDaemon(t)
	d.start()
	defer d.stop()
	d.mention("900", "challenge?")
	body := fmt.Sprintf(`{"object":"instagram","entry":[{"id":%q,"time":%d,"changes":[{"field":"mentions","value":{"comment_id":"900","media_id":"2900"}}]}]}`,
		account, time.Now().Add(-49*time.Hour).Unix())
	if err := d.fake.Send(t.Context(), d.url(), []byte(body)); err != nil {
		t.Fatal(err)
	}
	d.settled(1)
	record, err := d.store.Record(t.Context(), 1)
	if err != nil || record.Because != rules.BecauseStale || len(d.fake.Requests()) != 0 {
		t.Errorf("%v %+v, %d requests", err, record, len(d.fake.Requests()))
	}
}

func TestWhatMetaNoLongerShowsIsGone(t *testing.T) {
	d := newDaemon(t)
	d.start()
	defer d.stop()
	change := d.mention("900", "challenge?")
	d.fake.Remove("900")
	d.notify(change)
	d.settled(1)
	if record, err := d.store.Record(t.Context(), 1); err != nil || record.Because != rules.BecauseGone {
		t.Errorf("%v %+v", err, record)
	}
}

func TestAPostOfUnknownFateIsNotRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		fault instagramtest.Fault
		said  int
	}{
		"cut before the effect":           {instagramtest.Fault{CutBefore: true}, 0},
		"cut after the effect":            {instagramtest.Fault{CutAfter: true}, 1},
		"a server error":                  {instagramtest.Fault{Status: 500, Body: "oops"}, 0},
		"a server error after the effect": {instagramtest.Fault{Status: 502, Body: "oops", Effect: true}, 1},
		"a code that nobody has heard of": {instagramtest.Fault{Code: 987654, Message: "new"}, 0},
		"transient, after the effect":     {instagramtest.Fault{Code: 2, Message: "try later", Effect: true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDaemon(t)
			d.start()
			defer d.stop()
			d.fake.Fail(instagramtest.Match{Method: "POST", Edge: "mentions"}, c.fault)
			d.notify(d.mention("900", "challenge?"))
			counts := d.settled(1)
			d.fake.Mend()
			posts := 0
			for _, r := range d.fake.Requests() {
				if r.Edge == "mentions" {
					posts++
				}
			}
			if counts.Deliveries[ledger.Unknown] != 1 || d.fake.ReplyCount() != c.said || posts != 1 {
				t.Errorf("%d replies of %d posts; %+v", d.fake.ReplyCount(), posts, counts)
			}
		})
	}
}

// dying is a store whose process dies after so many calls: nothing that comes after reaches the file.
type dying struct {
	bot.Store
	left atomic.Int64
	dead chan struct{}
}

var errDead = errors.New("the process is dead")

func (s *dying) call() error {
	switch left := s.left.Add(-1); {
	case left == -1:
		close(s.dead)
		return errDead
	case left < 0:
		return errDead
	}
	return nil
}

func (s *dying) Claim(ctx context.Context, room share.Room, now time.Time, lease time.Duration) ([]inbox.Item, error) {
	if err := s.call(); err != nil {
		return nil, err
	}
	return s.Store.Claim(ctx, room, now, lease)
}

func (s *dying) Enter(ctx context.Context, seq int64, conclude func(ledger.Book) (ledger.Entry, error)) ([]ledger.Delivery, error) {
	if err := s.call(); err != nil {
		return nil, err
	}
	deliveries, err := s.Store.Enter(ctx, seq, conclude)
	if err == nil {
		err = s.call() // it is written, and nobody hears of it
	}
	return deliveries, err
}

func (s *dying) Finish(ctx context.Context, id int64, fate ledger.Fate) error {
	if err := s.call(); err != nil {
		return err
	}
	return s.Store.Finish(ctx, id, fate)
}

func (s *dying) TakeDoubts(ctx context.Context, room share.Room, now, until time.Time) ([]ledger.Doubt, error) {
	if err := s.call(); err != nil {
		return nil, err
	}
	doubts, err := s.Store.TakeDoubts(ctx, room, now, until)
	if err == nil {
		err = s.call()
	}
	return doubts, err
}

func (s *dying) Settle(ctx context.Context, d ledger.Doubt, fate ledger.Fate) error {
	if err := s.call(); err != nil {
		return err
	}
	err := s.Store.Settle(ctx, d, fate)
	if err == nil {
		err = s.call()
	}
	return err
}

func (s *dying) Retry(ctx context.Context, seq int64, due time.Time, facts []byte, reason string) error {
	if err := s.call(); err != nil {
		return err
	}
	return s.Store.Retry(ctx, seq, due, facts, reason)
}

func (s *dying) Release(ctx context.Context, seqs []int64) error {
	if err := s.call(); err != nil {
		return err
	}
	return s.Store.Release(ctx, seqs)
}

// A process that dies between any two steps, and one that takes over: every event ends once, none is answered twice.
func TestACrashAtAnyStepLosesAndDoublesNothing(t *testing.T) {
	const events = 3
	for step := range int64(14) {
		t.Run(fmt.Sprintf("after %d calls", step), func(t *testing.T) {
			d := newDaemon(t)
			d.workers = 1
			store := &dying{dead: make(chan struct{})}
			store.left.Store(step)
			d.wrap = func(s bot.Store) bot.Store { store.Store = s; return store }
			d.start()
			for _, id := range ids(events) {
				d.notify(d.mention(id, "challenge?"))
			}
			<-store.dead
			d.kill()

			d.wrap = nil
			d.start()
			defer d.stop()
			counts := d.settled(events)
			if counts.Open != 0 || decided(counts) != events {
				t.Errorf("%+v", counts)
			}
			posted, unknown := counts.Deliveries[ledger.Posted], counts.Deliveries[ledger.Unknown]
			if posted+unknown != events || unknown > 1 {
				t.Errorf("one delivery at most was in hand: %+v", counts)
			}
			said := map[string]int{}
			for _, r := range d.fake.Replies() {
				said[r.Comment]++
			}
			for comment, n := range said {
				if n > 1 {
					t.Errorf("comment %s was answered %d times", comment, n)
				}
			}
			if len(said) < posted {
				t.Errorf("%d comments answered, %d deliveries posted", len(said), posted)
			}
		})
	}
}

// kill ends the bot without grace.
func (d *daemon) kill() {
	d.t.Helper()
	d.door.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d.bot.Stop(ctx)
	if err := d.store.Close(); err != nil {
		d.t.Error(err)
	}
}

func TestAStopFinishesWhatIsInHand(t *testing.T) {
	d := newDaemon(t)
	d.start()
	d.fake.Fail(instagramtest.Match{Method: "POST"}, instagramtest.Fault{Delay: 100 * time.Millisecond})
	for _, id := range ids(8) {
		d.notify(d.mention(id, "challenge?"))
	}
	<-d.happened
	d.stop()
	d.start()
	defer d.stop()
	if counts := d.settled(8); counts.Deliveries[ledger.Posted] != 8 || d.fake.ReplyCount() != 8 {
		t.Errorf("%d replies; %+v", d.fake.ReplyCount(), counts)
	}
}

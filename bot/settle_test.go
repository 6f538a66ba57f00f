package bot_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules/platform"
)

// wall is a platform without a network on which replies stay to be read.
type wall struct {
	oracle
	mu      sync.Mutex
	posts   []time.Time
	replies map[string][]instagram.Comment // by the comment's id
	looked  []time.Time
	fails   []wallFault // of the POSTs that come
	hidden  bool
	// answered is told of each look's end, as a client tells of its calls; may be nil.
	answered func()
}

// wallFault is how a POST fails.
type wallFault struct {
	err  error
	done bool // all the same
}

func noAnswer(done bool) wallFault {
	return wallFault{&instagram.Error{Class: instagram.ClassUnknown, Status: 500, Message: "oops"}, done}
}

// unnamed is an answer of success without the id of what was made.
func unnamed(done bool) wallFault {
	return wallFault{&instagram.Error{Class: instagram.ClassUnknown, Status: 200, Message: "the answer has no id"}, done}
}

func (w *wall) Write(_ context.Context, a instagram.Account, r platform.Request) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.posts = append(w.posts, time.Now())
	fault := wallFault{done: true}
	if len(w.fails) > 0 {
		fault, w.fails = w.fails[0], w.fails[1:]
	}
	id := fmt.Sprint(5000 + len(w.posts))
	if fault.done {
		w.replies[r.Path] = append(w.replies[r.Path], instagram.Comment{ID: id, FromID: a.ID, Text: r.Form["message"], Timestamp: time.Now().Truncate(time.Second)})
	}
	return id, fault.err
}

func (w *wall) Replies(_ context.Context, _ instagram.Account, id string) (instagram.Thread, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looked = append(w.looked, time.Now())
	if w.answered != nil {
		w.answered()
	}
	if w.hidden {
		return instagram.Thread{}, &instagram.Error{Class: instagram.ClassGone, Message: "not shown"}
	}
	return instagram.Thread{Replies: slices.Clone(w.replies["/"+id+"/replies"]), Complete: true}, nil
}

// since are times as they are after another.
func since(start time.Time, all []time.Time) []time.Duration {
	var after []time.Duration
	for _, at := range all {
		after = append(after, at.Sub(start).Truncate(time.Second))
	}
	return after
}

// commented lets a comment on own media come in.
func (h *house) commented(id string) {
	h.t.Helper()
	_, err := h.bot.Accept(h.t.Context(), []inbox.Arrival{{
		Key: account + "/comment/" + id, Account: account, Thread: id, Received: h.now(), Notified: time.Now(),
		Change: fmt.Appendf(nil, `{"field":"comments","value":{"id":%q,"text":"how much?","from":{"id":"77","username":"ada"},"media":{"id":"800"}}}`, id),
	}})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestAnUnknownFateIsSettled(t *testing.T) {
	seconds := func(n ...int) (all []time.Duration) {
		for _, s := range n {
			all = append(all, time.Duration(s)*time.Second)
		}
		return all
	}
	unlisted := wallFault{&instagram.Error{Class: instagram.ClassUnknown, Status: 400, Code: 987654, Message: "new"}, false}
	for name, c := range map[string]struct {
		fails  []wallFault
		hidden bool
		state  ledger.State
		posts  int
		said   int
		looks  []time.Duration
	}{
		"it was said":                        {fails: []wallFault{noAnswer(true)}, state: ledger.Posted, posts: 1, said: 1, looks: seconds(60)},
		"it was not said":                    {fails: []wallFault{noAnswer(false)}, state: ledger.Posted, posts: 2, said: 1, looks: seconds(60, 90)},
		"said the second time, unheard":      {fails: []wallFault{noAnswer(false), noAnswer(true)}, state: ledger.Posted, posts: 2, said: 1, looks: seconds(60, 90, 150)},
		"never said":                         {fails: []wallFault{noAnswer(false), noAnswer(false)}, state: ledger.Unknown, posts: 2, looks: seconds(60, 90, 150, 180)},
		"it isn't shown":                     {fails: []wallFault{noAnswer(true)}, hidden: true, state: ledger.Unknown, posts: 1, said: 1, looks: seconds(60)},
		"it was said, without an id":         {fails: []wallFault{unnamed(true)}, state: ledger.Posted, posts: 1, said: 1, looks: seconds(60)},
		"an answer without an id, not said":  {fails: []wallFault{unnamed(false)}, state: ledger.Unknown, posts: 1, looks: seconds(60, 90)},
		"said without an id, not shown":      {fails: []wallFault{unnamed(true)}, hidden: true, state: ledger.Unknown, posts: 1, said: 1, looks: seconds(60)},
		"not said, then without an id":       {fails: []wallFault{noAnswer(false), unnamed(false)}, state: ledger.Unknown, posts: 2, looks: seconds(60, 90, 150, 180)},
		"an answer that nobody has heard of": {fails: []wallFault{unlisted}, state: ledger.Unknown, posts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				w := &wall{replies: map[string][]instagram.Comment{}, fails: c.fails, hidden: c.hidden}
				h.asked = w
				defer h.start()()
				began := time.Now()
				h.commented("11")
				time.Sleep(time.Hour)
				if counts := h.counts(); counts.Deliveries[c.state] != 1 {
					t.Errorf("%+v, want it %s", counts, c.state)
				}
				if len(w.posts) != c.posts || len(w.replies["/11/replies"]) != c.said {
					t.Errorf("%d posts and %d replies, want %d and %d", len(w.posts), len(w.replies["/11/replies"]), c.posts, c.said)
				}
				if looks := since(began, w.looked); !slices.Equal(looks, c.looks) {
					t.Errorf("looked for after %v, want %v", looks, c.looks)
				}
			})
		})
	}
}

// A reply that is to be sent once more asks its rule again: nobody wants what the author has withdrawn.
func TestWhatIsSentAgainMustStillStand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		w := &wall{replies: map[string][]instagram.Comment{}, fails: []wallFault{noAnswer(false)}}
		h.asked = w
		defer h.start()()
		h.commented("11")
		time.Sleep(time.Second)
		h.rules.Store(compile(t, `rules: [{name: other, on: mention, reply: hello}]`))
		time.Sleep(time.Hour)
		if counts := h.counts(); len(w.posts) != 1 || counts.Deliveries[ledger.Cancelled] != 1 {
			t.Errorf("%d posts; %+v", len(w.posts), counts)
		}
	})
}

// Two replies of the same words in one thread, of which one was said: each event gets one.
func TestOneFoundReplyIsOneDeliverys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.rules.Store(compile(t, `rules: [{name: same, on: comment, reply: thanks}]`))
		w := &wall{replies: map[string][]instagram.Comment{}, fails: []wallFault{noAnswer(true), noAnswer(false)}}
		h.asked = w
		defer h.start()()
		h.commented("11")
		time.Sleep(time.Second)
		_, err := h.bot.Accept(t.Context(), []inbox.Arrival{{
			Key: account + "/comment/12", Account: account, Thread: "11", Received: time.Now(), Notified: time.Now(),
			Change: []byte(`{"field":"comments","value":{"id":"12","parent_id":"11","text":"and me?","from":{"id":"78","username":"bob"},"media":{"id":"800"}}}`),
		}})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if counts := h.counts(); counts.Deliveries[ledger.Posted] != 2 || len(w.replies["/11/replies"]) != 2 || len(w.posts) != 3 {
			t.Errorf("%d posts, replies %+v; %+v", len(w.posts), w.replies, counts)
		}
	})
}

// What a former run left in sending is looked for by the next one, and what it looked for when it died too.
func TestACrashWhileLookingLosesAndDoublesNothing(t *testing.T) {
	const steps = 10
	settled := 0
	for step := range int64(steps) {
		for _, done := range []bool{true, false} {
			t.Run(fmt.Sprintf("after %d calls, said %v", step, done), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h := newHouse(t)
					w := &wall{replies: map[string][]instagram.Comment{}, fails: []wallFault{noAnswer(done)}}
					h.asked = w
					store := &dying{dead: make(chan struct{})}
					store.left.Store(step)
					h.wrap = func(s bot.Store) bot.Store { store.Store = s; return store }
					h.start()
					h.commented("11")
					time.Sleep(2 * time.Minute)
					h.bot.Stop(ended())
					if err := h.store.Close(); err != nil {
						t.Error(err)
					}
					h.wrap = nil
					defer h.start()()
					time.Sleep(6 * time.Minute)
					posted, said := h.counts().Deliveries[ledger.Posted], len(w.replies["/11/replies"])
					// One that died before its POST uses up its second try at the failure.
					if said > 1 || posted != said || said == 0 && (done || len(w.posts) != 1) {
						t.Errorf("%d posts, %d replies; %+v", len(w.posts), said, h.counts())
					}
					settled += posted
				})
			})
		}
	}
	if settled < steps { // all that were said, and at which step the others die is for the scheduler to say
		t.Errorf("only %d of %d were settled", settled, 2*steps)
	}
}

// ended is a context that has ended.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// The whole way over HTTP, to the fake that shows its threads.
func TestAReplyIsFoundWhereItStands(t *testing.T) {
	for name, c := range map[string]struct {
		fault instagramtest.Fault
		posts int
	}{
		"cut before the effect":           {instagramtest.Fault{CutBefore: true, Times: 1}, 2},
		"cut after the effect":            {instagramtest.Fault{CutAfter: true, Times: 1}, 1},
		"a server error after the effect": {instagramtest.Fault{Status: 502, Body: "oops", Effect: true, Times: 1}, 1},
		"200 without an id":               {instagramtest.Fault{Status: 200, Body: `{"success":true}`, Effect: true, Times: 1}, 1},
		"transient, without":              {instagramtest.Fault{Code: 2, Message: "try later", Times: 1}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDaemon(t)
			d.settle = time.Millisecond
			d.start()
			defer d.stop()
			d.fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername})
			d.fake.AddMedia(instagramtest.Media{ID: "802", Owner: "stranger", Caption: "only one, @" + instagramtest.GuideUsername})
			d.fake.AddComment(instagramtest.Comment{ID: "801", MediaID: "800", FromID: "77", Username: "ada", Text: "how much?"})
			d.fake.AddComment(instagramtest.Comment{ID: "803", MediaID: "802", Username: "ada", Text: "nice"})
			for _, edge := range []string{"replies", "mentions"} {
				d.fake.Fail(instagramtest.Match{Method: "POST", Edge: edge}, c.fault)
			}
			d.notify(d.fake.CommentChange(account, "801"))
			d.notify(instagramtest.MentionChange(account, "802", ""))
			for d.settled(2).Deliveries[ledger.Posted] != 2 {
				select {
				case <-d.happened:
				case <-t.Context().Done():
				}
			}
			posts := map[string]int{}
			for _, r := range d.fake.Requests() {
				if r.Method == "POST" {
					posts[r.Edge]++
				}
			}
			if d.fake.ReplyCount() != 2 || posts["replies"] != c.posts || posts["mentions"] != c.posts {
				t.Errorf("%d replies, posts %v", d.fake.ReplyCount(), posts)
			}
		})
	}
}

// That a list is empty doesn't tell that a reply was not said. Meta hangs an answer to a reply under the reply's top-level
// comment, wherever it was posted, and shows no lists before the app is live.
func TestAnEmptyListIsNoProof(t *testing.T) {
	said, lost := instagramtest.Fault{CutAfter: true, Times: 1}, instagramtest.Fault{CutBefore: true, Times: 1}
	withheld := instagramtest.Options{RefuseFields: []string{"parent_id"}}
	early := instagramtest.Options{InDevelopment: true}
	for name, c := range map[string]struct {
		options instagramtest.Options
		comment string
		fault   instagramtest.Fault
		state   ledger.State
		said    int
	}{
		"to a reply, said":                     {comment: "802", fault: said, state: ledger.Posted, said: 1},
		"to a reply, not said":                 {comment: "802", fault: lost, state: ledger.Posted, said: 1},
		"to a reply, parents withheld":         {withheld, "802", said, ledger.Unknown, 1},
		"to a reply, parents withheld, silent": {withheld, "802", lost, ledger.Unknown, 0},
		"to a comment, said":                   {comment: "803", fault: said, state: ledger.Posted, said: 1},
		"to a comment, not said":               {comment: "803", fault: lost, state: ledger.Posted, said: 1},
		"to a comment, in development":         {early, "803", said, ledger.Unknown, 1},
		"to a comment, in development, silent": {early, "803", lost, ledger.Unknown, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c.options.Accounts = []instagramtest.Account{{ID: account, Username: instagramtest.GuideUsername, Token: "EAAtoken"}}
			fake := instagramtest.New(c.options)
			defer fake.Close()
			fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername})
			fake.AddComment(instagramtest.Comment{ID: "801", MediaID: "800", FromID: "78", Username: "bob", Text: "nice"})
			fake.AddComment(instagramtest.Comment{ID: "802", MediaID: "800", ParentID: "801", FromID: "77", Username: "ada", Text: "how much?"})
			fake.AddComment(instagramtest.Comment{ID: "803", MediaID: "800", FromID: "77", Username: "ada", Text: "how much?"})
			fake.Fail(instagramtest.Match{Method: "POST"}, c.fault)
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(25 * 365 * 24 * time.Hour) // a bubble's clock begins before there was Instagram
				h := newHouse(t)
				client := instagram.NewClient(instagram.Options{Version: "v26.0", Transport: fake.Transport()})
				defer client.Close()
				h.asked = client
				h.accounts[0].AccessToken, h.accounts[0].GraphURL = "EAAtoken", fake.URL()
				defer h.start()()
				h.commented(c.comment)
				time.Sleep(time.Hour)
				if f := h.fate(1); f.State != c.state || fake.ReplyCount() != c.said {
					t.Errorf("said %d times, want %d: %+v", fake.ReplyCount(), c.said, f)
				}
			})
		})
	}
}

// A look that Meta refused for the account's trouble waits no longer than that: a new token has it come at once.
func TestALookComesBackWithTheAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		w := h.onWall(noAnswer(true))
		refused := &refusedLooks{wall: w}
		refused.on.Store(true)
		h.asked = refused
		defer h.start()()
		h.commented("11")
		time.Sleep(70 * time.Second)
		if counts := h.counts(); counts.Deliveries[ledger.Unknown] != 1 {
			t.Fatalf("%+v", counts)
		}
		refused.on.Store(false)
		mended := h.accounts[0]
		mended.AccessToken = "new"
		h.bot.SetAccounts([]bot.Account{mended})
		time.Sleep(time.Minute)
		synctest.Wait()
		if counts := h.counts(); counts.Deliveries[ledger.Posted] != 1 || len(w.posts) != 1 {
			t.Errorf("a minute after a new token: %d posts, %+v", len(w.posts), counts)
		}
	})
}

// refusedLooks is a wall on which nobody may look for a while.
type refusedLooks struct {
	*wall
	on atomic.Bool
}

func (r *refusedLooks) Replies(ctx context.Context, a instagram.Account, id string) (instagram.Thread, error) {
	if r.on.Load() {
		return instagram.Thread{}, refusal(instagram.ClassHuman, 190, 463)()
	}
	return r.wall.Replies(ctx, a, id)
}

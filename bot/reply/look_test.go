package reply_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/reply"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"
)

// threads shows the same thread or error to everybody who asks.
type threads struct {
	thread instagram.Thread
	err    error
	asked  []string
}

func (t *threads) Replies(_ context.Context, _ instagram.Account, commentID string) (instagram.Thread, error) {
	t.asked = append(t.asked, "replies of "+commentID)
	return t.thread, t.err
}

func (t *threads) MentionedThread(_ context.Context, _ instagram.Account, mediaID, commentID string) (instagram.Thread, error) {
	t.asked = append(t.asked, "media "+mediaID+" comment "+commentID)
	return t.thread, t.err
}

// doubts is a ledger that knows some ids and remembers what was settled.
type doubts struct {
	ledger.Doubts
	sent      map[string]bool
	fates     []ledger.Fate
	looks     int
	contested bool
	err       error
}

func (b *doubts) SentIDs(context.Context, string, []string) (map[string]bool, error) {
	return b.sent, b.err
}

func (b *doubts) Settle(_ context.Context, d ledger.Doubt, fate ledger.Fate) error {
	if b.contested && fate.State == ledger.Posted {
		return ledger.ErrContested
	}
	b.fates, b.looks = append(b.fates, fate), d.Looks
	return nil
}

const wait = time.Minute

func looker(graph *threads, book *doubts, pace *reply.Pace) *reply.Looker {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return reply.NewLooker(reply.LookerOptions{
		Graph: graph, Ledger: book, Pace: pace, SettleAfter: wait, Log: log, Now: func() time.Time { return noon },
	})
}

// greeting is composed, and its heart has a selector.
const greeting = "Hi th\u00e9re\u2764\ufe0f"

// us is the account that the tests look for.
func us() instagram.Account {
	return instagram.Account{ID: "1", Aliases: []string{"2"}, Username: "BlueBottle"}
}

// doubt began to be sent that long ago, to be posted under comment 5.
func doubt(ago time.Duration) ledger.Doubt {
	return ledger.Doubt{
		Delivery: ledger.Delivery{ID: 16, Attempts: 1, Plan: ledger.Plan{
			Account: "1", Text: greeting, Request: platform.Request{Path: "/5/replies", Form: map[string]string{"message": greeting}},
		}},
		Began: noon.Add(-ago), Reason: "no answer",
	}
}

// said is a reply of that time before noon.
func said(ago time.Duration, change func(*instagram.Comment)) instagram.Comment {
	c := instagram.Comment{ID: "90", Text: greeting, Username: "bluebottle", Timestamp: noon.Add(-ago).Truncate(time.Second)}
	if change != nil {
		change(&c)
	}
	return c
}

func by(username, text string) func(*instagram.Comment) {
	return func(c *instagram.Comment) { c.Username, c.Text = username, text }
}

func TestWhatAThreadTells(t *testing.T) {
	const age = wait + 30*time.Second + 400*time.Millisecond
	const posted, again, unknown = ledger.Posted, ledger.Planned, ledger.Unknown
	for name, c := range map[string]struct {
		reply      instagram.Comment
		incomplete bool
		second     ledger.State
	}{
		"it is there":                       {said(wait, nil), false, posted},
		"in the second in which it began":   {said(age, nil), false, posted},
		"by the account's id":               {said(wait, func(c *instagram.Comment) { c.Username, c.FromID = "", "1" }), false, posted},
		"by another id of the account":      {said(wait, func(c *instagram.Comment) { c.Username, c.FromID = "", "2" }), false, posted},
		"trimmed":                           {said(wait, func(c *instagram.Comment) { c.Text = " Hi \n thére❤️ " }), false, posted},
		"there, of a thread with more":      {said(wait, nil), true, posted},
		"composed in another way":           {said(wait, func(c *instagram.Comment) { c.Text = "Hi the\u0301re\u2764" }), false, posted},
		"nothing is there":                  {said(wait, by("ada", "thanks")), false, again},
		"nothing, of a thread with more":    {said(wait, by("ada", "thanks")), true, unknown},
		"said by the account's new name":    {said(wait, by("bottle.blue", "Hi thére❤️")), false, unknown},
		"said by somebody long before":      {said(time.Hour, by("ada", "Hi thére❤️")), false, again},
		"an old one of the same text":       {said(time.Hour, nil), false, again},
		"one by a clock that is behind":     {said(age+5*time.Minute, nil), false, unknown},
		"one without a time":                {said(0, func(c *instagram.Comment) { c.Timestamp = time.Time{} }), false, unknown},
		"one that Meta or somebody changed": {said(wait, func(c *instagram.Comment) { c.Text = "Hi" }), false, unknown},
		"one of another delivery's":         {said(wait, func(c *instagram.Comment) { c.ID = "77" }), false, again},
	} {
		t.Run(name, func(t *testing.T) {
			for looks := range 2 {
				graph := &threads{thread: instagram.Thread{Replies: []instagram.Comment{c.reply}, Complete: !c.incomplete}}
				book := &doubts{sent: map[string]bool{"77": true}}
				d := doubt(age)
				d.Looks = looks
				if err := looker(graph, book, reply.NewPace()).Look(t.Context(), us(), d); err != nil {
					t.Fatal(err)
				}
				want := c.second
				if looks == 0 && want != posted {
					want = unknown
				}
				fate := book.fates[0]
				if fate.State != want {
					t.Errorf("look %d: %+v, want %s", looks+1, fate, want)
				}
				if later := looks == 0 && want == unknown; later != (want == unknown && !fate.Due.IsZero()) {
					t.Errorf("look %d: looked for again at %v", looks+1, fate.Due)
				}
				if want == posted && fate.PostedID != "90" {
					t.Errorf("posted with id %q", fate.PostedID)
				}
			}
		})
	}
}

// A reply that was sent while our clock ran ahead bears a time of Meta's before its own beginning.
func TestAClockThatRunsAheadHidesNoReply(t *testing.T) {
	old := instagram.Comment{ID: "90", Text: greeting, Username: "bluebottle", Timestamp: noon.Add(-2 * time.Hour)}
	for ahead, want := range map[time.Duration]ledger.State{0: ledger.Planned, -3 * time.Hour: ledger.Planned, 3 * time.Hour: ledger.Unknown} {
		book := &doubts{}
		l := looker(&threads{thread: instagram.Thread{Replies: []instagram.Comment{old}, Complete: true}}, book, reply.NewPace())
		l.Ahead = func() time.Duration { return ahead }
		d := doubt(2 * wait)
		d.Looks = 1
		if err := l.Look(t.Context(), us(), d); err != nil {
			t.Fatal(err)
		}
		if got := book.fates[0].State; got != want {
			t.Errorf("%v ahead: %s, want %s", ahead, got, want)
		}
	}
}

func TestWhereItIsLookedFor(t *testing.T) {
	for want, request := range map[string]platform.Request{
		"replies of 5":       {Path: "/5/replies", Form: map[string]string{"message": "hi"}},
		"media 7 comment 8":  {Path: "/1/mentions", Form: map[string]string{"media_id": "7", "comment_id": "8"}},
		"media 7 comment ":   {Path: "/1/mentions", Form: map[string]string{"media_id": "7"}},
		"nowhere, and it is": {Path: "/1/messages", Form: map[string]string{"message": "hi"}},
	} {
		graph, book := &threads{err: errors.New("enough")}, &doubts{}
		d := doubt(wait)
		d.Request = request
		if err := looker(graph, book, reply.NewPace()).Look(t.Context(), us(), d); err != nil {
			t.Fatal(err)
		}
		if len(graph.asked) == 0 {
			graph.asked = []string{"nowhere, and it is"}
		}
		if graph.asked[0] != want || !book.fates[0].Due.IsZero() {
			t.Errorf("asked for %q, want %q; %+v", graph.asked, want, book.fates)
		}
	}
}

func TestTheSecondLookIsHalfAsLongAgainAfterThePost(t *testing.T) {
	for ago, want := range map[time.Duration]time.Time{
		wait:                 noon.Add(wait / 2),
		wait + 5*time.Second: noon.Add(wait / 2), // no sooner than that after the first
		time.Hour:            noon.Add(wait / 2),
		wait / 2:             noon.Add(wait),
	} {
		book := &doubts{}
		if err := looker(&threads{}, book, reply.NewPace()).Look(t.Context(), us(), doubt(ago)); err != nil {
			t.Fatal(err)
		}
		if !book.fates[0].Due.Equal(want) || book.looks != 1 {
			t.Errorf("%v after the POST: again at %v after %d looks, want %v", ago, book.fates[0].Due, book.looks, want)
		}
	}
}

func TestThereIsNoThirdTry(t *testing.T) {
	book := &doubts{}
	d := doubt(2 * wait)
	d.Looks, d.Again = 1, true
	if err := looker(&threads{thread: instagram.Thread{Complete: true}}, book, reply.NewPace()).Look(t.Context(), us(), d); err != nil {
		t.Fatal(err)
	}
	if fate := book.fates[0]; fate.State != ledger.Unknown || !fate.Due.IsZero() {
		t.Errorf("%+v", fate)
	}
}

// What Meta took may still appear: that it isn't seen is no leave to say it again.
func TestWhatMetaAcceptedIsNeverSentAgain(t *testing.T) {
	for name, c := range map[string]struct {
		replies []instagram.Comment
		state   ledger.State
		looks   int
	}{
		"found at once":   {[]instagram.Comment{said(wait, nil)}, ledger.Posted, 0},
		"found late":      {[]instagram.Comment{said(wait, nil)}, ledger.Posted, 1},
		"not seen yet":    {nil, ledger.Unknown, 0},
		"surely not seen": {nil, ledger.Unknown, 1},
	} {
		book := &doubts{}
		d := doubt(2 * wait)
		d.Looks, d.Accepted = c.looks, true
		graph := &threads{thread: instagram.Thread{Replies: c.replies, Complete: true}}
		if err := looker(graph, book, reply.NewPace()).Look(t.Context(), us(), d); err != nil {
			t.Fatal(err)
		}
		again := c.state == ledger.Unknown && c.looks == 0
		if fate := book.fates[0]; fate.State != c.state || fate.Due.IsZero() == again {
			t.Errorf("%s: %+v", name, fate)
		}
	}
}

func TestAContestedReplyIsLookedForAgain(t *testing.T) {
	book := &doubts{contested: true}
	d := doubt(2 * wait)
	d.Looks = 1
	graph := &threads{thread: instagram.Thread{Complete: true, Replies: []instagram.Comment{said(wait, nil)}}}
	if err := looker(graph, book, reply.NewPace()).Look(t.Context(), us(), d); err != nil {
		t.Fatal(err)
	}
	want := ledger.Fate{State: ledger.Unknown, Because: "failed", Reason: "no answer", At: noon, Due: noon.Add(wait / 2)}
	if diff := cmp.Diff([]ledger.Fate{want}, book.fates); diff != "" || book.looks != 1 {
		t.Errorf("%d looks, fates got + and want -:\n%s", book.looks, diff)
	}
}

func TestALookThatFails(t *testing.T) {
	failure := func(class instagram.Class, code int, after time.Duration) error {
		return &instagram.Error{Class: class, Code: code, RetryAfter: after}
	}
	for name, c := range map[string]struct {
		err     error
		ago     time.Duration
		due     time.Duration // 0: never again
		blocked bool
	}{
		"soon again":             {failure(instagram.ClassRetry, 2, 0), wait, wait / 2, false},
		"later and later":        {failure(instagram.ClassRetry, 2, 0), 6 * time.Minute, 3 * time.Minute, false},
		"not too late":           {failure(instagram.ClassRetry, 2, 0), 5 * time.Hour, 5 * time.Minute, false},
		"when Meta says so":      {failure(instagram.ClassWait, 80002, 20*time.Minute), wait, 20 * time.Minute, true},
		"when a person acted":    {failure(instagram.ClassHuman, 190, 0), wait, 10 * time.Minute, true},
		"gone":                   {failure(instagram.ClassGone, 100, 0), wait, 0, false},
		"refused":                {failure(instagram.ClassPermanent, 100, 0), wait, 0, false},
		"in vain for too long":   {failure(instagram.ClassRetry, 2, 0), 25 * time.Hour, 0, false},
		"by an error unheard of": {errors.New("surprise"), wait, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			pace, book := reply.NewPace(), &doubts{}
			pace.Add("1", 0, nil)
			if err := looker(&threads{err: c.err}, book, pace).Look(t.Context(), us(), doubt(c.ago)); err != nil {
				t.Fatal(err)
			}
			var want time.Time
			if c.due > 0 {
				want = noon.Add(c.due)
			}
			if fate := book.fates[0]; fate.State != ledger.Unknown || !fate.Due.Equal(want) || book.looks != 0 {
				t.Errorf("%d looks, %+v, want due %v", book.looks, fate, want)
			}
			if stops := pace.Stops("1", noon); c.blocked != (len(stops) > 0) {
				t.Errorf("the account is stopped: %v", stops)
			}
		})
	}
}

func TestNobodyLooksWhileTheAccountWaits(t *testing.T) {
	pace, book, graph := reply.NewPace(), &doubts{}, &threads{}
	pace.Add("1", 0, nil)
	pace.Answered("1", reply.Reads, &instagram.Error{Class: instagram.ClassWait, Code: 80002, RetryAfter: 7 * time.Minute}, noon, noon)
	if err := looker(graph, book, pace).Look(t.Context(), us(), doubt(wait)); err != nil {
		t.Fatal(err)
	}
	if want := noon.Add(7*time.Minute + time.Millisecond); len(graph.asked) != 0 || !book.fates[0].Due.Equal(want) || book.looks != 0 {
		t.Errorf("asked %q, %+v", graph.asked, book.fates)
	}
}

func TestNobodyLooksForAnAccountThatIsGone(t *testing.T) {
	book, graph := &doubts{}, &threads{}
	if err := looker(graph, book, reply.NewPace()).Look(t.Context(), instagram.Account{}, doubt(wait)); err != nil {
		t.Fatal(err)
	}
	if fate := book.fates[0]; len(graph.asked) != 0 || fate.State != ledger.Unknown || !fate.Due.IsZero() {
		t.Errorf("asked %q, %+v", graph.asked, fate)
	}
}

func TestWithoutTheLedgerNothingIsSettled(t *testing.T) {
	broken := errors.New("disk full")
	book := &doubts{err: broken}
	if err := looker(&threads{}, book, reply.NewPace()).Look(t.Context(), us(), doubt(wait)); !errors.Is(err, broken) || len(book.fates) != 0 {
		t.Errorf("%v, %+v", err, book.fates)
	}
}

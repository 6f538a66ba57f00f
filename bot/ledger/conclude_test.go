package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

func noon() time.Time { return time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC) }

// comment is an event of noon that somebody wrote.
func comment() *rules.Event {
	e := &rules.Event{Kind: platform.Comment, ID: "1/comment/11", Time: noon(), Text: "how much?"}
	e.From = rules.From{ID: "2", Username: "ada"}
	e.Comment = rules.Comment{ID: "11"}
	e.Media = rules.Media{ID: "21", IsOwn: true}
	e.Account = rules.Account{ID: "1", Username: "bluebottle"}
	return e
}

// book is what was said before, as a test wants it.
type book struct {
	sent    string // id
	said    string // text
	replies int
	marked  time.Time // of every mark
	variant string    // the last one
	paused  ledger.Pause
	err     error
	asked   []string
}

func (b *book) SentID(account, id string) (bool, error) {
	b.asked = append(b.asked, "sent "+account+" "+id)
	return id == b.sent, b.err
}

func (b *book) SaidOn(account, media, text string, since time.Time) (bool, error) {
	b.asked = append(b.asked, "said "+account+" "+media+" "+text+" "+since.Format(time.DateTime))
	return text == b.said, b.err
}

func (b *book) Marked(mark ledger.Mark, nth int) (time.Time, error) {
	b.asked = append(b.asked, fmt.Sprintf("marked, the %d. latest", nth))
	return b.marked, b.err
}

func (b *book) LastVariant(account, media, rule string) (string, error) {
	b.asked = append(b.asked, "variant "+account+" "+media+" "+rule)
	return b.variant, b.err
}

func (b *book) Paused(account, rule string, now time.Time) (ledger.Pause, error) {
	b.asked = append(b.asked, "paused "+account+" "+rule)
	return b.paused, b.err
}

func (b *book) Rank() (int, error) { return 0, b.err }

func (b *book) RepliesIn(account, conversation string, since time.Time) (int, error) {
	b.asked = append(b.asked, "replies "+account+" "+conversation+" "+since.Format(time.DateTime))
	return b.replies, b.err
}

// wish is a rule that took part in a decision, in the words of the tables: name, result with its reason, and words for
// what is not the usual: shadow, approve, continue, old (max_age of a minute), ageless (none), silent (without a
// reply), cooldown (of an hour), and private, hide and notify for what is done in place of a reply, or with "reply" beside
// it.
type wish string

func (w wish) words() (name, result string, words string) {
	name, rest, _ := strings.Cut(string(w), " ")
	result, words, _ = strings.Cut(rest, " ")
	return name, result, words
}

func decide(event *rules.Event, wishes ...wish) rules.Decision {
	d := rules.Decision{Revision: "3f2a", Rules: []rules.Outcome{{Name: "first", Outcome: rules.NoMatch, Because: rules.BecauseWhen}}}
	for _, w := range wishes {
		name, result, words := w.words()
		outcome, because, _ := strings.Cut(result, "/")
		c := rules.Candidate{Index: len(d.Rules), Rule: name, Mode: rules.Live, MaxAge: 24 * time.Hour}
		if strings.Contains(words, "shadow") {
			c.Mode = rules.Shadow
		}
		if strings.Contains(words, "approve") {
			c.Mode = rules.Approve
		}
		c.Continue = strings.Contains(words, "continue")
		if slices.Contains(strings.Fields(words), "old") {
			c.MaxAge = time.Minute
		}
		if strings.Contains(words, "cooldown") {
			c.Bounds.Cooldowns = []rules.Cooldown{{Per: rules.PerRule, For: time.Hour}}
		}
		if strings.Contains(words, "ageless") {
			c.MaxAge = 0
		}
		if outcome == string(rules.Matched) && !strings.Contains(words, "silent") {
			c.Actions = doing(event, name, strings.Fields(words))
		}
		d.Rules = append(d.Rules, rules.Outcome{Name: name, Outcome: rules.Result(outcome), Because: rules.Because(because)})
		d.Candidates = append(d.Candidates, c)
	}
	return d
}

// doing are the actions that the words name, a public reply if they name none.
func doing(event *rules.Event, rule string, words []string) []rules.Action {
	text := "says " + rule
	var made []rules.Action
	for _, word := range words {
		switch word {
		case "private":
			made = append(made, rules.Action{Action: rules.ActionPrivateReply, Rule: rule, Text: text, Delay: "0s",
				Request: platform.PrivateReplyRequest(event.Account.ID, event.Comment.ID, text)})
		case "hide":
			made = append(made, rules.Action{Action: rules.ActionHide, Rule: rule, Delay: "0s", Request: platform.HideRequest(event.Comment.ID)})
		case "notify":
			made = append(made, rules.Action{Action: rules.ActionNotify, Rule: rule, Text: text, To: "ops", Delay: "0s"})
		}
	}
	if len(made) == 0 || slices.Contains(words, "reply") {
		made = slices.Insert(made, 0, rules.Action{Action: rules.ActionReply, Rule: rule, Text: text, Request: platform.ReplyRequest(event.Target(), text), Delay: "0s"})
	}
	return made
}

func outcomes(record ledger.Record) string {
	var list []string
	for _, o := range record.Rules[1:] {
		s := o.Name + " " + string(o.Outcome)
		if o.Because != "" {
			s += "/" + string(o.Because)
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

func TestConclude(t *testing.T) {
	for name, c := range map[string]struct {
		wishes   []wish
		event    func(*rules.Event)
		terms    ledger.Terms
		book     *book
		verdict  string // verdict, reason, rule, mode
		reply    string
		outcomes string
	}{
		"nothing matched": {verdict: "no_match"},
		"one speaks": {
			wishes: []wish{"a matched"}, verdict: "reply a live", reply: "says a", outcomes: "a matched",
		},
		"the first speaks": {
			wishes: []wish{"a matched continue", "b matched"}, verdict: "reply a live", reply: "says a",
			outcomes: "a matched, b held_back/already_answered",
		},
		"a held back one ends the walk": {
			wishes: []wish{"a held_back/empty_value", "b matched"}, verdict: "skipped empty_value a live",
			outcomes: "a held_back/empty_value, b not_reached",
		},
		"a held back one that continues lets the next speak": {
			wishes: []wish{"a held_back/empty_value continue", "b matched"}, verdict: "reply b live", reply: "says b",
			outcomes: "a held_back/empty_value, b matched",
		},
		"a failed one ends the walk": {
			wishes: []wish{"a error", "b matched"}, verdict: "error failed a live", outcomes: "a error, b not_reached",
		},
		"a failed one that continues lets the next speak": {
			wishes: []wish{"a error/failed continue", "b matched"}, verdict: "reply b live", reply: "says b",
			outcomes: "a error/failed, b matched",
		},
		"of several silent ones the first decides": {
			wishes: []wish{"a held_back/too_long continue", "b error continue", "c held_back/empty_value"}, verdict: "skipped too_long a live",
			outcomes: "a held_back/too_long, b error, c held_back/empty_value",
		},
		"an error before a silent one decides": {
			wishes: []wish{"a error continue", "b held_back/empty_value"}, verdict: "error failed a live",
			outcomes: "a error, b held_back/empty_value",
		},
		"too old for the one, not for the other": {
			wishes: []wish{"a matched old continue", "b matched"}, event: func(e *rules.Event) { e.Time = noon().Add(-time.Hour) },
			verdict: "reply b live", reply: "says b", outcomes: "a held_back/max_age, b matched",
		},
		"as old as may be": {
			wishes: []wish{"a matched old"}, event: func(e *rules.Event) { e.Time = noon().Add(-time.Minute) },
			verdict: "reply a live", reply: "says a", outcomes: "a matched",
		},
		"too old": {
			wishes: []wish{"a matched old"}, event: func(e *rules.Event) { e.Time = noon().Add(-time.Minute - 1) },
			verdict: "skipped max_age a live", outcomes: "a held_back/max_age",
		},
		"never too old": {
			wishes: []wish{"a matched ageless"}, event: func(e *rules.Event) { e.Time = time.Time{} },
			verdict: "reply a live", reply: "says a", outcomes: "a matched",
		},
		"from the future": {
			wishes: []wish{"a matched old"}, event: func(e *rules.Event) { e.Time = noon().Add(1000 * time.Hour) },
			verdict: "reply a live", reply: "says a", outcomes: "a matched",
		},
		"of unknown time": {
			wishes: []wish{"a matched"}, event: func(e *rules.Event) { e.Time = time.Time{} },
			verdict: "skipped max_age a live", outcomes: "a held_back/max_age",
		},
		"below the cap": {
			wishes: []wish{"a matched"}, terms: ledger.Terms{PerThread: 3}, book: &book{replies: 2},
			verdict: "reply a live", reply: "says a", outcomes: "a matched",
		},
		"at the cap": {
			wishes: []wish{"a matched continue", "b matched"}, terms: ledger.Terms{PerThread: 3}, book: &book{replies: 3},
			verdict: "skipped limit a live", outcomes: "a held_back/limit, b held_back/limit",
		},
		"no cap": {
			wishes: []wish{"a matched"}, book: &book{replies: 1000}, verdict: "reply a live", reply: "says a", outcomes: "a matched",
		},
		"max_age goes before the cap": {
			wishes: []wish{"a matched old"}, event: func(e *rules.Event) { e.Time = noon().Add(-time.Hour) },
			terms: ledger.Terms{PerThread: 1}, book: &book{replies: 1}, verdict: "skipped max_age a live", outcomes: "a held_back/max_age",
		},
		"a match without a reply says nothing": {
			wishes: []wish{"a matched silent continue", "b matched"}, verdict: "reply b live", reply: "says b",
			outcomes: "a held_back/empty_value, b matched",
		},
		"a shadow alone": {
			wishes: []wish{"a matched shadow"}, verdict: "shadow a shadow", reply: "says a", outcomes: "a matched",
		},
		"a shadow ends nothing": {
			wishes: []wish{"a matched shadow", "b matched"}, verdict: "reply b live", reply: "says b", outcomes: "a matched, b matched",
		},
		"a shadow behind a reply is not answered already": {
			wishes: []wish{"a matched continue", "b matched shadow"}, verdict: "reply a live", reply: "says a", outcomes: "a matched, b matched",
		},
		"a shadow behind the end is not reached": {
			wishes: []wish{"a matched", "b matched shadow"}, verdict: "reply a live", reply: "says a", outcomes: "a matched, b not_reached",
		},
		"a shadow yields to a live one that is silent": {
			wishes: []wish{"a matched shadow", "b held_back/empty_value"}, verdict: "skipped empty_value b live",
			outcomes: "a matched, b held_back/empty_value",
		},
		"a shadow that would speak goes before one that would not": {
			wishes: []wish{"a error shadow", "b matched shadow", "c matched shadow"}, verdict: "shadow b shadow", reply: "says b",
			outcomes: "a error, b matched, c matched",
		},
		"a shadow that is silent": {
			wishes: []wish{"a held_back/too_long shadow"}, verdict: "skipped too_long a shadow", outcomes: "a held_back/too_long",
		},
		"a shadow that is too old": {
			wishes: []wish{"a matched shadow old"}, event: func(e *rules.Event) { e.Time = noon().Add(-time.Hour) },
			verdict: "skipped max_age a shadow", outcomes: "a held_back/max_age",
		},
		"a shadow that failed": {
			wishes: []wish{"a error shadow"}, verdict: "error failed a shadow", outcomes: "a error",
		},
		"one that waits for a person": {
			wishes: []wish{"a matched approve", "b matched"}, verdict: "approve a approve", reply: "says a", outcomes: "a matched, b not_reached",
		},
		"one that waits has the one reply": {
			wishes: []wish{"a matched approve continue", "b matched"}, verdict: "approve a approve", reply: "says a",
			outcomes: "a matched, b held_back/already_answered",
		},
		"one that would wait behind a reply": {
			wishes: []wish{"a matched continue", "b matched approve"}, verdict: "reply a live", reply: "says a",
			outcomes: "a matched, b held_back/already_answered",
		},
		"one that would wait is held back": {
			wishes: []wish{"a held_back/too_long approve", "b matched"}, verdict: "skipped too_long a approve",
			outcomes: "a held_back/too_long, b not_reached",
		},
		"one that would wait failed": {
			wishes: []wish{"a error approve"}, verdict: "error failed a approve", outcomes: "a error",
		},
		"one that would wait at the cap": {
			wishes: []wish{"a matched approve"}, terms: ledger.Terms{PerThread: 1}, book: &book{replies: 1},
			verdict: "skipped limit a approve", outcomes: "a held_back/limit",
		},
		"all in shadow, one that would wait": {
			wishes: []wish{"a matched approve"}, terms: ledger.Terms{Mode: rules.Shadow}, verdict: "shadow a shadow",
			reply: "says a", outcomes: "a matched",
		},
		"paused": {
			wishes: []wish{"a matched", "b matched"}, book: &book{paused: ledger.Pause{Scope: ledger.ScopeAll}},
			verdict: "skipped paused a live", outcomes: "a held_back/paused, b not_reached",
		},
		"one that would wait is paused": {
			wishes: []wish{"a matched approve"}, book: &book{paused: ledger.Pause{Scope: ledger.ScopeAll}},
			verdict: "skipped paused a approve", outcomes: "a held_back/paused",
		},
		"a pause is nothing to a shadow": {
			wishes: []wish{"a matched shadow"}, book: &book{paused: ledger.Pause{Scope: ledger.ScopeAll}},
			verdict: "shadow a shadow", reply: "says a", outcomes: "a matched",
		},
		"a bound goes before a pause": {
			wishes: []wish{"a matched"}, terms: ledger.Terms{PerThread: 1}, book: &book{replies: 1, paused: ledger.Pause{Scope: ledger.ScopeAll}},
			verdict: "skipped limit a live", outcomes: "a held_back/limit",
		},
		"all in shadow": {
			wishes: []wish{"a matched continue", "b matched"}, terms: ledger.Terms{Mode: rules.Shadow}, verdict: "shadow a shadow",
			reply: "says a", outcomes: "a matched, b held_back/already_answered",
		},
		"all in shadow, held back": {
			wishes: []wish{"a held_back/too_long"}, terms: ledger.Terms{Mode: rules.Shadow}, verdict: "skipped too_long a shadow",
			outcomes: "a held_back/too_long",
		},
		"all in shadow, nothing matched": {terms: ledger.Terms{Mode: rules.Shadow}, verdict: "no_match"},
	} {
		t.Run(name, func(t *testing.T) {
			event := comment()
			if c.event != nil {
				c.event(event)
			}
			var known ledger.Book
			if c.book != nil {
				known = c.book
			}
			record, err := ledger.Conclude(event, decide(event, c.wishes...), noon(), c.terms, known)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(strings.Fields(strings.Join([]string{
				string(record.Verdict), string(record.Because), record.Rule, string(record.Mode),
			}, " ")), " ")
			if got != c.verdict {
				t.Errorf("verdict %q, want %q", got, c.verdict)
			}
			if record.Reply != c.reply || (record.Request != nil) != (c.reply != "") || (len(record.Actions) == 1) != (c.reply != "") {
				t.Errorf("reply %q with request %v and actions %v, want %q", record.Reply, record.Request, record.Actions, c.reply)
			}
			if got := outcomes(record); got != c.outcomes {
				t.Errorf("outcomes %q, want %q", got, c.outcomes)
			}
			if record.Revision != "3f2a" {
				t.Errorf("revision %q", record.Revision)
			}
		})
	}
}

func TestConcludeOwn(t *testing.T) {
	authorless := func(e *rules.Event) { e.From = rules.From{} }
	for name, c := range map[string]struct {
		event func(*rules.Event)
		book  book
		own   bool
	}{
		"somebody else's":            {func(*rules.Event) {}, book{}, false},
		"by the author's id":         {func(e *rules.Event) { e.From = rules.From{ID: "1"} }, book{}, true},
		"by another id of ours":      {func(e *rules.Event) { e.From = rules.From{ID: "1b"} }, book{}, true},
		"by the author's name":       {func(e *rules.Event) { e.From = rules.From{Username: "BlueBottle"} }, book{}, true},
		"by the id of a reply":       {func(*rules.Event) {}, book{sent: "11"}, true},
		"by the text of a reply":     {authorless, book{said: "how much?"}, true},
		"other text, unknown author": {authorless, book{said: "nothing"}, false},
		"same text, other author":    {func(*rules.Event) {}, book{said: "how much?"}, false},
		"no text, unknown author":    {func(e *rules.Event) { authorless(e); e.Text = "" }, book{}, false},
		"no comment, empty id": {func(e *rules.Event) {
			e.Kind, e.Comment = platform.CaptionMention, rules.Comment{}
		}, book{}, false},
		"nameless account, nameless author": {func(e *rules.Event) { e.Account.Username = ""; e.From.Username = "" }, book{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			event := comment()
			c.event(event)
			decision := decide(event, "a matched")
			record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{Aliases: []string{"1a", "1b"}}, &c.book)
			if err != nil {
				t.Fatal(err)
			}
			if !c.own {
				if record.Verdict != ledger.VerdictReply {
					t.Errorf("got %s because %s", record.Verdict, record.Because)
				}
				return
			}
			want := ledger.Unjudged(event, ledger.VerdictSkipped, rules.BecauseOwn)
			want.Revision, want.Rules = "3f2a", decision.Rules
			if diff := cmp.Diff(want, record); diff != "" {
				t.Errorf("got + and want -:\n%s", diff)
			}
		})
	}
}

func TestConcludeAsksTheBook(t *testing.T) {
	event := comment()
	event.Kind, event.From = platform.CommentMention, rules.From{}
	b := &book{}
	if _, err := ledger.Conclude(event, decide(event, "a matched"), noon(), ledger.Terms{PerThread: 1}, b); err != nil {
		t.Fatal(err)
	}
	want := []string{"sent 1 11", "said 1 21 how much? 2023-12-31 12:00:00", "replies 1 media/21 2023-12-31 12:00:00", "paused 1 a"}
	if diff := cmp.Diff(want, b.asked); diff != "" {
		t.Errorf("got + and want -:\n%s", diff)
	}
}

func TestConcludeFails(t *testing.T) {
	broken := errors.New("broken")
	event := comment()
	if _, err := ledger.Conclude(event, decide(event, "a matched"), noon(), ledger.Terms{}, &book{err: broken}); !errors.Is(err, broken) {
		t.Errorf("a broken book: got error %v", err)
	}
	event.Comment.ID = ""
	if _, err := ledger.Conclude(event, decide(event, "a matched"), noon(), ledger.Terms{PerThread: 1}, &book{err: broken}); !errors.Is(err, broken) {
		t.Errorf("a book broken later: got error %v", err)
	}
	decision := decide(event, "a matched")
	decision.Candidates[0].Index = 2
	if _, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, nil); err == nil {
		t.Error("a candidate without an outcome: no error")
	}
}

func TestConversation(t *testing.T) {
	for name, c := range map[string]struct {
		event  func(*rules.Event)
		key    string
		window time.Duration
	}{
		"a comment":                  {func(*rules.Event) {}, "thread/11", 0},
		"a reply to a comment":       {func(e *rules.Event) { e.Comment.ParentID = "10" }, "thread/10", 0},
		"a parent that is the media": {func(e *rules.Event) { e.Comment.ParentID = "21" }, "thread/11", 0},
		"a mention in a caption": {func(e *rules.Event) {
			e.Kind, e.Comment = platform.CaptionMention, rules.Comment{}
		}, "thread/21", 0},
		"a mention in a comment":         {func(e *rules.Event) { e.Kind = platform.CommentMention }, "media/21/id/2", 24 * time.Hour},
		"a mention by a name":            {func(e *rules.Event) { e.Kind, e.From = platform.CommentMention, rules.From{Username: "Ada"} }, "media/21/username/ada", 24 * time.Hour},
		"a mention by nobody knows whom": {func(e *rules.Event) { e.Kind, e.From = platform.CommentMention, rules.From{} }, "media/21", 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			event := comment()
			c.event(event)
			if key, window := ledger.Conversation(event); key != c.key || window != c.window {
				t.Errorf("got %q over %v, want %q over %v", key, window, c.key, c.window)
			}
		})
	}
}

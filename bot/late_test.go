package bot_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// pages is a platform on which people edit, hide and delete what they have said.
type pages struct {
	oracle
	mu     sync.Mutex
	text   string
	hidden bool
	err    error             // of each reading
	fails  int               // how many of the next readings fail as if the network did
	stops  []instagram.Error // of the next readings, each for the account's trouble
	reads  int
	posted []string // paths
}

func (p *pages) read() (string, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reads++
	if p.fails > 0 {
		p.fails--
		return "", false, &instagram.Error{Class: instagram.ClassRetry, Message: "no answer"}
	}
	if len(p.stops) > 0 {
		stop := p.stops[0]
		p.stops = p.stops[1:]
		return "", false, &stop
	}
	return p.text, p.hidden, p.err
}

func (p *pages) MentionedComment(_ context.Context, _ instagram.Account, id string, _ []string) (instagram.Comment, error) {
	text, _, err := p.read()
	return instagram.Comment{ID: id, Text: text, Username: "ada"}, err
}

func (p *pages) MentionedMedia(_ context.Context, _ instagram.Account, id string, _ []string) (instagram.Media, error) {
	text, _, err := p.read()
	return instagram.Media{ID: id, Caption: text, Username: "ada"}, err
}

func (p *pages) Comment(_ context.Context, _ instagram.Account, id string, _ []string) (instagram.Comment, error) {
	text, hidden, err := p.read()
	return instagram.Comment{ID: id, Text: text, Hidden: hidden}, err
}

func (p *pages) Write(_ context.Context, _ instagram.Account, r platform.Request) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.posted = append(p.posted, r.Path)
	return "5001", nil
}

func (p *pages) change(change func(*pages)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *pages) tally() (reads, posts int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reads, len(p.posted)
}

// newPages is a house on such a platform, with a rule that takes its time.
func newPages(t *testing.T, delay string) (*house, *pages) {
	h, p := newHouse(t), &pages{text: "how much?"}
	h.asked = p
	h.rules.Store(compile(t, fmt.Sprintf(`rules:
  - {name: price, on: [mention, comment], delay: %s, max_age: 4h, when: 'has(text, "how much")', unless: 'has(text, "angry")', reply: 'Hi, {{ default(capture(text, "(?P<what>shoes|hats)")["what"], "all") }} for 5!'}
`, delay)))
	return h, p
}

// arrive lets a change come in that was notified some time ago.
func (h *house) arrive(change string, ago time.Duration) {
	h.t.Helper()
	_, err := h.bot.Accept(h.t.Context(), []inbox.Arrival{{
		Key: account + "/comment/11", Account: account, Thread: "11", Received: h.now(), Notified: h.now().Add(-ago), Change: []byte(change),
	}})
	if err != nil {
		h.t.Fatal(err)
	}
}

const (
	aComment = `{"field":"comments","value":{"id":"11","text":"how much?","from":{"id":"77","username":"ada"},"media":{"id":"800"}}}`
	anAds    = `{"field":"comments","value":{"id":"11","text":"how much?","from":{"id":"77","username":"ada"},"media":{"id":"800","media_product_type":"AD","ad_id":"3"}}}`
	aMention = `{"field":"mentions","value":{"comment_id":"11","media_id":"21"}}`
	aCaption = `{"field":"mentions","value":{"media_id":"21"}}`
)

func TestWhatWaitedLongIsReadAgain(t *testing.T) {
	edit := func(text string) func(*pages) { return func(p *pages) { p.text = text } }
	fail := func(e instagram.Error) func(*pages) { return func(p *pages) { p.err = &e } }
	stopped := func(text string, stop instagram.Error) func(*pages) {
		return func(p *pages) { p.text, p.stops = text, []instagram.Error{stop, stop} }
	}
	deleted := fail(instagram.Error{Class: instagram.ClassGone, Code: 100, Subcode: 33})
	for name, c := range map[string]struct {
		change  string
		then    func(*pages) // a minute after it came
		state   ledger.State
		because rules.Because
	}{
		"nothing has changed":                      {aComment, func(*pages) {}, ledger.Posted, ""},
		"a mention: nothing has changed":           {aMention, func(*pages) {}, ledger.Posted, ""},
		"a caption: nothing has changed":           {aCaption, func(*pages) {}, ledger.Posted, ""},
		"deleted":                                  {aComment, deleted, ledger.Cancelled, rules.BecauseGone},
		"a mention: deleted":                       {aMention, deleted, ledger.Cancelled, rules.BecauseGone},
		"a caption: deleted":                       {aCaption, deleted, ledger.Cancelled, rules.BecauseGone},
		"an ad's comments are never shown":         {anAds, deleted, ledger.Posted, ""},
		"hidden":                                   {aComment, func(p *pages) { p.hidden = true }, ledger.Cancelled, rules.BecauseGone},
		"edited, and the rule still matches":       {aComment, edit("how much is it?"), ledger.Posted, ""},
		"edited, the rule doesn't match":           {aComment, edit("never mind"), ledger.Cancelled, rules.BecauseWhen},
		"edited, the rule is told not to":          {aComment, edit("how much? I'm angry"), ledger.Cancelled, rules.BecauseUnless},
		"edited, the reply would be another":       {aComment, edit("how much for shoes?"), ledger.Cancelled, rules.BecauseGone},
		"a mention: edited":                        {aMention, edit("never mind"), ledger.Cancelled, rules.BecauseWhen},
		"a caption: the mention is taken out":      {aCaption, edit("a day out"), ledger.Cancelled, rules.BecauseWhen},
		"its words aren't told":                    {aComment, edit(""), ledger.Posted, ""},
		"the permission to read lacks":             {aComment, fail(instagram.Error{Class: instagram.ClassHuman, Code: 10}), ledger.Posted, ""},
		"refused for good, and nobody knows why":   {aComment, fail(instagram.Error{Class: instagram.ClassPermanent, Code: 100}), ledger.Refused, rules.BecauseFailed},
		"edited while Meta limits the account":     {aComment, stopped("never mind", instagram.Error{Class: instagram.ClassWait, Code: 4}), ledger.Cancelled, rules.BecauseWhen},
		"edited while the token was dead":          {aComment, stopped("never mind", instagram.Error{Class: instagram.ClassHuman, Code: 190}), ledger.Cancelled, rules.BecauseWhen},
		"the token was dead, and all is as it was": {aComment, stopped("how much?", instagram.Error{Class: instagram.ClassHuman, Code: 190}), ledger.Posted, ""},
		"it can't be read at once":                 {aComment, func(p *pages) { p.fails = 3 }, ledger.Posted, ""},
		"it can't be read until it is too old":     {aComment, func(p *pages) { p.fails = 1e6 }, ledger.Refused, rules.BecauseFailed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, p := newPages(t, "20m")
				defer h.start()()
				h.arrive(c.change, 0)
				time.Sleep(time.Minute)
				p.change(c.then)
				before, _ := p.tally()
				time.Sleep(5 * time.Hour)
				reads, posts := p.tally()
				if f := h.fate(1); f.State != c.state || f.Because != c.because || (posts == 1) != (c.state == ledger.Posted) {
					t.Errorf("%d posts, %+v", posts, f)
				}
				if reads == before {
					t.Error("it was not read again")
				}
			})
		})
	}
}

// What isn't said publicly is looked at as well. That somebody has hidden the comment stands in the way of a public
// reply only.
func TestEveryActionThatComesLateIsLookedAtFirst(t *testing.T) {
	for action, does := range map[string]string{rules.ActionPrivateReply: "private_reply: Five!", rules.ActionHide: "hide: true"} {
		for name, c := range map[string]struct {
			then    func(*pages)
			state   ledger.State
			because rules.Because
		}{
			"edited":                    {func(p *pages) { p.text = "never mind" }, ledger.Cancelled, rules.BecauseWhen},
			"edited, and much the same": {func(p *pages) { p.text = "how much, please?" }, ledger.Posted, ""},
			"hidden":                    {func(p *pages) { p.hidden = true }, ledger.Posted, ""},
			"deleted":                   {func(p *pages) { p.err = &instagram.Error{Class: instagram.ClassGone} }, ledger.Cancelled, rules.BecauseGone},
		} {
			t.Run(action+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h, p := newPages(t, "0s")
					h.rules.Store(compile(t, `rules: [{name: price, on: comment, when: 'has(text, "how much")', `+does+`}]`))
					defer h.start()()
					p.change(c.then)
					h.arrive(aComment, 3*time.Hour)
					time.Sleep(time.Hour)
					if f := h.fate(1); f.State != c.state || f.Because != c.because {
						t.Errorf("%+v", f)
					}
				})
			})
		}
	}
}

// A reply in time costs no second reading.
func TestWhatIsAnsweredInTimeIsReadOnce(t *testing.T) {
	for change, want := range map[string]int{aComment: 0, aMention: 1, aCaption: 1} {
		synctest.Test(t, func(t *testing.T) {
			h, p := newPages(t, "9m")
			defer h.start()()
			h.arrive(change, 0)
			time.Sleep(time.Hour)
			if reads, posts := p.tally(); reads != want || posts != 1 {
				t.Errorf("%s: %d readings, %d posts", change, reads, posts)
			}
		})
	}
}

// Meta tries for 36 hours to bring a notification to a daemon that doesn't answer, and the words in it are as old.
func TestACommentThatCameLateIsReadBeforeItIsAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		change  string
		text    string
		reads   int
		state   ledger.State
		because rules.Because
	}{
		"a comment":                        {aComment, "how much?", 1, ledger.Posted, ""},
		"a comment that was edited":        {aComment, "never mind", 1, ledger.Cancelled, rules.BecauseWhen},
		"a mention, read for the decision": {aMention, "how much?", 1, ledger.Posted, ""},
		"a caption, read for the decision": {aCaption, "how much?", 1, ledger.Posted, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, p := newPages(t, "0s")
				p.text = c.text
				defer h.start()()
				h.arrive(c.change, 3*time.Hour)
				time.Sleep(time.Minute)
				if f := h.fate(1); f.State != c.state || f.Because != c.because {
					t.Errorf("%+v", f)
				}
				if reads, _ := p.tally(); reads != c.reads {
					t.Errorf("%d readings, want %d", reads, c.reads)
				}
			})
		})
	}
}

// What was read for an attempt that came to nothing is kept for the next one, which may be long after.
func TestAMentionThatWasReadLongAgoIsReadAgain(t *testing.T) {
	for name, c := range map[string]struct {
		change string
		gap    time.Duration
		reads  int
		state  ledger.Verdict
	}{
		"a mention, soon":     {aMention, 5 * time.Minute, 1, ledger.VerdictReply},
		"a mention, long ago": {aMention, 3 * time.Hour, 2, ledger.VerdictNoMatch},
		"a caption, long ago": {aCaption, 3 * time.Hour, 2, ledger.VerdictNoMatch},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, p := newPages(t, "0s")
				ill := &ailing{}
				ill.fails.Store(enterFails)
				h.wrap = func(s bot.Store) bot.Store {
					ill.Store = s
					return ill
				}
				stop := h.start()
				h.arrive(c.change, 0)
				time.Sleep(time.Second / 2)
				stop()
				ill.fails.Store(0)
				p.change(func(p *pages) { p.text = "never mind" })
				time.Sleep(c.gap)
				defer h.start()()
				time.Sleep(time.Minute)
				if r := h.record(1); r.Verdict != c.state {
					t.Errorf("%s because %q", r.Verdict, r.Because)
				}
				if reads, _ := p.tally(); reads != c.reads {
					t.Errorf("%d readings, want %d", reads, c.reads)
				}
			})
		})
	}
}

// Who approved a reply has read the comment; that it isn't there any more they can't have known.
func TestWhatAPersonApprovedIsReadAgainToo(t *testing.T) {
	for name, c := range map[string]struct {
		then  func(*pages)
		state ledger.State
	}{
		"edited":  {func(p *pages) { p.text = "never mind" }, ledger.Posted},
		"hidden":  {func(p *pages) { p.hidden = true }, ledger.Cancelled},
		"deleted": {func(p *pages) { p.err = &instagram.Error{Class: instagram.ClassGone} }, ledger.Cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, p := newPages(t, "0s")
				h.rules.Store(compile(t, `rules: [{name: price, on: comment, mode: approve, when: 'has(text, "how much")', reply: Five!}]`))
				defer h.start()()
				h.arrive(aComment, 0)
				time.Sleep(time.Hour)
				p.change(c.then)
				h.approve(16)
				time.Sleep(time.Minute)
				if f := h.fate(1); f.State != c.state {
					t.Errorf("%+v", f)
				}
			})
		})
	}
}

// Reading again is a call of the account's like any other: it keeps its pace, and a restart forgets nothing.
func TestReadingAgainOutlivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, p := newPages(t, "20m")
		stop := h.start()
		h.arrive(aComment, 0)
		time.Sleep(time.Minute)
		stop()
		p.change(func(p *pages) { p.text = "never mind" })
		time.Sleep(time.Hour)
		defer h.start()()
		time.Sleep(time.Minute)
		if f := h.fate(1); f.State != ledger.Cancelled || f.Because != rules.BecauseWhen {
			t.Errorf("%+v", f)
		}
	})
}

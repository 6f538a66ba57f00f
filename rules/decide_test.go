package rules_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// compiled is the set that a file makes; the test ends if there are errors.
func compiled(t testing.TB, text string) *rules.Set {
	t.Helper()
	return compiledFiles(t, rules.Source{{Name: "a.yaml", Text: []byte(text)}})
}

func compiledFiles(t testing.TB, src rules.Source) *rules.Set {
	t.Helper()
	set, problems := rules.Compile(src)
	if set == nil {
		var b strings.Builder
		_ = problems.Text(&b)
		t.Fatalf("the rules don't compile:\n%s", b.String())
	}
	return set
}

// noon is when decisions are made: half a day after the events.
func noon() time.Time { return time.Date(2018, 3, 20, 12, 0, 0, 0, time.UTC) }

// mention is a comment that mentions the account, changed as wanted.
func mention(change ...func(*rules.Event)) *rules.Event {
	e := &rules.Event{
		Kind:    platform.CommentMention,
		ID:      "17841405726653026/comment/17894227972186120",
		Time:    time.Date(2018, 3, 20, 0, 5, 29, 0, time.UTC),
		Text:    "@bluebottle challenge?",
		From:    rules.From{ID: "1234567890", Username: "ada.lovelace"},
		Comment: rules.Comment{ID: "17894227972186120", LikeCount: 3},
		Media:   rules.Media{ID: "17918195224117851", Caption: "A day at the #beach", Owner: "grace"},
		Account: rules.Account{ID: "17841405726653026", Username: "bluebottle"},
	}
	for _, c := range change {
		c(e)
	}
	return e
}

func text(s string) func(*rules.Event) { return func(e *rules.Event) { e.Text = s } }

// tree is a decision in short: each rule's name with its result and reason, and the replies.
func tree(d rules.Decision) string {
	var b strings.Builder
	for _, o := range d.Rules {
		b.WriteString(o.Name + " " + string(o.Outcome))
		if o.Because != "" {
			b.WriteString(" " + string(o.Because))
		}
		b.WriteString("\n")
	}
	for _, c := range d.Candidates {
		b.WriteString("> " + d.Rules[c.Index].Name)
		for _, a := range c.Actions {
			b.WriteString(": " + a.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestDecide(t *testing.T) {
	cases := map[string]struct {
		rules string
		event *rules.Event
		want  string
	}{
		"the first that matches ends it": {`
rules:
  - {name: a, when: 'has(text, "prize")', reply: A}
  - {name: b, when: 'has(text, "challenge")', reply: B}
  - {name: c, reply: C}`,
			mention(), "a no_match when\nb matched\nc not_reached\n> b: B\n"},
		"continue goes on": {`
rules:
  - {name: a, continue: true, reply: A}
  - {name: b, reply: B}
  - {name: c, reply: C}`,
			mention(), "a matched\nb matched\nc not_reached\n> a: A\n> b: B\n"},
		"priority comes before order": {`
rules:
  - {name: a, priority: -1, reply: A}
  - {name: b, reply: B}
  - {name: c, priority: 2, continue: true, reply: C}`,
			mention(), "c matched\nb matched\na not_reached\n> c: C\n> b: B\n"},
		"shadow never ends it": {`
rules:
  - {name: a, mode: shadow, reply: A}
  - {name: b, reply: B}`,
			mention(), "a matched\nb matched\n> a: A\n> b: B\n"},
		"unless": {`
rules:
  - {name: a, when: 'true', unless: 'from.username == "ada.lovelace"', reply: A}`,
			mention(), "a no_match unless\n"},
		"not meant for it": {`
rules:
  - {name: kind, on: comment, reply: A}
  - {name: account, accounts: [other], reply: A}
  - {name: media, media: ["1"], reply: A}
  - {name: disabled, enabled: false, reply: A}`,
			mention(), "kind not_applicable kind\naccount not_applicable account\nmedia not_applicable media\ndisabled not_applicable disabled\n"},
		"a failing condition ends it": {`
rules:
  - {name: a, when: 'words[99] == ""', reply: A}
  - {name: b, reply: B}`,
			mention(), "a error failed\nb not_reached\n> a\n"},
		"a failing unless too": {`
rules:
  - {name: a, unless: 'words[99] == ""', continue: true, reply: A}
  - {name: b, reply: B}`,
			mention(), "a error failed\nb matched\n> a\n> b: B\n"},
		"a failing template too": {`
rules:
  - {name: a, reply: "{{ words[99] }}"}`,
			mention(), "a error failed\n> a\n"},
		"an empty value holds back and ends it": {`
rules:
  - {name: a, reply: "Hi {{ from.username }}"}
  - {name: b, reply: B}`,
			mention(func(e *rules.Event) { e.From.Username = "" }), "a held_back empty_value\nb not_reached\n> a\n"},
		"too long": {`
rules:
  - {name: a, reply: "` + strings.Repeat("x", 2190) + ` {{ from.username }}"}`,
			mention(), "a held_back too_long\n> a\n"},
		"by default mentions and comments": {`
rules:
  - {name: a, reply: A}`,
			mention(func(e *rules.Event) { e.Kind = platform.LiveComment }), "a not_applicable kind\n"},
		"a kind that isn't ours": {`
rules:
  - {name: a, reply: A}`,
			mention(func(e *rules.Event) { e.Kind = "messages" }), "a not_applicable kind\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, tree(compiled(t, c.rules).Survey(c.event, noon()))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDecideOrderOfFiles(t *testing.T) {
	set := compiledFiles(t, rules.Source{
		{Name: "a.yaml", Text: []byte("rules:\n  - {name: a2, continue: true, reply: x}\n  - {name: a1, continue: true, reply: x}\n")},
		{Name: "b.yml", Text: []byte("rules:\n  - {name: b, reply: x}\n  - {name: first, priority: 1, continue: true, reply: x}\n")},
	})
	if diff := cmp.Diff([]string{"first", "a2", "a1", "b"}, set.Names()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestDecideGuide has the two examples of Meta's guide come out as Meta wants them to be asked for.
func TestDecideGuide(t *testing.T) {
	set := compiled(t, `
rules:
  - {name: challenge, on: mention, when: 'has(text, "challenge")', reply: Challenge accepted!, max_age: none}
  - {name: macleod, on: caption_mention, when: 'has(text, "macleod")', reply: MacLeod agrees!, max_age: 7d}
`)
	comment := set.Survey(mention(), noon())
	want := rules.Candidate{Index: 0, Rule: "challenge", Mode: rules.Live, Actions: []rules.Action{{
		Action: rules.ActionReply, Rule: "challenge", Text: "Challenge accepted!", Delay: "0s",
		Request: platform.Request{Method: "POST", Path: "/17841405726653026/mentions", Form: map[string]string{
			"comment_id": "17894227972186120", "media_id": "17918195224117851", "message": "Challenge accepted!"}},
	}}}
	if diff := cmp.Diff([]rules.Candidate{want}, comment.Candidates); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	caption := set.Survey(mention(text("#macleod @bluebottle"), func(e *rules.Event) {
		e.Kind, e.Comment = platform.CaptionMention, rules.Comment{}
	}), noon())
	if len(caption.Candidates) != 1 || caption.Candidates[0].MaxAge != 7*24*time.Hour {
		t.Fatalf("got %+v", caption.Candidates)
	}
	wantForm := map[string]string{"media_id": "17918195224117851", "message": "MacLeod agrees!"}
	if diff := cmp.Diff(wantForm, caption.Candidates[0].Actions[0].Request.Form); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDecideDetailNamesThePlace(t *testing.T) {
	set := compiled(t, `rules:
  - name: a
    when: >-
      has(text, "challenge")
      and words[99] == "x"
    continue: true
    reply: A
  - name: b
    reply:
      - "Hi {{ from.username }}, {{ words[99] }}"
`)
	got := set.Survey(mention(), noon())
	want := []string{
		"a.yaml:5:16: when: index out of range: 99 (array length is 2)",
		"a.yaml:10:42: reply: index out of range: 99 (array length is 2)",
	}
	for i, w := range want {
		if got.Rules[i].Detail != w {
			t.Errorf("got %q, want %q", got.Rules[i].Detail, w)
		}
	}
}

func TestAccounts(t *testing.T) {
	set := compiled(t, `
rules:
  - {name: by name, accounts: ["@BlueBottle"], continue: true, reply: x}
  - {name: by id, accounts: ["17841405726653026"], continue: true, reply: x}
  - {name: either, accounts: [nobody, bluebottle], continue: true, reply: x}
  - {name: digits, accounts: ["007"], continue: true, reply: x}`)
	cases := map[string]struct {
		account rules.Account
		want    string
	}{
		"both known":  {rules.Account{ID: "17841405726653026", Username: "BLUEbottle"}, "by name, by id, either"},
		"no username": {rules.Account{ID: "17841405726653026"}, "by name, by id, either"},
		"another":     {rules.Account{ID: "5", Username: "other"}, ""},
		"another id":  {rules.Account{ID: "5"}, "by name, either"},
		"of digits":   {rules.Account{ID: "5", Username: "007"}, "digits"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, candidate := range set.Survey(mention(func(e *rules.Event) { e.Account = c.account }), noon()).Candidates {
				got = append(got, candidate.Rule)
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if !set.FiltersByUsername() {
		t.Error("the set is said not to filter by username")
	}
	if compiled(t, `rules: [{name: a, accounts: ["1"], reply: x}, {name: b, accounts: [c], enabled: false, reply: x}]`).FiltersByUsername() {
		t.Error("a filter by id, or of a disabled rule, is said to be one by username")
	}
}

func TestMediaOfAnAd(t *testing.T) {
	set := compiled(t, `rules: [{name: a, media: ["17"], reply: x}]`)
	for name, c := range map[string]struct {
		media rules.Media
		want  int
	}{
		"itself": {rules.Media{ID: "17"}, 1},
		"its ad": {rules.Media{ID: "18", OriginalID: "17"}, 1},
		"other":  {rules.Media{ID: "18"}, 0},
	} {
		if got := len(set.Survey(mention(func(e *rules.Event) { e.Media = c.media }), noon()).Candidates); got != c.want {
			t.Errorf("%s: %d candidates, want %d", name, got, c.want)
		}
	}
}

func TestPick(t *testing.T) {
	set := compiled(t, `
rules:
  - {name: rotate, reply: [a, b, c], continue: true}
  - {name: random, reply: [a, b, c], pick: random, continue: true}
  - {name: first, reply: [a, b, c], pick: first}`)
	drawn := map[string]map[string]int{}
	for i := range 300 {
		e := mention(func(e *rules.Event) { e.ID = "1/comment/" + strings.Repeat("7", i) })
		for _, c := range set.Survey(e, noon()).Candidates {
			if drawn[c.Rule] == nil {
				drawn[c.Rule] = map[string]int{}
			}
			drawn[c.Rule][c.Actions[0].Text]++
		}
		if diff := cmp.Diff(set.Survey(e, noon()), set.Survey(e, noon())); diff != "" {
			t.Fatalf("drawn anew for the same event:\n%s", diff)
		}
	}
	for _, rule := range []string{"rotate", "random"} {
		for _, variant := range []string{"a", "b", "c"} {
			if n := drawn[rule][variant]; n < 60 || n > 140 {
				t.Errorf("%s drew %s %d times of 300", rule, variant, n)
			}
		}
	}
	if drawn["first"]["a"] != 300 {
		t.Errorf("first gave %v", drawn["first"])
	}
}

func TestDecideLeavesTheEventAlone(t *testing.T) {
	set := compiled(t, `rules: [{name: a, when: 'len(words) > 0 and mentions_me and len(media.hashtags) == 1', reply: "{{ kind }} x"}]`)
	e := mention(func(e *rules.Event) { e.Time = e.Time.In(time.FixedZone("", 3600)) })
	before := *e
	if got := set.Survey(e, noon()); len(got.Candidates) != 1 {
		t.Errorf("got\n%s", tree(got))
	}
	if diff := cmp.Diff(before, *e); diff != "" {
		t.Errorf("the event was changed:\n%s", diff)
	}
}

// TestDecideDoesNotDependOnTheZone gives the same moment in two zones.
func TestDecideDoesNotDependOnTheZone(t *testing.T) {
	set := compiled(t, `rules: [{name: a, when: 'time.Hour() == 0 and time.Format("15:04") == "00:05"', reply: '{{ time.Format("Monday") }}'}]`)
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("east", 9*3600)} {
		got := set.Survey(mention(func(e *rules.Event) { e.Time = e.Time.In(zone) }), noon())
		if want := "a matched\n> a: Tuesday\n"; tree(got) != want {
			t.Errorf("%s: got\n%s", zone, tree(got))
		}
	}
}

func TestDecideConcurrently(t *testing.T) {
	set := compiled(t, `
rules:
  - {name: a, when: 'any(words, # == "x") or capture(text, "(?P<n>[0-9]+)").n == "12"', continue: true, reply: ["{{ from.username }}", "B {{ optional(text) }}"]}
  - {name: b, when: 'has(media.caption, "beach") and hasAll(text, mentions)', reply: "{{ words[0] }}"}`)
	want := tree(set.Survey(mention(text("@bluebottle 12")), noon()))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if got := tree(set.Survey(mention(text("@bluebottle 12")), noon())); got != want {
					t.Errorf("got\n%s, want\n%s", got, want)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestReads(t *testing.T) {
	set := compiled(t, `
rules:
  - {name: a, on: mention, when: 'has(media.caption, "x") and media?.owner != ""', reply: "{{ from.username }}"}
  - {name: b, on: comment, when: '"x" in media.hashtags', reply: ["{{ media['permalink'] }}", "{{ optional(from.id) }}"]}
  - {name: c, on: comment, enabled: false, when: comment.is_reply, reply: x}
  - {name: d, on: [caption_mention], unless: 'len(words) > 3', reply: x}`)
	want := map[platform.Kind][]string{
		platform.CommentMention: {"from.username", "media.caption", "media.owner"},
		platform.CaptionMention: {"from.username", "media.caption", "media.owner", "text", "words"},
		platform.Comment:        {"from.id", "media.caption", "media.hashtags", "media.permalink"},
		platform.LiveComment:    {},
		platform.StoryInsights:  {},
	}
	for _, kind := range platform.Kinds() {
		if diff := cmp.Diff(want[kind], set.Reads(kind)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", kind, diff)
		}
	}
}

func TestDerive(t *testing.T) {
	e := mention(text("@bluebottle Größe XL? #Sale www.example.com 🎉 @BlueBottle"))
	e.Derive()
	want := *mention(text(e.Text))
	want.Words = e.Words // what a word is, is package text's business
	want.Hashtags, want.Mentions = []string{"sale"}, []string{"bluebottle"}
	want.URLs, want.Emojis, want.MentionsMe = []string{"www.example.com"}, []string{"🎉"}, true
	want.Media.Hashtags = []string{"beach"}
	want.Story.Known = []string{}
	if diff := cmp.Diff(want, *e); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(e.Words) == 0 {
		t.Error("no words")
	}
	var empty rules.Event
	empty.Derive()
	if empty.Words == nil || empty.Hashtags == nil || empty.Mentions == nil || empty.URLs == nil || empty.Emojis == nil || empty.Media.Hashtags == nil {
		t.Errorf("nil lists in %+v", empty)
	}
	if empty.MentionsMe {
		t.Error("an empty event mentions the account")
	}
}

func TestMentionsMe(t *testing.T) {
	for name, c := range map[string]struct {
		kind platform.Kind
		text string
		want bool
	}{
		"a mention, its sign stripped": {platform.CaptionMention, "with bluebottle", true},
		"a comment that mentions it":   {platform.Comment, "hey @BlueBottle!", true},
		"a comment that doesn't":       {platform.Comment, "hey @bluebottles", false},
	} {
		e := mention(text(c.text), func(e *rules.Event) { e.Kind = c.kind })
		e.Derive()
		if e.MentionsMe != c.want {
			t.Errorf("%s: %v", name, e.MentionsMe)
		}
	}
}

func TestRulesTellOfThemselves(t *testing.T) {
	set := compiled(t, `
rules:
  - name: a
    description: said to all
    owner: marketing
    tags: [summer, sale]
    reply: hi
  - {name: b, mode: shadow, enabled: false, tags: one, reply: hi}
`)
	got := set.Rules()
	prints := []string{got[0].Fingerprint, got[1].Fingerprint}
	got[0].Fingerprint, got[1].Fingerprint = "", ""
	want := []rules.Rule{
		{Name: "a", Description: "said to all", Owner: "marketing", Tags: []string{"summer", "sale"}, Mode: rules.Live, Enabled: true, File: "a.yaml"},
		{Name: "b", Tags: []string{"one"}, Mode: rules.Shadow, File: "a.yaml"},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(rules.Rule{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got[0].Line() != 3 || got[1].Line() != 8 {
		t.Errorf("lines %d and %d", got[0].Line(), got[1].Line())
	}
	edited := compiled(t, "# a comment\nrules:\n  - {name: a, reply: hi, tags: [summer, sale], owner: marketing, description: said to all}\n  - {name: b, mode: shadow, enabled: false, tags: one, reply: ho}\n").Rules()
	if edited[0].Fingerprint != prints[0] {
		t.Error("the form of the YAML changed a rule's fingerprint")
	}
	if edited[1].Fingerprint == prints[1] {
		t.Error("another reply left a rule's fingerprint as it was")
	}
}

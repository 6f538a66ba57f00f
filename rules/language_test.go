package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// TestShared shows what rules of a set have in common: lists, conditions, templates, defaults.
func TestShared(t *testing.T) {
	cases := map[string]struct {
		rules string
		event *rules.Event
		want  string
	}{
		"a list of words": {`
lists: {price_words: [price, cost, "how much"]}
rules:
  - {name: a, when: 'has(text, lists.price_words)', reply: A}`,
			mention(text("How  MUCH is it?")), "a matched\n> a: A\n"},
		"a list beside words": {`
lists: {price_words: [price, cost], how: [how]}
rules:
  - {name: a, when: 'has(text, lists.price_words, "euro") and hasAll(text, "euro", lists.how)', reply: A}
  - {name: b, when: 'has(text, [lists.how[0]]) and hasAll(lower(text), lists.how)', reply: A}`,
			mention(text("How many euros? One euro?")), "a matched\nb not_reached\n> a: A\n"},
		"a list of names": {`
lists: {staff: [ada.lovelace, grace]}
rules:
  - {name: a, unless: from.username in lists.staff, reply: A}
  - {name: b, when: from.username not in lists.staff, reply: B}
  - {name: c, when: 'any(lists.staff, # == from.username) and len(lists["staff"]) == 2 and lists?.staff[1] == "grace"', reply: "{{ join(lists.staff, \", \") }}"}`,
			mention(), "a no_match unless\nb no_match when\nc matched\n> c: ada.lovelace, grace\n"},
		"words keep their form": {`
lists: {odd: [no, 007, on, 1.0]}
rules:
  - {name: a, when: 'text in lists.odd', reply: A}`,
			mention(text("007")), "a matched\n> a: A\n"},
		"an empty list": {`
lists: {nobody: []}
rules:
  - {name: a, when: 'from.username in lists.nobody or has(text, lists.nobody) or any(lists.nobody, true)', reply: A}`,
			mention(), "a no_match when\n"},
		"conditions in each other, in any order": {`
conditions:
  asks_price: asks and has(text, "price")
  asks: text contains "?"
rules:
  - {name: a, when: asks_price, reply: A}
  - {name: b, when: not asks_price and asks, unless: not asks, reply: '{{ asks ? "B" : "?" }}'}`,
			mention(), "a no_match when\nb matched\n> b: B\n"},
		"a condition within a loop": {`
conditions:
  asks: has(text, "challenge")
rules:
  - {name: a, when: 'any(words, # == "challenge" and asks) and all(words, asks)', reply: A}`,
			mention(), "a matched\n> a: A\n"},
		"a failing condition fails all that use it": {`
conditions:
  bad: words[99] == ""
rules:
  - {name: a, continue: true, when: bad, reply: A}
  - {name: b, continue: true, unless: bad, reply: B}
  - {name: c, continue: true, when: 'false and bad', reply: C}`,
			mention(), "a error failed\nb error failed\nc no_match when\n> a\n> b\n"},
		"a template": {`
templates: {hello: "Hi {{ from.username }}"}
rules:
  - {name: a, reply: {template: hello}}`,
			mention(), "a matched\n> a: Hi ada.lovelace\n"},
		"defaults": {`
defaults: {on: comment, media: ["1"], accounts: [other], mode: shadow, priority: 3}
rules:
  - {name: a, reply: A}
  - {name: b, on: mention, reply: B}
  - {name: c, on: mention, media: none, reply: C}
  - {name: d, on: mention, media: none, accounts: none, reply: D}
  - {name: e, on: mention, media: none, accounts: none, mode: live, priority: 4, reply: E}`,
			mention(), "e matched\na not_reached\nb not_reached\nc not_reached\nd not_reached\n> e: E\n"},
		"plural": {`
rules:
  - {name: a, continue: true, reply: '{{ comment.like_count }} {{ plural(comment.like_count, "@like", "@likes") }}'}
  - {name: b, when: 'plural(1, "a", "b") + plural(0, "a", "b") == "ab"', reply: '{{ plural(2 - 1, from.username, text) }}'}`,
			mention(), "a matched\nb matched\n> a: 3 @likes\n> b: ada.lovelace\n"},
		"like": {`
rules:
  - {name: a, continue: true, when: 'like(text, "chalenge")', reply: A}
  - {name: b, continue: true, when: 'like(text, from.username + "x")', reply: B}
  - {name: c, continue: true, when: 'like(text, lower("CHALLENGE"))', reply: C}`,
			mention(), "a matched\nb no_match when\nc matched\n> a: A\n> c: C\n"},
		"approve ends the evaluation": {`
rules:
  - {name: a, mode: approve, reply: A}
  - {name: b, reply: B}`,
			mention(), "a matched\nb not_reached\n> a: A\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, tree(compiled(t, c.rules).Survey(c.event, noon()))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestBoundsOfARule shows what the ledger is told of a rule.
func TestBoundsOfARule(t *testing.T) {
	lisbon, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	for written, want := range map[string]rules.Candidate{
		"":                             {},
		"once_per: user":               {Bounds: rules.Bounds{OncePer: []rules.Part{"user"}}},
		"once_per: [media, user]":      {Bounds: rules.Bounds{OncePer: []rules.Part{"user", "media"}}},
		"once_per: [ever, user, user]": {Bounds: rules.Bounds{OncePer: []rules.Part{"user"}}},
		"once_per: ever":               {Bounds: rules.Bounds{OncePer: []rules.Part{"ever"}}},
		"once_per: day, active: {timezone: Europe/Lisbon}": {Bounds: rules.Bounds{OncePer: []rules.Part{"day"}, Zone: lisbon}},
		"cooldown: {per: user, for: 10m}":                  {Bounds: rules.Bounds{Cooldowns: []rules.Cooldown{{Per: "user", For: 10 * time.Minute}}}},
		"cooldown: [{per: media, for: 30s}, {for: 1d, per: account}]": {Bounds: rules.Bounds{Cooldowns: []rules.Cooldown{
			{Per: "media", For: 30 * time.Second}, {Per: "account", For: 24 * time.Hour}}}},
		"limit: {max: 200, per: day}":               {Bounds: rules.Bounds{Limit: rules.Limit{Max: 200, Per: 24 * time.Hour}}},
		"limit: {max: 1, per: hour}, mode: approve": {Mode: rules.Approve, Bounds: rules.Bounds{Limit: rules.Limit{Max: 1, Per: time.Hour}}},
		"max_age: none, delay: 20s":                 {},
	} {
		set := compiled(t, "rules: [{name: a, reply: x, "+written+"}]")
		got := set.Survey(mention(), noon()).Candidates[0]
		if want.Mode == "" {
			want.Mode = rules.Live
		}
		if diff := cmp.Diff(want.Bounds, got.Bounds, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" || got.Mode != want.Mode {
			t.Errorf("%s: %s %s", written, got.Mode, diff)
		}
	}
}

// TestDefaultsAreReplacedWhole shows that none takes a default away, and a value all of it.
func TestDefaultsAreReplacedWhole(t *testing.T) {
	set := compiled(t, `
defaults:
  once_per: [user, media]
  cooldown: [{per: user, for: 1h}, {per: media, for: 1m}]
  limit: {max: 3, per: hour}
  delay: 20s
  active: {timezone: Europe/Lisbon}
  max_age: 1h
  tags: [summer]
  owner: marketing
rules:
  - {name: all, continue: true, reply: x}
  - {name: none, continue: true, reply: x, once_per: none, cooldown: none, limit: none, delay: none, active: none, max_age: none, tags: none, owner: none}
  - {name: own, reply: x, once_per: day, cooldown: {per: rule, for: 1s}, limit: {max: 9, per: day}, delay: 1s, max_age: 2h, tags: [winter], owner: sales}
`)
	short := func(c rules.Candidate) string {
		b := c.Bounds
		return fmt.Sprint(b.OncePer, b.Cooldowns, b.Limit, b.Zone, " ", c.MaxAge, " ", c.Actions[0].Delay)
	}
	var got []string
	for i, c := range set.Survey(mention(), noon()).Candidates {
		got = append(got, short(c)+fmt.Sprint(set.Rules()[i].Tags, set.Rules()[i].Owner))
	}
	want := []string{
		"[user media] [{user 1h0m0s} {media 1m0s}] {3 1h0m0s} Europe/Lisbon 1h0m0s 20s[summer]marketing",
		"[] [] {0 0s} UTC 0s 0s[]",
		"[day] [{rule 1s}] {9 24h0m0s} Europe/Lisbon 2h0m0s 1s[winter]sales",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestActive(t *testing.T) {
	set := compiled(t, `
rules:
  - {name: a, active: {days: tue, hours: "12:00-18:00", timezone: Europe/Lisbon}, continue: true, reply: x}
  - {name: b, active: {from: 2018-03-21}, continue: true, reply: x}
  - {name: c, active: {until: 2018-03-20}, continue: true, reply: x}
`)
	// noon is that of Tuesday, 20 March 2018, in winter time.
	want := "a matched\nb not_applicable inactive\nc matched\n> a: x\n> c: x\n"
	if diff := cmp.Diff(want, tree(set.Survey(mention(), noon()))); diff != "" {
		t.Errorf("at noon (-want +got)\n%s", diff)
	}
	want = "a not_applicable inactive\nb matched\nc not_applicable inactive\n> b: x\n"
	if diff := cmp.Diff(want, tree(set.Survey(mention(), noon().Add(24*time.Hour)))); diff != "" {
		t.Errorf("the day after (-want +got)\n%s", diff)
	}
}

// TestDelayIsDrawn shows that a delay depends on the event alone, lies between the bounds, and reaches all of them.
func TestDelayIsDrawn(t *testing.T) {
	set := compiled(t, `rules: [{name: a, delay: 15s..17s, reply: [one, two, three]}]`)
	seen := map[int64]int{}
	together := map[string]int{}
	for i := range 3_000 {
		e := mention(func(e *rules.Event) { e.ID = fmt.Sprint("1/comment/", i) })
		c := set.Survey(e, noon()).Candidates[0]
		d, err := time.ParseDuration(c.Actions[0].Delay)
		if err != nil || d < 15*time.Second || d > 17*time.Second || d%time.Millisecond != 0 {
			t.Fatalf("delay %s: %v", c.Actions[0].Delay, err)
		}
		if again := set.Survey(e, noon().Add(time.Hour)).Candidates[0]; again.Actions[0].Delay != c.Actions[0].Delay {
			t.Fatalf("delay %s, then %s", c.Actions[0].Delay, again.Actions[0].Delay)
		}
		seen[int64(d/(500*time.Millisecond))]++
		together[fmt.Sprint(c.Actions[0].Text, d < 16*time.Second)]++
	}
	if len(seen) < 4 || len(together) != 6 {
		t.Errorf("drawn unevenly: %v, %v", seen, together)
	}
	for what, n := range together {
		if n < 300 { // 500 of 3,000 are expected
			t.Errorf("%s came %d times of 3000", what, n)
		}
	}
}

// TestRotate shows that a rule which rotates gives all its replies, and never the last one again.
func TestRotate(t *testing.T) {
	const replies = `reply: [one, "{{ media.permalink }}", "{{ words[99] }}", one]`
	set := compiled(t, "rules: [{name: a, "+replies+"}]")
	for i := range 50 {
		d := set.Survey(mention(func(e *rules.Event) { e.ID = fmt.Sprint("1/comment/", i) }), noon())
		c := d.Candidates[0]
		if len(c.Variants) != 4 || c.Variants[0].ID != c.Variants[3].ID || c.Variants[0].ID == c.Variants[1].ID {
			t.Fatalf("variants %+v", c.Variants)
		}
		if v := c.Variants[1]; v.Result != rules.HeldBack || v.Because != rules.BecauseEmptyValue {
			t.Errorf("the empty one is %+v", v)
		}
		if v := c.Variants[2]; v.Result != rules.Failed || !strings.Contains(v.Detail, "a.yaml:1:") {
			t.Errorf("the failing one is %+v", v)
		}
		first := c.Pick("")
		if o := d.Rules[0]; o.Outcome != first.Result || o.Because != first.Because || o.Detail != first.Detail {
			t.Errorf("outcome %+v of %+v", o, first)
		}
		if said := len(c.Actions) > 0 && c.Actions[0].Text == first.Text; said != (first.Result == rules.Matched) {
			t.Errorf("actions %+v of %+v", c.Actions, first)
		}
		for _, last := range c.Variants {
			if next := c.Pick(last.ID); next.ID == last.ID {
				t.Errorf("%s comes again", next.Text)
			}
		}
		if v := c.Pick("of another day"); v == nil {
			t.Error("nothing is drawn where the last one is gone")
		}
	}
	for _, pick := range []string{"pick: random, reply: [a, b]", "pick: first, reply: [a, b]", "reply: a"} {
		if c := compiled(t, "rules: [{name: a, "+pick+"}]").Survey(mention(), noon()).Candidates[0]; c.Variants != nil || c.Pick("") != nil {
			t.Errorf("%s gives variants %+v", pick, c.Variants)
		}
	}
	same := compiled(t, "rules: [{name: a, reply: [x, x]}]").Survey(mention(), noon()).Candidates[0]
	if v := same.Pick(same.Variants[0].ID); v == nil || v.Text != "x" {
		t.Errorf("of two that say the same %+v is drawn", v)
	}
}

// TestReadsGoThroughConditions keeps enrichment from forgetting what a rule looks at by a condition's name.
func TestReadsGoThroughConditions(t *testing.T) {
	set := compiled(t, `
conditions:
  outer: inner and from.username in lists.x
  inner: len(media.hashtags) > 0 or history.user_replies > 1
  unused: comment.like_count > 1
lists: {x: [a]}
templates: {t: "{{ media.owner }} {{ outer ? 1 : 2 }}"}
rules:
  - {name: a, on: comment, when: outer, reply: x}
  - {name: b, on: mention, reply: {template: t}}
`[1:])
	for kind, want := range map[platform.Kind][]string{
		platform.Comment:        {"from.username", "history.user_replies", "media.caption", "media.hashtags"},
		platform.CommentMention: {"from.username", "history.user_replies", "media.caption", "media.hashtags", "media.owner"},
	} {
		if diff := cmp.Diff(want, set.Reads(kind)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", kind, diff)
		}
	}
}

// TestFingerprint shows that a rule is another one when anything changes that it uses, and stays when nothing does.
func TestFingerprint(t *testing.T) {
	base := map[string]string{
		"defaults": "{delay: 1s}", "list": "[a]", "inner": `has(text, lists.l)`, "outer": "inner", "template": "hi",
		"keys": "when: outer, once_per: user", "other": "x",
	}
	fingerprint := func(key, value string) string {
		v := func(name string) string {
			if name == key {
				return value
			}
			return base[name]
		}
		set := compiled(t, fmt.Sprintf("defaults: %s\nlists: {l: %s}\nconditions:\n  inner: %s\n  outer: %s\n  other: text == %q\ntemplates: {t: %s}\nrules:\n  - {name: a, %s, reply: {template: t}}\n",
			v("defaults"), v("list"), v("inner"), v("outer"), v("other"), v("template"), v("keys")))
		return set.Rules()[0].Fingerprint
	}
	first := fingerprint("", "")
	for key, value := range map[string]string{
		"defaults": "{delay: 2s}", "list": "[b]", "inner": `has(text, lists.l, "x")`, "outer": "not inner", "template": "ho",
	} {
		if fingerprint(key, value) == first {
			t.Errorf("%s: %s changes nothing", key, value)
		}
	}
	keys := []string{"when: outer", "once_per: user, when: inner", "when: outer, once_per: media"}
	for _, more := range []string{"cooldown: {per: user, for: 1h}", "limit: {max: 1, per: hour}", "delay: 3s", "active: {days: mon}",
		"active: {timezone: Europe/Lisbon}", "mode: approve", "max_age: 3h"} {
		keys = append(keys, base["keys"]+", "+more)
	}
	for _, k := range keys {
		if fingerprint("keys", k) == first {
			t.Errorf("%s changes nothing", k)
		}
	}
	if fingerprint("other", "y") != first {
		t.Error("a condition that the rule doesn't use changes it")
	}
	if fingerprint("defaults", "{delay: 1s, priority: 0}") != first {
		t.Error("a default that says what is so anyhow changes the rule")
	}
}

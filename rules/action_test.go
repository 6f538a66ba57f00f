package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// onOwn is a comment on media of the account's own.
func onOwn(text string) *rules.Event {
	event := &rules.Event{
		ID: "1/comment/11", Kind: platform.Comment, Time: noon(), Text: text, From: rules.From{ID: "7", Username: "ada"},
		Comment: rules.Comment{ID: "11"}, Media: rules.Media{ID: "5", IsOwn: true}, Account: rules.Account{ID: "1", Username: "bluebottle"},
	}
	event.Derive()
	return event
}

// told are the outcomes and actions of a decision, in short.
func told(d rules.Decision) []string {
	var all []string
	for _, c := range d.Candidates {
		o := d.Rules[c.Index]
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", o.Name, o.Outcome, o.Because)))
		for _, a := range c.Actions {
			all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %q %s %s after %s", a.Action, a.Rule, a.Text, a.To, a.Request.Path, a.Delay)))
		}
	}
	return all
}

func TestActions(t *testing.T) {
	for name, c := range map[string]struct {
		rule string
		text string
		want []string
	}{
		"all at once; only words wait": {
			rule: "delay: 20s\nprivate_reply: 'psst {{ from.username }}'\nhide: true\nnotify: {to: ops, text: look}",
			want: []string{"a matched", `private_reply a "psst ada"  /1/messages after 20s`, `hide a ""  /11 after 0s`, `notify a "look" ops  after 0s`},
		},
		"the public reply goes first": {
			rule: "notify: {to: ops, text: look}\nprivate_reply: psst\nreply: hi",
			want: []string{"a matched", `reply a "hi"  /11/replies after 0s`, `private_reply a "psst"  /1/messages after 0s`, `notify a "look" ops  after 0s`},
		},
		"an empty value in the private reply holds all back": {
			rule: "reply: hi\nnotify: {to: ops, text: look}\nprivate_reply: 'psst {{ media.caption }}'", want: []string{"a held_back empty_value"},
		},
		"an empty value in the reply holds all back": {
			rule: "reply: 'hi {{ media.caption }}'\nnotify: {to: ops, text: look}\nprivate_reply: psst", want: []string{"a held_back empty_value"},
		},
		"people can bear that a value lacks": {
			rule: "notify: {to: ops, text: 'look {{ media.caption }}at {{ from.username }}'}", want: []string{"a matched", `notify a "look at ada" ops  after 0s`},
		},
		"but not that there is nothing to read": {
			rule: "reply: hi\nnotify: {to: ops, text: '{{ media.caption }} {{ media.owner }}'}", want: []string{"a held_back empty_value"},
		},
		"a private reply of 1000 bytes": {
			rule: "private_reply: '{{ raw(text) }}'", text: strings.Repeat("é", 500),
			want: []string{"a matched", fmt.Sprintf("private_reply a %q  /1/messages after 0s", strings.Repeat("é", 500))},
		},
		"one of more holds all back": {
			rule: "private_reply: '{{ raw(text) }}'\nhide: true", text: strings.Repeat("é", 500) + "!", want: []string{"a held_back too_long"},
		},
		"what fails in a notification fails the rule": {
			rule: "reply: hi\nnotify: {to: ops, text: '{{ int(text) }}'}", text: "none", want: []string{"a error failed"},
		},
		"private texts are drawn from the event, first means the first": {
			rule: "pick: first\nprivate_reply: [one, two]", want: []string{"a matched", `private_reply a "one"  /1/messages after 0s`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			set := compiled(t, "rules:\n  - name: a\n    on: comment\n    "+strings.ReplaceAll(c.rule, "\n", "\n    ")+"\n")
			if diff := cmp.Diff(c.want, told(set.Decide(onOwn(c.text), noon()))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestPrivateVariantsStayWithTheEvent(t *testing.T) {
	set := compiled(t, "rules: [{name: a, on: comment, private_reply: [one, two, three], reply: [x, y]}]\n")
	said := map[string]bool{}
	for i := range 50 {
		event := onOwn("hi")
		event.ID = fmt.Sprint("1/comment/", i)
		first, again := set.Decide(event, noon()).Candidates[0], set.Decide(event, noon()).Candidates[0]
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("the second time differs:\n%s", diff)
		}
		if len(first.Variants) != 2 || len(first.Actions) != 2 {
			t.Fatalf("%+v", first)
		}
		said[first.Actions[1].Text] = true
	}
	if len(said) != 3 {
		t.Errorf("only %v of three is said", said)
	}
}

// What is done beside a reply is part of the rule: who edits it has another rule.
func TestActionsAreInTheFingerprint(t *testing.T) {
	seen := map[string]string{}
	for _, rule := range []string{
		"reply: x", "private_reply: x", "private_reply: y", "private_reply: [x, y]", "hide: true", "hide: true, private_reply: x",
		"notify: {to: ops, text: x}", "notify: {to: ops, text: y}", "notify: {to: sales, text: x}", "private_reply: {template: t}",
	} {
		print := compiled(t, "templates: {t: from a template}\nrules: [{name: a, on: comment, "+rule+"}]\n").Rules()[0].Fingerprint
		if same, ok := seen[print]; ok {
			t.Errorf("%s is the same as %s", rule, same)
		}
		seen[print] = rule
	}
}

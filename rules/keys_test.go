package rules_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/shape"
)

// withKey is a rule's text with one key more.
func withKey(key, value string) string {
	text := "rules:\n  - name: a\n    reply: [x, y]\n"
	if key != "" {
		text += "    " + key + ": " + value + "\n"
	}
	return text
}

func fingerprint(t *testing.T, text string) string {
	t.Helper()
	all := compiled(t, text).Rules()
	return all[0].Fingerprint
}

func ruleKeys() []shape.Key {
	return rules.Shape(nil).Key("rules").Shape.Mapping().Keys
}

// A default that is written out is no change, and anything else is: what the reference says of defaults is what a rule
// without the key does.
func TestDefaultsAreThoseToldOf(t *testing.T) {
	others := map[string]string{"enabled": "false", "on": "comment", "when": "mentions_me", "unless": "mentions_me", "mode": "shadow", "priority": "1",
		"continue": "true", "pick": "first", "delay": "1s", "max_age": "none", "hide": "true"}
	told := 0
	for _, key := range ruleKeys() {
		if key.Default == "" {
			continue
		}
		told++
		other, ok := others[key.Name]
		if !ok {
			t.Errorf("nothing but its default is known of %s", key.Name)
			continue
		}
		bare, given, changed := withKey("", ""), withKey(key.Name, key.Default), withKey(key.Name, other)
		if key.Name == "hide" { // it goes neither with a public reply nor with mentions
			private := func(text string) string {
				return "rules: [{name: a, on: comment, private_reply: x" + text + "}]\n"
			}
			bare, given, changed = private(""), private(", hide: false"), private(", hide: true")
		}
		if fingerprint(t, bare) == fingerprint(t, changed) {
			t.Errorf("%s: %s changes nothing", key.Name, other)
		}
		if key.Name == "when" || key.Name == "unless" { // their text is part of the fingerprint
			sameOutcome(t, bare, given)
		} else if fingerprint(t, bare) != fingerprint(t, given) {
			t.Errorf("%s: %s is not the default", key.Name, key.Default)
		}
	}
	if told != len(others) {
		t.Errorf("%d keys have defaults", told)
	}
}

func sameOutcome(t *testing.T, one, other string) {
	t.Helper()
	e := mention(text("hello"))
	a, b := compiled(t, one).Survey(e, noon()), compiled(t, other).Decide(e, noon())
	if fmt.Sprint(a.Rules) != fmt.Sprint(b.Rules) {
		t.Errorf("%v\n%v", a.Rules, b.Rules)
	}
}

// The time zone's default lies within another key.
func TestTimezoneIsUTC(t *testing.T) {
	key := rules.Shape(nil).Key("rules").Shape.Mapping().Key("active").Shape.Mapping().Key("timezone")
	for zone, want := range map[string]rules.Result{key.Default: rules.Matched, "Asia/Tokyo": rules.NotApplicable} {
		for _, active := range []string{`{hours: "12:00-12:01", timezone: ` + zone + `}`, `{hours: "12:00-12:01"}`} {
			if !strings.Contains(active, zone) && want != rules.Matched {
				continue
			}
			got := compiled(t, withKey("active", active)).Survey(mention(text("x")), noon()).Rules[0].Outcome
			if got != want {
				t.Errorf("active: %s: %s", active, got)
			}
		}
	}
}

// Each word that the reference names is one that a rule may have, and others aren't.
func TestWordsAreThoseToldOf(t *testing.T) {
	tried := 0
	try := func(words []string, withWord func(string) string) {
		for _, word := range append(words, "nonsense") {
			_, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte(withWord(word))}})
			unknown := strings.Contains(fmt.Sprint(problems), "E205")
			if unknown != (word == "nonsense") {
				t.Errorf("%s%v", withWord(word), problems)
			}
			tried++
		}
	}
	for _, key := range ruleKeys() {
		if len(key.Words) > 0 {
			try(key.Words, func(word string) string { return withKey(key.Name, word) })
		}
	}
	rule := rules.Shape(nil).Key("rules").Shape.Mapping()
	try(rule.Key("cooldown").Shape.Mapping().Key("per").Words, func(word string) string { return withKey("cooldown", "{per: "+word+", for: 1m}") })
	try(rule.Key("limit").Shape.Mapping().Key("per").Words, func(word string) string { return withKey("limit", "{max: 1, per: "+word+"}") })
	if tried < 20 {
		t.Errorf("only %d words were tried", tried)
	}
}

// A key is called required if, and only if, a rule without it has a problem.
func TestRequiredKeysAreThoseToldOf(t *testing.T) {
	whole := map[string]map[string]string{
		"rules":               {"name": "a", "reply": "x", "notify": "{to: ops, text: x}", "when": "true", "limit": "{max: 1, per: day}"},
		"rules.notify":        {"to": "ops", "text": "x"},
		"rules.cooldown":      {"per": "user", "for": "1m"},
		"rules.limit":         {"max": "1", "per": "day"},
		"rules.reply":         {"template": "t"},
		"rules.private_reply": {"template": "t"},
		"rules.active":        {"days": "mon", "hours": `"09:00-10:00"`},
		"lists":               {"file": "a.txt"},
	}
	rules.Shape(nil).Each(func(path string, mapping *shape.Shape) {
		if strings.HasPrefix(path, "defaults") {
			return // the same as in a rule
		}
		for _, left := range mapping.Keys {
			if whole[path][left.Name] == "" {
				if left.Required {
					t.Errorf("nobody tries %s without %s", path, left.Name)
				}
				continue
			}
			var keys []string
			for name, value := range whole[path] {
				if name != left.Name {
					keys = append(keys, name+": "+value)
				}
			}
			written := "{" + strings.Join(keys, ", ") + "}"
			text := map[string]string{"rules": "rules: [" + written + "]\n", "lists": "lists: {l: " + written + "}\nrules: [{name: a, reply: x}]\n"}[path]
			if key, ok := strings.CutPrefix(path, "rules."); ok {
				text = "templates: {t: x}\nrules:\n  - name: a\n"
				if key == "private_reply" {
					text += "    on: comment\n"
				}
				if key != "reply" {
					text += "    reply: x\n"
				}
				text += "    " + key + ": " + written + "\n"
			}
			_, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte(text)}, {Name: "a.txt", List: true, Text: []byte("x\n")}})
			if missing := problems.HasErrors(); missing != left.Required {
				t.Errorf("%s without %s: %v", path, left.Name, problems)
			}
		}
	})
}

// What a rule may have from its file's defaults is what the reference says.
func TestDefaultsTakeWhatIsToldOf(t *testing.T) {
	defaults := rules.Shape(nil).Key("defaults").Shape
	for _, key := range ruleKeys() {
		_, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte("defaults:\n  " + key.Name + ": x\nrules: [{name: a, reply: x}]\n")}})
		refused := strings.Contains(fmt.Sprint(problems), "can't be a default")
		if taken := defaults.Key(key.Name) != nil; taken == refused {
			t.Errorf("%s as a default: %v", key.Name, problems)
		}
	}
}

// Every reason has a meaning, and is listed once.
func TestReasonsAreAll(t *testing.T) {
	decision, err := os.ReadFile("decision.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[rules.Because]bool{}
	for _, r := range rules.Reasons() {
		if r.Meaning == "" || listed[r.Because] {
			t.Errorf("%q means %q", r.Because, r.Meaning)
		}
		listed[r.Because] = true
	}
	declared := regexp.MustCompile(`(?m)^\tBecause\w+ +Because += "(\w+)"`).FindAllStringSubmatch(string(decision), -1)
	if len(declared) < 20 {
		t.Errorf("only %d reasons are declared", len(declared))
	}
	for _, d := range declared {
		if !listed[rules.Because(d[1])] {
			t.Errorf("%s is not listed", d[1])
		}
	}
}

package main

import (
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// scene is a run in small: two events of one conversation, both answered by name, and a caption that nothing answers.
type scene struct {
	witness
	entries []entry
}

func at(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

func newScene() *scene {
	s := &scene{witness: witness{
		expected: map[string]expected{}, tried: map[string][]tried{}, refused: map[string]bool{}, revisions: map[int]bool{1: true},
	}}
	s.add(expected{key: "7/comment/" + commentID(1), group: commentID(1), account: "7", media: "70", thread: "t", number: 1, subject: hello, taken: noon})
	s.add(expected{key: "7/comment/" + commentID(2), group: commentID(2), account: "7", media: "70", thread: "t", number: 2, subject: hello, taken: noon})
	s.add(expected{key: "7/caption/80", group: "80", account: "7", media: "80", thread: "80", number: 3, subject: quiet, taken: noon})
	s.say("901", 1, 1)
	s.say("902", 2, 2)
	decided := at(1)
	s.entries = []entry{
		{ID: 3, Event: "7/caption/80", Verdict: "no_match", Decided: &decided},
		{ID: 2, Event: "7/comment/" + commentID(2), Verdict: "reply", Decided: &decided, Deliveries: []delivery{{State: "posted", PostedID: "902"}}},
		{ID: 1, Event: "7/comment/" + commentID(1), Verdict: "reply", Decided: &decided, Deliveries: []delivery{{State: "posted", PostedID: "901"}}},
	}
	return s
}

func (s *scene) add(x expected) { s.expected[x.key] = x }

// say has Instagram hold a reply to one of the two.
func (s *scene) say(id string, to, second int) {
	text := "r1 hello @" + writer(to)
	s.said = append(s.said, said{id: id, account: "7", media: "70", group: commentID(to), text: text, at: at(second)})
}

// reply is the ledger's to one of the two.
func (s *scene) reply(to int) *delivery { return &s.entries[3-to].Deliveries[0] }

// try has a POST for one of the two meet a trouble.
func (s *scene) try(to int, t trouble) {
	s.tried[commentID(to)] = append(s.tried[commentID(to)], tried{noon, "POST", t})
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		happen func(*scene)
		breaks invariant // "" for none
	}{
		"all is well":                     {func(*scene) {}, ""},
		"an event is lost":                {func(s *scene) { s.entries = s.entries[1:] }, kept},
		"an event is there twice":         {func(s *scene) { s.entries = append(s.entries, s.entries[0]) }, kept},
		"an event that nobody sent":       {func(s *scene) { s.entries[0].Event = "7/caption/81" }, kept},
		"an event is open":                {func(s *scene) { s.entries[0].Decided, s.entries[0].Verdict = nil, "" }, ended},
		"an event waits for another look": {func(s *scene) { s.entries[0].Reopened = &noon }, ended},
		"a verdict without its reply":     {func(s *scene) { s.entries[0].Verdict = "reply" }, ended},
		"a reply without its verdict":     {func(s *scene) { s.entries[2].Verdict = "skipped" }, ended},
		"an error without a cause":        {func(s *scene) { s.entries[0].Verdict = "error" }, ended},
		"an error with its cause":         {func(s *scene) { s.entries[0].Verdict, s.refused["80"] = "error", true }, ""},
		"it stays in sending":             {func(s *scene) { s.reply(1).State = "sending" }, ended},
		"it stays planned":                {func(s *scene) { s.reply(1).State = "planned" }, ended},
		"it waits for a person":           {func(s *scene) { s.reply(1).State = "waiting" }, ended},
		"said twice":                      {func(s *scene) { s.say("903", 1, 3) }, once},
		"said, and the ledger says refused": {func(s *scene) {
			*s.reply(1) = delivery{State: "refused"}
		}, known},
		"said, and cancelled": {func(s *scene) { *s.reply(1) = delivery{State: "cancelled"} }, known},
		"another id":          {func(s *scene) { s.reply(1).PostedID = "999" }, known},
		"the other's id":      {func(s *scene) { s.reply(1).PostedID = "902" }, known},
		"posted, not said":    {func(s *scene) { s.said = s.said[1:] }, known},
		"posted without id, and Instagram gave one": {func(s *scene) {
			s.reply(1).PostedID = ""
			s.said = s.said[1:]
		}, known},
		"Instagram says it was said before": {func(s *scene) {
			s.reply(1).PostedID = ""
			s.said = s.said[1:]
			s.try(1, trouble{name: "506", done: true})
		}, ""},
		"a person saw it":          {func(s *scene) { s.reply(1).PostedID = "" }, ""},
		"unknown without a reason": {func(s *scene) { *s.reply(1) = delivery{State: "unknown"} }, known},
		"unknown, and it can't be told": {func(s *scene) {
			*s.reply(1) = delivery{State: "unknown"}
			s.try(1, trouble{name: "cut", doubt: true})
		}, ""},
		"unknown after a clear answer": {func(s *scene) {
			*s.reply(1) = delivery{State: "unknown"}
			s.try(1, trouble{name: "100/33"})
		}, known},
		"unknown after a crash": {func(s *scene) {
			*s.reply(1) = delivery{State: "unknown", Reason: "the program ended while it was being sent; given up"}
		}, ""},
		"the wrong order":          {func(s *scene) { s.swap(4) }, ordered},
		"on their way at once":     {func(s *scene) { s.said[0], s.said[1] = s.said[1], s.said[0] }, ""},
		"the wrong order in storm": {func(s *scene) { s.swap(4); s.upsets = []upset{{at(2), "7", "cut"}} }, ""},
		"another's storm":          {func(s *scene) { s.swap(4); s.upsets = []upset{{at(2), "8", "cut"}} }, ordered},
		"a storm before":           {func(s *scene) { s.swap(4); s.upsets = []upset{{at(-1), "", "kill"}} }, ordered},
		"words of nobody":          {func(s *scene) { s.said[0].text += "!" }, worded},
		"words of bad rules":       {func(s *scene) { delete(s.revisions, 1) }, worded},
		"the other's answer": {func(s *scene) {
			s.said[0].text, s.said[1].text = s.said[1].text, s.said[0].text
		}, worded},
		"an answer to what asks none": {func(s *scene) {
			x := s.expected["7/comment/"+commentID(1)]
			x.subject = quiet
			s.add(x)
		}, worded},
		"under another media":  {func(s *scene) { s.said[0].media = "71" }, worded},
		"by another account":   {func(s *scene) { s.said[0].account = "8" }, worded},
		"an answer to nothing": {func(s *scene) { s.said[0].group = "x" }, worded},
		"it fell over":         {func(s *scene) { s.ends = []string{"exit status 2"} }, alive},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene()
			c.happen(s)
			found := check(s.witness, s.entries, time.Second)
			if c.breaks == "" {
				if len(found) > 0 {
					t.Errorf("found %v", found)
				}
				return
			}
			for _, v := range found {
				if v.broken == c.breaks {
					return
				}
			}
			t.Errorf("%q is not among %v", c.breaks, found)
		})
	}
}

// swap has the first event answered so many seconds after noon, behind the second.
func (s *scene) swap(second int) {
	s.said[0].at = at(second)
	s.said[0], s.said[1] = s.said[1], s.said[0]
}

// TestGroups: where two were answered in the same words in one thread, they count together.
func TestGroups(t *testing.T) {
	s := newScene()
	for i, e := range s.entries[1:] {
		x := s.expected[e.Event]
		x.group, x.subject = "thanks/t", thanks
		s.add(x)
		s.said[i].group, s.said[i].text = "thanks/t", "r1 thanks to all of you"
	}
	if found := check(s.witness, s.entries, 0); len(found) > 0 {
		t.Errorf("two answers to two: %v", found)
	}
	s.said = append(s.said, said{id: "903", account: "7", media: "70", group: "thanks/t", text: "r1 thanks to all of you", at: at(3)})
	if found := check(s.witness, s.entries, 0); len(found) == 0 || found[0].broken != once {
		t.Errorf("three answers to two: %v", found)
	}
}

// TestHistory: a violation is told with what both sides know of it.
func TestHistory(t *testing.T) {
	s := newScene()
	s.say("903", 1, 3)
	s.try(1, trouble{name: "cut after"})
	r := result{seen: s.witness, entries: s.entries, violations: check(s.witness, s.entries, 0)}
	if len(r.violations) != 2 { // said twice, and once more than the ledger knows
		t.Fatalf("found %v", r.violations)
	}
	told := r.history(r.violations[0])
	for _, want := range []string{"VIOLATED", "first sent", `"State":"posted"`, "met cut after", "901", "903"} {
		if !strings.Contains(told, want) {
			t.Errorf("the history lacks %q:\n%s", want, told)
		}
	}
}

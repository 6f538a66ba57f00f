package ledger_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// step is one event of a sequence: how it differs from [comment], and what becomes of it when it is judged at a time
// of 2024-01-01 or, with a date, of another day.
type step struct {
	at    string
	event func(*rules.Event)
	want  string // the verdict, with reason and time of passing
}

func (s step) time(t *testing.T) time.Time {
	t.Helper()
	written := s.at
	if !strings.Contains(written, " ") {
		written = "2024-01-01 " + written
	}
	at, err := time.Parse("2006-01-02 15:04", written)
	if err != nil {
		at, err = time.Parse(time.DateTime, written)
	}
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func by(id, username string) func(*rules.Event) {
	return func(e *rules.Event) { e.From = rules.From{ID: id, Username: username} }
}

func on(media, original string) func(*rules.Event) {
	return func(e *rules.Event) { e.Media.ID, e.Media.OriginalID = media, original }
}

func under(parent string) func(*rules.Event) {
	return func(e *rules.Event) { e.Comment.ParentID = parent }
}

func all(changes ...func(*rules.Event)) func(*rules.Event) {
	return func(e *rules.Event) {
		for _, change := range changes {
			change(e)
		}
	}
}

func asMention(e *rules.Event) { e.Kind = platform.CommentMention }

func cool(per rules.Part, silence time.Duration) rules.Cooldown {
	return rules.Cooldown{Per: per, For: silence}
}

func once(parts ...rules.Part) rules.Bounds { return rules.Bounds{OncePer: parts} }

func TestBounds(t *testing.T) {
	lisbon, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		bounds rules.Bounds
		steps  []step
	}{
		"none": {rules.Bounds{}, []step{{"12:00", nil, "reply"}, {"12:00", nil, "reply"}}},
		"once, by id": {once(rules.PerUser), []step{
			{"12:00", by("2", "ada"), "reply"},
			{"12:01", by("2", "ada"), "skipped once_per"},
			{"12:02", by("2", "ada.renamed"), "skipped once_per"},
			{"12:03", by("2", ""), "skipped once_per"},
			{"12:04", by("3", "ada"), "reply"},
			{"12:05", by("", "Ada"), "skipped once_per"},
			{"12:06", by("", ""), "reply"},
			{"2034-01-01 12:00", by("2", "ada"), "skipped once_per"},
		}},
		"once, by name": {once(rules.PerUser), []step{
			{"12:00", by("", "Ada"), "reply"},
			{"12:01", by("", "aDA"), "skipped once_per"},
			{"12:02", by("2", "ADA"), "skipped once_per"},
			{"12:03", by("2", ""), "reply"},
			{"12:04", by("2", "ada"), "skipped once_per"},
		}},
		"once, an id that looks like a name": {once(rules.PerUser), []step{
			{"12:00", by("7", ""), "reply"}, {"12:01", by("", "7"), "reply"}, {"12:02", by("8", "7"), "skipped once_per"},
		}},
		"once, nobody is known": {once(rules.PerUser, rules.PerMedia), []step{
			{"12:00", by("", ""), "reply"}, {"12:01", by("", ""), "reply"},
		}},
		"once a user and media": {once(rules.PerMedia, rules.PerUser), []step{
			{"12:00", nil, "reply"},
			{"12:01", on("22", ""), "reply"},
			{"12:02", on("21", ""), "skipped once_per"},
			{"12:03", by("3", ""), "reply"},
		}},
		"once a media, and its ad": {once(rules.PerMedia), []step{
			{"12:00", on("21", ""), "reply"}, {"12:01", on("99", "21"), "skipped once_per"},
			{"12:02", on("98", "23"), "reply"}, {"12:03", on("23", ""), "skipped once_per"},
		}},
		"once a thread": {once(rules.PerThread), []step{
			{"12:00", under("5"), "reply"}, {"12:01", under("5"), "skipped once_per"}, {"12:02", under("6"), "reply"},
		}},
		"once a thread, of mentions": {once(rules.PerThread), []step{
			{"12:00", asMention, "reply"},
			{"12:01", all(asMention, under("5")), "skipped once_per"},
			{"12:02", all(asMention, on("22", "")), "reply"},
			{"12:03", all(asMention, by("3", "")), "reply"},
			{"12:04", all(asMention, by("", "")), "reply"},
			{"2024-02-01 12:00", all(asMention, by("", "")), "skipped once_per"},
		}},
		"once ever": {once(rules.PerEver), []step{
			{"12:00", nil, "reply"}, {"12:01", all(by("", ""), on("22", "")), "skipped once_per"},
			{"12:02", func(e *rules.Event) { e.Account.ID = "1b" }, "reply"},
		}},
		"once a user, ever": {once(rules.PerUser, rules.PerEver), []step{
			{"12:00", nil, "reply"}, {"2030-01-01 12:01", nil, "skipped once_per"}, {"2030-01-01 12:01", by("3", ""), "reply"},
		}},
		"once a day": {once(rules.PerDay), []step{
			{"23:59:59", nil, "reply"},
			{"23:59:59", by("3", ""), "skipped once_per 2024-01-02 00:00:00"},
			{"2024-01-02 00:00", nil, "reply"},
			{"2024-01-02 00:00", nil, "skipped once_per 2024-01-03 00:00:00"},
		}},
		"once a day and user in Lisbon's summer": {rules.Bounds{OncePer: []rules.Part{rules.PerDay, rules.PerUser}, Zone: lisbon}, []step{
			{"2024-07-01 22:59", nil, "reply"},
			{"2024-07-01 22:59", by("3", ""), "reply"},
			{"2024-07-01 23:00", nil, "reply"},
			{"2024-07-02 22:59:59", nil, "skipped once_per 2024-07-02 23:00:00"},
		}},
		"cooldown a user": {rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerUser, 10*time.Minute)}}, []step{
			{"12:00", nil, "reply"},
			{"12:05", nil, "skipped cooldown 2024-01-01 12:10:00"},
			{"12:06", by("3", ""), "reply"},
			{"12:07", by("", ""), "reply"},
			{"12:08", by("", ""), "reply"},
			{"12:09:59", by("", "ADA"), "skipped cooldown 2024-01-01 12:10:00"},
			{"12:10", by("", "ADA"), "reply"},
			{"12:19", nil, "skipped cooldown 2024-01-01 12:20:00"},
		}},
		"cooldown a media": {rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerMedia, time.Minute)}}, []step{
			{"12:00", nil, "reply"}, {"12:00", on("22", ""), "reply"},
			{"12:00:30", on("77", "22"), "skipped cooldown 2024-01-01 12:01:00"},
		}},
		"cooldown a thread": {rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerThread, time.Minute)}}, []step{
			{"12:00", nil, "reply"}, {"12:00", under("5"), "reply"}, {"12:00:59", under("5"), "skipped cooldown 2024-01-01 12:01:00"},
		}},
		"cooldown a rule is one of the account": {rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerRule, time.Minute), cool(rules.PerAccount, time.Hour)}}, []step{
			{"12:00", nil, "reply"}, {"12:30", by("3", ""), "skipped cooldown 2024-01-01 13:00:00"},
			{"12:30", func(e *rules.Event) { e.Account.ID = "1b" }, "reply"},
			{"13:00", nil, "reply"},
		}},
		"of several cooldowns the latest": {rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerUser, 2*time.Hour), cool(rules.PerMedia, time.Hour), cool(rules.PerRule, time.Minute)}}, []step{
			{"12:00", nil, "reply"},
			{"12:30", on("22", ""), "skipped cooldown 2024-01-01 14:00:00"},
			{"12:30", by("3", ""), "skipped cooldown 2024-01-01 13:00:00"},
			{"12:31", all(by("3", ""), on("22", "")), "reply"},
			{"13:59", nil, "skipped cooldown 2024-01-01 14:00:00"},
		}},
		"a cooldown of nothing": {rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerRule, 0)}}, []step{{"12:00", nil, "reply"}, {"12:00", nil, "reply"}}},
		"limit": {rules.Bounds{Limit: rules.Limit{Max: 2, Per: time.Hour}}, []step{
			{"12:00", nil, "reply"}, {"12:20", nil, "reply"},
			{"12:59:59", by("3", ""), "skipped limit 2024-01-01 13:00:00"},
			{"13:00", nil, "reply"},
			{"13:10", nil, "skipped limit 2024-01-01 13:20:00"},
			{"13:10", func(e *rules.Event) { e.Account.ID = "1b" }, "reply"},
		}},
		"the order: once_per": {rules.Bounds{OncePer: []rules.Part{rules.PerEver}, Cooldowns: []rules.Cooldown{cool(rules.PerRule, time.Hour)}, Limit: rules.Limit{Max: 1, Per: time.Hour}}, []step{
			{"12:00", nil, "reply"}, {"12:01", nil, "skipped once_per"},
			{"2024-01-03 12:00", func(e *rules.Event) { e.Time = noon() }, "skipped max_age"},
		}},
		"the order: cooldown": {rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerRule, time.Minute)}, Limit: rules.Limit{Max: 1, Per: time.Hour}}, []step{
			{"12:00", nil, "reply"}, {"12:00:30", nil, "skipped cooldown 2024-01-01 12:01:00"},
			{"12:01", nil, "skipped limit 2024-01-01 13:00:00"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var memory ledger.Memory
			for i, s := range c.steps {
				if got := enter(t, &memory, i, s, c.bounds, rules.Live); got != s.want {
					t.Errorf("step %d: got %q, want %q", i, got, s.want)
				}
			}
		})
	}
}

// enter has a rule with the bounds speak to a step's event, and says what became of it.
func enter(t *testing.T, memory *ledger.Memory, i int, s step, bounds rules.Bounds, mode rules.Mode) string {
	t.Helper()
	now := s.time(t)
	event := comment()
	event.ID, event.Time = fmt.Sprint("event ", i), now
	event.Comment.ID = fmt.Sprint(1000 + i)
	if s.event != nil {
		s.event(event)
	}
	decision := decide(event, "a matched")
	decision.Candidates[0].Bounds, decision.Candidates[0].Mode = bounds, mode
	record, err := memory.Enter(event, decision, now, ledger.Terms{})
	if err != nil {
		t.Fatal(err)
	}
	words := []string{string(record.Verdict)}
	if record.Because != "" {
		words = append(words, string(record.Because))
	}
	if until := record.Rules[1].Until; !until.IsZero() {
		words = append(words, until.Format(time.DateTime))
	}
	return strings.Join(words, " ")
}

// TestBoundsAreTheRulesOwn has rules with the same bounds, of which one's replies are no matter of the other's.
func TestBoundsAreTheRulesOwn(t *testing.T) {
	bounds := rules.Bounds{OncePer: []rules.Part{rules.PerUser}, Cooldowns: []rules.Cooldown{cool(rules.PerAccount, time.Hour)}, Limit: rules.Limit{Max: 1, Per: time.Hour}}
	var memory ledger.Memory
	for _, c := range []struct{ rule, verdict string }{{"a", "reply"}, {"b", "reply"}, {"b", "skipped"}, {"a", "skipped"}} {
		event := comment()
		event.ID = c.rule + c.verdict
		decision := decide(event, wish(c.rule+" matched"))
		decision.Candidates[0].Bounds = bounds
		record, err := memory.Enter(event, decision, noon(), ledger.Terms{})
		if err != nil || string(record.Verdict) != c.verdict {
			t.Errorf("rule %s: %s, %v, want %s", c.rule, record.Verdict, err, c.verdict)
		}
	}
}

// TestBoundsAreKeptOverAnEdit changes what isn't part of what is remembered.
func TestBoundsAreKeptOverAnEdit(t *testing.T) {
	for name, c := range map[string]struct {
		before, after rules.Bounds
		want          string
	}{
		"a longer cooldown": {
			rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerUser, time.Hour)}},
			rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerUser, 2*time.Hour)}}, "skipped cooldown 2024-01-01 14:00:00",
		},
		"one more cooldown": {
			rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerUser, time.Hour)}},
			rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerMedia, 2*time.Hour), cool(rules.PerUser, time.Hour)}}, "skipped cooldown 2024-01-01 13:00:00",
		},
		"a lower limit": {
			rules.Bounds{Limit: rules.Limit{Max: 2, Per: time.Hour}}, rules.Bounds{Limit: rules.Limit{Max: 1, Per: time.Hour}}, "skipped limit 2024-01-01 13:00:00",
		},
		"a limit by the day": {
			rules.Bounds{Limit: rules.Limit{Max: 1, Per: time.Hour}}, rules.Bounds{Limit: rules.Limit{Max: 1, Per: 24 * time.Hour}}, "skipped limit 2024-01-02 12:00:00",
		},
		"parts in another order":    {once(rules.PerMedia, rules.PerUser), once(rules.PerUser, rules.PerMedia), "skipped once_per"},
		"ever, said for once":       {once(rules.PerUser), once(rules.PerUser, rules.PerEver), "skipped once_per"},
		"other parts begin anew":    {once(rules.PerUser), once(rules.PerUser, rules.PerMedia), "reply"},
		"another bound begins anew": {once(rules.PerUser), rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerUser, time.Hour)}}, "reply"},
	} {
		t.Run(name, func(t *testing.T) {
			var memory ledger.Memory
			if got := enter(t, &memory, 1, step{at: "12:00"}, c.before, rules.Live); got != "reply" {
				t.Fatalf("before: %s", got)
			}
			if got := enter(t, &memory, 2, step{at: "12:30"}, c.after, rules.Live); got != c.want {
				t.Errorf("after: got %q, want %q", got, c.want)
			}
		})
	}
}

// TestShadowTakesNothing has a rule in shadow held back by what it said when it was live, and say nothing itself.
func TestShadowTakesNothing(t *testing.T) {
	var memory ledger.Memory
	bounds := once(rules.PerUser)
	for i, c := range []struct {
		mode rules.Mode
		by   func(*rules.Event)
		want string
	}{
		{rules.Shadow, by("2", ""), "shadow"},
		{rules.Shadow, by("2", ""), "shadow"},
		{rules.Live, by("2", ""), "reply"},
		{rules.Shadow, by("2", ""), "skipped once_per"},
		{rules.Shadow, by("3", ""), "shadow"},
	} {
		if got := enter(t, &memory, i, step{at: "12:00", event: c.by}, bounds, c.mode); got != c.want {
			t.Errorf("step %d: got %q, want %q", i, got, c.want)
		}
	}
}

func TestBoundsAskTheBook(t *testing.T) {
	event := comment()
	decision := decide(event, "a matched")
	decision.Candidates[0].Bounds = rules.Bounds{
		OncePer:   []rules.Part{rules.PerUser},
		Cooldowns: []rules.Cooldown{cool(rules.PerMedia, time.Hour)},
		Limit:     rules.Limit{Max: 7, Per: time.Hour},
	}
	b := &book{}
	if _, err := ledger.Conclude(event, decision, noon(), ledger.Terms{PerThread: 1}, b); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"sent 1 11", "marked, the 1. latest", "marked, the 1. latest", "marked, the 1. latest", "marked, the 7. latest",
		"replies 1 thread/11 0001-01-01 00:00:00", "paused 1 a",
	}
	if diff := cmp.Diff(want, b.asked); diff != "" {
		t.Errorf("got + and want -:\n%s", diff)
	}

	broken := errors.New("broken")
	event.Comment.ID = ""
	for name, bounds := range map[string]rules.Bounds{
		"once_per": {OncePer: []rules.Part{rules.PerMedia}},
		"cooldown": {Cooldowns: []rules.Cooldown{cool(rules.PerMedia, time.Hour)}},
		"limit":    {Limit: rules.Limit{Max: 7, Per: time.Hour}},
	} {
		decision.Candidates[0].Bounds = bounds
		_, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, &book{err: broken})
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), `rule "a"`) {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

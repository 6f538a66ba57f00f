package ledger_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// TestSequenceProperties enters a random sequence of events in a memory, in a store that forgets marks which have
// outlived themselves, and in a model that compares every reply with all before it. All three must agree.
func TestSequenceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rotation := []rules.Candidate{aRule(t, "a"), aRule(t, "b")}
		does := map[string]string{}
		for _, name := range []string{"a", "b"} {
			does[name] = rapid.SampledFrom([]string{"", "", " notify reply", " private reply", " private", " hide", " hide notify private"}).Draw(t, "does")
		}
		if strings.Contains(does["a"], "hide") { // what is hidden already has no delivery to be remembered by
			does["b"] = strings.ReplaceAll(does["b"], " hide", "")
		}
		var memory ledger.Memory
		var model replies
		store := &forgetful{book: &book{}}
		now := noon()
		for i := range rapid.IntRange(1, 40).Draw(t, "events") {
			now = now.Add(rapid.SampledFrom([]time.Duration{
				0, time.Second, 59 * time.Second, time.Minute, 9 * time.Minute, 10 * time.Minute, time.Hour, 23 * time.Hour, 24 * time.Hour,
			}).Draw(t, "later"))
			event := anEvent(t, i, now)
			decision := decide(event, wish("a matched"+does["a"]), wish("b matched"+does["b"]))
			for n, c := range rotation {
				c.Index, c.Actions = n+1, decision.Candidates[n].Actions
				decision.Candidates[n] = c
			}

			record, err := memory.Enter(event, decision, now, ledger.Terms{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(model.enter(event, decision, now), outcomesWithTimes(record)); diff != "" {
				t.Fatalf("event %d at %s by %+v on %+v: got + and want -:\n%s", i, now, event.From, event.Media, diff)
			}
			if diff := gocmp.Diff(record, store.enter(t, event, decision, now)); diff != "" {
				t.Fatalf("event %d at %s: a store that forgets decides otherwise:\n%s", i, now, diff)
			}
		}
	})
}

// aRule is a candidate with bounds of all sorts.
func aRule(t *rapid.T, name string) rules.Candidate {
	part := rapid.SampledFrom([]rules.Part{rules.PerUser, rules.PerMedia, rules.PerThread, rules.PerDay, rules.PerEver})
	length := rapid.SampledFrom([]time.Duration{time.Minute, 10 * time.Minute, time.Hour, 24 * time.Hour})
	zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Europe/Lisbon", "Pacific/Kiritimati"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	c := rules.Candidate{Rule: name, Mode: rules.Live, MaxAge: 24 * time.Hour, Continue: rapid.Bool().Draw(t, "continue")}
	if rapid.IntRange(0, 2).Draw(t, "approve") == 0 {
		c.Mode = rules.Approve
	}
	c.Bounds.Zone = zone
	if rapid.Bool().Draw(t, "once") {
		c.Bounds.OncePer = rapid.SliceOfNDistinct(part, 1, 4, rapid.ID).Draw(t, "once_per")
	}
	for range rapid.IntRange(0, 2).Draw(t, "cooldowns") {
		per := rapid.SampledFrom([]rules.Part{rules.PerUser, rules.PerMedia, rules.PerThread, rules.PerRule, rules.PerAccount}).Draw(t, "per")
		c.Bounds.Cooldowns = append(c.Bounds.Cooldowns, cool(per, length.Draw(t, "for")))
	}
	if rapid.Bool().Draw(t, "limited") {
		c.Bounds.Limit = rules.Limit{Max: rapid.IntRange(1, 3).Draw(t, "max"), Per: length.Draw(t, "per")}
	}
	return c
}

// anEvent is by one of few people, some of whom are known in part only, on one of few media.
func anEvent(t *rapid.T, i int, now time.Time) *rules.Event {
	event := comment()
	event.ID, event.Time = fmt.Sprint("event ", i), now
	event.Account.ID = rapid.SampledFrom([]string{"1", "1", "1b"}).Draw(t, "account")
	event.Kind = rapid.SampledFrom([]platform.Kind{platform.Comment, platform.CommentMention}).Draw(t, "kind")
	event.From = rules.From{
		ID:       rapid.SampledFrom([]string{"", "2", "3"}).Draw(t, "author's id"),
		Username: rapid.SampledFrom([]string{"", "ada", "ADA", "ben"}).Draw(t, "author's name"),
	}
	event.Comment = rules.Comment{ID: fmt.Sprint(1000 + i), ParentID: rapid.SampledFrom([]string{"", "5"}).Draw(t, "parent")}
	event.Media.ID = rapid.SampledFrom([]string{"21", "22"}).Draw(t, "media")
	event.Media.OriginalID = rapid.SampledFrom([]string{"", "", "21"}).Draw(t, "original")
	return event
}

func outcomesWithTimes(record ledger.Record) []string {
	list := []string{string(record.Verdict) + " " + record.Rule}
	for _, o := range record.Rules[1:] {
		list = append(list, outcomeWithTime(o.Outcome, o.Because, o.Until))
	}
	return list
}

func outcomeWithTime(result rules.Result, because rules.Because, until time.Time) string {
	words := []string{string(result), string(because)}
	if !until.IsZero() {
		words = append(words, until.UTC().Format(time.RFC3339))
	}
	return strings.Join(words, " ")
}

// replies are all that were planned, as the model has them.
type replies []reply

type reply struct {
	rule    string
	to      rules.Event
	at      time.Time
	waiting bool
}

// enter says what [outcomesWithTimes] should, and keeps the reply.
func (r *replies) enter(event *rules.Event, decision rules.Decision, now time.Time) []string {
	got := []string{""}
	var speaks, acts, silent string
	ended, done := false, map[string]bool{}
	for _, c := range decision.Candidates {
		if ended {
			got = append(got, outcomeWithTime(rules.NotReached, "", time.Time{}))
			continue
		}
		ended = !c.Continue
		does := map[string]bool{}
		for _, action := range c.Actions {
			does[action.Action] = true
		}
		because, until := rules.BecauseAlreadyAnswered, time.Time{}
		if !clash(does, done) {
			because, until = r.forbids(&c, event, now)
		}
		if because != "" {
			silent = cmp.Or(silent, "skipped "+c.Rule)
			got = append(got, outcomeWithTime(rules.HeldBack, because, until))
			continue
		}
		maps.Copy(done, does)
		verdict := "acted " + c.Rule
		if does[rules.ActionReply] {
			verdict = "reply " + c.Rule
		}
		if c.Mode == rules.Approve {
			verdict = "approve " + c.Rule
		}
		if does[rules.ActionReply] {
			speaks = verdict
		}
		acts = cmp.Or(acts, verdict)
		got = append(got, outcomeWithTime(rules.Matched, "", time.Time{}))
		*r = append(*r, reply{c.Rule, *event, now, c.Mode == rules.Approve})
	}
	got[0] = cmp.Or(speaks, acts, silent)
	return got
}

// clash reports whether what a rule does was done already for the event, or can't be done any more.
func clash(does, done map[string]bool) bool {
	public, private, hide := rules.ActionReply, rules.ActionPrivateReply, rules.ActionHide
	return does[public] && (done[public] || done[hide]) || does[hide] && done[public] || does[private] && done[private]
}

// forbids says which promise one more reply would break: once for the same, silence for a time, so many in a time.
func (r replies) forbids(c *rules.Candidate, event *rules.Event, now time.Time) (rules.Because, time.Time) {
	mine := slices.DeleteFunc(slices.Clone(r), func(was reply) bool {
		expired := was.waiting && now.Sub(was.to.Time) > c.MaxAge
		return expired || was.rule != c.Rule || was.to.Account.ID != event.Account.ID
	})
	sameAs := func(parts ...rules.Part) replies {
		return slices.DeleteFunc(slices.Clone(mine), func(was reply) bool {
			return slices.ContainsFunc(parts, func(part rules.Part) bool { return !same(part, &was, event, now, c.Bounds.Zone) })
		})
	}
	if len(c.Bounds.OncePer) > 0 && len(sameAs(c.Bounds.OncePer...)) > 0 {
		if !slices.Contains(c.Bounds.OncePer, rules.PerDay) {
			return rules.BecauseOncePer, time.Time{}
		}
		year, month, day := now.In(c.Bounds.Zone).Date()
		return rules.BecauseOncePer, time.Date(year, month, day+1, 0, 0, 0, 0, c.Bounds.Zone)
	}
	var until time.Time
	for _, cooldown := range c.Bounds.Cooldowns {
		for _, was := range sameAs(cooldown.Per) {
			if end := was.at.Add(cooldown.For); end.After(now) && end.After(until) {
				until = end
			}
		}
	}
	if !until.IsZero() {
		return rules.BecauseCooldown, until
	}
	if c.Bounds.Limit.Max == 0 {
		return "", time.Time{}
	}
	recent := slices.DeleteFunc(mine, func(was reply) bool { return !was.at.Add(c.Bounds.Limit.Per).After(now) })
	if over := len(recent) - c.Bounds.Limit.Max; over >= 0 {
		return rules.BecauseLimit, recent[over].at.Add(c.Bounds.Limit.Per)
	}
	return "", time.Time{}
}

// same reports whether the reply was to the same, as the design defines each part.
func same(part rules.Part, was *reply, event *rules.Event, now time.Time, zone *time.Location) bool {
	switch part {
	case rules.PerUser:
		if was.to.From.ID != "" && event.From.ID != "" {
			return was.to.From.ID == event.From.ID
		}
		return event.From.Username != "" && strings.EqualFold(was.to.From.Username, event.From.Username)
	case rules.PerMedia:
		return cmp.Or(was.to.Media.OriginalID, was.to.Media.ID) == cmp.Or(event.Media.OriginalID, event.Media.ID)
	case rules.PerThread:
		there, _ := ledger.Conversation(&was.to)
		here, _ := ledger.Conversation(event)
		return there == here
	case rules.PerDay:
		return was.at.In(zone).Format(time.DateOnly) == now.In(zone).Format(time.DateOnly)
	default:
		return true
	}
}

// forgetful is a book of plans that drops each mark at its time.
type forgetful struct {
	*book
	now   time.Time
	plans []ledger.Plan
	at    []time.Time // when each was entered
	of    []string    // its event
}

func (f *forgetful) enter(t *rapid.T, event *rules.Event, decision rules.Decision, now time.Time) ledger.Record {
	f.now = now
	record, err := ledger.Conclude(event, decision, now, ledger.Terms{}, f)
	if err != nil {
		t.Fatal(err)
	}
	plans, err := ledger.Plans(&record, decision, now, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, plan := range plans {
		f.plans, f.at, f.of = append(f.plans, plan), append(f.at, now), append(f.of, event.ID)
	}
	return record
}

func (f *forgetful) Marked(mark ledger.Mark, nth int) (time.Time, error) {
	counted := ""
	for i, plan := range slices.Backward(f.plans) {
		expired := plan.Approve && f.now.After(plan.Expires)
		for _, its := range plan.Marks {
			forgotten := !its.Until.IsZero() && !its.Until.After(f.now)
			if its.Hash != mark.Hash || expired || forgotten || f.of[i] == counted {
				continue
			}
			counted = f.of[i]
			if nth--; nth == 0 {
				return f.at[i], nil
			}
		}
	}
	return time.Time{}, nil
}

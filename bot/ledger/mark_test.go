package ledger_test

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// marksOf are those of the plan for a rule with the bounds that speaks to the event at noon.
func marksOf(t rapid.TB, rule string, event *rules.Event, bounds rules.Bounds) []ledger.Mark {
	decision := decide(event, "a matched ageless")
	decision.Candidates[0].Rule, decision.Candidates[0].Bounds = rule, bounds
	decision.Candidates[0].Actions[0].Rule = rule
	record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	plans, err := ledger.Plans(&record, decision, noon(), noon())
	if err != nil || len(plans) != 1 {
		t.Fatal(plans, err)
	}
	return plans[0].Marks
}

func TestMarksUntil(t *testing.T) {
	never := time.Time{}
	for name, c := range map[string]struct {
		bounds rules.Bounds
		event  func(*rules.Event)
		want   []time.Time
	}{
		"none":                  {rules.Bounds{}, nil, nil},
		"once":                  {once(rules.PerMedia), nil, []time.Time{never}},
		"once, id and name":     {once(rules.PerUser), nil, []time.Time{never, never}},
		"once, id":              {once(rules.PerUser), by("2", ""), []time.Time{never}},
		"once, name":            {once(rules.PerUser), by("", "ada"), []time.Time{never}},
		"once, nobody":          {once(rules.PerUser), by("", ""), nil},
		"once a day, and slack": {once(rules.PerDay), nil, []time.Time{time.Date(2024, 1, 4, 0, 0, 0, 0, time.UTC)}},
		"cooldown":              {rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerRule, time.Minute)}}, nil, []time.Time{noon().Add(time.Minute)}},
		"no cooldown":           {rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerRule, 0)}}, nil, nil},
		"two that tell the same apart": {
			rules.Bounds{Cooldowns: []rules.Cooldown{cool(rules.PerRule, time.Minute), cool(rules.PerAccount, time.Hour), cool(rules.PerRule, time.Second)}},
			nil, []time.Time{noon().Add(time.Hour)},
		},
		"limit": {rules.Bounds{Limit: rules.Limit{Max: 5, Per: time.Hour}}, nil, []time.Time{noon().Add(time.Hour)}},
		"all": {
			rules.Bounds{
				OncePer: []rules.Part{rules.PerUser, rules.PerMedia}, Cooldowns: []rules.Cooldown{cool(rules.PerUser, time.Minute), cool(rules.PerMedia, time.Hour)},
				Limit: rules.Limit{Max: 5, Per: 24 * time.Hour},
			}, by("2", ""), []time.Time{never, noon().Add(time.Minute), noon().Add(time.Hour), noon().Add(24 * time.Hour)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			event := comment()
			if c.event != nil {
				c.event(event)
			}
			var got []time.Time
			seen := map[string]bool{}
			for _, mark := range marksOf(t, "a", event, c.bounds) {
				got = append(got, mark.Until)
				if raw, err := base64.RawURLEncoding.DecodeString(mark.Hash); err != nil || len(raw) != 16 || seen[mark.Hash] {
					t.Errorf("hash %q: %v", mark.Hash, err)
				}
				seen[mark.Hash] = true
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("got + and want -:\n%s", diff)
			}
		})
	}
}

// TestMarksStay guards what ledgers hold: another hash for the same would have every rule start anew.
func TestMarksStay(t *testing.T) {
	event := comment()
	event.Media.OriginalID = "20"
	var got []string
	for _, parts := range [][]rules.Part{{rules.PerEver}, {rules.PerUser, rules.PerMedia, rules.PerThread, rules.PerDay}} {
		for _, mark := range marksOf(t, "a", event, once(parts...)) {
			got = append(got, mark.Hash)
		}
	}
	want := []string{"6tr9cI4qV0FOuavqnWppGg", "CGe7JFIYpKPI7F3BBzVW3Q", "i8h-Ngq_0eKATEwAkvPVtQ"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("got + and want -:\n%s", diff)
	}
}

// TestMarksProperties has two marks differ wherever the rule, the account or what the bound tells apart differ, also
// where strangers choose names that run into each other.
func TestMarksProperties(t *testing.T) {
	text := rapid.SampledFrom([]string{"1", "12", "2", "a", "1a", "\x011", "\x0212", "id", "username alone", "thread", "thread/1"})
	type told struct{ Rule, Account, User, Media, Thread string }
	hashOf := func(t rapid.TB, is told) string {
		event := comment()
		event.Account = rules.Account{ID: is.Account}
		event.From = rules.From{ID: "id " + is.User} // no account's
		event.Media.ID, event.Comment.ParentID = "media", is.Thread
		event.Media.OriginalID = is.Media
		return marksOf(t, is.Rule, event, once(rules.PerUser, rules.PerMedia, rules.PerThread))[0].Hash
	}
	rapid.Check(t, func(t *rapid.T) {
		one := told{text.Draw(t, "rule"), text.Draw(t, "account"), text.Draw(t, "user"), text.Draw(t, "media"), text.Draw(t, "thread")}
		other := one
		for _, field := range []*string{&other.Rule, &other.Account, &other.User, &other.Media, &other.Thread} {
			if rapid.IntRange(0, 2).Draw(t, "differs") == 0 {
				*field = text.Draw(t, "other")
			}
		}
		if hash := hashOf(t, one); (one == other) != (hash == hashOf(t, other)) {
			t.Errorf("%+v and %+v: %s", one, other, hash)
		}
	})
}

package ledger

import (
	"slices"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// Record is a decision as scripts and the ledger see it: the JSON of dry-run, a contract. All keys are always present;
// what does not apply is "", null or [].
type Record struct {
	// Sample names the file that the event came from; empty but in dry-run.
	Sample   string        `json:"sample"`
	Event    rules.Event   `json:"event"`
	Verdict  Verdict       `json:"verdict"`
	Because  rules.Because `json:"because"`
	Rule     string        `json:"rule"`     // the rule that decided
	Mode     rules.Mode    `json:"mode"`     // its mode, or shadow where the configuration says so
	Revision string        `json:"revision"` // of the set that judged
	// Reply and Request are the public reply's.
	Reply   string            `json:"reply"`
	Request *platform.Request `json:"request"`
	Actions []rules.Action    `json:"actions"`
	Rules   []rules.Outcome   `json:"rules"`
	// Variant is the ID of the rules.Variant that was drawn for the rule that decided; empty where it rotates nothing.
	// It is for those who plan and for coverage: the ledger keeps it with the delivery.
	Variant string `json:"-"`
}

// Unjudged is the record of an event that no rule was asked about, such as a stale one or one that Meta no longer
// knows.
func Unjudged(event *rules.Event, verdict Verdict, because rules.Because) Record {
	record := newRecord(event, "", nil)
	record.Verdict, record.Because = verdict, because
	return record
}

// Kept is the record as the ledger keeps it: less the rules that took no part, less the variant, and less what
// [rules.Set.Explain] tells beside a decision, which is computed again on demand.
func (r Record) Kept() Record {
	kept := make([]rules.Outcome, 0, 1)
	for _, outcome := range r.Rules {
		switch outcome.Outcome {
		case rules.Matched, rules.HeldBack, rules.Failed:
			outcome.When, outcome.Unless, outcome.NearMiss = nil, nil, ""
			kept = append(kept, outcome)
		}
	}
	r.Rules, r.Variant = kept, ""
	return r
}

// newRecord is a record without a verdict, with copies of what it may change and no list that would print as null.
func newRecord(event *rules.Event, revision string, outcomes []rules.Outcome) Record {
	record := Record{
		Event:    *event,
		Revision: revision,
		Actions:  []rules.Action{},
		Rules:    append([]rules.Outcome{}, outcomes...),
	}
	for _, list := range []*[]string{
		&record.Event.Words, &record.Event.Hashtags, &record.Event.Mentions, &record.Event.URLs, &record.Event.Emojis,
		&record.Event.Media.Hashtags, &record.Event.Story.Known,
	} {
		if *list == nil {
			*list = []string{}
		}
	}
	return record
}

// act enters a rule's actions, of all rules' in the order of [rules.Actions]. What can be done only once for an event, all
// but notifying, is entered once.
func (r *Record) act(actions []rules.Action) {
	for _, action := range actions {
		done := func(a rules.Action) bool { return a.Action == action.Action }
		if action.Action != rules.ActionNotify && slices.ContainsFunc(r.Actions, done) {
			continue
		}
		r.Actions = append(r.Actions, action)
		if action.Action == rules.ActionReply {
			request := action.Request
			r.Reply, r.Request = action.Text, &request
		}
	}
	slices.SortStableFunc(r.Actions, func(a, b rules.Action) int {
		return slices.Index(rules.Actions(), a.Action) - slices.Index(rules.Actions(), b.Action)
	})
	r.Actions = slices.Clip(r.Actions)
}

// Restore is the record as it was before a store took it apart: with these actions and rules, and reply and request as
// the actions say.
func (r Record) Restore(actions []rules.Action, outcomes []rules.Outcome) Record {
	whole := newRecord(&r.Event, r.Revision, outcomes)
	whole.Verdict, whole.Because, whole.Rule, whole.Mode = r.Verdict, r.Because, r.Rule, r.Mode
	whole.act(actions)
	return whole
}

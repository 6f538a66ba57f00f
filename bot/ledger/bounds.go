package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/answerback/answerback/rules"
)

// bounds are those of a candidate, for an event at a time. What a rule planned on one account is nothing to another
// rule or account. Within these, the parts tell apart:
//
//   - user: who is surely the same, see [sameUser]; an event of an unknown user is neither held back nor entered;
//   - media: an ad counts as the media that it was made of;
//   - thread: the [Conversation], which for a mention in a comment is the media and author, without its time window;
//   - day: the date of now in the bounds' zone;
//   - ever, rule, account: nothing more.
type bounds struct {
	rules.Bounds
	rule  string
	event *rules.Event
	now   time.Time
}

func boundsOf(c *rules.Candidate, event *rules.Event, now time.Time) *bounds {
	return &bounds{Bounds: c.Bounds, rule: c.Rule, event: event, now: now}
}

// heldBack says which bound holds the rule back, and until when; a zero time: for good. "" if none does.
func (b *bounds) heldBack(book Book) (because rules.Because, until time.Time, err error) {
	for _, bound := range []struct {
		because rules.Because
		holds   func(Book) (held bool, until time.Time, err error)
	}{
		{rules.BecauseOncePer, b.once},
		{rules.BecauseCooldown, b.cooling},
		{rules.BecauseLimit, b.spent},
	} {
		held, until, err := bound.holds(book)
		if err != nil {
			return "", time.Time{}, fmt.Errorf("%s: %w", bound.because, err)
		}
		if held {
			return bound.because, until, nil
		}
	}
	return "", time.Time{}, nil
}

func (b *bounds) once(book Book) (held bool, until time.Time, err error) {
	if len(b.OncePer) == 0 {
		return false, time.Time{}, nil
	}
	last, err := b.last(book, rules.BecauseOncePer, b.OncePer)
	if err != nil || last.IsZero() {
		return false, time.Time{}, err
	}
	if slices.Contains(b.OncePer, rules.PerDay) {
		until = nextDay(b.now, b.Zone)
	}
	return true, until, nil
}

func (b *bounds) cooling(book Book) (held bool, until time.Time, err error) {
	for _, cooldown := range b.Cooldowns {
		last, err := b.last(book, rules.BecauseCooldown, []rules.Part{cooldown.Per})
		if err != nil {
			return false, time.Time{}, err
		}
		if last.IsZero() {
			continue
		}
		if end := last.Add(cooldown.For); end.After(b.now) {
			held, until = true, later(until, end)
		}
	}
	return held, until, nil
}

func (b *bounds) spent(book Book) (held bool, until time.Time, err error) {
	if b.Limit.Max <= 0 {
		return false, time.Time{}, nil
	}
	hash := b.hash(rules.BecauseLimit, nil, identity{})
	oldest, err := book.Marked(Mark{Hash: hash}, b.Limit.Max)
	if err != nil || oldest.IsZero() {
		return false, time.Time{}, err
	}
	end := oldest.Add(b.Limit.Per)
	return end.After(b.now), end, nil
}

// last is when the rule last planned a reply to the same; zero if it never did.
func (b *bounds) last(book Book, kind rules.Because, parts []rules.Part) (time.Time, error) {
	var last time.Time
	for _, hash := range b.hashes(kind, parts, met(b.event.From)) {
		at, err := book.Marked(Mark{Hash: hash}, 1)
		if err != nil {
			return time.Time{}, err
		}
		last = later(last, at)
	}
	return last, nil
}

// zoneSlack is how long a day's mark outlives its day: an author may move the rule to another time zone, in which the
// same date ends up to 26 hours later.
const zoneSlack = 48 * time.Hour

// marks are what a reply planned now is remembered by.
func (b *bounds) marks() []Mark {
	var marks []Mark
	if len(b.OncePer) > 0 {
		var until time.Time
		if slices.Contains(b.OncePer, rules.PerDay) {
			until = nextDay(b.now, b.Zone).Add(zoneSlack)
		}
		marks = b.remember(marks, rules.BecauseOncePer, b.OncePer, until)
	}
	for _, cooldown := range b.Cooldowns {
		if cooldown.For > 0 {
			marks = b.remember(marks, rules.BecauseCooldown, []rules.Part{cooldown.Per}, b.now.Add(cooldown.For))
		}
	}
	if b.Limit.Max > 0 {
		marks = b.remember(marks, rules.BecauseLimit, nil, b.now.Add(b.Limit.Per))
	}
	return marks
}

// remember adds a bound's marks. One that is there already, of a cooldown that tells the same apart, is kept for the
// longer of both.
func (b *bounds) remember(marks []Mark, kind rules.Because, parts []rules.Part, until time.Time) []Mark {
	for _, hash := range b.hashes(kind, parts, known(b.event.From)) {
		i := slices.IndexFunc(marks, func(m Mark) bool { return m.Hash == hash })
		if i < 0 {
			marks = append(marks, Mark{Hash: hash, Until: until})
			continue
		}
		marks[i].Until = later(marks[i].Until, until)
	}
	return marks
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

package rules

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/yamlpos"
)

// maxDelay is the longest delay: a reply that is due tomorrow is no reply any more.
const maxDelay = 24 * time.Hour

// delay is the time from the decision to the sending, drawn between two lengths.
type delay struct{ least, most time.Duration }

// draw is a delay for an event, in whole milliseconds. It depends on the event's id and the rule's name alone, so that a
// replay comes to the same, and is drawn apart from the variant, so that one doesn't tell the other.
func (d delay) draw(event *Event, rule string) time.Duration {
	if d.least == d.most {
		return d.most
	}
	steps := uint64((d.most-d.least)/time.Millisecond) + 1
	return d.least + time.Duration(number("delay", event.ID, rule)%steps)*time.Millisecond
}

// number is what is drawn by: the same for the same words, and else as good as any other.
func number(words ...string) uint64 {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return binary.BigEndian.Uint64(sum[:8])
}

// times understands delay and max_age, and that the one fits into the other.
func (b *builder) times(s settingsShape, made *settings) {
	if s.Delay.Given() {
		made.delay = b.delay(s.Delay)
	}
	if s.MaxAge.Given() {
		made.maxAge = b.maxAge(s.MaxAge)
	}
	if made.maxAge == 0 || made.delay.most < made.maxAge {
		return
	}
	const hint = "the reply would be too old before it is sent"
	switch {
	case s.Delay.Given():
		b.report(s.Delay, codeBadValue, hint, "delay: it must be shorter than max_age, which is %s", short(made.maxAge))
	case s.MaxAge.Given():
		b.report(s.MaxAge, codeBadValue, hint, "max_age: it must be longer than delay, which is up to %s", short(made.delay.most))
	}
}

// short is a length of time as authors write it.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

const delayForms = "as in 20s, or 15s..60s for one that is drawn; none: at once"

func (b *builder) delay(t yamlpos.Text) delay {
	if t.Value == none {
		return delay{}
	}
	from, to, drawn := strings.Cut(t.Value, "..")
	if !drawn {
		to = from
	}
	least, err := yamlpos.ParseDuration(strings.TrimSpace(from))
	most, errMost := yamlpos.ParseDuration(strings.TrimSpace(to))
	switch {
	case err != nil || errMost != nil || strings.HasPrefix(to, "."):
		b.report(t, codeBadValue, orUnit(t, delayForms), "delay: %q is no length of time", t.Value)
	case most < least:
		b.report(t, codeBadValue, "the shorter one comes first: "+to+".."+from, "delay: %s ends before it begins", t.Value)
	case most > maxDelay:
		b.report(t, codeBadValue, "", "delay: at most %s", short(maxDelay))
	default:
		return delay{least, most}
	}
	return delay{}
}

func (b *builder) maxAge(t yamlpos.Text) time.Duration {
	if t.Value == none {
		return 0
	}
	age, err := yamlpos.ParseDuration(t.Value)
	if err != nil || age <= 0 {
		b.report(t, codeBadValue, orUnit(t, "as in 90m, 24h, 7d; none: no bound"), "max_age: %q is no length of time", t.Value)
		return 0
	}
	return age
}

// orUnit is a hint, or that the unit is missing where that is plain.
func orUnit(t yamlpos.Text, hint string) string {
	if digits(t.Value) {
		return "say the unit, as in " + t.Value + "s or " + t.Value + "m"
	}
	return hint
}

// length is a length of time that is more than nothing and at most the longest; 0 if it is wrong.
func (b *builder) length(key string, t yamlpos.Text, hint string, longest time.Duration) time.Duration {
	if !t.Given() {
		return 0
	}
	d, err := yamlpos.ParseDuration(t.Value)
	switch {
	case err != nil || d <= 0:
		b.report(t, codeBadValue, orUnit(t, hint), "%s: %q is no length of time", key, t.Value)
	case d > longest:
		b.report(t, codeBadValue, "", "%s: at most %d days", key, longest/(24*time.Hour))
	default:
		return d
	}
	return 0
}

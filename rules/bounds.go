package rules

import (
	"slices"
	"time"

	"github.com/answerback/answerback/rules/yamlpos"
)

// The most that bounds may ask for. What is longer than a year is a slip, and would have the ledger remember for ever.
const (
	maxCooldown = 365 * 24 * time.Hour
	maxLimit    = 1_000_000
)

// bounds understands what holds a rule back because of what it said before.
func (b *builder) bounds(s settingsShape, made *settings) {
	if s.OncePer.given {
		made.bounds.OncePer = b.oncePer(s.OncePer.value)
	}
	if s.Cooldown.given {
		made.bounds.Cooldowns = b.cooldowns(s.Cooldown)
	}
	if s.Limit.given {
		made.bounds.Limit = Limit{}
		if !s.Limit.none {
			made.bounds.Limit = b.limit(s.Limit)
		}
	}
}

// oncePer are the parts that are told apart, in an order of their own, so that the order in which they are written
// doesn't matter. `ever` says what is so without `day` anyhow, and stays only where it stands alone.
func (b *builder) oncePer(texts yamlpos.Texts) []Part {
	b.notEmpty("once_per", texts)
	known := []Part{PerUser, PerMedia, PerThread, PerDay, PerEver}
	given := map[Part]bool{}
	for _, t := range written(texts) {
		part, ok := b.part("once_per", t, known)
		given[part] = given[part] || ok
		if ok && (given[PerDay] && given[PerEver]) {
			b.report(t, codeBadValue, "day: once a day; ever: once and never again", "once_per: day and ever contradict each other")
			return nil
		}
	}
	parts := slices.DeleteFunc(known, func(p Part) bool { return !given[p] })
	if len(parts) > 1 {
		parts = slices.DeleteFunc(parts, func(p Part) bool { return p == PerEver })
	}
	if len(parts) == 0 {
		return nil
	}
	return parts
}

func (b *builder) part(key string, t yamlpos.Text, known []Part) (Part, bool) {
	if slices.Contains(known, Part(t.Value)) {
		return Part(t.Value), true
	}
	words := make([]string, len(known))
	for i, p := range known {
		words[i] = string(p)
	}
	b.report(t, codeUnknownWord, hintForWord(t.Value, words), "%s: unknown word %q", key, t.Value)
	return "", false
}

func (b *builder) cooldowns(written orNone[oneOrMore]) []Cooldown {
	shapes := written.value
	if shapes != nil && len(shapes) == 0 {
		b.reportKey("cooldown", codeEmptyList, "", "cooldown is an empty list")
	}
	var all []Cooldown
	for _, s := range shapes {
		if s.At == (yamlpos.Pos{}) {
			continue // no mapping, which was reported
		}
		c := Cooldown{Per: b.cooldownPer(s), For: b.length("cooldown: for", s.For, "as in 30s, 10m, 24h, 7d", maxCooldown)}
		if !written.wrong {
			b.wholeCooldown(s)
		}
		if slices.ContainsFunc(all, func(o Cooldown) bool { return o.Per == c.Per && c.Per != "" }) {
			b.report(s.Per, codeBadValue, "the longer of the two would hold alone", "cooldown: per %s stands here twice", c.Per)
		}
		all = append(all, c)
	}
	return all
}

func (b *builder) wholeCooldown(s cooldownShape) {
	if !s.At.Has("per") {
		b.missing(s.At, "cooldown: per is missing", "user, media, thread, rule or account, as in {per: user, for: 10m}")
	}
	if !s.At.Has("for") {
		b.missing(s.At, "cooldown: for is missing", "how long, as in {per: user, for: 10m}")
	}
}

func (b *builder) cooldownPer(s cooldownShape) Part {
	if !s.Per.Given() {
		return ""
	}
	part, _ := b.part("cooldown: per", s.Per, []Part{PerUser, PerMedia, PerThread, PerRule, PerAccount})
	return part
}

func (b *builder) limit(written orNone[limitShape]) Limit {
	s := written.value
	if s.At == (yamlpos.Pos{}) {
		return Limit{}
	}
	if !written.wrong {
		b.wholeLimit(s)
	}
	var l Limit
	switch {
	case s.Max != nil && (*s.Max < 1 || *s.Max > maxLimit):
		b.note(s.At.Key("max").Problem(codeBadValue, "limit: max must be from 1 to 1,000,000", "to silence a rule give it enabled: false"))
	case s.Max != nil:
		l.Max = *s.Max
	}
	switch {
	case s.Per.Value == "hour":
		l.Per = time.Hour
	case s.Per.Value == "day":
		l.Per = 24 * time.Hour
	case s.Per.Given():
		b.report(s.Per, codeUnknownWord, "as in {max: 200, per: day}", "limit: per must be hour or day, not %q", s.Per.Value)
	}
	return l
}

func (b *builder) wholeLimit(s limitShape) {
	if !s.At.Has("max") {
		b.missing(s.At, "limit: max is missing", "how many, as in {max: 200, per: day}")
	}
	if !s.At.Has("per") {
		b.missing(s.At, "limit: per is missing", "hour or day, as in {max: 200, per: day}")
	}
}

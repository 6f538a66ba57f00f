package rules

import (
	"errors"
	"time"

	"github.com/answerback/answerback/rules/schedule"
	"github.com/answerback/answerback/rules/yamlpos"
)

// active understands when a rule is active, and in which time zone its days begin. Where only a time zone is given the
// schedule is nil: always.
func (b *builder) active(written orNone[activeShape]) (*schedule.Schedule, *time.Location) {
	s := written.value
	if written.none || s.At == (yamlpos.Pos{}) {
		return nil, nil
	}
	var p schedule.Parts
	for _, t := range s.Days {
		p.Days |= parse(b, "active: days", t, schedule.ParseDays)
	}
	for _, t := range s.Hours {
		p.Hours = append(p.Hours, parse(b, "active: hours", t, schedule.ParseHours)...)
	}
	p.Zone = parse(b, "active: timezone", s.Timezone, schedule.ParseZone)
	p.From = parse(b, "active: from", s.From, schedule.ParseMoment)
	p.Until = parse(b, "active: until", s.Until, schedule.ParseMoment)
	for key, list := range map[string]yamlpos.Texts{"days": s.Days, "hours": s.Hours} {
		if list != nil && len(list) == 0 {
			b.note(s.At.Key(key).Problem(codeEmptyList, "active: "+key+" is an empty list", ""))
		}
	}
	if !s.bounds() {
		if !s.At.Has("timezone") && !written.wrong {
			b.missing(s.At, "active says nothing", example("active"))
		}
		return nil, p.Zone
	}
	made, err := schedule.New(p)
	if err != nil {
		b.mistake("active", s.At, err)
	}
	return &made, p.Zone
}

// bounds reports whether anything but the time zone stands there.
func (s activeShape) bounds() bool {
	for _, key := range []string{"days", "hours", "from", "until"} {
		if s.At.Has(key) {
			return true
		}
	}
	return false
}

// parse reads one key of a schedule and notes what is wrong with it.
func parse[T any](b *builder, key string, t yamlpos.Text, read func(string) (T, error)) T {
	var nothing T
	if !t.Given() {
		return nothing
	}
	value, err := read(t.Value)
	if err != nil {
		b.mistake(key, t.Pos(), err)
		return nothing
	}
	return value
}

func (b *builder) mistake(key string, at yamlpos.Pos, err error) {
	hint := ""
	message := err.Error()
	if m, ok := errors.AsType[*schedule.Mistake](err); ok {
		message, hint = m.Message, m.Hint
	}
	b.note(at.Problem(codeBadValue, key+": "+message, hint))
}

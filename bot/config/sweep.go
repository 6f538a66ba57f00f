package config

import (
	"time"

	"github.com/answerback/answerback/rules/problem"
)

// mostSince is from what age on an event is taken for a replay and not answered.
const mostSince = 48 * time.Hour

// leastEvery is for how long a sweep leaves a comment to its notification; oftener it costs calls and finds nothing much sooner.
const leastEvery = time.Minute

// sweep checks what is said at the top or in an account. What isn't said there is as in the common one.
func (l *loader) sweep(own, common sweepShape) Sweep {
	every, since := common.Every, common.Since
	if own.Every.Given() {
		every = own.Every
	}
	if own.Since.Given() {
		since = own.Since
	}
	said := own.Every.Given() || own.Since.Given()
	switch {
	case own.Since.Given() && since.Duration == 0:
		l.wrong(since.Text, "", "sweep.since must be more than nothing")
	case own.Since.Given() && since.Duration > mostSince:
		l.wrong(since.Text, "older comments are never answered", "sweep.since must be at most 48h")
	case said && every.Duration > since.Duration:
		at := every
		if !own.Every.Given() {
			at = own.Since
		}
		l.wrong(at.Text, "comments would grow too old between two rounds", "sweep.every must not be more than sweep.since")
	case own.Every.Given() && every.Duration > 0 && every.Duration < leastEvery:
		p := own.Every.Problem(codeOften, "sweep.every is below 1m: what was written within the last minute is left to its notification, and nothing is found much sooner so",
			"write 5m, which is about 1,700 calls to Meta a day")
		p.Severity = problem.Warning
		l.report(p)
	}
	return Sweep{Every: every.Duration, Since: since.Duration}
}

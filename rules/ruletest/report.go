package ruletest

import "github.com/answerback/answerback/rules"

// Report is what came of cases.
type Report struct {
	Results []Result
	// LeftOut is how many cases there are beside, which the pattern didn't take.
	LeftOut int
	// Coverage is what no case reached; nil unless it was asked for.
	Coverage *Coverage
}

// Add takes in the report of another set.
func (r *Report) Add(other Report) {
	r.Results = append(r.Results, other.Results...)
	r.LeftOut += other.LeftOut
	if other.Coverage != nil {
		if r.Coverage == nil {
			r.Coverage = &Coverage{}
		}
		r.Coverage.Rules += other.Coverage.Rules
		r.Coverage.Gaps = append(r.Coverage.Gaps, other.Coverage.Gaps...)
	}
}

// Failed is how many cases failed.
func (r *Report) Failed() int {
	n := 0
	for _, result := range r.Results {
		if result.Failure != nil {
			n++
		}
	}
	return n
}

// Result is what came of a case.
type Result struct {
	Case *Case
	// Failure is of the first event that failed; nil if the case held.
	Failure *Failure
}

// Failure is how an event differs from what was expected of it.
type Failure struct {
	Step int // from 1
	Line int // of the step
	// Message says why there is nothing to compare, or what explains the differences; may be empty.
	Message     string
	Differences []Difference
	Event       rules.Event
	// Came is what became of the event, its rules with their traces; the zero Conclusion if it wasn't judged.
	Came Conclusion
}

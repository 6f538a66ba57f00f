package ruletest

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
)

// jsonCase is a case as JSON has it. Keys are always present; what doesn't apply is "", null or [].
type jsonCase struct {
	Name        string          `json:"name"`
	Rule        string          `json:"rule"`
	File        string          `json:"file"`
	Line        int             `json:"line"`
	OK          bool            `json:"ok"`
	Event       int             `json:"event"` // which one failed, from 1; 0 if none did
	EventLine   int             `json:"event_line"`
	Message     string          `json:"message"`
	Differences []Difference    `json:"differences"`
	Verdict     string          `json:"verdict"` // of the event that failed
	Because     rules.Because   `json:"because"`
	DecidedBy   string          `json:"decided_by"`
	Reply       string          `json:"reply"`
	Actions     []rules.Action  `json:"actions"`
	Rules       []rules.Outcome `json:"rules"`
}

// JSON prints one object in one line: whether all is well, counts, the problems that kept cases from running, and the
// cases in their order.
func (r *Report) JSON(out io.Writer, ok bool, problems problem.List) error {
	whole := struct {
		OK       bool         `json:"ok"`
		Run      int          `json:"run"`
		Passed   int          `json:"passed"`
		Failed   int          `json:"failed"`
		LeftOut  int          `json:"left_out"`
		Problems problem.List `json:"problems"`
		Cases    []jsonCase   `json:"cases"`
		Coverage *Coverage    `json:"coverage"`
	}{
		OK: ok, Run: len(r.Results), Passed: len(r.Results) - r.Failed(), Failed: r.Failed(), LeftOut: r.LeftOut,
		Problems: append(problem.List{}, problems...), Cases: []jsonCase{}, Coverage: r.Coverage,
	}
	for _, result := range r.Results {
		whole.Cases = append(whole.Cases, result.json())
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(whole); err != nil {
		return err
	}
	_, err := out.Write(problem.HarmlessJSON(b.Bytes()))
	return err
}

func (r *Result) json() jsonCase {
	c := jsonCase{
		Name: r.Case.Name, Rule: r.Case.Rule, File: r.Case.File, Line: r.Case.Line, OK: r.Failure == nil,
		Differences: []Difference{}, Actions: []rules.Action{}, Rules: []rules.Outcome{},
	}
	if f := r.Failure; f != nil {
		c.Event, c.EventLine, c.Message = f.Step, f.Line, f.Message
		c.Differences = append(c.Differences, f.Differences...)
		c.Verdict, c.Because, c.DecidedBy, c.Reply = f.Came.Verdict, f.Came.Because, f.Came.Rule, f.Came.Reply
		c.Actions, c.Rules = append(c.Actions, f.Came.Actions...), append(c.Rules, f.Came.Rules...)
	}
	return c
}

package ruletest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/answerback/answerback/rules/problem"
)

// The form of JUnit's reports that continuous integration reads: a suite a file. Times are 0: a case's own clock is
// what matters, and a report is the same each time.
type (
	xmlSuites struct {
		XMLName  xml.Name   `xml:"testsuites"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Time     string     `xml:"time,attr"`
		Suites   []xmlSuite `xml:"testsuite"`
	}
	xmlSuite struct {
		Name     string    `xml:"name,attr"`
		Tests    int       `xml:"tests,attr"`
		Failures int       `xml:"failures,attr"`
		Errors   int       `xml:"errors,attr"`
		Time     string    `xml:"time,attr"`
		Cases    []xmlCase `xml:"testcase"`
	}
	xmlCase struct {
		Name    string      `xml:"name,attr"`
		Class   string      `xml:"classname,attr"`
		File    string      `xml:"file,attr"`
		Line    int         `xml:"line,attr"`
		Time    string      `xml:"time,attr"`
		Failure *xmlFailure `xml:"failure,omitempty"`
		Error   *xmlFailure `xml:"error,omitempty"`
	}
	xmlFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",cdata"`
	}
)

// JUnit prints the report as JUnit's XML. Each of the problems that kept cases from running is a test that has an
// error, in the suite of its file.
func (r *Report) JUnit(out io.Writer, problems problem.List) error {
	whole := xmlSuites{Time: "0"}
	for _, p := range problems {
		whole.add(p.File, xmlCase{Name: fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Code), Line: p.Line,
			Error: &xmlFailure{Message: p.String(), Text: p.String()}})
	}
	for _, result := range r.Results {
		whole.add(result.Case.File, result.xml())
	}
	encoder := xml.NewEncoder(out)
	encoder.Indent("", "  ")
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	if err := encoder.Encode(whole); err != nil {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

// add puts a case into the suite of its file.
func (s *xmlSuites) add(file string, c xmlCase) {
	c.Class, c.File, c.Time = file, file, "0"
	if n := len(s.Suites); n == 0 || s.Suites[n-1].Name != file {
		s.Suites = append(s.Suites, xmlSuite{Name: file, Time: "0"})
	}
	suite := &s.Suites[len(s.Suites)-1]
	suite.Cases = append(suite.Cases, c)
	suite.Tests++
	s.Tests++
	if c.Failure != nil {
		suite.Failures++
		s.Failures++
	}
	if c.Error != nil {
		suite.Errors++
		s.Errors++
	}
}

func (r *Result) xml() xmlCase {
	c := xmlCase{Name: r.Case.Title(), Line: r.Case.Line}
	if r.Failure != nil {
		var b strings.Builder
		r.text(&b)
		c.Failure = &xmlFailure{Message: r.Failure.headline(), Text: "\n" + b.String()}
	}
	return c
}

// headline says in a line what a failure is.
func (f *Failure) headline() string {
	parts := make([]string, 0, len(f.Differences))
	for _, d := range f.Differences {
		parts = append(parts, fmt.Sprintf("%s: expected %s, got %s", d.Key, quote(d.Want), quote(d.Got)))
	}
	if len(parts) == 0 {
		return f.Message
	}
	return strings.Join(parts, "; ")
}

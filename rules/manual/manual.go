// Package manual is the reference of the rule language as text for a terminal of 80 columns. What it says of keys, fields,
// functions and codes it takes from where the program does, so that the two can't part.
package manual

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/shape"
)

// Rules writes the reference of rule files: each key, the kinds of events and the reasons for silence. cases is what may
// stand under a rule's tests.
func Rules(w io.Writer, cases *shape.Shape) error {
	p := page{}
	p.paragraph("Rules stand in YAML files, all NAME.yaml of one folder. The first rule that matches an event ends the evaluation; " +
		"rules after it are looked at only if it says continue: true.")
	file := rules.Shape(cases)
	rule := file.Key("rules").Shape.Mapping()
	p.keys("A FILE", "", file)
	p.keys("A RULE", "", rule)
	for _, name := range []string{"reply", "active", "cooldown", "limit"} {
		p.keys(strings.ToUpper(name), "", rule.Key(name).Shape.Mapping())
	}
	p.keys("LISTS", "", file.Key("lists").Shape.Mapping())
	p.kinds()
	p.cases(cases.Mapping())
	p.reasons()
	return p.write(w)
}

// Expressions writes the reference of conditions and of what stands in braces.
func Expressions(w io.Writer) error {
	p := page{}
	p.paragraph("when, unless, conditions and what stands in {{ }} of a reply are expressions over the event. Texts stand in quotes: " +
		`has(text, "price"). What Meta doesn't tell is empty: "", 0, false or a list without entries.`)
	p.heading("THE EVENT")
	for _, f := range rules.Fields() {
		p.entry(f.Name, f.Type, f.Doc)
	}
	p.entry("lists.NAME", "list of texts", "A list of the rule files.")
	p.entry("NAME", "true or false", "A condition of the rule files.")
	p.heading("OPERATORS")
	for _, o := range allOperators() {
		p.entry(o.Sign, "as in "+o.Example, o.Doc)
	}
	p.heading("FUNCTIONS")
	for _, f := range rules.Functions() {
		p.entry(strings.Join(f.Signatures, ", "), "", f.Help)
	}
	p.heading("IN REPLIES")
	p.paragraph(`In a reply {{ expression }} puts a value in; {{ "{{" }} writes braces. What strangers typed is defused first: @, # and links ` +
		"lose their power, and it is cut after 100 characters. A username stays as it is. A value that turns out empty holds the reply back, " +
		"unless it stands in default(…) or optional(…).")
	return p.write(w)
}

// Codes writes what the codes of problems mean.
func Codes(w io.Writer, codes map[string]string) error {
	p := page{}
	p.paragraph("Each problem bears a code. With an error (E…) the rules aren't loaded, and the last good ones run on. A warning (W…) " +
		"stops nothing, unless check is told to --deny-warnings.")
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		p.line(code, codes[code])
	}
	return p.write(w)
}

// keys writes a mapping's keys.
func (p *page) keys(title, lead string, mapping *shape.Shape) {
	p.heading(title)
	if lead != "" {
		p.paragraph(lead)
	}
	for _, key := range mapping.Keys {
		p.entry(key.Name, takes(key), key.Doc)
	}
}

func (p *page) kinds() {
	p.heading("KINDS OF EVENTS")
	for _, kind := range platform.Kinds() {
		p.line(string(kind), kind.Meaning())
	}
	p.line(platform.Mention, "in a rule's on: comment_mention and caption_mention")
}

// cases writes what a case holds, and what an event of a case does.
func (p *page) cases(one *shape.Shape) {
	p.keys("CASES", "Under a rule's tests, and under tests in files NAME_test.yaml beside the rules, stands a list of these.", one)
	event := one.Key("event").Shape
	p.keys("EVENT", "An event of a case.", event)
	p.heading("WITHIN AN EVENT")
	for _, key := range event.Keys {
		if inner := key.Shape.Mapping(); inner != nil {
			p.line(key.Name, strings.Join(names(inner), ", "))
		}
	}
	p.keys("EXPECT", "What is expected of an event.", one.Key("expect").Shape)
}

func (p *page) reasons() {
	p.heading("REASONS")
	p.paragraph("Why a rule, or the bot, keeps silent (because).")
	for _, r := range rules.Reasons() {
		p.line(string(r.Because), r.Meaning)
	}
}

func names(mapping *shape.Shape) []string {
	var all []string
	for _, key := range mapping.Keys {
		all = append(all, key.Name)
	}
	return all
}

// takes says what a key takes.
func takes(key shape.Key) string {
	says := phrase(key.Shape)
	switch {
	case key.Required:
		says += "; required"
	case key.Default != "":
		says += "; default " + key.Default
	}
	return says
}

// phrase is a shape in words.
func phrase(s *shape.Shape) string {
	switch s.Kind {
	case shape.Text:
		if len(s.Words) > 0 {
			return strings.Join(s.Words, ", ")
		}
		return "text"
	case shape.Flag:
		return "true or false"
	case shape.Number:
		return "whole number"
	case shape.List:
		return "list of " + plural(s.Item)
	case shape.Mapping:
		return "{" + strings.Join(names(s), ", ") + "}"
	case shape.Names:
		return "{name: " + phrase(s.Item) + "}"
	case shape.Choice:
		return choice(s)
	}
	return "cases"
}

func choice(s *shape.Shape) string {
	var forms []string
	for i, form := range s.Forms {
		if form.Kind == shape.List && i > 0 && phrase(form.Item) == phrase(s.Forms[i-1]) {
			forms = append(forms, "list of them")
			continue
		}
		forms = append(forms, phrase(form))
	}
	return strings.Join(forms, "; or ")
}

func plural(s *shape.Shape) string {
	switch s.Kind {
	case shape.Text:
		if len(s.Words) == 0 {
			return "texts"
		}
	case shape.Mapping:
		return "mappings"
	}
	return phrase(s)
}

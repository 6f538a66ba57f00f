package manual

import (
	"strings"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// Tables are the parts of the reference as tables in Markdown, by name, for the authors' guide.
func Tables() map[string]string {
	var keys, kinds, fields, operators, functions, reasons rows
	for _, key := range rules.Shape(nil).Key("rules").Shape.Mapping().Keys {
		keys.add(code(key.Name), key.Doc, orNothing(key.Default))
	}
	for _, kind := range platform.Kinds() {
		kinds.add(code(string(kind)), kind.Meaning())
	}
	for _, f := range rules.Fields() {
		fields.add(code(f.Name), f.Type, f.Doc)
	}
	for _, o := range allOperators() {
		operators.add(code(o.Sign), code(o.Example), o.Doc)
	}
	for _, f := range rules.Functions() {
		functions.add(code(strings.Join(f.Signatures, ", ")), f.Help)
	}
	for _, r := range rules.Reasons() {
		reasons.add(code(string(r.Because)), r.Meaning)
	}
	return map[string]string{
		"keys":      keys.table("key", "meaning", "default"),
		"kinds":     kinds.table("kind", "what happened"),
		"fields":    fields.table("name", "is a", "meaning"),
		"operators": operators.table("operator", "as in", "meaning"),
		"functions": functions.table("function", "gives"),
		"reasons":   reasons.table("because", "meaning"),
	}
}

// rows are those of a table.
type rows []string

func (r *rows) add(cells ...string) {
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(cell, "|", `\|`)
	}
	*r = append(*r, "| "+strings.Join(cells, " | ")+" |\n")
}

func (r rows) table(titles ...string) string {
	return "| " + strings.Join(titles, " | ") + " |\n" + strings.Repeat("|---", len(titles)) + "|\n" + strings.Join(r, "")
}

func code(s string) string { return "`" + s + "`" }

func orNothing(s string) string {
	if s == "" {
		return ""
	}
	return code(s)
}

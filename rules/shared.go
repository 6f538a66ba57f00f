package rules

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"
)

// template is a reply with a name, or several of them.
type template struct {
	variants []variant
}

// conditions makes the named conditions of all files known to the language.
func (c *compilation) conditions(files []*file) {
	type place struct {
		in *builder
		at yamlpos.Text
	}
	var texts []expression.NamedText
	var places []place
	var builders []*builder
	names := names{what: "condition", language: c.language, seen: map[string]yamlpos.Text{}}
	for _, f := range files {
		b := &builder{at: f.shape.At}
		for _, e := range f.shape.Conditions {
			if names.take(b, e.Key) && e.Value.Given() && names.fit(e.Key.Value) {
				texts = append(texts, expression.NamedText{Name: e.Key.Value, Text: e.Value.Value})
				places = append(places, place{b, e.Value})
			}
		}
		builders = append(builders, b)
	}
	for i, faults := range c.language.DefineConditions(texts) {
		places[i].in.faults("condition "+texts[i].Name, places[i].at, faults)
	}
	for _, b := range builders {
		c.problems = append(c.problems, b.problems...)
	}
}

// defineTemplates compiles the named templates of all files.
func (c *compilation) defineTemplates(files []*file) {
	names := names{what: "template", language: c.language, seen: map[string]yamlpos.Text{}}
	for _, f := range files {
		b := &builder{at: f.shape.At}
		for _, e := range f.shape.Templates {
			if !names.take(b, e.Key) {
				continue
			}
			key := "template " + e.Key.Value
			if e.Value != nil && len(e.Value) == 0 {
				b.note(e.Key.Problem(codeEmptyList, key+" is an empty list", ""))
			}
			c.templates[e.Key.Value] = &template{b.variants(c.language, key, e.Value, platform.ReplyLimit())}
		}
		c.problems = append(c.problems, b.problems...)
	}
}

// variants compiles the texts that stand at a key.
func (b *builder) variants(language *expression.Language, key string, texts yamlpos.Texts, limit platform.Limit) []variant {
	var all []variant
	for _, t := range written(texts) {
		made, faults := language.Template(t.Value)
		if limit == platform.NoticeLimit() { // that is what people want to read
			faults = slices.DeleteFunc(faults, func(f expression.Fault) bool { return f.Code == expression.CodeStrangerText })
		}
		b.faults(key, t, faults)
		if c := t.Comment(); strings.HasPrefix(c, "#") && !strings.HasPrefix(c, "# ") {
			b.report(t, codeComment, "quote the whole reply", "%s: %s is a comment and not part of the reply", key, c)
		}
		if curly(t.Value) {
			b.report(t, codeCurlyQuotes, `YAML knows straight quotes only, as in "text"`, "%s: the curly quotes round it are shown", key)
		}
		if made != nil {
			b.faults(key, t, made.Over(limit))
			all = append(all, variant{Template: made, id: variantID(t.Value), key: key, at: t})
		}
	}
	return all
}

// curly reports whether typographic quotes stand round a whole text, where straight ones would not be shown.
func curly(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune("“„‘‚«”’", first) && strings.ContainsRune("”“’‘»", last)
}

func hintForTemplate(written string, templates map[string]*template) string {
	if len(templates) == 0 {
		return "this set has no templates; they stand at a file's top, under templates:"
	}
	return hintForWord(written, slices.Sorted(maps.Keys(templates)))
}

// names are those of all lists, or all conditions, or all templates of a set.
type names struct {
	what     string
	language *expression.Language
	seen     map[string]yamlpos.Text
}

// take notes what is wrong with a name, and reports whether what it names is to be made known: a bad name is told where it
// stands, and not again wherever it is used.
func (n *names) take(b *builder, name yamlpos.Text) bool {
	message, hint := n.language.CheckName(name.Value)
	if message != "" {
		b.report(name, codeBadName, hint, "%s: %s", n.what, message)
	}
	if first, ok := n.seen[name.Value]; ok {
		b.report(name, codeDuplicate, "names are unique in the whole set", "another %s is called so: %s", n.what, placeOf(first))
		return false
	}
	n.seen[name.Value] = name
	return true
}

// fit reports whether nothing is wrong with a name.
func (n *names) fit(name string) bool {
	message, _ := n.language.CheckName(name)
	return message == ""
}

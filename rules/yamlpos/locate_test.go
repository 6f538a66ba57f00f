package yamlpos_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// mark is the character whose place is asked for. It stands once in a source.
const mark = '§'

func TestLocateEachStyle(t *testing.T) {
	cases := map[string]string{
		"plain":                       "text: hello § there",
		"plain, first":                "text: §",
		"plain, not ASCII":            "text: жжж 日本 🎉 §",
		"plain, over lines":           "text: one\n  two\n\n\n  three § four",
		"plain, in a list":            "words:\n  - a\n  -   b § c",
		"plain, in a flow list":       "words: [a, b, c § d]",
		"plain, in a flow mapping":    "inner: {name: x, when: a § b}",
		"plain, tabs between":         "text: a \t b\t§",
		"plain, anchored":             "text: &a b §",
		"plain, tagged and anchored":  "text: !!str &a b §",
		"plain, tag above":            "text: !!str\n  b §",
		"plain, from the next line":   "text:\n  b §",
		"single":                      "text: 'it''s ''so'' § here'",
		"single, over lines":          "text: 'one  \n   two\n\n  \n  three''s § four'",
		"single, spaces at both ends": "text: '  a § b  '",
		"double":                      `text: "a \"b\" \\ \t \x41 \u00e9 \U0001F389 § c"`,
		"double, other escapes":       `text: "\0\a\b\v\f\r\e\N\_\L\P\ § c"`,
		"double, over lines":          "text: \"one  \n   two\n\n  three § four\"",
		"double, joined lines":        "text: \"one \\\n   two\\\n   \\  three § four\"",
		"double, joined, blank lines": "text: \"one \\\n\n\n   two § three\"",
		"literal":                     "text: |\n  one\n    two\n\n  § three\n",
		"literal, kept":               "text: |+\n  one\n\n  § three\n\n\nname: x",
		"literal, stripped":           "text: |-  # why\n  one\n  § three\n",
		"literal, indicator":          "text: |2\n    one\n   two\n  § three\n",
		"literal, indicator and chop": "rules:\n  - when: |2-\n        one\n\n       two\n      § three\n",
		"literal, blank lines first":  "text: |\n\n   \n   a § b\n",
		"literal, blank with spaces":  "text: |\n  a\n     \n  b § c\n",
		"literal, no end":             "text: |\n  a §",
		"literal, tabs":               "text: |\n  a\n  \tb\t§\n",
		"folded":                      "text: >\n  one\n  two\n\n  three\n  § four\n",
		"folded, more indented":       "text: >\n  one\n    two\n    three\n\n  four\n  five § six\n",
		"folded, blank lines":         "text: >-\n\n  one\n\n\n  two\n  § three\n",
		"folded, indicator":           "text: >1\n  one\n two\n three § four\n",
		"CR LF":                       "name: x\r\ntext: >\r\n  one\r\n  two § three\r\n",
		"CR LF, quoted":               "name: x\r\ntext: \"one\r\n\r\n  two § three\"\r\n",
		"byte order mark":             "\ufefftext: a § b",
		"line separators":             "name: \"a\u2028b\u2029\u0085c\"\ntext: a § b",
		"line separators within":      "text: \"a\u2028b\u2029\u0085c §\"",
		"document marker":             "---\ntext: a § b\n...\n",
		"comment between":             "# one\ntext: # two\n  # three\n  a § b",
		"wide character before":       "{name: 日本語, text: a § b}",
	}
	for name, src := range cases {
		t.Run(name, func(t *testing.T) {
			checkMark(t, src)
		})
	}
}

// fataler is what tests and property tests have in common.
type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// checkMark finds the mark in the values of a document, and its place in the document.
func checkMark(t fataler, src string) {
	t.Helper()
	doc, found := yamlpos.Parse("f.yaml", []byte(src))
	if len(found) > 0 {
		t.Fatalf("%q: %v", src, found)
	}
	marked := 0
	for _, text := range scalars(doc.Root()) {
		for i, r := range []rune(text.Value) {
			if r != mark {
				continue
			}
			marked++
			if at := text.ProblemAt(i, "X", "", ""); runeAt(src, at) != mark {
				t.Fatalf("%q: placed at %d:%d", src, at.Line, at.Column)
			}
		}
	}
	if marked != 1 {
		t.Fatalf("%q: %d values hold the mark", src, marked)
	}
}

func scalars(n *yamlpos.Node) []yamlpos.Text {
	if n == nil {
		return nil
	}
	var found []yamlpos.Text
	if n.Kind() == yamlpos.Scalar {
		found = append(found, n.Text())
	}
	for _, item := range n.Items() {
		found = append(found, scalars(item)...)
	}
	entries, _ := n.Entries()
	for _, e := range entries {
		found = append(found, e.Key)
		found = append(found, scalars(e.Value)...)
	}
	return found
}

// runeAt is the character in a place, as an editor would find it; 0 for the end of a line.
func runeAt(src string, p problem.Problem) rune {
	src = strings.TrimPrefix(src, "\ufeff")
	src = strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(src, "\n")
	if p.Line < 1 || p.Line > len(lines) {
		return unicode.ReplacementChar
	}
	line := []rune(lines[p.Line-1])
	if p.Column < 1 || p.Column > len(line)+1 {
		return unicode.ReplacementChar
	}
	if p.Column == len(line)+1 {
		return 0
	}
	return line[p.Column-1]
}

// Whatever style the emitter writes a value in, the place of a character in it is exact.
func TestLocateInWhatIsEmitted(t *testing.T) {
	styles := []yaml.Style{0, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle, yaml.LiteralStyle, yaml.FoldedStyle, yaml.FlowStyle}
	alphabet := []rune("ab  \n\n'\"\\:#-é日🎉{[*\t%\u2028\u0085")
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 120, -1).Draw(t, "before")
		after := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 20, -1).Draw(t, "after")
		style := rapid.SampledFrom(styles).Draw(t, "style")
		value := before + string(mark) + after
		node := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
			{Kind: yaml.ScalarNode, Value: "key"},
			{Kind: yaml.SequenceNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Style: style}}},
		}}
		src, err := yaml.Marshal(node)
		if err != nil {
			t.Skip("not emitted: ", err)
		}
		var back struct{ Key []string }
		if err := yaml.Unmarshal(src, &back); err != nil || len(back.Key) != 1 || back.Key[0] != value {
			t.Skip("the emitter's own mistake")
		}
		checkMark(t, string(src))
	})
}

func TestProblemAtTheEnd(t *testing.T) {
	cases := map[string]struct {
		src  string
		line int
		col  int
	}{
		"plain":   {`when: text ==`, 1, 14},
		"double":  {`when: "text =="`, 1, 15},
		"escaped": {`when: "text\u0021"`, 1, 18},
		"literal": {"when: |-\n  a\n  text ==\n", 3, 10},
		"folded":  {"when: >-\n  a\n  text ==\n", 3, 10},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var in inner
			doc, _ := yamlpos.Parse("f", []byte(c.src))
			if found := doc.Decode(&in); len(found) > 0 {
				t.Fatal(found)
			}
			p := in.When.ProblemAt(len([]rune(in.When.Value)), "X", "m", "h")
			if p.Line != c.line || p.Column != c.col {
				t.Errorf("placed at %d:%d, want %d:%d", p.Line, p.Column, c.line, c.col)
			}
		})
	}
}

func TestProblemAtOutside(t *testing.T) {
	var in inner
	doc, _ := yamlpos.Parse("f", []byte("name: x\nwhen:   abc"))
	doc.Decode(&in)
	for _, offset := range []int{-1, 4, 1 << 40} {
		if p := in.When.ProblemAt(offset, "X", "m", "h"); p.Line != 2 || p.Column != 9 {
			t.Errorf("offset %d placed at %d:%d, want the scalar's start", offset, p.Line, p.Column)
		}
	}
	if p := (yamlpos.Text{Value: "x"}).ProblemAt(0, "X", "m", "h"); p.Line != 0 || p.Column != 0 || p.Message != "m" {
		t.Errorf("a text without a place got one: %v", p)
	}
}

// FuzzLocate checks, for every scalar of whatever parses, that a place is exact or modest, never wrong.
func FuzzLocate(f *testing.F) {
	for _, src := range []string{
		"a: b c", "a: 'b''c\n\n  d'", `a: "b\u0041\x42 \` + "\n" + `  c"`, "a: |\n  b\n\n   c\n", "a: >2-\n    b\n  c\n   \n  d",
		"- a\n- !!str &x b\n- *x", "{a: [b, \"c\"]}", "a: |+\r\n  b\r\n\r\n", "a: \u2028b\u2029 'c\u0085d'", "a\n  b: c",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		doc, _ := yamlpos.Parse("f", []byte(src))
		for _, text := range scalars(doc.Root()) {
			start := text.Problem("X", "", "")
			for i, want := range []rune(text.Value) {
				if i > 300 {
					break
				}
				at := text.ProblemAt(i, "X", "", "")
				if at.Line == start.Line && at.Column == start.Column {
					continue
				}
				if got := runeAt(src, at); got != want && got != '\\' && !(blank(got) && blank(want)) {
					t.Fatalf("rune %d of %q is %s, at %d:%d stands %s", i, text.Value, name(want), at.Line, at.Column, name(got))
				}
			}
		}
	})
}

func blank(r rune) bool { return r == 0 || unicode.IsSpace(r) }

func name(r rune) string { return fmt.Sprintf("%U %q", r, r) }

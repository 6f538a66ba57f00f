package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/lint"
)

// large is a set in which rules have much in common and hardly any shadows another.
func large(n int) rules.Source {
	var b strings.Builder
	b.WriteString("conditions:\n  calm: not has(text, \"prize\")\nrules:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - name: rule %d\n    reply: [one, other]\n    when: ", i)
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, "calm and has(text, \"hello\", \"word%d\") and not has(text, \"other%d\")\n", i, i)
		case 1:
			fmt.Fprintf(&b, "has(text, \"phrase%d with words\") or lower(text) == \"exact%d\" and calm\n", i, i)
		case 2:
			fmt.Fprintf(&b, "kind == \"comment\" and (history.user_replies < %d or has(text, \"hello\") and from.username == \"user%d\")\n", i, i)
		}
	}
	return rules.Source{{Name: "large.yaml", Text: []byte(b.String())}}
}

func BenchmarkLint(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		set, problems := rules.Compile(large(n))
		if set == nil {
			b.Fatal(problems)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				lint.Lint(set, now())
			}
		})
	}
}

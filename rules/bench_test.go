package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/answerback/answerback/rules"
)

// manyRules is a file of n rules of which one matches, the last.
func manyRules(n int) string {
	var b strings.Builder
	b.WriteString("rules:\n")
	for i := range n - 1 {
		fmt.Fprintf(&b, "  - name: rule %d\n    on: mention\n    when: has(text, \"word%d\") and from.username != \"rival\"\n    reply: Hi @{{ from.username }}, number %d!\n", i, i, i)
	}
	b.WriteString("  - name: last\n    when: has(text, \"challenge\")\n    reply: [Challenge accepted!, \"Yes @{{ from.username }}\"]\n")
	return b.String()
}

func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{10, 1_000, 10_000} {
		for _, c := range []struct{ name, rules, text string }{
			{"match", manyRules(n), "@bluebottle challenge?"},
			{"none", manyRules(n), "what a lovely day at the beach"},
			{"catchall", manyRules(n) + "  - {name: all, reply: Thanks!}\n", "what a lovely day at the beach"},
		} {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				set := compiled(b, c.rules)
				e := mention(text(c.text))
				b.ReportAllocs()
				for b.Loop() {
					set.Decide(e, noon())
				}
			})
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			src := rules.Source{{Name: "a.yaml", Text: []byte(manyRules(n))}}
			b.ReportAllocs()
			for b.Loop() {
				if set, problems := rules.Compile(src); set == nil {
					b.Fatal(problems)
				}
			}
		})
	}
}

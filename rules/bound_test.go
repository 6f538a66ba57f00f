package rules_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/answerback/answerback/rules"
)

// TestBounds has rules that would eat time or memory end as that rule's error, with the longest text that there is.
func TestBounds(t *testing.T) {
	doubled := "text"
	for range 30 {
		doubled = "map([" + doubled + "][:1], # + #)[0]"
	}
	numbers := ""
	for i := range 2000 {
		numbers += strconv.Itoa(i) + " "
	}
	cases := map[string]struct{ when, text string }{
		"loops in loops":    {`any(words, any(words, any(words, false)))`, strings.Repeat("ab ", 3300)},
		"letters":           {`any(split(text, ""), any(split(text, ""), # == "Q"))`, strings.Repeat("a", 10_000)},
		"patterns in loops": {`any(words, text matches "(a|b|c)+x{500}$")`, strings.Repeat("ab ", 3300)},
		"a heavy pattern":   {`text matches "(你.){1000}(你.){1000}z"`, strings.Repeat("你", 10_000)},
		"ranges":            {`any(1..50000, any(1..50000, # == 0))`, ""},
		"one range":         {`len(1..900000) == 1`, ""},
		"replaced":          {`replace(replace(text, "", text), "", text) == ""`, strings.Repeat("你", 10_000)},
		"joined":            {`join(map(1..20000, text), text) == ""`, strings.Repeat("a", 10_000)},
		"searched":          {`any(words, has(# + text, "nope"))`, numbers},
		"doubled":           {`len(string(` + doubled + `)) == 1`, strings.Repeat("a", 10_000)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			set, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: fmt.Appendf(nil, "rules:\n  - name: a\n    reply: x\n    when: >-\n      %s\n", c.when)}})
			if set == nil {
				t.Fatal(problems)
			}
			d := set.Survey(mention(text(c.text)), noon())
			if d.Rules[0].Outcome != rules.Failed || !strings.Contains(d.Rules[0].Detail, "too") {
				t.Errorf("got %+v", d.Rules[0])
			}
		})
	}
}

package rules_test

import (
	"fmt"
	"testing"

	"github.com/answerback/answerback/rules"
	"github.com/google/go-cmp/cmp"
)

func TestNeeds(t *testing.T) {
	set := compiled(t, `
rules:
  - name: off
    enabled: false
    reply: x
  - name: praise
    on: comment
    accounts: [Bluebottle, "7"]
    mode: shadow
    reply: x
    private_reply: y
    notify:
      to: ops
      text: z
  - name: spam
    on: comment
    priority: 1
    hide: true
`)
	var got []string
	for _, n := range set.Needs() {
		p := n.Problem("E1", "m", "")
		got = append(got, fmt.Sprintf("%d:%d %s %s %s %v %q %v %v %v %s", p.Line, p.Column, n.Rule, n.Action, n.Mode, n.Kinds, n.Place,
			n.Of(rules.Account{ID: "7"}), n.Of(rules.Account{ID: "8", Username: "bluebottle"}), n.Of(rules.Account{ID: "8", Username: "other"}), p.Rule))
	}
	want := []string{
		`18:5 spam hide live [comment] "" true true true spam`,
		`10:5 praise reply shadow [comment] "" true true false praise`,
		`11:5 praise private_reply shadow [comment] "" true true false praise`,
		`13:11 praise notify shadow [comment] "ops" true true false praise`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

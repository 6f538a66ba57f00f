package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// rulesText is a good set of rules; its replies bear the number of their revision. See saying in event.go.
const rulesText = `rules:
  - name: hello
    on: [mention, comment]
    when: has(text, "hello")
    reply: "r%[1]d hello @{{ from.username }}"
  - name: thanks
    on: [mention, comment]
    when: has(text, "thanks")
    reply: "r%[1]d thanks to all of you"
  - name: ask
    on: [mention, comment]
    mode: approve
    when: has(text, "ask")
    reply: "r%[1]d a person agreed, @{{ from.username }}"
`

// slips are what makes good rules bad, each in its own way. All of the set has to be refused, the good part too.
func slips() []func(string) string {
	return []func(string) string{
		func(text string) string { return text + "  - name: hello\n    reply: twice the same name\n" },
		func(text string) string { return strings.Replace(text, `has(text, "ask")`, `has(text, "ask"`, 1) },
		func(text string) string { return strings.Replace(text, "mode: approve", "mood: approve", 1) },
		func(text string) string { return strings.Replace(text, "  - name: ask", "\t- name: ask", 1) },
		func(text string) string { return strings.Replace(text, "from.username", "from.surname", 1) },
	}
}

// editForm says how rules are edited.
type editForm struct {
	slip   int // which mistake is made, from 1; 0: none
	rename bool
	torn   bool // half of the file is there for a moment
}

// editRules writes the next revision.
func (s *site) editRules(form editForm) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision++
	text := fmt.Sprintf(rulesText, s.revision)
	if form.slip > 0 {
		bad := slips()
		text = bad[(form.slip-1)%len(bad)](text)
	} else {
		s.scribe.good(s.revision)
	}
	path := s.path("rules/rules.yaml")
	switch {
	case form.rename:
		if err := os.WriteFile(s.path("new-rules"), []byte(text), 0o600); err != nil {
			return err
		}
		return os.Rename(s.path("new-rules"), path)
	case form.torn && form.slip == 0:
		if err := os.WriteFile(path, []byte(text[:len(text)/2]), 0o600); err != nil {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
	return os.WriteFile(path, []byte(text), 0o600)
}

// writeToken writes down the token that Instagram takes for an account.
func (s *site) writeToken(account int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.path("tokens/" + accountID(account) + ".new")
	if err := os.WriteFile(next, []byte(s.tokens[account]), 0o600); err != nil {
		return err
	}
	return os.Rename(next, strings.TrimSuffix(next, ".new"))
}

// revokeToken has Instagram take only another token from now on, which nobody has told the daemon.
func (s *site) revokeToken(account int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scribe.upset(accountID(account), "token revoked")
	s.tokens[account] += "'"
	s.fake.SetToken(accountID(account), s.tokens[account])
}

package storetest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
)

func tokenCases() []testcase {
	sealed := ledger.KeptToken{Account: "1", Configured: "a1", Since: noon(), Expires: after(5), Sealed: []byte("\x00sealed\xff")}
	return []testcase{
		{"is none at first", func(f *fixture) { f.keptToken("1", ledger.KeptToken{}) }},
		{"is kept over a start", func(f *fixture) {
			f.must(f.KeepToken(f.Context(), sealed))
			f.keptToken("1", sealed)
			f.reopen()
			f.keptToken("1", sealed)
			f.keptToken("2", ledger.KeptToken{})
		}},
		{"takes the place of the former", func(f *fixture) {
			f.must(f.KeepToken(f.Context(), sealed))
			plain := ledger.KeptToken{Account: "1", Configured: "b2", Since: after(9)}
			f.must(f.KeepToken(f.Context(), plain))
			f.keptToken("1", plain)
		}},
		{"outlives what is pruned", func(f *fixture) {
			f.must(f.KeepToken(f.Context(), sealed))
			f.prune(noon().Add(10 * 365 * 24 * time.Hour))
			f.keptToken("1", sealed)
		}},
	}
}

func (f *fixture) keptToken(account string, want ledger.KeptToken) {
	f.Helper()
	got, err := f.KeptToken(f.Context(), account)
	f.must(err)
	f.equal("kept token of "+account, got, want)
}

// keepToken keeps one of a few accounts' tokens, and finds all of them as they were kept last, whatever else has
// happened since.
func (m *model) keepToken(t *rapid.T) {
	token := ledger.KeptToken{
		Account: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "account"), Configured: fmt.Sprint(len(m.events)), Since: m.now,
		Expires: rapid.SampledFrom([]time.Time{{}, m.now.Add(-time.Hour), m.now.Add(time.Hour)}).Draw(t, "expires"),
		Sealed:  rapid.SampledFrom([][]byte{nil, {0}, []byte("sealed")}).Draw(t, "sealed"),
	}
	m.store.must(m.store.KeepToken(m.store.Context(), token))
	m.tokens[token.Account] = token
	for account, kept := range m.tokens {
		m.store.keptToken(account, kept)
	}
}

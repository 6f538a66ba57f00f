package text_test

import (
	"testing"

	"github.com/answerback/answerback/rules/text"
)

func TestCells(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "ada": 3, "é": 1, "e\u0301": 1, "値段": 4, "ｆｕ": 4, "กิน": 2, "👍": 2, "👍🏽": 2, "👩🏽‍💻": 2, "❤️": 2, "❤": 1, "🇵🇹": 2,
		"a\u200bb": 2, "\u0301": 0, "\xff": 1,
	} {
		if got := text.Cells(s); got != want {
			t.Errorf("%q takes %d cells, want %d", s, got, want)
		}
	}
}

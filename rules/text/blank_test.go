package text_test

import (
	"testing"

	"github.com/answerback/answerback/rules/text"
)

func TestBlank(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, " \t\r\n\u00A0\u3000": true, "\u200B\u200D\uFEFF\u2060": true, "\u00AD": true, "\u202E\u2066": true,
		"\uFE0F": true, "\U000E0041": true, "\u3164\u115F": true, "\u2800": true, "\x00\x1b": true,
		"a": false, ".": false, "_": false, "\u200Ba": false, "❤️": false, "\u0600": false, "ـ": false, "\uFFFD": false,
	} {
		if got := text.Blank(s); got != want {
			t.Errorf("Blank(%+q) = %v, want %v", s, got, want)
		}
	}
}

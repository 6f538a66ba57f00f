package ahocorasick_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/ahocorasick"
)

func find(a *ahocorasick.Automaton, s string) []int {
	found := []int{}
	a.Find(s, func(number int) { found = append(found, number) })
	slices.Sort(found)
	return found
}

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		texts []string
		in    string
		want  []int
	}{
		"the paper's own":       {[]string{"he", "she", "his", "hers"}, "ushers", []int{0, 1, 3}},
		"none":                  {nil, "text", []int{}},
		"nothing to search":     {[]string{"a"}, "", []int{}},
		"ends of each other":    {[]string{"a", "aa", "aaa"}, "aaa", []int{0, 0, 0, 1, 1, 2}},
		"in the midst":          {[]string{"abcd", "bc"}, "abce", []int{1}},
		"back by more than one": {[]string{"abab!", "bab?", "ab#"}, "ababab#", []int{2}},
		"bytes, not characters": {[]string{"\xa9", "é"}, "é", []int{0, 1}},
		"the last byte":         {[]string{"\xff\xff", "\x00"}, "\xff\xff\x00", []int{0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, find(ahocorasick.New(c.texts), c.in)); diff != "" {
				t.Errorf("got + and want -:\n%s", diff)
			}
		})
	}
	if got := find(&ahocorasick.Automaton{}, "text"); len(got) > 0 {
		t.Errorf("the zero value found %v", got)
	}
}

func TestFindEverywhere(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("abé")), 1, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfNDistinct(letters, 0, 20, rapid.ID).Draw(t, "texts")
		in := rapid.StringOfN(rapid.SampledFrom([]rune("abéx")), 0, 60, -1).Draw(t, "in")
		want := []int{}
		for number, text := range texts {
			for i := range len(in) {
				if strings.HasPrefix(in[i:], text) {
					want = append(want, number)
				}
			}
		}
		if diff := cmp.Diff(want, find(ahocorasick.New(texts), in)); diff != "" {
			t.Errorf("%q in %q, got + and want -:\n%s", texts, in, diff)
		}
	})
}

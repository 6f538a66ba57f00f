package instagramtest

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// written is the parameter that gives the fields.
func written(fields []field) string {
	var all []string
	for _, f := range fields {
		s := f.name
		for _, name := range slices.Sorted(maps.Keys(f.arguments)) {
			s += "." + name + "(" + f.arguments[name] + ")"
		}
		if f.subs != nil {
			s += "{" + written(f.subs) + "}"
		}
		all = append(all, s)
	}
	return strings.Join(all, ",")
}

func TestParseFields(t *testing.T) {
	for _, s := range []string{"", "id", "id,text", "media{id,caption}", "a.b(1).c(2){d{e},f},g"} {
		if fields, err := parseFields(s); err != nil || written(fields) != s {
			t.Errorf("%q gives %q, %v", s, written(fields), err)
		}
	}
	for _, s := range []string{",", "id,", "{id}", "media{", "media{}", "media{id", "media}", "a.(1)", "a.b", "a.b(1", "id id", "a{b{c{d{e{f}}}}}"} {
		if fields, err := parseFields(s); err == nil {
			t.Errorf("%q was taken for %q", s, written(fields))
		}
	}
}

func FuzzParseFields(f *testing.F) {
	f.Add("mentioned_comment.comment_id(17894227972186120){id,text,media{id}}")
	f.Fuzz(func(t *testing.T, s string) {
		fields, err := parseFields(s)
		if err != nil {
			return
		}
		again, err := parseFields(written(fields))
		if err != nil || written(again) != written(fields) {
			t.Fatalf("%q became %q, %v", s, written(fields), err)
		}
	})
}

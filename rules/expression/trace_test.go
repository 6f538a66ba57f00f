package expression_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/answerback/answerback/rules/event"
	"github.com/answerback/answerback/rules/expression"
)

var update = flag.Bool("update", false, "rewrite the golden traces")

// Each file of testdata/trace is a rule's conditions; want is how they came to their values, and the near miss.
func TestTrace(t *testing.T) {
	paths, err := filepath.Glob("testdata/trace/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no traces: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := traced(t, sections(archive))
			want := &archive.Files[len(archive.Files)-1]
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("got + and want -:\n%s", diff)
			}
		})
	}
}

func sections(archive *txtar.Archive) map[string]string {
	all := map[string]string{}
	for _, f := range archive.Files {
		all[f.Name] = string(f.Data)
	}
	return all
}

// traced is what is told of a rule's conditions, which must be good ones.
func traced(t *testing.T, rule map[string]string) string {
	l := language(t)
	tracer := l.Tracer(blue())
	var b strings.Builder
	for _, key := range []string{"when", "unless"} {
		source, given := rule[key]
		if !given {
			continue
		}
		if _, faults := l.Condition(source); len(faults) > 0 {
			t.Fatalf("%s: %+v", key, faults)
		}
		outline(&b, tracer.Trace(source), 0)
	}
	if miss := tracer.NearMiss(rule["when"], rule["unless"]); miss != "" {
		fmt.Fprintf(&b, "near miss: %s\n", miss)
	}
	return b.String()
}

func outline(b *strings.Builder, t expression.Trace, depth int) {
	value := t.Value
	switch {
	case t.Error != "":
		value = "ERROR " + t.Error
	case value == "":
		value = "-"
	}
	name := ""
	if t.Condition != "" {
		name = t.Condition + ": "
	}
	fmt.Fprintf(b, "%s%s%s => %s\n", strings.Repeat("  ", depth), name, t.Text, value)
	for _, of := range t.Of {
		outline(b, of, depth+1)
	}
}

// language knows some lists and conditions.
func language(t fataler) *expression.Language {
	l := expression.New()
	l.DefineList("price_words", []string{"price", "how much", "cost", "pris", "preço", "цена", "a very long way to ask what it is"})
	l.DefineList("staff", []string{"grace"})
	for _, faults := range l.DefineConditions([]expression.NamedText{
		{Name: "asks_price", Text: "has(text, lists.price_words)\n  and not has(text, \"prize\")"},
		{Name: "red", Text: `has(text, "red")`},
		{Name: "asks_blue", Text: `asks_price and has(text, "blue")`},
		{Name: "asks_red", Text: `asks_price and red`},
		{Name: "broken", Text: `words[9] == "x"`},
	}) {
		if len(faults) > 0 {
			t.Fatalf("%+v", faults)
		}
	}
	return l
}

// blue is a comment.
func blue() *event.Event {
	return &event.Event{
		Kind: "comment", ID: "1/comment/2", Time: time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC),
		Text: "How much is the blue one?",
		From: event.From{ID: "7", Username: "ada"}, Comment: event.Comment{ID: "2", LikeCount: 3},
		Media: event.Media{ID: "800", Caption: strings.Repeat("Sun and sea. ", 30) + "#one #two #three #four #five #six"},
	}
}

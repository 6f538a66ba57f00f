package schema_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"testing"

	"github.com/answerback/answerback/rules/schema"
	"github.com/answerback/answerback/rules/shape"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// everything has a key for each kind of value.
func everything() *shape.Shape {
	text := &shape.Shape{Kind: shape.Text}
	words := &shape.Shape{Kind: shape.Text, Words: []string{"live", "shadow"}}
	return &shape.Shape{Kind: shape.Mapping, OneOf: []string{"word", "flag"}, Keys: []shape.Key{
		{Name: "text", Doc: "Any text.", Required: true, Shape: text},
		{Name: "empty", Doc: "Perhaps no text.", Shape: &shape.Shape{Kind: shape.Text, Empty: true}},
		{Name: "word", Doc: "One of a few.", Default: "live", Shape: words},
		{Name: "id", Doc: "Digits.", Shape: &shape.Shape{Kind: shape.Text, Pattern: shape.Digits}},
		{Name: "length", Doc: "A length of time.", Default: "1m", Shape: &shape.Shape{Kind: shape.Text, Pattern: shape.Duration}},
		{Name: "flag", Doc: "True or false.", Default: "false", Shape: &shape.Shape{Kind: shape.Flag}},
		{Name: "number", Doc: "A whole number.", Default: "0", Shape: &shape.Shape{Kind: shape.Number}},
		{Name: "words", Doc: "Some of a few.", Default: "[live, shadow]", Shape: &shape.Shape{Kind: shape.Choice, Forms: []*shape.Shape{
			words, {Kind: shape.List, Item: words}, {Kind: shape.Text, Words: []string{"none"}},
		}}},
		{Name: "names", Doc: "The author's own.", Shape: &shape.Shape{Kind: shape.Names, Pattern: shape.Name, Item: text}},
		{Name: "places", Doc: "With any names.", Shape: &shape.Shape{Kind: shape.Names, Item: text}},
		{Name: "later", Doc: "Somebody else's.", Shape: &shape.Shape{Kind: shape.Anything}},
	}}
}

func TestEveryKind(t *testing.T) {
	for name, variables := range map[string]bool{"testdata/kinds.json": false, "testdata/variables.json": true} {
		var got bytes.Buffer
		d := schema.Document{ID: "https://example.com/kinds.json", Title: "Kinds", Description: "One of each.", Shape: everything(), Variables: variables}
		if err := d.Write(&got); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(name, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left")

func TestWriteFails(t *testing.T) {
	if err := (schema.Document{Shape: everything()}).Write(full{}); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

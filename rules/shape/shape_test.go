package shape_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/answerback/answerback/rules/shape"
	"github.com/answerback/answerback/rules/yamlpos"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type inner struct {
	yamlpos.Pos
	Size int `yaml:"size"`
}

func (inner) Keys() []shape.Key { return []shape.Key{{Name: "size", Doc: "How large."}} }

// either decodes itself.
type either struct{}

func (either) Forms() []any { return []any{yamlpos.Texts{}, inner{}, shape.Word("none")} }

type common struct {
	Tags []string `yaml:"tags"`
}

type outer struct {
	At     yamlpos.Pos
	Name   yamlpos.Text       `yaml:"name,empty"`
	Wait   yamlpos.Duration   `yaml:"wait"`
	On     *bool              `yaml:"on"`
	What   either             `yaml:"what"`
	Named  yamlpos.Map[inner] `yaml:"named"`
	Plain  map[string]inner   `yaml:"plain"`
	Later  []*yamlpos.Node    `yaml:"later"`
	Never  *yamlpos.Node      `yaml:"never"`
	Hidden string             `yaml:"-"`
	Made   map[string]any     // not decoded
	common
}

func (outer) Keys() []shape.Key {
	return []shape.Key{
		{Name: "name", Doc: "x", Required: true}, {Name: "wait", Doc: "x"}, {Name: "on", Doc: "x", Default: "true"},
		{Name: "what", Doc: "x", Words: []string{"a", "b"}}, {Name: "named", Doc: "x", Pattern: shape.Name}, {Name: "plain", Doc: "x"},
		{Name: "later", Doc: "x", Of: inner{}}, {Name: "never", Doc: "x"}, {Name: "tags", Doc: "x"},
	}
}

func TestShapes(t *testing.T) {
	size := &shape.Shape{Kind: shape.Mapping, Keys: []shape.Key{{Name: "size", Doc: "How large.", Shape: &shape.Shape{Kind: shape.Number}}}}
	words := &shape.Shape{Kind: shape.Text, Words: []string{"a", "b"}}
	want := map[string]*shape.Shape{
		"name": {Kind: shape.Text, Empty: true},
		"wait": {Kind: shape.Text, Pattern: shape.Duration},
		"on":   {Kind: shape.Flag},
		"what": {Kind: shape.Choice, Forms: []*shape.Shape{
			words, {Kind: shape.List, Item: words}, size, {Kind: shape.Text, Words: []string{"none"}},
		}},
		"named": {Kind: shape.Names, Pattern: shape.Name, Item: size},
		"plain": {Kind: shape.Names, Item: size},
		"later": {Kind: shape.List, Item: size},
		"never": {Kind: shape.Anything},
		"tags":  {Kind: shape.List, Item: &shape.Shape{Kind: shape.Text}},
	}
	got := map[string]*shape.Shape{}
	for _, key := range shape.Of(outer{}).Keys {
		got[key.Name] = key.Shape
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var paths []string
	shape.Of(outer{}).Each(func(path string, _ *shape.Shape) { paths = append(paths, path) })
	if diff := cmp.Diff([]string{"", "what", "named", "plain", "later"}, paths); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type silent struct {
	Size int `yaml:"size"`
}

type forgetful struct {
	Size int `yaml:"size"`
	Age  int `yaml:"age"`
}

func (forgetful) Keys() []shape.Key { return []shape.Key{{Name: "size", Doc: "x"}} }

type talkative struct {
	Size int `yaml:"size"`
}

func (talkative) Keys() []shape.Key {
	return []shape.Key{{Name: "size", Doc: "x"}, {Name: "age", Doc: "x"}}
}

type terse struct {
	Size int `yaml:"size"`
}

func (terse) Keys() []shape.Key { return []shape.Key{{Name: "size"}} }

type wishful struct {
	Size int `yaml:"size"`
}

func (wishful) Keys() []shape.Key { return []shape.Key{{Name: "size", Doc: "x"}} }
func (wishful) OneOf() []string   { return []string{"size", "age"} }

type strange struct {
	Size float64 `yaml:"size"`
}

func (strange) Keys() []shape.Key { return []shape.Key{{Name: "size", Doc: "x"}} }

// A key of which nothing is said, or something that it isn't, ends the program before anybody is told it.
func TestNothingIsLeftUnsaid(t *testing.T) {
	for v, says := range map[any]string{
		silent{}: "doesn't say", forgetful{}: "age", talkative{}: "age", terse{}: "size", strange{}: "float64", wishful{}: "age",
	} {
		t.Run(fmt.Sprintf("%T", v), func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, says) {
					t.Errorf("panics with %q", got)
				}
			}()
			shape.Of(v)
		})
	}
}

// What is taken for a length of time looks like one: no editor marks what the program takes.
func TestLengthsOfTime(t *testing.T) {
	pattern := regexp.MustCompile(shape.Duration)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`([0-9]{0,3}\.?[0-9]{0,2}(d|h|m|s|ms|us|µs|μs|ns|x)?){1,3}`).Draw(t, "length")
		if _, err := yamlpos.ParseDuration(s); err == nil && !pattern.MatchString(s) {
			t.Errorf("%q is one", s)
		}
	})
	for _, s := range []string{"90", "1 h", "-1h", "1w", "h", "1h..2h", "none"} {
		if pattern.MatchString(s) {
			t.Errorf("%q looks like one", s)
		}
	}
	for _, s := range []string{"20s", "15s..60s", "15s .. 1m30s", "none", "0"} {
		if !regexp.MustCompile(shape.DurationRange).MatchString(s) {
			t.Errorf("%q is no range", s)
		}
	}
}

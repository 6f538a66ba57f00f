// Package shape is what may stand in a file that people write: which keys there are, what they mean, and what values they
// take. It is read off the very types that yamlpos decodes into, so that neither the schema that helps people in their
// editors nor the reference that they print can tell another story than the program that reads their files.
//
// A struct that is decoded says what its keys mean by a method Keys, and a type that decodes itself says which forms it
// takes by a method Forms. A struct that wants at least one of several keys says so by a method OneOf. A key without a meaning, and a meaning without a key, are mistakes in the program.
package shape

// Kind is what a value looks like.
type Kind int

// The kinds.
const (
	Text     Kind = iota // also what looks like a number, or like true and false
	Flag                 // true or false
	Number               // a whole number
	List                 // of Items
	Mapping              // with Keys
	Names                // a mapping whose keys are the author's own, each with an Item
	Choice               // one of several Forms
	Anything             // what is decoded by somebody else
)

// Shape is what may stand at a place.
type Shape struct {
	Kind Kind
	// Words are all that a text may be; none: any text.
	Words []string
	// Pattern is what a text must look like, and what an author's own key must; empty: anything.
	Pattern string
	// Empty says that a text may be empty.
	Empty bool
	// Item is what a list holds, or what stands at each of the author's own keys.
	Item *Shape
	// Keys are a mapping's, in the order in which they are told of.
	Keys []Key
	// OneOf are keys of a mapping of which at least one must be there; none: that doesn't matter.
	OneOf []string
	// Forms are those of a choice.
	Forms []*Shape
}

// Key is one key of a mapping.
type Key struct {
	Name string
	// Doc is what the key means, in plain sentences of one paragraph.
	Doc string
	// Default is the value that a key has when it is left out, as it would be written; empty if it has none.
	Default string
	// Required keys must be there.
	Required bool
	// Words and Pattern say what the texts at the key must be; see Shape.
	Words   []string
	Pattern string
	// Of is what a value that is decoded later is decoded into; nil: somebody else knows.
	Of any
	// Shape is what may stand at the key. Of fills it in.
	Shape *Shape
}

// Key is a mapping's key; nil if it has none of the name.
func (s *Shape) Key(name string) *Key {
	for i := range s.Keys {
		if s.Keys[i].Name == name {
			return &s.Keys[i]
		}
	}
	return nil
}

// Mapping is the mapping that a shape is, or that one of its forms or items is; nil if there is none.
func (s *Shape) Mapping() *Shape {
	switch s.Kind {
	case Mapping:
		return s
	case List, Names:
		return s.Item.Mapping()
	case Choice:
		for _, form := range s.Forms {
			if found := form.Mapping(); found != nil {
				return found
			}
		}
	}
	return nil
}

// Each calls visit for every mapping within the shape, with the keys that lead to it and a point between two.
func (s *Shape) Each(visit func(path string, mapping *Shape)) { s.each("", visit) }

func (s *Shape) each(path string, visit func(string, *Shape)) {
	switch s.Kind {
	case Mapping:
		visit(path, s)
		for _, key := range s.Keys {
			inner := key.Name
			if path != "" {
				inner = path + "." + key.Name
			}
			key.Shape.each(inner, visit)
		}
	case List, Names:
		s.Item.each(path, visit)
	case Choice:
		for _, form := range s.Forms {
			form.each(path, visit)
		}
	}
}

// Word is a form that is one word, as in "none".
type Word string

// Patterns of lengths of time, as yamlpos takes them: 90s, 1h30m, 7d, 0.
const (
	Duration       = `^` + length + `$`
	DurationOrNone = `^(none|` + length + `)$`
	// DurationRange is a length, or two with .. between them, or none.
	DurationRange = `^(none|` + length + `(\s*\.\.\s*` + length + `)?)$`
)

// length may be empty by itself, which texts may not.
const length = `(` + number + `d)?(0|(` + number + `(ns|us|µs|μs|ms|s|m|h))+)?`

const number = `([0-9]+\.?[0-9]*|\.[0-9]+)`

// Digits is the pattern of the platform's ids.
const Digits = `^[0-9]+(_[0-9]+)?$`

// Name is the pattern of what authors name lists, conditions and templates.
const Name = `^[a-z][a-z0-9_]*$`

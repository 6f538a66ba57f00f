// Package schema writes the shape of a file as a JSON Schema (draft 2020-12), by which editors complete keys, show what
// they mean, and mark what is wrong while it is typed. It can't tell all that the program tells of a file, but what it
// marks is wrong to the program too.
//
// Editors judge a file by their own YAML: 007 is a number to them, where the program takes it as it is written. A schema
// therefore takes numbers, true and false wherever the program takes text. One thing is marked that the program would
// take: a whole number, or true and false, in quotes.
package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/answerback/answerback/rules/shape"
	"github.com/invopop/jsonschema"
)

// Document is a schema with what it is about.
type Document struct {
	// ID is a URI that names the schema. Nothing needs to be there.
	ID, Title, Description string
	// Shape is what the file may hold.
	Shape *shape.Shape
	// Variables says that every value may be a text with ${NAME} in it.
	Variables bool
}

// Write writes the document, indented. It is the same for the same shape.
func (d Document) Write(w io.Writer) error {
	s := writer{variables: d.Variables}.schema(d.Shape)
	s.Version, s.ID = jsonschema.Version, jsonschema.ID(d.ID)
	s.Title, s.Description = d.Title, d.Description
	compact, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write schema: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return fmt.Errorf("write schema: %w", err)
	}
	b.WriteByte('\n')
	_, err = w.Write(b.Bytes())
	return err
}

type writer struct{ variables bool }

func (w writer) schema(of *shape.Shape) *jsonschema.Schema {
	switch of.Kind {
	case shape.Text:
		return w.text(of)
	case shape.Flag:
		return w.orVariable(&jsonschema.Schema{Type: "boolean"})
	case shape.Number:
		return w.orVariable(&jsonschema.Schema{Type: "integer"})
	case shape.List:
		return &jsonschema.Schema{Type: "array", Items: w.schema(of.Item)}
	case shape.Mapping:
		return w.mapping(of)
	case shape.Names:
		s := &jsonschema.Schema{Type: "object", AdditionalProperties: w.schema(of.Item)}
		if of.Pattern != "" {
			s.PropertyNames = &jsonschema.Schema{Pattern: of.Pattern}
		}
		return s
	case shape.Choice:
		return anyOf(w.forms(of)...)
	default:
		return &jsonschema.Schema{}
	}
}

func (w writer) forms(of *shape.Shape) []*jsonschema.Schema {
	forms := make([]*jsonschema.Schema, len(of.Forms))
	for i, form := range of.Forms {
		forms[i] = w.schema(form)
	}
	return forms
}

// mapping refuses keys that it doesn't have: the program would too.
func (w writer) mapping(of *shape.Shape) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, key := range of.Keys {
		value := w.schema(key.Shape)
		value.Description = key.Doc
		if key.Default != "" {
			value.Default = literal(key.Default, key.Shape)
		}
		s.Properties.Set(key.Name, value)
		if key.Required {
			s.Required = append(s.Required, key.Name)
		}
	}
	for _, name := range of.OneOf {
		s.AnyOf = append(s.AnyOf, &jsonschema.Schema{Required: []string{name}})
	}
	return s
}

// text is any scalar, but where it must look like something. Editors take what looks like a number for one.
func (w writer) text(of *shape.Shape) *jsonschema.Schema {
	least := uint64(1)
	s := &jsonschema.Schema{Type: "string", MinLength: &least}
	if of.Empty {
		s.MinLength = nil
	}
	switch {
	case len(of.Words) > 0:
		s = &jsonschema.Schema{Type: "string"}
		for _, word := range of.Words {
			s.Enum = append(s.Enum, word)
		}
		return w.orVariable(s)
	case of.Pattern == "":
		s.Type, s.Extras = "", map[string]any{"type": []string{"string", "number", "boolean"}}
		return s
	}
	s.Pattern = of.Pattern
	looks := regexp.MustCompile(of.Pattern)
	switch {
	case looks.MatchString("20"):
		s.Type, s.Extras = "", map[string]any{"type": []string{"string", "integer"}}
	case looks.MatchString("0"):
		s = anyOf(s, &jsonschema.Schema{Const: 0})
	}
	return w.orVariable(s)
}

// orVariable takes what the schema does, or a variable.
func (w writer) orVariable(s *jsonschema.Schema) *jsonschema.Schema {
	if !w.variables {
		return s
	}
	return anyOf(s, &jsonschema.Schema{Type: "string", Pattern: `\$`})
}

// anyOf puts alternatives side by side; those of an alternative are its own.
func anyOf(forms ...*jsonschema.Schema) *jsonschema.Schema {
	all := &jsonschema.Schema{}
	for _, form := range forms {
		if len(form.AnyOf) > 0 && form.Type == "" {
			all.AnyOf = append(all.AnyOf, form.AnyOf...)
		} else {
			all.AnyOf = append(all.AnyOf, form)
		}
	}
	return all
}

// literal is a default as JSON has it. Lists of defaults are written in brackets.
func literal(written string, of *shape.Shape) any {
	if inner, ok := strings.CutPrefix(written, "["); ok {
		return strings.Split(strings.TrimSuffix(inner, "]"), ", ")
	}
	switch of.Kind {
	case shape.Flag:
		return written == "true"
	case shape.Number:
		if n, err := strconv.Atoi(written); err == nil {
			return n
		}
	}
	return written
}

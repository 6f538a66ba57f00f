package shape

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/yamlpos"
)

// told is a struct that says what its keys mean.
type told interface{ Keys() []Key }

// choosy is a struct of whose keys at least one of some must be there.
type choosy interface{ OneOf() []string }

// formed is a type that decodes itself and says what it takes: each form is a value of the type that it is decoded into,
// or a Word.
type formed interface{ Forms() []any }

// Of is the shape of what is decoded into a value of v's type.
func Of(v any) *Shape {
	return reader{}.form(v)
}

// reader reads shapes. What it knows of the key at which a value stands is for all texts that belong to it.
type reader struct {
	key   Key
	empty bool
}

func (r reader) form(v any) *Shape {
	if word, ok := v.(Word); ok {
		return &Shape{Kind: Text, Words: []string{string(word)}}
	}
	return r.typed(reflect.TypeOf(v))
}

func (r reader) typed(t reflect.Type) *Shape {
	switch t {
	case reflect.TypeFor[*yamlpos.Node]():
		if r.key.Of == nil {
			return &Shape{Kind: Anything}
		}
		return r.form(r.key.Of)
	case reflect.TypeFor[yamlpos.Text]():
		return r.text()
	case reflect.TypeFor[yamlpos.Duration]():
		return &Shape{Kind: Text, Pattern: Duration}
	case reflect.TypeFor[yamlpos.Texts]():
		return choice(r.text(), &Shape{Kind: List, Item: r.text()})
	}
	if f, ok := reflect.Zero(t).Interface().(formed); ok && t.Kind() != reflect.Pointer {
		var forms []*Shape
		for _, v := range f.Forms() {
			forms = append(forms, r.form(v))
		}
		return choice(forms...)
	}
	if item, ok := named(t); ok {
		return &Shape{Kind: Names, Pattern: r.key.Pattern, Item: reader{empty: r.empty}.typed(item)}
	}
	return r.plain(t)
}

func (r reader) plain(t reflect.Type) *Shape {
	switch t.Kind() {
	case reflect.Pointer:
		return r.typed(t.Elem())
	case reflect.String:
		return r.text()
	case reflect.Bool:
		return &Shape{Kind: Flag}
	case reflect.Int:
		return &Shape{Kind: Number}
	case reflect.Slice:
		return &Shape{Kind: List, Item: r.typed(t.Elem())}
	case reflect.Struct:
		return mapping(t)
	}
	panic(fmt.Sprintf("shape: %s has none", t))
}

func (r reader) text() *Shape {
	return &Shape{Kind: Text, Words: r.key.Words, Pattern: r.key.Pattern, Empty: r.empty}
}

// choice puts forms together. Forms of forms are forms, and a word is one of the words.
func choice(forms ...*Shape) *Shape {
	var all []*Shape
	for _, f := range forms {
		if f.Kind == Choice {
			all = append(all, f.Forms...)
		} else {
			all = append(all, f)
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return &Shape{Kind: Choice, Forms: all}
}

// named is what stands at each key of a yamlpos.Map or of a map.
func named(t reflect.Type) (item reflect.Type, ok bool) {
	if t.Kind() == reflect.Map {
		return t.Elem(), true
	}
	if t.PkgPath() != reflect.TypeFor[yamlpos.Text]().PkgPath() || !strings.HasPrefix(t.Name(), "Map[") {
		return nil, false
	}
	value, _ := t.Elem().FieldByName("Value")
	return value.Type, true
}

// mapping is the shape of a struct: its keys in the order in which it tells of them.
func mapping(t reflect.Type) *Shape {
	struc, ok := reflect.Zero(t).Interface().(told)
	if !ok {
		panic(fmt.Sprintf("shape: %s doesn't say what its keys mean", t))
	}
	fields := fieldsOf(t)
	s := &Shape{Kind: Mapping, Keys: slices.Clone(struc.Keys())}
	if c, ok := struc.(choosy); ok {
		s.OneOf = c.OneOf()
	}
	for i := range s.Keys {
		key := &s.Keys[i]
		f, ok := fields[key.Name]
		if !ok || key.Doc == "" {
			panic(fmt.Sprintf("shape: %s tells of a key %q that it lacks, or tells twice, or nothing", t, key.Name))
		}
		delete(fields, key.Name)
		key.Shape = reader{key: *key, empty: f.empty}.typed(f.of)
	}
	if len(fields) > 0 {
		panic(fmt.Sprintf("shape: %s doesn't say what these keys mean: %v", t, fields))
	}
	for _, name := range s.OneOf {
		if s.Key(name) == nil {
			panic(fmt.Sprintf("shape: %s wants a key %q that it lacks", t, name))
		}
	}
	return s
}

type field struct {
	of    reflect.Type
	empty bool
}

// fieldsOf are a struct's fields by key, and those of the structs that are embedded in it, as yamlpos fills them.
func fieldsOf(t reflect.Type) map[string]field {
	all := map[string]field{}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case name == "-" || f.Type == reflect.TypeFor[yamlpos.Pos]():
		case name == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			for key, inner := range fieldsOf(f.Type) {
				all[key] = inner
			}
		case name != "":
			all[name] = field{f.Type, options == "empty"}
		}
	}
	return all
}

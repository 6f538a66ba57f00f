package yamlpos

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/answerback/answerback/rules/problem"
)

// decoder walks nodes and Go values together.
type decoder struct {
	problems problem.List
}

func (d *decoder) report(p problem.Problem) { d.problems = append(d.problems, p) }

func (d *decoder) pointer(n *Node, into any) {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic(fmt.Sprintf("yamlpos: decode into %T, which is no pointer", into))
	}
	d.value(n, v.Elem())
}

func (d *decoder) value(n *Node, v reflect.Value) {
	switch {
	case n.doc.blamed[n.node]:
		return
	case v.Type() == reflect.TypeFor[*Node]():
		v.Set(reflect.ValueOf(n))
	case n.Kind() == Null:
		d.null(n)
	default:
		d.given(n, v)
	}
}

// null reports a value that is missing where one must be.
func (d *decoder) null(n *Node) {
	if n.empty {
		return
	}
	hint := ""
	switch {
	case n.node.Value != "":
		hint = "quote it if the word itself is meant"
	case n.commented():
		hint = "what follows a # is a comment; quote text that begins with #"
	}
	d.report(n.Problem(CodeNoValue, n.Name()+" has no value", hint))
}

// commented reports whether a comment stands where the value should.
func (n *Node) commented() bool {
	text := n.doc.source.text[n.Pos().offset():]
	return strings.HasPrefix(strings.TrimLeft(text, " \t"), "#")
}

func (d *decoder) given(n *Node, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		d.pointed(n, v)
		return
	}
	if custom, ok := v.Addr().Interface().(Decoder); ok {
		d.problems = append(d.problems, custom.DecodeYAML(n)...)
		return
	}
	if v.Type() == reflect.TypeFor[Text]() {
		if d.text(n) {
			v.Set(reflect.ValueOf(n.Text()))
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		if d.text(n) {
			v.SetString(n.node.Value)
		}
	case reflect.Bool:
		d.boolean(n, v)
	case reflect.Int:
		d.integer(n, v)
	case reflect.Slice:
		d.list(n, v)
	case reflect.Map:
		d.mapping(n, v)
	case reflect.Struct:
		d.structure(n, v)
	default:
		panic(fmt.Sprintf("yamlpos: can't decode into %s", v.Type()))
	}
}

// pointed fills what a pointer points to. It stays nil where a single value is wrong, since nothing else would tell that
// from one that was written.
func (d *decoder) pointed(n *Node, v reflect.Value) {
	into := v
	if v.IsNil() {
		into = reflect.New(v.Type().Elem())
	}
	before := len(d.problems)
	d.value(n, into.Elem())
	if len(d.problems) == before || into.Elem().Kind() == reflect.Struct {
		v.Set(into)
	}
}

// text reports whether the value is fit for a text.
func (d *decoder) text(n *Node) bool {
	switch {
	case n.Kind() != Scalar:
		d.report(n.Wrong(wantText))
		return false
	case n.node.Value == "" && !n.empty:
		d.report(n.Problem(CodeNoValue, n.Name()+" is empty", ""))
		return false
	}
	return true
}

func (d *decoder) boolean(n *Node, v reflect.Value) {
	switch {
	case n.Kind() == Scalar && n.node.Value == "true":
		v.SetBool(true)
	case n.Kind() == Scalar && n.node.Value == "false":
		v.SetBool(false)
	default:
		d.report(n.Wrong("true or false"))
	}
}

// integer takes decimal numbers only: in some YAML a leading 0 means octal, so it isn't taken for either.
func (d *decoder) integer(n *Node, v reflect.Value) {
	text := n.node.Value
	number, err := strconv.Atoi(text)
	if n.Kind() != Scalar || err != nil || strconv.Itoa(number) != text {
		d.report(n.Wrong("a whole number"))
		return
	}
	v.SetInt(int64(number))
}

func (d *decoder) list(n *Node, v reflect.Value) {
	if n.Kind() != List {
		d.report(n.Wrong(wantList))
		return
	}
	items := n.Items()
	list := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		d.value(item, list.Index(i))
	}
	v.Set(list)
}

func (d *decoder) mapping(n *Node, v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String {
		panic(fmt.Sprintf("yamlpos: can't decode into %s", v.Type()))
	}
	if n.Kind() != Mapping {
		d.report(n.Wrong(wantMapping))
		return
	}
	entries, found := n.Entries()
	d.problems = append(d.problems, found...)
	m := reflect.MakeMap(v.Type())
	for _, e := range entries {
		value := reflect.New(v.Type().Elem()).Elem()
		d.value(e.Value, value)
		m.SetMapIndex(reflect.ValueOf(e.Key.Value).Convert(v.Type().Key()), value)
	}
	v.Set(m)
}

func (d *decoder) structure(n *Node, v reflect.Value) {
	if n.Kind() != Mapping {
		d.report(n.Wrong(wantMapping))
		return
	}
	fields := fieldsOf(v)
	for _, f := range fields {
		if f.name == "" {
			f.value.Set(reflect.ValueOf(n.Pos()))
		}
	}
	entries, found := n.Entries()
	d.problems = append(d.problems, found...)
	for _, e := range entries {
		f, ok := fields.named(e.Key.Value)
		if !ok {
			d.report(unknown(e.Key, n.name, fields.names()))
			continue
		}
		e.Value.empty = f.empty
		d.value(e.Value, f.value)
	}
}

// field is a struct's field that YAML may fill.
type field struct {
	name  string // empty for one that takes the mapping's place
	empty bool
	value reflect.Value
}

type fields []field

// fieldsOf lists the fields of a struct and of the structs that are embedded in it.
func fieldsOf(v reflect.Value) fields {
	var list fields
	for i := range v.NumField() {
		declared := v.Type().Field(i)
		tag, tagged := declared.Tag.Lookup("yaml")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case name == "-":
		case declared.Type == reflect.TypeFor[Pos]() && !tagged:
			list = append(list, field{value: v.Field(i)})
		case name == "" && declared.Anonymous && declared.Type.Kind() == reflect.Struct:
			list = append(list, fieldsOf(v.Field(i))...)
		case name != "":
			list = append(list, field{name: name, empty: options == "empty", value: v.Field(i)})
		}
	}
	return list
}

func (l fields) named(name string) (field, bool) {
	for _, f := range l {
		if f.name == name && name != "" {
			return f, true
		}
	}
	return field{}, false
}

func (l fields) names() []string {
	var names []string
	for _, f := range l {
		if f.name != "" {
			names = append(names, f.name)
		}
	}
	return names
}
